-- How documents belong together, what people thought of what was found, and what a document's kind rests on.
create table document_link (
  link_id text primary key, from_document_id text not null, to_document_id text not null, link_kind text not null, confidence integer not null, method text not null,
  state text not null default 'proposed', why text, decided_by text, decided_at integer, decision_reason text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index document_link_from_idx on document_link (from_document_id);
create index document_link_to_idx on document_link (to_document_id);
create table feedback (
  feedback_id text primary key, subject text not null, document_id text, chunk_id text, page integer, start_offset integer, end_offset integer,
  query_hash text, query_words text, is_helpful integer, comment text, corrected_type text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index feedback_document_idx on feedback (document_id);
create index feedback_correction_idx on feedback (document_id) where corrected_type is not null;
create index feedback_query_idx on feedback (query_hash) where query_hash is not null;
-- what this laptop's user brought before there were links is looked at once
insert into job (kind, dedupe_key, payload, attempts, run_after, state, created_at)
  select 'link-document', document_id, json_object('documentId', document_id), 0, 0, 'ready', 0 from document
  where processing_status = 'read' and deleted_at is null and uploaded_by = (select account ->> '$.userId' from local_account);
alter table document add column kind_by text;
alter table document add column kind_confidence integer;
alter table document add column kind_why text;
