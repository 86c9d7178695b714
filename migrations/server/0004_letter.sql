set local role steno_owner;

create table steno.template (
  firm_id uuid not null references steno.firm on delete cascade,
  template_id uuid not null,
  template_name text not null check (length(template_name) between 1 and 255),
  template_description text,
  template_content jsonb not null check (jsonb_typeof(template_content -> 'sections') = 'array'),
  category text check (length(category) <= 100),
  version integer not null default 1,
  is_default boolean not null default false,
  is_active boolean not null default true,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, template_id),
  unique (firm_id, template_name),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create unique index template_default_idx on steno.template (firm_id, category) where is_default and is_active and deleted_at is null;

create table steno.demand_letter (
  firm_id uuid not null references steno.firm on delete cascade,
  letter_id uuid not null,
  matter_id uuid not null,
  template_id uuid,
  title text not null check (length(title) between 1 and 255),
  letter_date date not null,
  demand_cents bigint check (demand_cents >= 0),
  status text not null default 'Draft' check (status in ('Draft', 'In_Review', 'Finalized', 'Exported', 'Archived')),
  metadata jsonb not null default '{}',
  finalized_at timestamptz,
  finalized_by uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, letter_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, template_id) references steno.template on delete set null (template_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  foreign key (firm_id, finalized_by) references steno."user" on delete set null (finalized_by)
);
create index demand_letter_matter_idx on steno.demand_letter (firm_id, matter_id);

-- The body as the people wrote it: Yjs updates, only ever added, each with its author.
create table steno.letter_update (
  firm_id uuid not null references steno.firm on delete cascade,
  update_id uuid not null,
  letter_id uuid not null,
  payload bytea not null check (length(payload) <= 20000000),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, update_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade
);
create index letter_update_letter_idx on steno.letter_update (firm_id, letter_id);

create table steno.letter_version (
  firm_id uuid not null references steno.firm on delete cascade,
  version_id uuid not null,
  letter_id uuid not null,
  content bytea not null,
  -- every value as it stood: variables, specials, exhibits; later corrections do not change a finalized letter
  letter_values jsonb not null,
  change_summary text not null,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, version_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade
);
create index letter_version_letter_idx on steno.letter_version (firm_id, letter_id);

create table steno.export (
  firm_id uuid not null references steno.firm on delete cascade,
  export_id uuid not null,
  letter_id uuid not null,
  export_format text not null check (export_format in ('docx', 'pdf')),
  file_name text not null check (length(file_name) between 1 and 255),
  file_size bigint not null check (file_size > 0),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  exported_by uuid,
  exported_at timestamptz not null default now(),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, export_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade,
  foreign key (firm_id, exported_by) references steno."user" on delete set null (exported_by)
);
create index export_letter_idx on steno.export (firm_id, letter_id);

-- Status goes forward one step at a time, back from review to draft, and Finalize is an attorney's act. The message is a code the app turns into words.
create function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.status in ('Finalized', 'Exported', 'Archived') and
     (new.title, new.letter_date, new.demand_cents, new.matter_id, new.deleted_at) is distinct from (old.title, old.letter_date, old.demand_cents, old.matter_id, old.deleted_at) then
    raise exception 'letter_finalized' using errcode = 'SN001';
  end if;
  if new.status is distinct from old.status then
    if not (case old.status
      when 'Draft' then new.status in ('In_Review', 'Finalized')
      when 'In_Review' then new.status in ('Draft', 'Finalized')
      when 'Finalized' then new.status in ('Exported', 'Archived')
      when 'Exported' then new.status = 'Archived'
      else false end) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if new.status = 'Finalized' then
      if auth.current_role() not in ('Admin', 'Attorney') then raise exception 'finalize_needs_attorney' using errcode = 'SN001'; end if;
      new.finalized_at := now();
      new.finalized_by := auth.current_user_id();
    end if;
  end if;
  return new;
end
$$;
create trigger demand_letter_status before update on steno.demand_letter for each row execute function steno.check_letter_status();

-- A letter is born a draft, whatever the client says.
create function steno.check_letter_birth() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if new.status <> 'Draft' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  return new;
end
$$;
create trigger demand_letter_birth before insert on steno.demand_letter for each row execute function steno.check_letter_birth();

create function steno.check_letter_open() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  -- the row lock makes an edit and a finalize of the same letter wait for each other
  perform 1 from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status in ('Draft', 'In_Review') for share;
  -- a letter that is not there at all is the foreign key's to refuse
  if not found and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id) then
    raise exception 'letter_finalized' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger letter_update_open before insert on steno.letter_update for each row execute function steno.check_letter_open();
create trigger letter_version_open before insert on steno.letter_version for each row execute function steno.check_letter_open();

create function steno.refuse_change() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  raise exception 'append_only' using errcode = 'SN001';
end
$$;
create trigger letter_update_frozen before update on steno.letter_update for each row execute function steno.refuse_change();
create trigger letter_version_frozen before update on steno.letter_version for each row execute function steno.refuse_change();

do $$
declare t text;
begin
  foreach t in array array['template', 'demand_letter', 'export'] loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t);
  end loop;
  foreach t in array array['template', 'demand_letter', 'letter_update', 'letter_version', 'export'] loop
    execute format('alter table steno.%I enable row level security', t);
    execute format('alter table steno.%I force row level security', t);
    execute format('create policy %s_isolation on steno.%I using (firm_id = (select auth.current_firm_id())) with check (firm_id = (select auth.current_firm_id()))', t, t);
    execute format('grant select on steno.%I to steno_client', t);
  end loop;
end
$$;
reset role;
