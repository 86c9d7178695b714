set local role steno_owner;

-- Every synced table has the same head: firm and id as key, a revision, and per field the revision and device that last set it,
-- which is what lets two offline changes of different fields of one row both win (S8).
create table steno.matter (
  firm_id uuid not null references steno.firm on delete cascade,
  matter_id uuid not null,
  title text not null check (length(title) between 1 and 255),
  case_reference text check (length(case_reference) <= 100),
  status text not null default 'Open' check (status in ('Open', 'Closed')),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, matter_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);

create table steno.source_document (
  firm_id uuid not null references steno.firm on delete cascade,
  document_id uuid not null,
  matter_id uuid not null,
  file_name text not null check (length(file_name) between 1 and 255),
  relative_path text not null check (length(relative_path) between 1 and 4096),
  file_type text not null check (length(file_type) <= 100),
  file_size bigint not null check (file_size >= 0),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  document_type text not null default 'Other' check (document_type in ('Medical_Record', 'Bill', 'Police_Report', 'Correspondence', 'Photo', 'Insurance',
    'Pleading', 'Testimony', 'Incident_Report', 'Contract', 'Call_Sheet', 'RFQ', 'Offer', 'Demand', 'Other')),
  processing_status text not null default 'waiting' check (processing_status in ('waiting', 'reading', 'read', 'waiting_for_ocr', 'failed', 'unsupported')),
  processing_reason text,
  page_count integer check (page_count >= 0),
  is_missing boolean not null default false,
  uploaded_by uuid,
  uploaded_at timestamptz not null default now(),
  processed_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, document_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, uploaded_by) references steno."user" on delete set null (uploaded_by)
);
create index source_document_matter_idx on steno.source_document (firm_id, matter_id);

create table steno.document_page (
  firm_id uuid not null references steno.firm on delete cascade,
  page_id uuid not null,
  document_id uuid not null,
  page_number integer not null check (page_number >= 1),
  extracted_text text not null,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, page_id),
  unique (firm_id, document_id, page_number),
  foreign key (firm_id, document_id) references steno.source_document on delete cascade
);

create table steno.fact (
  firm_id uuid not null references steno.firm on delete cascade,
  fact_id uuid not null,
  matter_id uuid not null,
  document_id uuid not null,
  kind text not null check (length(kind) between 1 and 60),
  value text not null check (length(value) between 1 and 2000),
  normal text not null check (length(normal) between 1 and 2000),
  confidence integer not null check (confidence between 0 and 100),
  page integer not null check (page >= 1),
  start_offset integer not null check (start_offset >= 0),
  end_offset integer not null check (end_offset >= start_offset),
  quote text not null,
  method text not null,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'corrected', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, fact_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by)
);
create index fact_matter_idx on steno.fact (firm_id, matter_id, kind);

-- Money is integer cents.
create table steno.bill_line (
  firm_id uuid not null references steno.firm on delete cascade,
  bill_line_id uuid not null,
  matter_id uuid not null,
  document_id uuid not null,
  line_order integer not null check (line_order >= 0),
  provider text not null check (length(provider) between 1 and 255),
  service_from date,
  service_to date,
  code text check (length(code) <= 20),
  description text not null,
  units integer check (units >= 0),
  billed_cents bigint not null,
  adjusted_cents bigint not null default 0,
  paid_cents bigint not null,
  method text not null,
  problem text,
  confidence integer not null check (confidence between 0 and 100),
  page integer not null check (page >= 1),
  start_offset integer not null check (start_offset >= 0),
  end_offset integer not null check (end_offset >= start_offset),
  quote text not null,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'corrected', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, bill_line_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by)
);
create index bill_line_matter_idx on steno.bill_line (firm_id, matter_id);

-- Totals that documents print: checked against our own sums, never copied into a letter.
create table steno.stated_total (
  firm_id uuid not null references steno.firm on delete cascade,
  stated_total_id uuid not null,
  matter_id uuid not null,
  document_id uuid not null,
  label text not null,
  provider text,
  billed_cents bigint not null,
  paid_cents bigint not null,
  owed_cents bigint not null,
  page integer not null check (page >= 1),
  start_offset integer not null check (start_offset >= 0),
  end_offset integer not null check (end_offset >= start_offset),
  quote text not null,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, stated_total_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, document_id) references steno.source_document on delete cascade
);
create index stated_total_matter_idx on steno.stated_total (firm_id, matter_id);

-- The files themselves, by content: uploaded in chunks, whole once every chunk is here and the hash was checked.
create table steno.blob (
  firm_id uuid not null references steno.firm on delete cascade,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes >= 0),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (firm_id, content_hash)
);
create table steno.blob_chunk (
  firm_id uuid not null,
  content_hash text not null,
  chunk_number integer not null check (chunk_number >= 0),
  bytes bytea not null check (length(bytes) <= 1048576),
  primary key (firm_id, content_hash, chunk_number),
  foreign key (firm_id, content_hash) references steno.blob on delete cascade
);
alter table steno.blob_chunk alter column bytes set storage external; -- PDFs and pictures are compressed already

do $$
declare t text;
begin
  foreach t in array array['matter', 'source_document', 'document_page', 'fact', 'bill_line', 'stated_total'] loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t);
  end loop;
  foreach t in array array['matter', 'source_document', 'document_page', 'fact', 'bill_line', 'stated_total', 'blob', 'blob_chunk'] loop
    execute format('alter table steno.%I enable row level security', t);
    execute format('alter table steno.%I force row level security', t);
    execute format('create policy %s_isolation on steno.%I using (firm_id = (select auth.current_firm_id())) with check (firm_id = (select auth.current_firm_id()))', t, t);
    execute format('grant select on steno.%I to steno_client', t);
  end loop;
end
$$;
reset role;
