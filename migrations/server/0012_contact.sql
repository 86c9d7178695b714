-- Contacts, read from call sheets and other documents, by production and department. Document 003.
do $$
begin
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm with schema public;
    comment on extension pg_trgm is 'made by Steno''s migration 0012'; -- which so knows on the way down whether it was
  end if;
end
$$;
set local role steno_owner;

create table steno.production (
  firm_id uuid not null references steno.firm on delete cascade,
  production_id uuid not null,
  matter_id uuid,
  production_name text not null check (length(production_name) between 1 and 255),
  production_company text check (length(production_company) <= 255),
  starts_on date,
  ends_on date,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, production_id),
  foreign key (firm_id, matter_id) references steno.matter on delete set null (matter_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint production_day_order check (ends_on >= starts_on)
);
create unique index production_name_idx on steno.production (firm_id, production_name) where deleted_at is null;
create index production_matter_idx on steno.production (firm_id, matter_id) where matter_id is not null;
comment on table steno.production is 'What call sheets are about; a matter may belong to it';

create table steno.department (
  firm_id uuid not null references steno.firm on delete cascade,
  department_id uuid not null,
  department_name text not null check (length(department_name) between 1 and 255),
  department_code text check (length(department_code) between 1 and 20),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, department_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create unique index department_name_idx on steno.department (firm_id, department_name) where deleted_at is null;
create unique index department_code_idx on steno.department (firm_id, department_code) where deleted_at is null and department_code is not null;
comment on table steno.department is 'Camera, Sound, Billing: what a contact does, once for the firm';

create table steno.contact (
  firm_id uuid not null references steno.firm on delete cascade,
  contact_id uuid not null,
  production_id uuid,
  department_id uuid,
  name text not null check (length(name) between 1 and 255),
  email public.citext check (length(email::text) between 3 and 320),
  phone text check (length(phone) between 1 and 50),
  role_title text check (length(role_title) between 1 and 255),
  company text check (length(company) between 1 and 255),
  -- null: a person wrote it, nothing was extracted
  extraction_confidence numeric(3, 2) check (extraction_confidence between 0 and 1),
  document_id uuid,
  page integer check (page >= 1),
  quote text check (length(quote) <= 2000),
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'corrected', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, contact_id),
  foreign key (firm_id, production_id) references steno.production on delete cascade,
  foreign key (firm_id, department_id) references steno.department on delete set null (department_id),
  foreign key (firm_id, document_id) references steno.source_document on delete set null (document_id),
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create index contact_production_idx on steno.contact (firm_id, production_id);
create index contact_department_idx on steno.contact (firm_id, department_id) where department_id is not null;
create index contact_document_idx on steno.contact (firm_id, document_id) where document_id is not null;
create index contact_email_idx on steno.contact (firm_id, email) where deleted_at is null and email is not null;
-- of all firms: a trigram index cannot begin with the firm. Only auth.search_contacts can use it (policies come before trigrams).
create index contact_name_search_idx on steno.contact using gin (name public.gin_trgm_ops) where deleted_at is null;
comment on table steno.contact is 'A person with a way to reach her, and the place in the document that says so';

create table steno.upload (
  firm_id uuid not null references steno.firm on delete cascade,
  upload_id uuid not null,
  production_id uuid,
  document_id uuid,
  -- names a file in blob, which may come after the row
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  file_name text not null check (length(file_name) between 1 and 255),
  status text not null default 'pending' check (status in ('pending', 'processing', 'completed', 'failed')),
  extraction_result jsonb,
  error_message text check (length(error_message) between 1 and 4000),
  processed_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, upload_id),
  foreign key (firm_id, production_id) references steno.production on delete cascade,
  foreign key (firm_id, document_id) references steno.source_document on delete set null (document_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint upload_completed_has_result check (status <> 'completed' or (extraction_result is not null and processed_at is not null)),
  constraint upload_failed_has_reason check (status <> 'failed' or (error_message is not null and processed_at is not null))
);
create index upload_production_idx on steno.upload (firm_id, production_id) where production_id is not null;
create index upload_document_idx on steno.upload (firm_id, document_id) where document_id is not null;
create index upload_open_idx on steno.upload (firm_id, status, created_at) where status in ('pending', 'processing');
comment on table steno.upload is 'A call sheet on its way into contacts: waiting, being read, read (with the whole result), or failed (with the reason)';

create function steno.check_upload() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.status <> 'pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  if tg_op = 'UPDATE' and new.status <> old.status and not (case old.status
      when 'pending' then new.status in ('processing', 'failed')
      when 'processing' then new.status in ('completed', 'failed')
      when 'failed' then new.status = 'pending' -- tried again
      else false end) then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  if tg_op = 'INSERT' or new.status <> old.status then new.processed_at := case when new.status in ('completed', 'failed') then now() end; end if;
  return new;
end
$$;
create trigger upload_check before insert or update on steno.upload for each row execute function steno.check_upload();

do $$
declare t text;
begin
  foreach t in array array['production', 'department', 'contact', 'upload'] loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t);
    call steno.protect(t, 'contact:directory:read', 'contact:directory:write');
  end loop;
end
$$;
call steno.keep_audit('steno.production', '{production_id}');
call steno.keep_audit('steno.department', '{department_id}');
call steno.keep_audit('steno.contact', '{contact_id}', '{quote}');
call steno.keep_audit('steno.upload', '{upload_id}', '{extraction_result,error_message}');

insert into steno.entity (entity, table_name, id_column, write_permission, is_insertable, travels) values
  ('production', 'production', 'production_id', 'contact:directory:write', true, false),
  ('department', 'department', 'department_id', 'contact:directory:write', true, false),
  ('contact', 'contact', 'contact_id', 'contact:directory:write', true, false),
  ('upload', 'upload', 'upload_id', 'contact:directory:write', true, false);
insert into steno.entity_field (entity, field, policy, merge_group)
select e, f, p, coalesce(g, f) from (values
  ('production', 'matter_id', 'conflict', null), ('production', 'production_name', 'conflict', null), ('production', 'production_company', 'conflict', null),
  ('production', 'starts_on', 'conflict', null), ('production', 'ends_on', 'conflict', null),
  ('department', 'department_name', 'conflict', null), ('department', 'department_code', 'conflict', null),
  ('contact', 'production_id', 'last', null), ('contact', 'department_id', 'conflict', null), ('contact', 'extraction_confidence', 'last', null),
  ('contact', 'document_id', 'last', null), ('contact', 'page', 'last', null), ('contact', 'quote', 'last', null),
  ('contact', 'name', 'conflict', 'decision'), ('contact', 'email', 'conflict', 'decision'), ('contact', 'phone', 'conflict', 'decision'),
  ('contact', 'role_title', 'conflict', 'decision'), ('contact', 'company', 'conflict', 'decision'), ('contact', 'state', 'conflict', 'decision'),
  ('contact', 'decided_by', 'follow', 'decision'), ('contact', 'decided_at', 'follow', 'decision'), ('contact', 'deleted_at', 'last', null),
  ('upload', 'production_id', 'last', null), ('upload', 'document_id', 'last', null), ('upload', 'content_hash', 'last', null), ('upload', 'file_name', 'last', null),
  ('upload', 'status', 'last', null), ('upload', 'extraction_result', 'last', null), ('upload', 'error_message', 'last', null)
) as fields (e, f, p, g);

/*
 * Fuzzy search by name. Trigram operators are not leakproof, so under a policy they read the whole table first (300 times slower); this
 * one function reads past the policies and says itself whose rows it may give: the caller's firm's, where the caller may read contacts.
 */
grant select on steno.contact, steno.production, steno.department to steno_auth;
create policy contact_search on steno.contact for select to steno_auth using (true);
create policy production_search on steno.production for select to steno_auth using (true);
create policy department_search on steno.department for select to steno_auth using (true);
set local role steno_auth;
create function auth.search_contacts(words text, most integer) returns table (contact_id uuid, name text, email text, phone text, role_title text, company text,
  production_name text, department_name text, state text, likeness real)
language plpgsql stable security definer set search_path = auth, public, pg_temp set pg_trgm.word_similarity_threshold = 0.4 as $$
declare for_firm uuid := auth.firm_for('contact:directory:read');
begin
  return query
    select c.contact_id, c.name, c.email::text, c.phone, c.role_title, c.company, p.production_name, d.department_name, c.state, word_similarity(words, c.name)
    from steno.contact c
    left join steno.production p on p.firm_id = c.firm_id and p.production_id = c.production_id
    left join steno.department d on d.firm_id = c.firm_id and d.department_id = c.department_id
    where c.firm_id = for_firm and c.deleted_at is null and words <% c.name
    order by word_similarity(words, c.name) desc, c.name, c.contact_id
    limit most;
end
$$;
grant execute on function auth.search_contacts(text, integer) to steno_owner;
set local role steno_owner;
-- The firm's contacts whose names are like these words, the likest first: at most 100, for 2 to 100 characters; else none.
create function app.search_contacts(token text, words text, most integer) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, 'contact:directory:read');
  words := btrim(words);
  if length(words) not between 2 and 100 then return '[]'; end if;
  return (select coalesce(jsonb_agg(jsonb_build_object('contactId', s.contact_id, 'name', s.name, 'email', s.email, 'phone', s.phone, 'roleTitle', s.role_title, 'company', s.company,
    'productionName', s.production_name, 'departmentName', s.department_name, 'state', s.state, 'likeness', s.likeness)), '[]')
    from auth.search_contacts(words, least(greatest(most, 1), 100)) s);
end
$$;
revoke execute on function app.search_contacts(text, text, integer) from public;
grant execute on function app.search_contacts(text, text, integer) to steno_client;
reset role;
