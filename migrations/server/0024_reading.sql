-- What was read of a page and how, so that no other laptop reads it again; which document another came with.
set local role steno_owner;
alter table steno.source_document
  add column parent_document_id uuid check (parent_document_id <> document_id),
  add foreign key (firm_id, parent_document_id) references steno.source_document on delete set null (parent_document_id);
create index source_document_parent_idx on steno.source_document (firm_id, parent_document_id) where parent_document_id is not null;
alter table steno.document_page
  -- null: from a laptop that did not say, or a picture that nobody has read yet
  add column read_by text check (read_by in ('text', 'ocr')),
  add column ocr_confidence integer check (ocr_confidence between 0 and 100),
  -- degrees clockwise by which the page has to be turned to stand upright
  add column rotation integer check (rotation in (0, 90, 180, 270)),
  -- ten bytes or so a word (documents/word-boxes.ts); pages of a text PDF have none, they are found in the file
  add column word_boxes bytea check (octet_length(word_boxes) <= 4000000);

-- Where the words stand says as much as the words: the audit keeps it as a hash.
do $$
declare t text;
begin
  foreach t in array array['insert', 'update', 'delete', 'truncate', 'key'] loop
    execute format('drop trigger document_page_audit_%s on steno.document_page', t);
  end loop;
end
$$;
call steno.keep_audit('steno.document_page', '{page_id}', '{extracted_text,word_boxes}');

insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values
  ('document', 'parent_document_id', 'last', 'parent_document_id', false),
  ('page', 'read_by', 'last', 'read_by', true), ('page', 'ocr_confidence', 'last', 'ocr_confidence', true),
  ('page', 'rotation', 'last', 'rotation', true), ('page', 'word_boxes', 'last', 'word_boxes', true);
reset role;
