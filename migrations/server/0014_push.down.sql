set local role steno_owner;
alter table steno.source_document drop constraint source_document_portable_check;
alter table steno.fact drop constraint fact_portable_check;
alter table steno.bill_line drop constraint bill_line_portable_check;
alter table steno.stated_total drop constraint stated_total_portable_check;
alter table steno.demand_letter drop constraint demand_letter_portable_check;
alter table steno.template drop constraint template_portable_check;
alter table steno.letter_version drop constraint letter_version_portable_check;
alter table steno.conflict drop constraint conflict_portable_check;
alter table steno.export drop constraint export_portable_check;
create or replace function app.push(token text, mutations jsonb)
 returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
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
  session := steno.enter(token, null);
  perform auth.seen();
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
        verdict := steno.apply_mutation(m, session);
      exception
        when sqlstate 'SN001' then
          verdict := jsonb_build_object('verdict', 'rejected', 'reason', sqlerrm);
        when insufficient_privilege then
          verdict := jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden');
        when integrity_constraint_violation or data_exception then
          get stacked diagnostics constraint_name = constraint_name, raised = returned_sqlstate;
          verdict := jsonb_build_object('verdict', 'rejected', 'reason',
            case raised when '23503' then 'missing_parent' when '23505' then 'duplicate' else 'invalid' end, 'detail', constraint_name);
      end;
      if verdict ->> 'verdict' = 'rejected' then
        fenced := fenced || touched;
      elsif verdict ->> 'verdict' in ('applied', 'merged', 'conflict') and exists (select from steno.entity t where t.entity = m ->> 'entity' and t.travels) then
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

  return jsonb_build_object('verdicts', verdicts, 'position', coalesce(steno.append_to_feed(session.firm_id, changed_entities, changed_ids), 0));
end
$$;
create or replace function steno.apply_mutation(m jsonb, session auth.session)
 returns jsonb
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
  if e.write_permission is null or not (auth.may(e.write_permission) or (e.guests_write and auth.may('chat:guest:attend'))) then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
  if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
    return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_field');
  end if;

  if m ->> 'op' = 'insert' then
    if not e.is_insertable then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
    if columns is null then return jsonb_build_object('verdict', 'rejected', 'reason', 'invalid'); end if;
    execute format('insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, $2, $3, $3, %3$s from jsonb_populate_record(null::steno.%1$I, $4) on conflict on constraint %4$I do nothing returning revision',
      e.table_name, e.id_column, columns, e.table_name || '_pkey') into new_revision using session.firm_id, target, session.user_id, patch;
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
drop function app.push_lines(text, text), steno.lines_of(jsonb), steno.read_lines(text), steno.read_line(text, integer, integer[]), steno.read_uuid(text),
  steno.push_changes(steno.change[], steno.shape[], auth.session), steno.push_sets(steno.change[], steno.shape[], steno.change[], auth.session),
  steno.push_one_by_one(steno.change[], steno.shape[], steno.change[], auth.session), steno.push_rounds(steno.change[], steno.shape[]),
  steno.learn_shapes(steno.shape[]), steno.not_judged(steno.change[], steno.judged[]), steno.judge_set(steno.change[], steno.shape, auth.session),
  steno.take_set(steno.change[], steno.shape, auth.session), steno.judge(steno.change, steno.shape, auth.session), steno.refuse(jsonb, auth.session, text, text);
drop type steno.judged, steno.change, steno.shape;
do $$
declare e record;
begin
  for e in select r.* from steno.entity r join pg_trigger t on t.tgrelid = format('steno.%I', r.table_name)::regclass and t.tgname = r.entity || '_feed' loop
    execute format('drop trigger %I on steno.%I', e.entity || '_feed', e.table_name);
    execute format('create constraint trigger %I after insert or update on steno.%I deferrable initially deferred for each row execute function steno.feed_direct_change(%L, %L)',
      e.entity || '_feed', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;
alter table steno.entity_field drop column in_sets;
alter table steno.entity drop column in_sets;
drop trigger firm_books on steno.firm;
drop function steno.remove_books();
alter table steno.mutation add constraint mutation_firm_id_fkey foreign key (firm_id) references steno.firm on delete cascade;
alter table steno.change_feed add constraint change_feed_firm_id_fkey foreign key (firm_id) references steno.firm on delete cascade,
  add constraint change_feed_entity_fkey foreign key (entity) references steno.entity;
do $$
declare t text;
begin
  foreach t in array array['source_document', 'document_page', 'fact', 'bill_line', 'stated_total', 'demand_letter', 'letter_update', 'letter_version', 'export'] loop
    execute format('alter table steno.%I add constraint %I foreign key (firm_id) references steno.firm on delete cascade', t, t || '_firm_id_fkey');
  end loop;
end
$$;
set local role steno_audit;
-- One insert for a whole statement. Arguments: key columns, hashed columns, columns that are left out.
create or replace function steno.audit_change() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  keys text[] := tg_argv[0];
  hashed text[] := tg_argv[1];
  without text[] := tg_argv[2];
  -- most tables have one key column and nothing to hash, and most statements one row: what they need not do they do not
  one_key text := case cardinality(keys) when 1 then keys[1] end;
  is_plain boolean := hashed = '{}';
  application text := current_setting('application_name');
  b steno.audit_pending;
  is_new boolean;
  for_firm uuid;
begin
  if tg_op = 'UPDATE' then
    for for_firm in select distinct r.firm_id from new_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
      select for_firm, nextval('steno.audit_event_number'), b.batch_id, tg_table_name, c.key, 'update',
        case when is_plain then c.was else steno.audit_values(c.was, hashed) end, case when is_plain then c.is_now else steno.audit_values(c.is_now, hashed) end,
        b.user_id, b.device_id, b.session_id, session_user, application, inet_client_addr()
      from (
        select o.key, jsonb_object_agg(x.key, x.value) as was, jsonb_object_agg(x.key, n.j -> x.key) as is_now
        from (select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key, w.j - without as j
          from old_rows r cross join lateral (select to_jsonb(r) as j) w where r.firm_id = for_firm) o
        join (select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key, w.j - without as j
          from new_rows r cross join lateral (select to_jsonb(r) as j) w where r.firm_id = for_firm) n on n.key = o.key
        cross join lateral jsonb_each(o.j) x
        where n.j -> x.key is distinct from x.value
        group by o.key
      ) c;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  else
    for for_firm in select distinct r.firm_id from changed_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
      select for_firm, nextval('steno.audit_event_number'), b.batch_id, tg_table_name, c.key, lower(tg_op), case tg_op when 'DELETE' then c.j end, case tg_op when 'INSERT' then c.j end,
        b.user_id, b.device_id, b.session_id, session_user, application, inet_client_addr()
      from (
        select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key,
          case when is_plain then jsonb_strip_nulls(w.j - without) else steno.audit_values(jsonb_strip_nulls(w.j - without), hashed) end as j
        from changed_rows r cross join lateral (select to_jsonb(r) as j offset 0) w where r.firm_id = for_firm
      ) c;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  end if;
  return null;
end
$$;
create or replace function steno.seal_audit_batch() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  head steno.audit_head;
  counted integer;
  digest bytea;
  seal bytea;
begin
  select count(*), sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) into counted, digest
  from steno.audit_event e where e.firm_id = new.firm_id and e.occurred_at = now() and e.batch_id = new.batch_id;
  delete from steno.audit_pending p where p.xact_id = new.xact_id and p.firm_id = new.firm_id and p.token_hash = new.token_hash;
  if counted = 0 then return null; end if;
  insert into steno.audit_head values (new.firm_id, 0, sha256(convert_to(new.firm_id::text, 'UTF8'))) on conflict do nothing;
  select * into head from steno.audit_head h where h.firm_id = new.firm_id for update;
  -- the time too: it says which archived month the events of a batch went with
  seal := sha256(head.batch_hash || int8send(head.batch_number + 1) || int8send((extract(epoch from now()) * 1000000)::bigint) || int4send(counted) || digest);
  insert into steno.audit_batch (firm_id, batch_number, batch_id, occurred_at, event_count, events_hash, batch_hash)
  values (new.firm_id, head.batch_number + 1, new.batch_id, now(), counted, digest, seal);
  update steno.audit_head h set batch_number = head.batch_number + 1, batch_hash = seal where h.firm_id = new.firm_id;
  return null;
end
$$;
drop function steno.audit_statement(regclass, text, text[], text[], text[], text[]), steno.audit_difference(regclass, text[], text[]);
reset role;
