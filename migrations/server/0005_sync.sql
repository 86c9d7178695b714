set local role steno_owner;

-- What travels between laptops and the firm, and how each field merges when two people changed it while apart:
--   conflict  keep the firm's value, keep the other in table conflict, a person decides
--   follow    goes with its group and never makes a conflict of its own (who decided, when)
--   last      the later push wins (state that every laptop derives by itself)
-- Fields of one merge_group are accepted or set aside together: half of a correction is no correction.
create table steno.entity (
  entity text primary key,
  table_name text not null unique,
  id_column text not null,
  write_roles text[] not null,
  is_insertable boolean not null default true
);
create table steno.entity_field (
  entity text not null references steno.entity,
  field text not null,
  policy text not null check (policy in ('conflict', 'follow', 'last')),
  merge_group text not null,
  primary key (entity, field)
);
insert into steno.entity (entity, table_name, id_column, write_roles, is_insertable) values
  ('firm', 'firm', 'firm_id', '{}', false),
  ('user', 'user', 'user_id', '{}', false),
  ('matter', 'matter', 'matter_id', '{Admin,Attorney,Paralegal}', true),
  ('document', 'source_document', 'document_id', '{Admin,Attorney,Paralegal}', true),
  ('page', 'document_page', 'page_id', '{Admin,Attorney,Paralegal}', true),
  ('fact', 'fact', 'fact_id', '{Admin,Attorney,Paralegal}', true),
  ('bill_line', 'bill_line', 'bill_line_id', '{Admin,Attorney,Paralegal}', true),
  ('stated_total', 'stated_total', 'stated_total_id', '{Admin,Attorney,Paralegal}', true),
  ('template', 'template', 'template_id', '{Admin,Attorney}', true),
  ('letter', 'demand_letter', 'letter_id', '{Admin,Attorney,Paralegal}', true),
  ('letter_update', 'letter_update', 'update_id', '{Admin,Attorney,Paralegal}', true),
  ('letter_version', 'letter_version', 'version_id', '{Admin,Attorney}', true),
  ('export', 'export', 'export_id', '{Admin,Attorney,Paralegal}', true),
  ('conflict', 'conflict', 'conflict_id', '{Admin,Attorney,Paralegal}', false);
insert into steno.entity_field (entity, field, policy, merge_group)
select e, f, p, coalesce(g, f) from (values
  ('matter', 'title', 'conflict', null), ('matter', 'case_reference', 'conflict', null), ('matter', 'status', 'conflict', null),
  ('document', 'matter_id', 'conflict', null), ('document', 'file_name', 'last', null), ('document', 'relative_path', 'last', null),
  ('document', 'file_type', 'last', null), ('document', 'file_size', 'last', null), ('document', 'content_hash', 'last', null),
  ('document', 'document_type', 'last', null), ('document', 'processing_status', 'last', null), ('document', 'processing_reason', 'last', null),
  ('document', 'page_count', 'last', null), ('document', 'is_missing', 'last', null), ('document', 'uploaded_by', 'last', null),
  ('document', 'uploaded_at', 'last', null), ('document', 'processed_at', 'last', null),
  ('page', 'document_id', 'last', null), ('page', 'page_number', 'last', null), ('page', 'extracted_text', 'last', null),
  ('fact', 'matter_id', 'last', null), ('fact', 'document_id', 'last', null), ('fact', 'kind', 'last', null), ('fact', 'confidence', 'last', null),
  ('fact', 'page', 'last', null), ('fact', 'start_offset', 'last', null), ('fact', 'end_offset', 'last', null), ('fact', 'quote', 'last', null), ('fact', 'method', 'last', null),
  ('fact', 'value', 'conflict', 'decision'), ('fact', 'normal', 'conflict', 'decision'), ('fact', 'state', 'conflict', 'decision'),
  ('fact', 'decided_by', 'follow', 'decision'), ('fact', 'decided_at', 'follow', 'decision'), ('fact', 'decision_reason', 'follow', 'decision'),
  ('bill_line', 'matter_id', 'last', null), ('bill_line', 'document_id', 'last', null), ('bill_line', 'line_order', 'last', null), ('bill_line', 'service_from', 'last', null),
  ('bill_line', 'service_to', 'last', null), ('bill_line', 'code', 'last', null), ('bill_line', 'description', 'last', null), ('bill_line', 'units', 'last', null),
  ('bill_line', 'method', 'last', null), ('bill_line', 'problem', 'last', null), ('bill_line', 'confidence', 'last', null), ('bill_line', 'page', 'last', null), ('bill_line', 'start_offset', 'last', null), ('bill_line', 'end_offset', 'last', null), ('bill_line', 'quote', 'last', null),
  ('bill_line', 'provider', 'conflict', 'decision'), ('bill_line', 'billed_cents', 'conflict', 'decision'), ('bill_line', 'adjusted_cents', 'conflict', 'decision'),
  ('bill_line', 'paid_cents', 'conflict', 'decision'), ('bill_line', 'state', 'conflict', 'decision'),
  ('bill_line', 'decided_by', 'follow', 'decision'), ('bill_line', 'decided_at', 'follow', 'decision'), ('bill_line', 'decision_reason', 'follow', 'decision'),
  ('stated_total', 'matter_id', 'last', null), ('stated_total', 'document_id', 'last', null), ('stated_total', 'label', 'last', null), ('stated_total', 'provider', 'last', null),
  ('stated_total', 'billed_cents', 'last', null), ('stated_total', 'paid_cents', 'last', null), ('stated_total', 'owed_cents', 'last', null),
  ('stated_total', 'page', 'last', null), ('stated_total', 'start_offset', 'last', null), ('stated_total', 'end_offset', 'last', null), ('stated_total', 'quote', 'last', null),
  ('template', 'template_name', 'conflict', null), ('template', 'template_description', 'conflict', null), ('template', 'template_content', 'conflict', null),
  ('template', 'category', 'conflict', null), ('template', 'version', 'last', null), ('template', 'is_default', 'conflict', null), ('template', 'is_active', 'conflict', null),
  ('letter', 'matter_id', 'conflict', null), ('letter', 'template_id', 'last', null), ('letter', 'title', 'conflict', null), ('letter', 'letter_date', 'conflict', null),
  ('letter', 'demand_cents', 'conflict', null), ('letter', 'status', 'conflict', null), ('letter', 'metadata', 'conflict', null),
  ('letter_update', 'letter_id', 'last', null), ('letter_update', 'payload', 'last', null),
  ('letter_version', 'letter_id', 'last', null), ('letter_version', 'content', 'last', null), ('letter_version', 'letter_values', 'last', null), ('letter_version', 'change_summary', 'last', null),
  ('export', 'letter_id', 'last', null), ('export', 'export_format', 'last', null), ('export', 'file_name', 'last', null), ('export', 'file_size', 'last', null),
  ('export', 'content_hash', 'last', null), ('export', 'exported_by', 'last', null), ('export', 'exported_at', 'last', null),
  ('conflict', 'state', 'last', null)
) as fields (e, f, p, g);

-- Both values of a field that two people changed apart, until one of them is chosen.
create table steno.conflict (
  firm_id uuid not null references steno.firm on delete cascade,
  conflict_id uuid not null,
  entity text not null references steno.entity,
  entity_id uuid not null,
  merge_group text not null,
  proposed jsonb not null,
  proposed_by uuid,
  proposed_device uuid not null,
  current jsonb not null,
  current_by uuid,
  state text not null default 'open' check (state in ('open', 'kept_current', 'kept_proposed')),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, conflict_id)
);
create unique index conflict_open_idx on steno.conflict (firm_id, entity, entity_id, merge_group, proposed_device) where state = 'open';
create trigger conflict_updated_at before update on steno.conflict for each row execute function steno.set_updated_at();

-- The first verdict of every mutation, given again when a laptop repeats it (S3).
create table steno.mutation (
  firm_id uuid not null references steno.firm on delete cascade,
  mutation_id uuid not null,
  device_id uuid not null,
  user_id uuid,
  entity text not null,
  entity_id uuid not null,
  verdict jsonb not null,
  decided_at timestamptz not null default now(),
  primary key (firm_id, mutation_id)
);

-- What changed, in an order without gaps (S9): positions come from one row per firm, taken last and held until commit,
-- so that a position a laptop has passed can never be filled later.
create table steno.feed_position (
  firm_id uuid primary key references steno.firm on delete cascade,
  position bigint not null default 0
);
create table steno.change_feed (
  firm_id uuid not null references steno.firm on delete cascade,
  position bigint not null,
  entity text not null references steno.entity,
  entity_id uuid not null,
  primary key (firm_id, position)
);

create function steno.append_to_feed(for_firm uuid, entities text[], ids uuid[]) returns void
language plpgsql set search_path = steno, pg_temp as $$
declare
  count_new integer := cardinality(ids);
  last_position bigint;
begin
  if count_new = 0 then return; end if;
  insert into steno.feed_position as p (firm_id, position) values (for_firm, count_new)
  on conflict (firm_id) do update set position = p.position + count_new
  returning position into last_position;
  insert into steno.change_feed (firm_id, position, entity, entity_id)
  select for_firm, last_position - count_new + change.n, change.entity, change.id
  from unnest(entities, ids) with ordinality as change (entity, id, n);
  perform pg_notify((select feed_channel from steno.firm where firm_id = for_firm), '');
end
$$;

-- A change made outside app.push (an administrator's tool, a mend by hand) reaches the laptops as well.
-- Deferred to the end of the transaction, so that the firm's position is taken last here too.
create function steno.feed_direct_change() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if coalesce(current_setting('steno.in_push', true), '') <> 'on' then
    perform steno.append_to_feed(new.firm_id, array[tg_argv[0]], array[(to_jsonb(new) ->> tg_argv[1])::uuid]);
  end if;
  return null;
end
$$;

do $$
declare e record;
begin
  for e in select * from steno.entity loop
    execute format('create constraint trigger %s_feed after insert or update on steno.%I deferrable initially deferred for each row execute function steno.feed_direct_change(%L, %L)',
      e.entity, e.table_name, e.entity, e.id_column);
  end loop;
end
$$;

do $$
declare t text;
begin
  foreach t in array array['conflict', 'mutation', 'feed_position', 'change_feed'] loop
    execute format('alter table steno.%I enable row level security', t);
    execute format('alter table steno.%I force row level security', t);
    execute format('create policy %s_isolation on steno.%I using (firm_id = (select auth.current_firm_id())) with check (firm_id = (select auth.current_firm_id()))', t, t);
  end loop;
  grant select on steno.conflict to steno_client;
end
$$;

/* One mutation. Returns its verdict; raises where the database itself refuses, and app.push turns that into 'rejected'. */
create function steno.apply_mutation(m jsonb, session auth.session, role text) returns jsonb
language plpgsql set search_path = steno, pg_temp as $$
declare
  e steno.entity;
  target uuid := (m ->> 'entityId')::uuid;
  patch jsonb := m -> 'patch';
  base integer := (m ->> 'baseRevision')::integer;
  current_row jsonb;
  wanted jsonb;
  accepted text[];
  set_aside record;
  columns text;
  stamp jsonb;
  new_revision integer;
  conflict_id uuid;
  conflict_ids uuid[] := '{}';
begin
  select * into e from steno.entity where entity.entity = m ->> 'entity';
  if not found then return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_entity'); end if;
  if role <> all (e.write_roles) then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
  if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
    return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_field');
  end if;

  if m ->> 'op' = 'insert' then
    if not e.is_insertable then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
    execute format('insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, $2, $3, $3, %3$s from jsonb_populate_record(null::steno.%1$I, $4) on conflict (firm_id, %2$I) do nothing returning revision',
      e.table_name, e.id_column, columns) into new_revision using session.firm_id, target, session.user_id, patch;
    -- the same thing made on two laptops (one file in a shared folder): the first stands
    if new_revision is null then return jsonb_build_object('verdict', 'merged'); end if;
    return jsonb_build_object('verdict', 'applied', 'revision', new_revision);
  end if;

  execute format('select to_jsonb(t), to_jsonb(jsonb_populate_record(null::steno.%1$I, $3)) from steno.%1$I t where firm_id = $1 and %2$I = $2 for no key update', e.table_name, e.id_column)
    into current_row, wanted using session.firm_id, target, patch;
  if current_row is null or current_row ->> 'deleted_at' is not null then return jsonb_build_object('verdict', 'rejected', 'reason', 'not_found'); end if;

  with change as (
    select f.field, f.policy, f.merge_group,
      f.policy = 'conflict' and wanted -> f.field is distinct from current_row -> f.field
        and coalesce((current_row -> 'field_revision' -> f.field ->> 0)::integer, 0) > base
        and current_row -> 'field_revision' -> f.field ->> 1 is distinct from session.device_id::text as collides
    from jsonb_object_keys(patch) k join steno.entity_field f on f.entity = e.entity and f.field = k
  ), grouped as (
    select merge_group, bool_or(collides) as collides, array_agg(field) as fields from change group by merge_group
  )
  select coalesce((select array_agg(f) from grouped g, unnest(g.fields) f where not g.collides), '{}') into accepted;

  if cardinality(accepted) > 0 then
    select string_agg(format('%I', a), ', ') into columns from unnest(accepted) a;
    stamp := (select jsonb_object_agg(a, jsonb_build_array((current_row ->> 'revision')::integer + 1, session.device_id)) from unnest(accepted) a);
    execute format('update steno.%1$I set (%3$s) = (select %3$s from jsonb_populate_record(null::steno.%1$I, $3)), revision = revision + 1, updated_by = $4, field_revision = field_revision || $5 where firm_id = $1 and %2$I = $2 returning revision',
      e.table_name, e.id_column, columns) into new_revision using session.firm_id, target, patch, session.user_id, stamp;
  end if;

  if cardinality(accepted) = (select count(*) from jsonb_object_keys(patch)) then
    return jsonb_build_object('verdict', case when (current_row ->> 'revision')::integer > base then 'merged' else 'applied' end, 'revision', new_revision);
  end if;

  for set_aside in
    select f.merge_group, jsonb_object_agg(k, wanted -> k) as proposed, jsonb_object_agg(k, current_row -> k) as current
    from jsonb_object_keys(patch) k join steno.entity_field f on f.entity = e.entity and f.field = k
    where k <> all (accepted) group by f.merge_group
  loop
    insert into steno.conflict (firm_id, conflict_id, entity, entity_id, merge_group, proposed, proposed_by, proposed_device, current, current_by, created_by)
    values (session.firm_id, gen_random_uuid(), e.entity, target, set_aside.merge_group, set_aside.proposed, session.user_id, session.device_id,
      set_aside.current, (current_row ->> 'updated_by')::uuid, session.user_id)
    on conflict (firm_id, entity, entity_id, merge_group, proposed_device) where state = 'open'
    do update set proposed = conflict.proposed || excluded.proposed, current = excluded.current, current_by = excluded.current_by, revision = conflict.revision + 1
    returning conflict.conflict_id into conflict_id;
    conflict_ids := conflict_ids || conflict_id;
  end loop;
  return jsonb_build_object('verdict', 'conflict', 'revision', coalesce(new_revision, (current_row ->> 'revision')::integer), 'conflicts', to_jsonb(conflict_ids));
end
$$;

/*
 * A laptop's batch, in order, in one transaction. [{mutationId, entity, entityId, op, baseRevision, patch}] in,
 * [{mutationId, verdict, reason?, revision?}] out. The caller is who the token says; row-level security holds inside,
 * because this function's owner is subject to it.
 */
create function app.push(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  role text;
  m jsonb;
  verdict jsonb;
  verdicts jsonb := '[]';
  fenced text[] := '{}';
  touched text;
  changed_entities text[] := '{}';
  changed_ids uuid[] := '{}';
  conflict_id uuid;
  constraint_name text;
  raised text;
  e record;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  role := auth.current_role();
  perform set_config('steno.in_push', 'on', true);
  -- a batch repeated over a second connection waits here and then finds the first one's verdicts
  perform pg_advisory_xact_lock(hashtextextended(session.device_id::text, 0));

  -- Rows that exist are locked in the same order for everybody: two laptops that change the same ones in another order would deadlock.
  -- A letter's own row is among them for its edits, which wait for each other there.
  for e in
    select r.table_name, r.id_column, array_agg(distinct t.id) as ids
    from steno.entity r join (
      select x.mutation ->> 'entity' as entity, (x.mutation ->> 'entityId')::uuid as id
      from jsonb_array_elements(mutations) x (mutation) where x.mutation ->> 'op' = 'patch'
      union all
      select 'letter', (x.mutation -> 'patch' ->> 'letter_id')::uuid
      from jsonb_array_elements(mutations) x (mutation)
      where x.mutation ->> 'entity' in ('letter_update', 'letter_version') and x.mutation -> 'patch' ->> 'letter_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ) t on t.entity = r.entity
    group by r.entity, r.table_name, r.id_column order by r.entity
  loop
    execute format('select from steno.%1$I where firm_id = $1 and %2$I = any($2) order by %2$I for no key update', e.table_name, e.id_column) using session.firm_id, e.ids;
  end loop;

  for m in select * from jsonb_array_elements(mutations) loop
    touched := (m ->> 'entity') || ' ' || (m ->> 'entityId');
    select d.verdict into verdict from steno.mutation d where d.firm_id = session.firm_id and d.mutation_id = (m ->> 'mutationId')::uuid;
    if found then
      if verdict ->> 'verdict' = 'rejected' then fenced := fenced || touched; end if;
    elsif touched = any (fenced) then
      verdict := jsonb_build_object('verdict', 'fenced'); -- not remembered: it is judged anew once the one before it is settled
    else
      begin
        verdict := steno.apply_mutation(m, session, role);
      exception
        when sqlstate 'SN001' then
          verdict := jsonb_build_object('verdict', 'rejected', 'reason', sqlerrm);
        when integrity_constraint_violation or data_exception then
          get stacked diagnostics constraint_name = constraint_name, raised = returned_sqlstate;
          verdict := jsonb_build_object('verdict', 'rejected', 'reason',
            case raised when '23503' then 'missing_parent' when '23505' then 'duplicate' else 'invalid' end, 'detail', constraint_name);
      end;
      if verdict ->> 'verdict' = 'rejected' then
        fenced := fenced || touched;
      elsif verdict ->> 'verdict' in ('applied', 'merged', 'conflict') then
        changed_entities := changed_entities || (m ->> 'entity');
        changed_ids := changed_ids || (m ->> 'entityId')::uuid;
        for conflict_id in select x::uuid from jsonb_array_elements_text(verdict -> 'conflicts') x loop
          changed_entities := changed_entities || 'conflict'::text;
          changed_ids := changed_ids || conflict_id;
        end loop;
      end if;
      insert into steno.mutation (firm_id, mutation_id, device_id, user_id, entity, entity_id, verdict)
      values (session.firm_id, (m ->> 'mutationId')::uuid, session.device_id, session.user_id, m ->> 'entity', (m ->> 'entityId')::uuid, verdict);
    end if;
    verdicts := verdicts || jsonb_build_array(verdict || jsonb_build_object('mutationId', m ->> 'mutationId'));
  end loop;

  perform steno.append_to_feed(session.firm_id, changed_entities, changed_ids);
  return verdicts;
end
$$;

/*
 * Changes after a position: {position, more, changes: [{entity, entityId, row}]}, row null where it is gone.
 * Rows come as they are now, so one page may already carry what a later position announces; that is harmless.
 */
create function app.pull(token text, after bigint, most integer) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  last_position bigint;
  e record;
  part jsonb;
  changes jsonb := '[]';
  more boolean;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  most := least(greatest(most, 1), 1000);
  select max(p.position) into last_position
  from (select f.position from steno.change_feed f where f.firm_id = session.firm_id and f.position > after order by f.position limit most) p;
  if last_position is null then
    select coalesce((select p.position from steno.feed_position p where p.firm_id = session.firm_id), 0) into last_position;
    return jsonb_build_object('position', least(after, last_position), 'head', last_position, 'more', false, 'changes', changes);
  end if;
  for e in
    select r.*, ids.ids from steno.entity r
    join (select f.entity, array_agg(distinct f.entity_id) as ids from steno.change_feed f
          where f.firm_id = session.firm_id and f.position > after and f.position <= last_position group by f.entity) ids on ids.entity = r.entity
  loop
    execute format('select jsonb_agg(jsonb_build_object(''entity'', $3, ''entityId'', i, ''row'', to_jsonb(t) - ''firm_id'' - ''field_revision'')) from unnest($2::uuid[]) i left join steno.%1$I t on t.firm_id = $1 and t.%2$I = i',
      e.table_name, e.id_column) into part using session.firm_id, e.ids, e.entity;
    changes := changes || coalesce(part, '[]');
  end loop;
  select exists (select from steno.change_feed f where f.firm_id = session.firm_id and f.position > last_position) into more;
  return jsonb_build_object('position', last_position, 'head', (select p.position from steno.feed_position p where p.firm_id = session.firm_id), 'more', more, 'changes', changes);
end
$$;

-- Who I am, and which channel to LISTEN on.
create function app.whoami(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select jsonb_build_object('firmId', f.firm_id, 'firmName', f.firm_name, 'firmSlug', f.firm_slug, 'feedChannel', f.feed_channel,
      'userId', u.user_id, 'email', u.email, 'firstName', u.first_name, 'lastName', u.last_name, 'role', u.role, 'expiresAt', session.expires_at)
    from steno.firm f join steno."user" u on u.firm_id = f.firm_id where f.firm_id = session.firm_id and u.user_id = session.user_id);
end
$$;

create function app.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare s record;
begin
  select * into s from auth.sign_in(slug, email, password, device_id, device_name);
  if s.token is null then return null; end if;
  return app.whoami(s.token) || jsonb_build_object('token', s.token);
end
$$;

create function app.sign_out(token text) returns void language sql volatile security definer set search_path = steno, pg_temp as
  'select auth.sign_out(token)';

create function app.put_blob_chunk(token text, hash text, size bigint, chunk integer, bytes bytea) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  if auth.current_role() = 'Viewer' then raise exception 'forbidden' using errcode = 'SN403'; end if;
  insert into steno.blob (firm_id, content_hash, size_bytes) values (session.firm_id, hash, size) on conflict do nothing;
  insert into steno.blob_chunk (firm_id, content_hash, chunk_number, bytes)
  select session.firm_id, hash, chunk, put_blob_chunk.bytes
  where exists (select from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is null)
  on conflict (firm_id, content_hash, chunk_number) do update set bytes = excluded.bytes;
end
$$;

-- True once the file is whole: every byte here and the hash as announced. A wrong hash throws the chunks away, to be sent again.
create function app.complete_blob(token text, hash text) returns boolean
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session; b steno.blob; actual text; actual_size bigint;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  select * into b from steno.blob where firm_id = session.firm_id and content_hash = hash for update;
  if not found then return false; end if;
  if b.completed_at is not null then return true; end if;
  select encode(sha256(coalesce(string_agg(c.bytes, ''::bytea order by c.chunk_number), ''::bytea)), 'hex'), coalesce(sum(length(c.bytes)), 0)
    into actual, actual_size from steno.blob_chunk c where c.firm_id = session.firm_id and c.content_hash = hash;
  if actual <> hash or actual_size <> b.size_bytes then
    delete from steno.blob where firm_id = session.firm_id and content_hash = hash;
    return false;
  end if;
  update steno.blob set completed_at = now() where firm_id = session.firm_id and content_hash = hash;
  return true;
end
$$;

-- {sizeBytes, complete, chunks} of a file, or null where the firm does not have it.
create function app.blob_state(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;

create function app.get_blob_chunk(token text, hash text, chunk integer) returns bytea language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select c.bytes from steno.blob_chunk c join steno.blob b using (firm_id, content_hash)
    where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and b.completed_at is not null);
end
$$;

revoke execute on all functions in schema app, steno from public;
grant execute on all functions in schema app to steno_client;
set local role steno_auth;
grant execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) to steno_owner;
revoke execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) from steno_client;
reset role;
-- laptops compare this with what they speak
grant select on public.steno_migration to steno_client;
