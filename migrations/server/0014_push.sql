-- A batch is judged in sets: one statement for many changes of one kind, one for their verdicts, one for the feed.
set local role steno_owner;

-- What may be judged in a set: no change of this kind depends on another of the set, but through the rows it touches and names (see
-- steno.push_levels) and through unique keys. Triggers and policies of such a table look at the row, at rows it names, and at who asks.
-- False is always right, and slower; test/pg/push-sets.test.ts says which triggers such a table may have.
alter table steno.entity add column in_sets boolean not null default false;
comment on column steno.entity.in_sets is 'Whether inserts of this entity may be judged many at once';
alter table steno.entity_field add column in_sets boolean not null default false;
comment on column steno.entity_field.in_sets is 'Whether patches of this field may be judged many at once';
update steno.entity set in_sets = true
where entity in ('matter', 'document', 'page', 'fact', 'bill_line', 'stated_total', 'letter', 'letter_update', 'export');
-- Not a field of a unique key, nor one that decides about other rows: where a row belongs, whether a matter is held, how far a letter is.
update steno.entity_field set in_sets = true
where entity in ('matter', 'document', 'page', 'fact', 'bill_line', 'stated_total', 'letter', 'export')
  and field not in ('matter_id', 'document_id', 'letter_id', 'template_id', 'page_number', 'legal_hold', 'legal_hold_reason')
  and (entity, field) <> ('letter', 'status');

-- A laptop's row changes reach the feed by app.push itself: nothing is queued for the commit then.
do $$
declare e record;
begin
  for e in select r.* from steno.entity r join pg_trigger t on t.tgrelid = format('steno.%I', r.table_name)::regclass and t.tgname = r.entity || '_feed' loop
    execute format('drop trigger %I on steno.%I', e.entity || '_feed', e.table_name);
    execute format('create constraint trigger %I after insert or update on steno.%I deferrable initially deferred for each row when (coalesce(current_setting(''steno.in_push'', true), '''') <> ''on'') execute function steno.feed_direct_change(%L, %L)',
      e.entity || '_feed', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;

-- One change of a batch, the nth; `shape` is the number of its kind among the kinds in the batch.
create type steno.change as (n integer, mutation_id uuid, entity text, entity_id uuid, op text, base integer, patch jsonb, shape integer);
-- A kind of changes: of one entity, op and set of fields, which is what one statement can do. `refers` are its fields that name other rows;
-- `is_keyed` says that two of them may claim one unique key.
create type steno.shape as (entity text, op text, fields text[], in_sets boolean, refers text[], is_keyed boolean);
-- The nth change's verdict; `is_first` where it is to be remembered.
create type steno.judged as (n integer, verdict jsonb, is_first boolean);

/*
 * The one place where a change becomes 'rejected'. `m` is the mutation as it came: whatever a client sent, of any form.
 * Rows that this makes are told to the feed where the verdict names them under `conflicts`.
 */
create function steno.refuse(m jsonb, session auth.session, reason text, detail text) returns jsonb
language sql volatile set search_path = steno, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('verdict', 'rejected', 'reason', reason, 'detail', detail))
$$;

/* One mutation. Returns its verdict; raises where the database itself refuses, and steno.judge turns that into 'rejected'. */
create or replace function steno.apply_mutation(m jsonb, session auth.session) returns jsonb
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
  if not found then return steno.refuse(m, session, 'unknown_entity', null); end if;
  if e.write_permission is null or not (auth.may(e.write_permission) or (e.guests_write and auth.may('chat:guest:attend'))) then
    return steno.refuse(m, session, 'forbidden', null);
  end if;
  if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
    return steno.refuse(m, session, 'unknown_field', null);
  end if;

  if m ->> 'op' = 'insert' then
    if not e.is_insertable then return steno.refuse(m, session, 'forbidden', null); end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
    if columns is null then return steno.refuse(m, session, 'invalid', null); end if;
    execute format('insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, $2, $3, $3, %3$s from jsonb_populate_record(null::steno.%1$I, $4) on conflict on constraint %4$I do nothing returning revision',
      e.table_name, e.id_column, columns, e.table_name || '_pkey') into new_revision using session.firm_id, target, session.user_id, patch;
    -- the same thing made on two laptops (one file in a shared folder): the first stands
    if new_revision is null then return jsonb_build_object('verdict', 'merged'); end if;
    return jsonb_build_object('verdict', 'applied', 'revision', new_revision);
  end if;

  execute format('select to_jsonb(t), to_jsonb(jsonb_populate_record(null::steno.%1$I, $3)) from steno.%1$I t where firm_id = $1 and %2$I = $2 for no key update', e.table_name, e.id_column)
    into current_row, wanted using session.firm_id, target, patch;
  if current_row is null or current_row ->> 'deleted_at' is not null then return steno.refuse(m, session, 'not_found', null); end if;

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

/* One change by itself: what the database refuses takes back that change and nothing else. */
create function steno.judge(c steno.change, session auth.session) returns jsonb
language plpgsql set search_path = steno, pg_temp as $$
declare
  m jsonb := jsonb_build_object('mutationId', c.mutation_id, 'entity', c.entity, 'entityId', c.entity_id, 'op', c.op, 'baseRevision', c.base, 'patch', c.patch);
  constraint_name text;
  raised text;
begin
  begin
    return steno.apply_mutation(m, session);
  exception
    when sqlstate 'SN001' then
      raised := sqlerrm;
    when insufficient_privilege then
      raised := 'forbidden';
    when integrity_constraint_violation or data_exception or program_limit_exceeded then
      get stacked diagnostics constraint_name = constraint_name;
      constraint_name := nullif(constraint_name, '');
      raised := case sqlstate when '23503' then 'missing_parent' when '23505' then 'duplicate' else 'invalid' end;
  end;
  return steno.refuse(m, session, raised, constraint_name);
end
$$;

/*
 * One statement for all of these changes, which are of this shape. Takes what is plain: new rows, rows that are there already (merged), and patches
 * that collide with nothing. The rest (rows that are gone or out of sight, collisions) is not in the answer and left to steno.judge.
 */
create function steno.take_set(changes steno.change[], shape steno.shape, session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  e steno.entity;
  names text;
  wanted text;
  stamps text;
  collides text;
  added uuid[];
  taken steno.judged[];
begin
  select * into e from steno.entity r where r.entity = shape.entity;
  -- as jsonb_populate_record reads them, without making the whole row of every patch
  with field as (
    select quote_ident(a.attname) as name, quote_literal(a.attname) as key, f.policy,
      case when a.atttypid = 'jsonb'::regtype then format('nullif(c.patch -> %L, ''null'')', a.attname)
        else format('(c.patch ->> %L)::%s', a.attname, format_type(a.atttypid, a.atttypmod)) end as value
    from pg_attribute a join steno.entity_field f on f.entity = e.entity and f.field = a.attname
    where a.attrelid = format('steno.%I', e.table_name)::regclass and a.attname = any (shape.fields)
  )
  select string_agg(name, ', '), string_agg(value, ', '), string_agg(key || ', jsonb_build_array(t.revision + 1, $4)', ', '),
    string_agg(format('coalesce((t.field_revision -> %1$s ->> 0)::integer, 0) > c.base and t.field_revision -> %1$s ->> 1 is distinct from $4 and to_jsonb(%2$s) is distinct from to_jsonb(t.%3$s)',
      key, value, name), ' or ') filter (where policy = 'conflict')
    into names, wanted, stamps, collides from field;

  if shape.op = 'insert' then
    -- in the order of their keys: two laptops that add the same rows wait for each other and do not deadlock
    execute format('with added as (insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, c.entity_id, $2, $2, %4$s from unnest($3) c order by c.entity_id on conflict on constraint %5$I do nothing returning %2$I as id)
      select coalesce(array_agg(id), ''{}'') from added', e.table_name, e.id_column, names, wanted, e.table_name || '_pkey')
      into added using session.firm_id, session.user_id, changes;
    if cardinality(added) = cardinality(changes) then
      return array(select (c.n, '{"verdict": "applied", "revision": 1}', true)::steno.judged from unnest(changes) c);
    end if;
    -- the same thing made on two laptops (one file in a shared folder): the first stands
    return array(select (c.n, case when a.id is null then '{"verdict": "merged"}' else '{"verdict": "applied", "revision": 1}' end, true)::steno.judged
      from unnest(changes) c left join unnest(added) a (id) on a.id = c.entity_id);
  end if;

  execute format('with taken as (
      update steno.%1$I t set (%3$s) = row(%4$s), revision = t.revision + 1, updated_by = $2, field_revision = t.field_revision || jsonb_build_object(%5$s)
      from unnest($3) c where t.firm_id = $1 and t.%2$I = c.entity_id and t.deleted_at is null and not (%6$s)
      returning c.n, t.revision, t.revision - 1 > c.base as is_later)
    select coalesce(array_agg((n, jsonb_build_object(''verdict'', case when is_later then ''merged'' else ''applied'' end, ''revision'', revision), true)::steno.judged), ''{}'') from taken',
    e.table_name, e.id_column, names, wanted, stamps, coalesce(collides, 'false'))
    into taken using session.firm_id, session.user_id, changes, session.device_id::text;
  return taken;
end
$$;

/*
 * The verdicts of changes of one shape, in the order of the batch. Where the set is refused its halves are tried, down to the change that it is refused for:
 * that one gets its verdict, its neighbours go through.
 */
create function steno.judge_set(changes steno.change[], shape steno.shape, session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  c steno.change;
  half integer := cardinality(changes) / 2;
  taken steno.judged[];
begin
  if shape.in_sets and half > 0 then
    begin
      taken := steno.take_set(changes, shape, session);
    exception
      when sqlstate 'SN001' or insufficient_privilege or integrity_constraint_violation or data_exception or program_limit_exceeded then
        return steno.judge_set(changes[:half], shape, session) || steno.judge_set(changes[half + 1:], shape, session);
    end;
    if cardinality(taken) = cardinality(changes) then return taken; end if;
    changes := array(select l from unnest(changes) l where not exists (select from unnest(taken) t where t.n = l.n) order by l.n);
  end if;
  foreach c in array changes loop
    taken := taken || (c.n, steno.judge(c, session), true)::steno.judged;
  end loop;
  return taken;
end
$$;

-- What kinds of changes there are in a batch, and which of them may be judged in sets for this caller.
create function steno.shapes_of(changes steno.change[]) returns steno.shape[] language sql stable set search_path = steno, pg_temp as $$
  select array_agg((s.entity, s.op, s.fields,
      coalesce(auth.may(e.write_permission) and cardinality(s.fields) between 1 and 50 and cardinality(s.fields) = k.known
        and case s.op when 'insert' then e.in_sets and e.is_insertable else k.in_sets end, false), -- null where the entity is unknown
      k.refers,
      exists (select from pg_index i where i.indrelid = r.table_id and i.indisunique and not i.indisprimary))::steno.shape)
  from (select distinct c.entity, c.op, array(select jsonb_object_keys(c.patch)) as fields from unnest(changes) c) s
  left join steno.entity e on e.entity = s.entity
  cross join lateral (select case when e.entity is not null then format('steno.%I', e.table_name)::regclass end as table_id) r
  cross join lateral (
    select count(*) as known, bool_and(f.in_sets) as in_sets, coalesce(array_agg(f.field) filter (where a.atttypid = 'uuid'::regtype), '{}') as refers
    from steno.entity_field f join pg_attribute a on a.attrelid = r.table_id and a.attname = f.field
    where f.entity = s.entity and f.field = any (s.fields)
  ) k
$$;

/*
 * In which round each change is judged, so that the changes of a round do not depend on each other and each finds what it would have found
 * in the order of the batch:
 * - two changes of one row are in two rounds, in their order;
 * - a change that names a row (its matter, its letter) is in a later round than the changes of that row before it, and in an earlier one than those after it;
 * - a change whose kind may not be judged in sets has a round to itself, after all before it and before all after it;
 * - of a table with a unique key beside its primary key a round has one kind of changes, and the rounds keep the order of the batch.
 */
create function steno.push_rounds(changes steno.change[], shapes steno.shape[]) returns integer[]
language plpgsql stable set search_path = steno, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  rounds integer[] := '{}';
  round integer;
  first_free integer := 1;
  last_taken integer := 0;
  named integer;
  -- by row: the last round that changed it, and the last that named it
  changed_in integer[];
  named_in integer[];
  -- by table, which its first shape stands for: the last round that changed it, and the shape that did
  keyed_in integer[] := array_fill(0, array[cardinality(shapes)]);
  keyed_by integer[] := array_fill(0, array[cardinality(shapes)]);
  c record;
begin
  changed_in := array_fill(0, array[(select count(distinct x.entity_id)::integer from unnest(changes) x)]);
  named_in := changed_in;
  for c in
    with x as (select * from unnest(changes)),
    kind as (select s.ordinality::integer as shape, s.in_sets, s.refers, case when s.is_keyed then min(s.ordinality) over (partition by s.entity)::integer end as table_number
      from unnest(shapes) with ordinality s),
    touched as (select t.entity_id, row_number() over ()::integer as row_number from (select distinct x.entity_id from x) t),
    naming as (select x.n, array_agg(t.row_number) filter (where t.row_number is not null) as names,
        -- a uuid in another spelling than ours: which row it names is not told apart here
        bool_or(v.value not like '________-____-____-____-____________') as is_odd
      from x join kind k using (shape) cross join lateral unnest(k.refers) f cross join lateral (select lower(x.patch ->> f) as value) v
      left join touched t on t.entity_id::text = v.value group by x.n)
    select x.n, x.shape, t.row_number, k.table_number, not k.in_sets or coalesce(m.is_odd, false) as is_alone, coalesce(m.names, '{}') as names
    from x join kind k using (shape) join touched t using (entity_id) left join naming m using (n) order by x.n
  loop
    if c.is_alone then
      round := last_taken + 1;
      first_free := round + 1;
    else
      round := greatest(first_free, changed_in[c.row_number] + 1, named_in[c.row_number] + 1);
      foreach named in array c.names loop round := greatest(round, changed_in[named] + 1); end loop;
      if c.table_number is not null then
        round := greatest(round, keyed_in[c.table_number] + case when keyed_by[c.table_number] = c.shape then 0 else 1 end);
        keyed_in[c.table_number] := round;
        keyed_by[c.table_number] := c.shape;
      end if;
    end if;
    changed_in[c.row_number] := round;
    foreach named in array c.names loop named_in[named] := greatest(named_in[named], round); end loop;
    last_taken := greatest(last_taken, round);
    rounds := rounds || round;
  end loop;
  return rounds;
end
$$;

-- Verdicts of changes that are new, in any order. A refused change fences the later ones of its row (S4): `refused` are those that were
-- refused before this batch and stand in it again. What is fenced is not remembered: it is judged anew once the one before it is settled.
create function steno.push_one_by_one(changes steno.change[], refused steno.change[], session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  c steno.change;
  verdict jsonb;
  judged steno.judged[] := '{}';
begin
  foreach c in array changes loop
    if exists (select from unnest(refused) r where r.entity = c.entity and r.entity_id = c.entity_id and r.n < c.n) then
      judged := judged || (c.n, '{"verdict": "fenced"}', false)::steno.judged;
    else
      verdict := steno.judge(c, session);
      if verdict ->> 'verdict' = 'rejected' then refused := refused || c; end if;
      judged := judged || (c.n, verdict, true)::steno.judged;
    end if;
  end loop;
  return judged;
end
$$;
create function steno.push_sets(changes steno.change[], refused steno.change[], session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  shapes steno.shape[] := steno.shapes_of(changes);
  rounds integer[];
  part record;
  taken steno.judged[];
  judged steno.judged[] := '{}';
begin
  changes := array(select (c.n, c.mutation_id, c.entity, c.entity_id, c.op, c.base, c.patch, s.ordinality)::steno.change
    from (select *, array(select jsonb_object_keys(x.patch)) as fields from unnest(changes) x) c
    join unnest(shapes) with ordinality s on s.entity = c.entity and s.op = c.op and s.fields = c.fields order by c.n);
  rounds := steno.push_rounds(changes, shapes);
  for part in
    select c.round, c.shape, array_agg((c.n, c.mutation_id, c.entity, c.entity_id, c.op, c.base, c.patch, c.shape)::steno.change order by c.n) as changes
    from rows from (unnest(changes), unnest(rounds)) c (n, mutation_id, entity, entity_id, op, base, patch, shape, round)
    group by c.round, c.shape order by c.round
  loop
    if refused <> '{}' then
      judged := judged || array(select (c.n, '{"verdict": "fenced"}', false)::steno.judged from unnest(part.changes) c
        where exists (select from unnest(refused) r where r.entity = c.entity and r.entity_id = c.entity_id and r.n < c.n));
      part.changes := array(select c from unnest(part.changes) c
        where not exists (select from unnest(refused) r where r.entity = c.entity and r.entity_id = c.entity_id and r.n < c.n) order by c.n);
    end if;
    taken := steno.judge_set(part.changes, shapes[part.shape], session);
    refused := refused || array(select c from unnest(part.changes) c join unnest(taken) t using (n) where t.verdict ->> 'verdict' = 'rejected');
    judged := judged || taken;
  end loop;
  return judged;
end
$$;

-- A mutation that jsonb_to_recordset cannot read, as far as it can be: what is null was not to be understood.
create function steno.read_uuid(value text) returns uuid language plpgsql immutable set search_path = steno, pg_temp as $$
begin
  return value::uuid;
exception when data_exception then
  return null;
end
$$;
create function steno.read_change(m jsonb, n integer) returns steno.change language plpgsql immutable set search_path = steno, pg_temp as $$
declare c steno.change;
begin
  select n, x."mutationId", x.entity, x."entityId", x.op, x."baseRevision", x.patch into c
  from jsonb_to_record(m) as x ("mutationId" uuid, entity text, "entityId" uuid, op text, "baseRevision" integer, patch jsonb);
  return c;
exception when data_exception then
  return (n, steno.read_uuid(m ->> 'mutationId'), m ->> 'entity', steno.read_uuid(m ->> 'entityId'), null, null, null, null)::steno.change;
end
$$;
-- The changes of a batch in their order. Malformed ones have no op.
create function steno.read_batch(mutations jsonb) returns steno.change[] language plpgsql immutable set search_path = steno, pg_temp as $$
declare changes steno.change[];
begin
  begin
    changes := array(select (x.n, x.mutation_id, x.entity, x.entity_id, x.op, x.base, x.patch, null)::steno.change
      from rows from (jsonb_to_recordset(mutations) as ("mutationId" uuid, entity text, "entityId" uuid, op text, "baseRevision" integer, patch jsonb))
        with ordinality x (mutation_id, entity, entity_id, op, base, patch, n));
  exception when data_exception then
    changes := array(select steno.read_change(x.m, x.n::integer) from jsonb_array_elements(mutations) with ordinality x (m, n) order by x.n);
  end;
  if not exists (select from unnest(changes) c where (c.mutation_id is not null and c.entity is not null and c.entity_id is not null
      and jsonb_typeof(c.patch) = 'object' and (c.op = 'insert' or (c.op = 'patch' and c.base is not null))) is not true) then
    return changes;
  end if;
  return array(select (c.n, c.mutation_id, c.entity, c.entity_id, case when c.mutation_id is not null and c.entity is not null and c.entity_id is not null
      and jsonb_typeof(c.patch) = 'object' and (c.op = 'insert' or (c.op = 'patch' and c.base is not null)) then c.op end, c.base, c.patch, null)::steno.change
    from unnest(changes) c order by c.n);
end
$$;

/*
 * A laptop's batch, in order, in one transaction. [{mutationId, entity, entityId, op, baseRevision, patch}] in,
 * {verdicts: [{mutationId, verdict, reason?, revision?}], position} out, where position is what the feed reached. The caller is who the token says;
 * row-level security holds inside, because this function's owner is subject to it.
 */
create or replace function app.push(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  changes steno.change[];
  copies integer[];
  fresh steno.change[];
  refused steno.change[];
  judged steno.judged[];
  changed_entities text[];
  changed_ids uuid[];
  reply jsonb;
  e record;
begin
  session := steno.enter(token, null);
  perform auth.seen();
  perform set_config('steno.in_push', 'on', true);
  -- a batch repeated over a second connection waits here and then finds the first one's verdicts
  perform pg_advisory_xact_lock(hashtextextended(session.device_id::text, 0));

  changes := steno.read_batch(mutations);
  copies := array(select x.n from (select c.n, row_number() over (partition by c.mutation_id order by c.n) as copy from unnest(changes) c where c.mutation_id is not null) x where x.copy > 1);
  judged := array(select (c.n, d.verdict, false)::steno.judged from unnest(changes) c
    join steno.mutation d on d.firm_id = session.firm_id and d.mutation_id = c.mutation_id where c.n <> all (copies));
  -- what cannot be understood; without an id of its own it is not remembered, and refused again whenever it comes
  judged := judged || array(select (c.n, steno.refuse(mutations -> c.n - 1, session, 'invalid', null), num_nulls(c.mutation_id, c.entity, c.entity_id) = 0)::steno.judged
    from unnest(changes) c where c.op is null and c.n <> all (copies) and not exists (select from unnest(judged) j where j.n = c.n));
  fresh := changes;
  if judged <> '{}' or copies <> '{}' then
    refused := array(select c from unnest(changes) c join unnest(judged) j using (n) where j.verdict ->> 'verdict' = 'rejected');
    fresh := array(select c from unnest(changes) c where c.n <> all (copies) and not exists (select from unnest(judged) j where j.n = c.n) order by c.n);
  end if;

  -- Rows that exist are locked in the same order for everybody: two laptops that change the same ones in another order would deadlock.
  -- A letter's own row is among them for its edits, which wait for each other there.
  for e in
    select r.table_name, r.id_column, array_agg(distinct t.id) as ids
    from steno.entity r join (
      select c.entity, c.entity_id as id from unnest(fresh) c where c.op = 'patch'
      union all
      select 'letter', steno.read_uuid(c.patch ->> 'letter_id') from unnest(fresh) c where c.entity in ('letter_update', 'letter_version')
    ) t on t.entity = r.entity
    group by r.entity, r.table_name, r.id_column order by r.entity
  loop
    execute format('select from steno.%1$I where firm_id = $1 and %2$I = any($2) order by %2$I for no key update', e.table_name, e.id_column) using session.firm_id, e.ids;
  end loop;

  if cardinality(fresh) > 2 then
    judged := judged || steno.push_sets(fresh, refused, session);
  elsif cardinality(fresh) > 0 then
    judged := judged || steno.push_one_by_one(fresh, refused, session);
  end if;
  if copies <> '{}' then
    judged := judged || array(select (c.n, o.verdict, false)::steno.judged from unnest(changes) c
      join (select f.mutation_id, j.verdict from unnest(changes) f join unnest(judged) j using (n)) o using (mutation_id) where c.n = any (copies));
  end if;

  -- one verdict a change now, in their order
  judged := array(select j from unnest(judged) j order by j.n);
  insert into steno.mutation (firm_id, mutation_id, device_id, user_id, entity, entity_id, verdict)
  select session.firm_id, c.mutation_id, session.device_id, session.user_id, c.entity, c.entity_id, c.verdict
  from rows from (unnest(changes), unnest(judged)) c (n, mutation_id, entity, entity_id, op, base, patch, shape, judged_n, verdict, is_first) where c.is_first;
  select coalesce(array_agg(t.entity order by t.n, t.nth), '{}'), coalesce(array_agg(t.id order by t.n, t.nth), '{}') into changed_entities, changed_ids from (
    select c.n, 0 as nth, c.entity, c.entity_id as id
    from rows from (unnest(changes), unnest(judged)) c (n, mutation_id, entity, entity_id, op, base, patch, shape, judged_n, verdict, is_first)
    where c.is_first and c.verdict ->> 'verdict' in ('applied', 'merged', 'conflict') and c.entity in (select r.entity from steno.entity r where r.travels)
    union all
    select j.n, x.nth, 'conflict', x.id::uuid from unnest(judged) j cross join lateral jsonb_array_elements_text(j.verdict -> 'conflicts') with ordinality x (id, nth) where j.is_first
  ) t;
  select coalesce(jsonb_agg(c.verdict || jsonb_build_object('mutationId', coalesce(to_jsonb(c.mutation_id), mutations -> c.n - 1 -> 'mutationId')) order by c.n), '[]') into reply
  from rows from (unnest(changes), unnest(judged)) c (n, mutation_id, entity, entity_id, op, base, patch, shape, judged_n, verdict, is_first);
  return jsonb_build_object('verdicts', reply, 'position', coalesce(steno.append_to_feed(session.firm_id, changed_entities, changed_ids), 0));
end
$$;

-- What a push writes beside the rows themselves, once for each of them: no key of these is checked row by row that a check of the whole says better.
-- A firm that goes takes its verdicts and its feed with it (firm_books, below); which entity a change is of, app.push and the triggers know.
alter table steno.mutation drop constraint mutation_firm_id_fkey;
alter table steno.change_feed drop constraint change_feed_firm_id_fkey, drop constraint change_feed_entity_fkey;
create function steno.remove_books() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  delete from steno.mutation d where d.firm_id = old.firm_id;
  delete from steno.change_feed f where f.firm_id = old.firm_id;
  return null;
end
$$;
create trigger firm_books after delete on steno.firm for each row execute function steno.remove_books();
-- The firm of these is the firm of what they lie in, which they name in a key of their own.
do $$
declare t text;
begin
  foreach t in array array['source_document', 'document_page', 'fact', 'bill_line', 'stated_total', 'demand_letter', 'letter_update', 'letter_version', 'export'] loop
    execute format('alter table steno.%I drop constraint %I', t, t || '_firm_id_fkey');
  end loop;
end
$$;
reset role;

set local role steno_audit;
/*
 * The statement that writes the events of many rows: it names the columns one by one, because whole rows as jsonb, less what is left out, cost twice
 * as much. The events are those that few rows get. `changed`: the columns that differ in some row of an update.
 * It is run by the trigger, which alone sees the rows. Parameters: firm, batch, user, device, session.
 */
create function steno.audit_statement(of_table regclass, op text, keys text[], hashed text[], without text[], changed text[]) returns text
language plpgsql stable set search_path = steno, pg_temp as $$
declare
  -- what steno.audit_values makes of a value
  as_hash constant text := '(select jsonb_build_object(''sha256'', encode(sha256(convert_to(x.t, ''UTF8'')), ''hex''), ''length'', length(x.t)) from (select %s #>> ''{}'' as t offset 0) x where x.t is not null)';
  differs constant text := 'to_jsonb(o.%1$I) is distinct from to_jsonb(n.%1$I)';
  old_values text := 'null';
  new_values text := 'null';
  source text;
begin
  if op = 'UPDATE' then
    select string_agg(format('case when %s then jsonb_build_object(%L, %s) else ''{}'' end', format(differs, c), c, case when c = any (hashed) then format(as_hash, format('to_jsonb(o.%I)', c)) else format('o.%I', c) end), ' || '),
      string_agg(format('case when %s then jsonb_build_object(%L, %s) else ''{}'' end', format(differs, c), c, case when c = any (hashed) then format(as_hash, format('to_jsonb(n.%I)', c)) else format('n.%I', c) end), ' || '),
      string_agg(format(differs, c), ' or ')
      into old_values, new_values, source from unnest(changed) c;
    source := format('old_rows o join new_rows n on n.firm_id = o.firm_id and %s where n.firm_id = $1 and (%s)',
      (select string_agg(format('n.%1$I = o.%1$I', k), ' and ') from unnest(keys) k), source);
  else
    select format('(select %s from changed_rows r where r.firm_id = $1 offset 0) n', string_agg(case when a.attname = any (hashed)
      then format(as_hash, format('jsonb_strip_nulls(to_jsonb(r.%I))', a.attname)) || format(' as %I', a.attname) else format('r.%I', a.attname) end, ', ' order by a.attnum))
      into source from pg_attribute a where a.attrelid = of_table and a.attnum > 0 and not a.attisdropped and a.attname <> all (without);
    if op = 'INSERT' then new_values := 'jsonb_strip_nulls(to_jsonb(n))'; else old_values := 'jsonb_strip_nulls(to_jsonb(n))'; end if;
  end if;
  return format('insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
    select $1, nextval(''steno.audit_event_number''), $2, %L, %s, %L, %s, %s, $3, $4, $5, session_user, current_setting(''application_name''), inet_client_addr() from %s',
    (select c.relname from pg_class c where c.oid = of_table), (select string_agg(format('(to_jsonb(n.%I) #>> ''{}'')', k), ' || ''/'' || ') from unnest(keys) k), lower(op), old_values, new_values, source);
end
$$;
-- The query that says which columns differ in any of the rows of an update. Parameter: firm.
create function steno.audit_difference(of_table regclass, keys text[], without text[]) returns text language sql stable set search_path = steno, pg_temp as $$
  select format('select array_remove(array[%s], null) from old_rows o join new_rows n on n.firm_id = o.firm_id and %s where n.firm_id = $1',
    string_agg(format(case when t.typname = any ('{uuid,text,varchar,bool,int2,int4,int8,numeric,date,timestamptz,jsonb,bytea}')
      then 'case when bool_or(o.%1$I is distinct from n.%1$I) then %1$L end' else 'case when bool_or(to_jsonb(o.%1$I) is distinct from to_jsonb(n.%1$I)) then %1$L end' end, a.attname), ', '),
    (select string_agg(format('n.%1$I = o.%1$I', k), ' and ') from unnest(keys) k))
  from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = of_table and a.attnum > 0 and not a.attisdropped and a.attname <> all (without)
$$;
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
  changed text[];
begin
  if tg_op = 'UPDATE' then
    for for_firm in select distinct r.firm_id from new_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      if not without && keys and (select count(*) > 8 from (select from new_rows limit 9) r) then
        execute steno.audit_difference(tg_relid, keys, without) into changed using for_firm;
        if changed = '{}' then continue; end if;
        execute steno.audit_statement(tg_relid, tg_op, keys, hashed, without, changed) using for_firm, b.batch_id, b.user_id, b.device_id, b.session_id;
      else
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
      end if;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  else
    for for_firm in select distinct r.firm_id from changed_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      if not without && keys and (select count(*) > 100 from (select from changed_rows limit 101) r) then
        execute steno.audit_statement(tg_relid, tg_op, keys, hashed, without, null) using for_firm, b.batch_id, b.user_id, b.device_id, b.session_id;
      else
        insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
        select for_firm, nextval('steno.audit_event_number'), b.batch_id, tg_table_name, c.key, lower(tg_op), case tg_op when 'DELETE' then c.j end, case tg_op when 'INSERT' then c.j end,
          b.user_id, b.device_id, b.session_id, session_user, application, inet_client_addr()
        from (
          select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key,
            case when is_plain then jsonb_strip_nulls(w.j - without) else steno.audit_values(jsonb_strip_nulls(w.j - without), hashed) end as j
          from changed_rows r cross join lateral (select to_jsonb(r) as j offset 0) w where r.firm_id = for_firm
        ) c;
      end if;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  end if;
  return null;
end
$$;
-- As steno.audit_event_text says it, written out: a call for each event took as long as all else here (audit.test.ts compares the two).
create or replace function steno.seal_audit_batch() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  head steno.audit_head;
  counted integer;
  digest bytea;
  seal bytea;
begin
  select count(*), sha256(string_agg(sha256(convert_to(jsonb_build_array(e.firm_id, extract(epoch from e.occurred_at), e.event_number, e.batch_id, e.table_name, e.row_key, e.action,
      e.old_values, e.new_values, e.user_id, e.device_id, e.session_id, e.login, e.application, host(e.address))::text, 'UTF8')), ''::bytea order by e.event_number)) into counted, digest
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
reset role;
