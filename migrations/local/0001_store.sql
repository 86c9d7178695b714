-- What this laptop keeps of the firm: the rows its user may see, each as the firm last sent it with the user's own waiting changes on top.
-- Columns are named as on the server. Times are milliseconds since 1970, days ISO text, money integer cents.
create table firm (firm_id text primary key, firm_name text not null, firm_slug text not null, firm_address text, contact_email text, contact_phone text,
  revision integer not null default 0, created_at integer, updated_at integer, deleted_at integer) strict;
create table user (user_id text primary key, email text not null, first_name text not null, last_name text not null, role text not null, is_active integer not null,
  revision integer not null default 0, created_at integer, updated_at integer, deleted_at integer) strict;
create table matter (matter_id text primary key, title text not null, case_reference text, status text not null default 'Open',
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create table document (document_id text primary key, matter_id text not null, file_name text not null, relative_path text not null, file_type text not null,
  file_size integer not null, content_hash text not null, document_type text not null, processing_status text not null, processing_reason text, page_count integer,
  is_missing integer not null default 0, uploaded_by text, uploaded_at integer, processed_at integer,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index document_matter_idx on document (matter_id);
create table page (page_id text primary key, document_id text not null, page_number integer not null, extracted_text text not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index page_document_idx on page (document_id, page_number);
create table fact (fact_id text primary key, matter_id text not null, document_id text not null, kind text not null, value text not null, normal text not null,
  confidence integer not null, page integer not null, start_offset integer not null, end_offset integer not null, quote text not null, method text not null,
  state text not null default 'proposed', decided_by text, decided_at integer, decision_reason text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index fact_matter_idx on fact (matter_id, kind);
create table bill_line (bill_line_id text primary key, matter_id text not null, document_id text not null, line_order integer not null, provider text not null,
  service_from text, service_to text, code text, description text not null, units integer, billed_cents integer not null, adjusted_cents integer not null default 0,
  paid_cents integer not null, method text not null, problem text, confidence integer not null, page integer not null, start_offset integer not null, end_offset integer not null, quote text not null,
  state text not null default 'proposed', decided_by text, decided_at integer, decision_reason text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index bill_line_matter_idx on bill_line (matter_id);
create table stated_total (stated_total_id text primary key, matter_id text not null, document_id text not null, label text not null, provider text,
  billed_cents integer not null, paid_cents integer not null, owed_cents integer not null, page integer not null, start_offset integer not null, end_offset integer not null,
  quote text not null, revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index stated_total_matter_idx on stated_total (matter_id);
create table template (template_id text primary key, template_name text not null, template_description text, template_content text not null, category text,
  version integer not null, is_default integer not null, is_active integer not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create table letter (letter_id text primary key, matter_id text not null, template_id text, title text not null, letter_date text not null, demand_cents integer,
  status text not null default 'Draft', metadata text not null default '{}', finalized_at integer, finalized_by text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index letter_matter_idx on letter (matter_id);
create table letter_update (update_id text primary key, letter_id text not null, payload blob not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index letter_update_letter_idx on letter_update (letter_id);
create table letter_version (version_id text primary key, letter_id text not null, content blob not null, letter_values text not null, change_summary text not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index letter_version_letter_idx on letter_version (letter_id);
create table export (export_id text primary key, letter_id text not null, export_format text not null, file_name text not null, file_size integer not null,
  content_hash text not null, exported_by text, exported_at integer not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index export_letter_idx on export (letter_id);
create table conflict (conflict_id text primary key, entity text not null, entity_id text not null, merge_group text not null, proposed text not null, proposed_by text,
  proposed_device text not null, current text not null, current_by text, state text not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;

-- What the user did that the firm has not confirmed. Rows leave when their verdict is in; dead ones wait for a person.
create table outbox (sequence integer primary key autoincrement, mutation_id text not null unique, entity text not null, entity_id text not null,
  op text not null check (op in ('insert', 'patch')), base_revision integer not null, patch text not null,
  -- what the patched fields held before, null where the row did not exist: put back when the firm refuses the change
  before text, state text not null default 'waiting' check (state in ('waiting', 'dead')), reason text, created_at integer not null) strict;
create index outbox_entity_idx on outbox (entity, entity_id);

create table sync_state (only integer primary key check (only = 1), cursor integer not null default 0, device_id text not null, last_synced_at integer, feed_head integer not null default 0) strict;

-- This laptop's own: who may open this store, which folders it watches, what it still has to do, the files it holds.
create table local_account (only integer primary key check (only = 1), account text not null, verifier text not null, verified_at integer not null) strict;
create table case_folder (matter_id text primary key, folder text not null, added_at integer not null) strict;
create table folder_file (matter_id text not null, relative_path text not null, size_bytes integer not null, modified_ms integer not null, content_hash text, document_id text,
  state text not null check (state in ('seen', 'done', 'missing')), primary key (matter_id, relative_path)) strict;
create table job (job_id integer primary key autoincrement, kind text not null, dedupe_key text not null, payload text not null, attempts integer not null default 0,
  run_after integer not null, lease_until integer, state text not null default 'ready' check (state in ('ready', 'dead')), last_error text, created_at integer not null,
  unique (kind, dedupe_key)) strict;
create index job_ready_idx on job (state, run_after);
create table blob (content_hash text primary key, size_bytes integer not null, uploaded integer not null default 0, created_at integer not null) strict;
create table blob_chunk (content_hash text not null references blob on delete cascade, chunk_number integer not null, bytes blob not null, primary key (content_hash, chunk_number)) strict;
create table export_file (export_id text primary key, path text not null) strict;
