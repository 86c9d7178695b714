-- Links between documents and what people thought of search travel to laptops; what a document's kind rests on is kept with it.
set local role steno_owner;

alter table steno.document_link add column why text check (length(why) between 1 and 500);

-- Where on a document's page the passage lies that was judged, and the words of the question, each as a hash of its own: near questions are told by them.
alter table steno.feedback
  add column page integer check (page >= 1),
  add column start_offset integer check (start_offset >= 0),
  add column end_offset integer,
  add column query_words jsonb constraint feedback_query_words_check
    check (jsonb_typeof(query_words) = 'array' and octet_length(query_words::text) <= 1000 and not jsonb_path_exists(query_words, '$.**{3}')),
  add constraint feedback_place_check check (num_nonnulls(page, start_offset, end_offset) in (0, 3) and end_offset > start_offset),
  -- what was said may be taken back
  drop constraint feedback_says_check,
  add constraint feedback_says_check check (revision > 1 or num_nonnulls(is_helpful, comment, corrected_type) > 0);

alter table steno.source_document
  add column kind_by text check (kind_by in ('rule', 'learned', 'person')),
  add column kind_confidence integer check (kind_confidence between 0 and 100),
  add column kind_why text check (length(kind_why) <= 500);

-- A laptop that read a file anew while a person said what it is: the person is right, whoever comes later.
create function steno.keep_kind() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  new.document_type := old.document_type;
  new.kind_by := old.kind_by;
  new.kind_confidence := old.kind_confidence;
  new.kind_why := old.kind_why;
  return new;
end
$$;
create trigger source_document_kind before update of document_type, kind_by, kind_confidence, kind_why on steno.source_document for each row
  when (old.kind_by = 'person' and new.kind_by is distinct from 'person') execute function steno.keep_kind();

-- As 0009 has it, and inside of a push the feed is told as well: the trigger below leaves to a push what it did itself.
create or replace function steno.part_links() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare parted uuid[];
begin
  with turned_down as (
    update steno.document_link l set state = 'rejected', decision_reason = 'One of the two documents was moved to another matter.', revision = l.revision + 1
    from steno.source_document other
    where l.firm_id = new.firm_id and l.state <> 'rejected' and new.document_id in (l.from_document_id, l.to_document_id)
      and other.firm_id = l.firm_id and other.document_id in (l.from_document_id, l.to_document_id) and other.document_id <> new.document_id and other.matter_id <> new.matter_id
    returning l.link_id)
  select array_agg(link_id order by link_id) into parted from turned_down;
  if cardinality(parted) > 0 and current_setting('steno.in_push', true) = 'on' then
    perform steno.append_to_feed(new.firm_id, array_fill('document_link'::text, array[cardinality(parted)]), parted);
  end if;
  return null;
end
$$;

do $$
declare e record;
begin
  for e in select * from steno.entity where entity in ('document_link', 'feedback') loop
    execute format('create constraint trigger %I after insert or update on steno.%I deferrable initially deferred for each row when (coalesce(current_setting(''steno.in_push'', true), '''') <> ''on'') execute function steno.feed_direct_change(%L, %L)',
      e.entity || '_feed', e.table_name, e.entity, e.id_column);
    execute format('create trigger %I after delete on steno.%I referencing old table as gone_rows for each statement execute function auth.announce_gone(%L, %L)',
      e.entity || '_feed_delete', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;
update steno.entity set travels = true where entity in ('document_link', 'feedback');
-- one person on two laptops: the later word counts
update steno.entity_field set policy = 'last' where entity = 'feedback';
insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values
  ('document', 'kind_by', 'last', 'kind_by', true), ('document', 'kind_confidence', 'last', 'kind_confidence', true), ('document', 'kind_why', 'last', 'kind_why', true),
  ('document_link', 'why', 'last', 'why', false),
  ('feedback', 'page', 'last', 'page', false), ('feedback', 'start_offset', 'last', 'start_offset', false), ('feedback', 'end_offset', 'last', 'end_offset', false),
  ('feedback', 'query_words', 'last', 'query_words', false);
reset role;
