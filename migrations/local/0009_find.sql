-- What finds things: derived from page and document, and never anything but what they hold. What goes from there goes from here in the same transaction, from the index's own pages
-- as well (secure-delete); what comes is noted in find_todo and indexed soon after (src/main/find/indexing.ts). A copy that takes the store's place begins with an empty index.
-- Which version of the indexing made it, and how far it has come through the pages and documents that were here before; null: through all of them.
create table find_state (only integer primary key check (only = 1), version integer not null, pages_after text, documents_after text) strict;
insert into find_state values (1, 0, '', '');
create table find_todo (page_id text primary key) strict, without rowid;
create table find_matter (matter_key integer primary key, matter_id text not null unique) strict;
create table find_page (page_key integer primary key, page_id text not null unique, document_id text not null, matter_key integer not null) strict;
create index find_page_document_idx on find_page (document_id);
-- Characters [start_offset, end_offset) as JavaScript counts, [from_point, from_point + points) as SQLite does. Numbers of a matter's chunks lie in its range (chunk_id >> 24 = matter_key).
create table find_chunk (chunk_id integer primary key, page_key integer not null, start_offset integer not null, end_offset integer not null,
  from_point integer not null, points integer not null, told text not null) strict; -- told: days and sums, each the same however it is written
create index find_chunk_page_idx on find_chunk (page_key);
create view find_text as select c.chunk_id, substr(p.extracted_text, c.from_point, c.points) as body, c.told
  from find_chunk c join find_page f on f.page_key = c.page_key join page p on p.page_id = f.page_id;
create virtual table find_words using fts5 (body, told, content = 'find_text', content_rowid = 'chunk_id', tokenize = 'porter unicode61 remove_diacritics 2');
-- Every word that is on a page, on how many, and its spelling in threes of letters: for words that were mistyped or begun.
create table find_word (word_id integer primary key, word text not null unique, uses integer not null) strict;
create virtual table find_spelling using fts5 (word, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
create table find_document (document_key integer primary key, document_id text not null unique, name text not null) strict;
create virtual table find_names using fts5 (name, content = 'find_document', content_rowid = 'document_key', tokenize = 'porter unicode61 remove_diacritics 2');
-- Where the firm supplies a model: what a chunk means.
create table find_vector (chunk_id integer primary key, model text not null, vector blob not null) strict;

insert into find_words (find_words, rank) values ('secure-delete', 1);
insert into find_spelling (find_spelling, rank) values ('secure-delete', 1);
insert into find_names (find_names, rank) values ('secure-delete', 1);

create trigger find_page_came after insert on page begin
  insert or ignore into find_todo values (new.page_id);
end;
create trigger find_page_changed after update of extracted_text, document_id on page
  when old.extracted_text is not new.extracted_text or old.document_id is not new.document_id begin
  insert into find_words (find_words, rowid, body, told) select 'delete', c.chunk_id, substr(old.extracted_text, c.from_point, c.points), c.told
    from find_page f join find_chunk c on c.page_key = f.page_key where f.page_id = old.page_id order by c.chunk_id;
  update find_word set uses = uses - 1 where word in (select value from json_each(words_of(old.extracted_text)))
    and exists (select 1 from find_page where page_id = old.page_id);
  delete from find_page where page_id = old.page_id;
  insert or ignore into find_todo values (new.page_id);
end;
create trigger find_page_went after delete on page begin
  insert into find_words (find_words, rowid, body, told) select 'delete', c.chunk_id, substr(old.extracted_text, c.from_point, c.points), c.told
    from find_page f join find_chunk c on c.page_key = f.page_key where f.page_id = old.page_id order by c.chunk_id;
  update find_word set uses = uses - 1 where word in (select value from json_each(words_of(old.extracted_text)))
    and exists (select 1 from find_page where page_id = old.page_id);
  delete from find_page where page_id = old.page_id;
  delete from find_todo where page_id = old.page_id;
end;
create trigger find_page_left after delete on find_page begin
  delete from find_chunk where page_key = old.page_key;
end;
create trigger find_chunk_left after delete on find_chunk begin
  delete from find_vector where chunk_id = old.chunk_id;
end;
create trigger find_word_came after insert on find_word begin
  insert into find_spelling (rowid, word) values (new.word_id, '$' || new.word || '$');
end;
create trigger find_word_unused after update of uses on find_word when new.uses < 1 begin
  delete from find_word where word_id = new.word_id;
end;
create trigger find_word_left after delete on find_word begin
  insert into find_spelling (find_spelling, rowid, word) values ('delete', old.word_id, '$' || old.word || '$');
end;

-- a document may come after its pages, or move to another matter: then they are looked at again
create trigger find_document_came after insert on document begin
  insert into find_document (document_id, name) values (new.document_id, new.relative_path) on conflict (document_id) do update set name = excluded.name;
  insert or ignore into find_todo select p.page_id from page p left join find_page f on f.page_id = p.page_id left join find_matter m on m.matter_key = f.matter_key
    where p.document_id = new.document_id and m.matter_id is not new.matter_id;
end;
create trigger find_document_changed after update of relative_path, matter_id on document
  when old.relative_path is not new.relative_path or old.matter_id is not new.matter_id begin
  insert into find_document (document_id, name) values (new.document_id, new.relative_path) on conflict (document_id) do update set name = excluded.name;
  insert or ignore into find_todo select p.page_id from page p left join find_page f on f.page_id = p.page_id left join find_matter m on m.matter_key = f.matter_key
    where p.document_id = new.document_id and m.matter_id is not new.matter_id;
end;
create trigger find_document_went after delete on document begin
  delete from find_document where document_id = old.document_id;
end;
create trigger find_name_came after insert on find_document begin
  insert into find_names (rowid, name) values (new.document_key, new.name);
end;
create trigger find_name_changed after update of name on find_document begin
  insert into find_names (find_names, rowid, name) values ('delete', old.document_key, old.name);
  insert into find_names (rowid, name) values (new.document_key, new.name);
end;
create trigger find_name_left after delete on find_document begin
  insert into find_names (find_names, rowid, name) values ('delete', old.document_key, old.name);
end;

-- Which of thousands of jobs is next is found without going through all.
drop index job_ready_idx;
create index job_next_idx on job (state, priority desc, run_after, job_id);
