-- Contract refunds (document 001): contracts, what was read from them, who corrected and approved it, and how well the reading goes.
set local role steno_owner;

-- GAP waivers, service contracts and the like. A template is a form nobody signed: it belongs to no matter and names no customer.
create table steno.contract (
  firm_id uuid not null references steno.firm on delete cascade,
  contract_id uuid not null,
  matter_id uuid,
  document_id uuid,
  is_template boolean not null default false,
  contract_kind text not null check (contract_kind in ('GAP', 'Service_Contract', 'Maintenance', 'Tire_And_Wheel', 'Other')),
  contract_number text check (length(contract_number) between 1 and 100),
  administrator text check (length(administrator) between 1 and 255),
  customer_name text check (length(customer_name) between 1 and 255),
  governing_state text check (governing_state ~ '^[A-Z]{2}$'),
  vehicle_info jsonb not null default '{}' check (jsonb_typeof(vehicle_info) = 'object'),
  -- what is not known yet is null: the extraction brings it
  effective_on date,
  expires_on date,
  price_cents bigint check (price_cents >= 0),
  term_months integer check (term_months between 1 and 240),
  term_miles integer check (term_miles between 1 and 1000000),
  start_miles integer check (start_miles between 0 and 2000000),
  end_miles integer check (end_miles between 0 and 2000000),
  status text not null default 'Active' check (status in ('Active', 'Cancelled', 'Refunded')),
  cancelled_on date,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, contract_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, document_id) references steno.source_document on delete set null (document_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint contract_template_check check (is_template = (matter_id is null)),
  -- "no PII": a template's customer is a number at most, and its vehicle has none
  constraint contract_anonymous_check check (not is_template or (coalesce(customer_name, 'Customer #0') ~ '^Customer #[0-9]+$' and not vehicle_info ? 'vin')),
  constraint contract_dates_check check (expires_on > effective_on),
  constraint contract_miles_check check (end_miles >= start_miles),
  constraint contract_cancelled_check check ((status = 'Active') = (cancelled_on is null))
);
create index contract_matter_idx on steno.contract (firm_id, matter_id);
create index contract_document_idx on steno.contract (firm_id, document_id);
create index contract_number_idx on steno.contract (firm_id, contract_number);
create index contract_updated_at_idx on steno.contract (firm_id, updated_at desc, contract_id desc) where deleted_at is null;
create index contract_created_by_idx on steno.contract (firm_id, created_by, created_at);

create function steno.check_contract() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.status = 'Refunded' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  if tg_op = 'UPDATE' and new.status <> old.status and not (case old.status
    when 'Active' then new.status = 'Cancelled'
    when 'Cancelled' then true -- a cancellation entered by mistake is taken back
    else false end) then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger contract_status before insert or update on steno.contract for each row execute function steno.check_contract();

-- What a model or a rule read from a contract, as a whole; its values are extraction_field. One a contract.
create table steno.extraction (
  firm_id uuid not null references steno.firm on delete cascade,
  extraction_id uuid not null,
  contract_id uuid not null,
  provider text not null check (length(provider) between 1 and 60),
  model_version text not null check (length(model_version) between 1 and 100),
  prompt_version text not null check (length(prompt_version) between 1 and 60),
  input_tokens integer not null default 0 check (input_tokens >= 0),
  output_tokens integer not null default 0 check (output_tokens >= 0),
  cost_microdollars bigint not null default 0 check (cost_microdollars >= 0),
  processing_time_ms integer check (processing_time_ms >= 0),
  overall_confidence integer not null check (overall_confidence between 0 and 100),
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text check (length(decision_reason) between 1 and 1000),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, extraction_id),
  unique (firm_id, contract_id),
  foreign key (firm_id, contract_id) references steno.contract on delete cascade,
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint extraction_decided_check check ((status = 'pending') = (decided_at is null)),
  constraint extraction_reason_check check (status <> 'rejected' or decision_reason is not null)
);
create index extraction_created_at_idx on steno.extraction (firm_id, created_at desc, extraction_id);
-- the review queue: what is least sure comes first
create index extraction_pending_idx on steno.extraction (firm_id, overall_confidence, created_at) where status = 'pending' and deleted_at is null;
create index extraction_decided_by_idx on steno.extraction (firm_id, decided_by, decided_at);

-- One value with the place it was read from. As rows, not as pairs of columns: a new field is no migration, and each has its own confidence.
create table steno.extraction_field (
  firm_id uuid not null references steno.firm on delete cascade,
  field_id uuid not null,
  extraction_id uuid not null,
  field_name text not null check (field_name ~ '^[a-z][a-z0-9_]{0,59}$'),
  value text check (length(value) between 1 and 2000), -- null: not found in the contract
  normal text check (length(normal) between 1 and 2000),
  confidence integer not null check (confidence between 0 and 100),
  page integer check (page >= 1),
  start_offset integer check (start_offset >= 0),
  end_offset integer,
  quote text check (length(quote) <= 4000),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, field_id),
  unique (firm_id, extraction_id, field_name),
  foreign key (firm_id, extraction_id) references steno.extraction on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint extraction_field_normal_of_value_check check (value is not null or normal is null),
  constraint extraction_field_extent_check check (end_offset >= start_offset),
  -- a value without a place cannot be verified; a place without a value says nothing
  constraint extraction_field_source_check check (num_nonnulls(page, start_offset, end_offset, quote) = case when value is null then 0 else 4 end)
);

-- A person's correction of one value. The value that was read stays as it was: the newest correction is what counts.
create table steno.correction (
  firm_id uuid not null references steno.firm on delete cascade,
  correction_id uuid not null,
  field_id uuid not null,
  correction_number integer not null check (correction_number >= 1),
  old_value text,
  new_value text check (length(new_value) between 1 and 2000), -- null: the contract does not say
  reason text not null check (length(reason) between 1 and 1000),
  corrected_by uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, correction_id),
  constraint correction_number_key unique (firm_id, field_id, correction_number),
  foreign key (firm_id, field_id) references steno.extraction_field on delete cascade,
  foreign key (firm_id, corrected_by) references steno."user" on delete set null (corrected_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint correction_changes_check check (new_value is distinct from old_value)
);
create index correction_corrected_by_idx on steno.correction (firm_id, corrected_by, created_at);

create function steno.check_extraction() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    return new;
  end if;
  if new.contract_id <> old.contract_id then raise exception 'append_only' using errcode = 'SN001'; end if;
  if old.status = 'approved' and (new.provider, new.model_version, new.prompt_version, new.input_tokens, new.output_tokens, new.cost_microdollars, new.processing_time_ms,
        new.overall_confidence, new.status, new.decided_at, new.decision_reason, new.deleted_at)
      is distinct from (old.provider, old.model_version, old.prompt_version, old.input_tokens, old.output_tokens, old.cost_microdollars, old.processing_time_ms,
        old.overall_confidence, old.status, old.decided_at, old.decision_reason, old.deleted_at) then
    raise exception 'extraction_approved' using errcode = 'SN001';
  end if;
  if new.status = old.status then return new; end if;
  if new.status = 'pending' then -- read once more
    new.decided_by := null;
    new.decided_at := null;
    new.decision_reason := null;
    return new;
  end if;
  if old.status <> 'pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  if not auth.may('refund:extraction:review') then raise exception 'approval_needs_reviewer' using errcode = 'SN001'; end if;
  new.decided_by := auth.current_user_id();
  new.decided_at := now();
  return new;
end
$$;
create trigger extraction_status before insert or update on steno.extraction for each row execute function steno.check_extraction();

create function steno.check_extraction_open() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  extraction uuid;
  found_status text;
begin
  if tg_op = 'DELETE' then extraction := old.extraction_id; else extraction := new.extraction_id; end if;
  -- the row lock makes a new value and an approval of the same extraction wait for each other
  select e.status into found_status from steno.extraction e
  where e.firm_id = case tg_op when 'DELETE' then old.firm_id else new.firm_id end and e.extraction_id = extraction for share;
  if found_status = 'approved' then raise exception 'extraction_approved' using errcode = 'SN001'; end if;
  if found_status = 'rejected' then raise exception 'extraction_rejected' using errcode = 'SN001'; end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end
$$;
create trigger extraction_field_open before insert or delete on steno.extraction_field for each row execute function steno.check_extraction_open();
create trigger extraction_field_frozen before update on steno.extraction_field for each row
  when ((new.extraction_id, new.field_name, new.value, new.normal, new.confidence, new.page, new.start_offset, new.end_offset, new.quote, new.deleted_at)
    is distinct from (old.extraction_id, old.field_name, old.value, old.normal, old.confidence, old.page, old.start_offset, old.end_offset, old.quote, old.deleted_at))
  execute function steno.check_extraction_open();

-- Who corrected, in which order, and from which value, the server says.
create function steno.check_correction() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare field record;
begin
  select f.value, e.status into field from steno.extraction_field f join steno.extraction e using (firm_id, extraction_id)
  where f.firm_id = new.firm_id and f.field_id = new.field_id for no key update of f;
  if not found then raise exception 'not_found' using errcode = 'SN001'; end if;
  if field.status = 'rejected' then raise exception 'extraction_rejected' using errcode = 'SN001'; end if;
  select c.correction_number, c.new_value into new.correction_number, new.old_value
  from steno.correction c where c.firm_id = new.firm_id and c.field_id = new.field_id order by c.correction_number desc limit 1;
  if not found then new.old_value := field.value; end if;
  new.correction_number := coalesce(new.correction_number, 0) + 1;
  new.corrected_by := coalesce(auth.current_user_id(), new.corrected_by);
  return new;
end
$$;
create trigger correction_number before insert on steno.correction for each row execute function steno.check_correction();
create trigger correction_frozen before update on steno.correction for each row
  when ((new.field_id, new.correction_number, new.old_value, new.new_value, new.reason, new.deleted_at)
    is distinct from (old.field_id, old.correction_number, old.old_value, old.new_value, old.reason, old.deleted_at))
  execute function steno.refuse_change();

-- A day's readings added up, by provider and model; computed anew by steno.aggregate_extractions, never written by hand.
create table steno.extraction_metric (
  firm_id uuid not null references steno.firm on delete cascade,
  metric_date date not null,
  provider text not null,
  model_version text not null,
  extraction_count integer not null check (extraction_count >= 1),
  approved_count integer not null check (approved_count >= 0),
  rejected_count integer not null check (rejected_count >= 0),
  field_count integer not null,
  corrected_field_count integer not null check (corrected_field_count >= 0),
  average_confidence numeric(5, 2) not null check (average_confidence between 0 and 100),
  -- of the fields of decided extractions, how many stood uncorrected; null while none is decided
  accuracy_percent numeric(5, 2) check (accuracy_percent between 0 and 100),
  average_time_ms integer check (average_time_ms >= 0),
  input_tokens bigint not null check (input_tokens >= 0),
  output_tokens bigint not null check (output_tokens >= 0),
  cost_microdollars bigint not null check (cost_microdollars >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, metric_date, provider, model_version),
  constraint extraction_metric_decided_check check (approved_count + rejected_count <= extraction_count),
  constraint extraction_metric_corrected_check check (corrected_field_count <= field_count)
);

/* Adds up one day (UTC) of the extractions that were made on it, as they stand now, for every firm the caller sees. How many rows that makes. */
create function steno.aggregate_extractions(day date) returns integer language plpgsql volatile set search_path = steno, pg_temp as $$
declare written integer;
begin
  delete from steno.extraction_metric m where m.metric_date = day and not exists (
    select from steno.extraction e where e.firm_id = m.firm_id and e.provider = m.provider and e.model_version = m.model_version and e.deleted_at is null
      and e.created_at >= day::timestamp at time zone 'UTC' and e.created_at < (day + 1)::timestamp at time zone 'UTC');
  insert into steno.extraction_metric as m (firm_id, metric_date, provider, model_version, extraction_count, approved_count, rejected_count, field_count, corrected_field_count,
    average_confidence, accuracy_percent, average_time_ms, input_tokens, output_tokens, cost_microdollars)
  select e.firm_id, day, e.provider, e.model_version, count(*), count(*) filter (where e.status = 'approved'), count(*) filter (where e.status = 'rejected'),
    coalesce(sum(f.fields), 0), coalesce(sum(f.corrected), 0), avg(e.overall_confidence),
    100 - 100.0 * sum(f.corrected) filter (where e.status <> 'pending') / nullif(sum(f.fields) filter (where e.status <> 'pending'), 0),
    avg(e.processing_time_ms), sum(e.input_tokens), sum(e.output_tokens), sum(e.cost_microdollars)
  from steno.extraction e
  cross join lateral (
    select count(*) as fields, count(*) filter (where exists (select from steno.correction c where c.firm_id = x.firm_id and c.field_id = x.field_id)) as corrected
    from steno.extraction_field x where x.firm_id = e.firm_id and x.extraction_id = e.extraction_id and x.deleted_at is null
  ) f
  where e.deleted_at is null and e.created_at >= day::timestamp at time zone 'UTC' and e.created_at < (day + 1)::timestamp at time zone 'UTC'
  group by e.firm_id, e.provider, e.model_version
  on conflict (firm_id, metric_date, provider, model_version) do update set extraction_count = excluded.extraction_count, approved_count = excluded.approved_count,
    rejected_count = excluded.rejected_count, field_count = excluded.field_count, corrected_field_count = excluded.corrected_field_count,
    average_confidence = excluded.average_confidence, accuracy_percent = excluded.accuracy_percent, average_time_ms = excluded.average_time_ms,
    input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, cost_microdollars = excluded.cost_microdollars;
  get diagnostics written = row_count;
  return written;
end
$$;

/* How well one extraction went: a line for each field, 100 where it stood uncorrected and 0 where not, and a last line without a name for the whole. */
create function steno.calculate_extraction_accuracy(of_extraction uuid) returns table (field_name text, correction_count bigint, accuracy_percent numeric)
language sql stable set search_path = steno, pg_temp as $$
  select f.field_name, sum(c.corrections)::bigint, round(avg(case when c.corrections = 0 then 100 else 0 end), 2)
  from steno.extraction_field f
  cross join lateral (select count(*) as corrections from steno.correction c where c.firm_id = f.firm_id and c.field_id = f.field_id) c
  where f.extraction_id = of_extraction and f.firm_id = (select e.firm_id from steno.extraction e where e.extraction_id = of_extraction) and f.deleted_at is null
  group by grouping sets ((f.field_name), ()) having count(*) > 0
  order by f.field_name nulls last
$$;

-- security_invoker: row-level security asks who reads the view, not who owns it.
-- Counts are subqueries, so that a page of fifty counts for fifty.
create view steno.v_extraction_details with (security_invoker = true) as
select e.firm_id, e.extraction_id, e.contract_id, c.matter_id, c.document_id, c.is_template, c.contract_kind, c.contract_number, c.administrator, c.governing_state,
  e.provider, e.model_version, e.prompt_version, e.input_tokens, e.output_tokens, e.cost_microdollars, e.processing_time_ms, e.overall_confidence, e.status,
  e.created_at, e.created_by, made.first_name || ' ' || made.last_name as created_by_name,
  e.decided_at, e.decided_by, decided.first_name || ' ' || decided.last_name as decided_by_name, e.decision_reason,
  (select count(*) from steno.extraction_field f where f.firm_id = e.firm_id and f.extraction_id = e.extraction_id and f.deleted_at is null) as field_count,
  (select count(*) from steno.extraction_field f join steno.correction k on k.firm_id = f.firm_id and k.field_id = f.field_id
    where f.firm_id = e.firm_id and f.extraction_id = e.extraction_id and f.deleted_at is null) as correction_count,
  (select jsonb_object_agg(f.field_name, jsonb_build_object('value', case when k.correction_number is null then f.value else k.new_value end, 'read', f.value,
      'confidence', f.confidence, 'page', f.page, 'isCorrected', k.correction_number is not null))
    from steno.extraction_field f
    left join lateral (select k.correction_number, k.new_value from steno.correction k where k.firm_id = f.firm_id and k.field_id = f.field_id order by k.correction_number desc limit 1) k on true
    where f.firm_id = e.firm_id and f.extraction_id = e.extraction_id and f.deleted_at is null) as fields
from steno.extraction e
join steno.contract c on c.firm_id = e.firm_id and c.contract_id = e.contract_id
left join steno."user" made on made.firm_id = e.firm_id and made.user_id = e.created_by
left join steno."user" decided on decided.firm_id = e.firm_id and decided.user_id = e.decided_by
where e.deleted_at is null and c.deleted_at is null;

create view steno.v_user_activity with (security_invoker = true) as
select u.firm_id, u.user_id, u.first_name, u.last_name, u.email, u.role, u.is_active, l.letters, l.last_letter_at, c.contracts, c.last_contract_at,
  e.decided_extractions, e.approved_extractions, e.last_decision_at, k.corrections, k.last_correction_at,
  greatest(l.last_letter_at, c.last_contract_at, e.last_decision_at, k.last_correction_at) as last_activity_at
from steno."user" u
cross join lateral (select count(*) as letters, max(x.updated_at) as last_letter_at from steno.demand_letter x where x.firm_id = u.firm_id and x.created_by = u.user_id) l
cross join lateral (select count(*) as contracts, max(x.created_at) as last_contract_at from steno.contract x where x.firm_id = u.firm_id and x.created_by = u.user_id) c
cross join lateral (select count(*) as decided_extractions, count(*) filter (where x.status = 'approved') as approved_extractions, max(x.decided_at) as last_decision_at
  from steno.extraction x where x.firm_id = u.firm_id and x.decided_by = u.user_id) e
cross join lateral (select count(*) as corrections, max(x.created_at) as last_correction_at from steno.correction x where x.firm_id = u.firm_id and x.corrected_by = u.user_id) k
where u.deleted_at is null;

create view steno.v_daily_extraction_stats with (security_invoker = true) as
select m.firm_id, m.metric_date, sum(m.extraction_count) as extraction_count, sum(m.approved_count) as approved_count, sum(m.rejected_count) as rejected_count,
  sum(m.field_count) as field_count, sum(m.corrected_field_count) as corrected_field_count,
  round(sum(m.average_confidence * m.extraction_count) / sum(m.extraction_count), 2) as average_confidence,
  round(100.0 * sum(m.approved_count) / nullif(sum(m.approved_count + m.rejected_count), 0), 2) as approval_percent,
  round(100 - 100.0 * sum(m.corrected_field_count) / nullif(sum(m.field_count), 0), 2) as uncorrected_percent,
  sum(m.input_tokens) as input_tokens, sum(m.output_tokens) as output_tokens, sum(m.cost_microdollars) as cost_microdollars
from steno.extraction_metric m group by m.firm_id, m.metric_date;
grant select on steno.v_extraction_details, steno.v_user_activity, steno.v_daily_extraction_stats to steno_client;
-- under row-level security like the views
grant execute on function steno.calculate_extraction_accuracy(uuid) to steno_client;

-- As before, and by way of a contract.
create or replace function steno.is_held(of_firm uuid, named_by text, name text) returns boolean language plpgsql stable set search_path = steno, pg_temp as $$
declare held boolean;
begin
  if name is null then return false; end if;
  if named_by = 'content_hash' then -- many documents may be this file; an upload that is not whole is none
    return exists (select from steno.blob b join steno.source_document d using (firm_id, content_hash) join steno.matter m using (firm_id, matter_id)
      where b.firm_id = of_firm and b.content_hash = name and b.completed_at is not null and m.legal_hold);
  elsif named_by = 'matter_id' then
    select m.legal_hold into held from steno.matter m where m.firm_id = of_firm and m.matter_id = name::uuid;
  elsif named_by in ('document_id', 'from_document_id') then
    select m.legal_hold into held from steno.source_document d join steno.matter m using (firm_id, matter_id) where d.firm_id = of_firm and d.document_id = name::uuid;
  elsif named_by = 'letter_id' then
    select m.legal_hold into held from steno.demand_letter l join steno.matter m using (firm_id, matter_id) where l.firm_id = of_firm and l.letter_id = name::uuid;
  elsif named_by = 'contract_id' then
    select coalesce(m.legal_hold, false) into held from steno.contract c left join steno.matter m using (firm_id, matter_id) where c.firm_id = of_firm and c.contract_id = name::uuid
      and (c.matter_id is null or m.matter_id is not null);
  elsif named_by = 'extraction_id' then
    return steno.is_held(of_firm, 'contract_id', (select e.contract_id::text from steno.extraction e where e.firm_id = of_firm and e.extraction_id = name::uuid));
  elsif named_by = 'field_id' then
    return steno.is_held(of_firm, 'extraction_id', (select f.extraction_id::text from steno.extraction_field f where f.firm_id = of_firm and f.field_id = name::uuid));
  else
    raise exception 'is_held does not know %', named_by;
  end if;
  -- gone already (its parent was deleted, and that was not held), or out of the caller's sight: who cannot see the hold is not let past it
  if not found then return auth.current_user_id() is not null; end if;
  return held;
end
$$;

do $$
declare t record;
begin
  for t in select * from (values ('contract', 'matter_id'), ('extraction', 'contract_id'), ('extraction_field', 'extraction_id'), ('correction', 'field_id'), ('extraction_metric', null)) as tables (name, named_by) loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t.name);
    if t.named_by is not null then
      execute format('create trigger %I before delete or update of deleted_at, %I on steno.%I for each row execute function steno.refuse_held(%L)', t.name || '_held', t.named_by, t.name, t.named_by);
    end if;
  end loop;
end
$$;
call steno.protect('contract', 'refund:contract:read', 'refund:contract:write');
call steno.protect('extraction', 'refund:contract:read', 'refund:contract:write');
call steno.protect('extraction_field', 'refund:contract:read', 'refund:contract:write');
call steno.protect('correction', 'refund:contract:read', 'refund:extraction:review');
call steno.protect('extraction_metric', 'refund:contract:read', 'refund:extraction:review');
call steno.keep_audit('steno.contract', '{contract_id}');
call steno.keep_audit('steno.extraction', '{extraction_id}');
call steno.keep_audit('steno.extraction_field', '{field_id}');
call steno.keep_audit('steno.correction', '{correction_id}');

insert into steno.entity (entity, table_name, id_column, write_permission, travels) values
  ('contract', 'contract', 'contract_id', 'refund:contract:write', false),
  ('extraction', 'extraction', 'extraction_id', 'refund:contract:write', false),
  ('extraction_field', 'extraction_field', 'field_id', 'refund:contract:write', false),
  ('correction', 'correction', 'correction_id', 'refund:extraction:review', false);
insert into steno.entity_field (entity, field, policy, merge_group)
select 'contract', f, 'conflict', f from unnest(array['matter_id', 'contract_kind', 'contract_number', 'administrator', 'customer_name', 'governing_state', 'vehicle_info', 'effective_on',
  'expires_on', 'price_cents', 'term_months', 'term_miles', 'start_miles', 'end_miles']) f
union all select 'contract', f, 'last', f from unnest(array['document_id', 'is_template']) f
union all values ('contract', 'status', 'conflict', 'cancellation'), ('contract', 'cancelled_on', 'conflict', 'cancellation'),
  ('extraction', 'status', 'conflict', 'decision'), ('extraction', 'decision_reason', 'follow', 'decision')
union all select 'extraction', f, 'last', f from unnest(array['contract_id', 'provider', 'model_version', 'prompt_version', 'input_tokens', 'output_tokens', 'cost_microdollars',
  'processing_time_ms', 'overall_confidence']) f
-- a value and the place it stands on go together
union all select 'extraction_field', f, 'last', case when f in ('extraction_id', 'field_name') then f else 'reading' end
  from unnest(array['extraction_id', 'field_name', 'value', 'normal', 'confidence', 'page', 'start_offset', 'end_offset', 'quote']) f
union all select 'correction', f, 'last', f from unnest(array['field_id', 'new_value', 'reason']) f;
reset role;

comment on table steno.contract is 'Vehicle contracts whose price may be refunded: GAP waivers, service contracts; and their templates.';
comment on table steno.extraction is 'What was read from a contract as a whole: by which model, at what cost, and whether a person approved it.';
comment on table steno.extraction_field is 'One value that was read from a contract, its confidence, and its place on the page.';
comment on table steno.correction is 'What a person put in the place of a value that was read, and why.';
comment on table steno.extraction_metric is 'Extractions added up by day, provider and model.';
comment on view steno.v_extraction_details is 'Each extraction with its contract, its people, and its values as corrected.';
comment on view steno.v_user_activity is 'What each person of the firm made and decided, and when last.';
comment on view steno.v_daily_extraction_stats is 'Extractions by day, over all providers.';
