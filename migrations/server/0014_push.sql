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
where entity in ('matter', 'document', 'page', 'fact', 'bill_line', 'stated_total', 'template', 'letter', 'letter_update', 'export');
-- Not a field of a unique key, nor one that decides about other rows: where a row belongs, whether a matter is held, how far a letter is.
update steno.entity_field set in_sets = true
where entity in ('matter', 'document', 'page', 'fact', 'bill_line', 'stated_total', 'template', 'letter', 'export')
  and field not in ('matter_id', 'document_id', 'letter_id', 'template_id', 'page_number', 'template_name', 'category', 'is_default', 'is_active', 'legal_hold', 'legal_hold_reason')
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

-- A kind of changes: of one entity, op and set of fields, which is what one statement can do. `refers` are the places in `sent` of its fields that
-- name other rows; `is_keyed` says that two of them may claim one unique key.
create type steno.shape as (entity text, op text, fields text[], in_sets boolean, refers integer[], is_keyed boolean);
-- The nth change of a batch: [number of its shape, mutation id, entity id, base revision, a value for each field of the shape] as it was sent.
-- Where it cannot be understood it is not sound, and what could not be read of it is null.
create type steno.change as (n integer, is_sound boolean, shape integer, mutation_id uuid, entity_id uuid, base integer, sent jsonb);
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
create function steno.judge(c steno.change, shape steno.shape, session auth.session) returns jsonb
language plpgsql set search_path = steno, pg_temp as $$
declare
  m jsonb := jsonb_build_object('mutationId', c.mutation_id, 'entity', shape.entity, 'entityId', c.entity_id, 'op', shape.op, 'baseRevision', c.base,
    'patch', (select coalesce(jsonb_object_agg(f.field, c.sent -> f.nth::integer + 3), '{}') from unnest(shape.fields) with ordinality f (field, nth)));
  refused_by text;
  reason text;
begin
  begin
    return steno.apply_mutation(m, session);
  exception
    when sqlstate 'SN001' then
      reason := sqlerrm;
    when insufficient_privilege then
      reason := 'forbidden';
    when integrity_constraint_violation or data_exception or program_limit_exceeded then
      get stacked diagnostics refused_by = constraint_name;
      reason := case sqlstate when '23503' then 'missing_parent' when '23505' then 'duplicate' else 'invalid' end;
  end;
  return steno.refuse(m, session, reason, nullif(refused_by, ''));
end
$$;

/*
 * One statement for all of these changes, which are of one shape. Takes what is plain: new rows, rows that are there already (merged), and patches
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
      case when a.atttypid = 'jsonb'::regtype then format('nullif(c.sent -> %s, ''null'')', s.nth + 3)
        else format('(c.sent ->> %s)::%s', s.nth + 3, format_type(a.atttypid, a.atttypmod)) end as value
    from unnest(shape.fields) with ordinality s (field, nth)
    join pg_attribute a on a.attrelid = format('steno.%I', e.table_name)::regclass and a.attname = s.field
    join steno.entity_field f on f.entity = e.entity and f.field = s.field
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
    return array(select (min(x.n), case when count(x.added) = 0 then '{"verdict": "merged"}' else '{"verdict": "applied", "revision": 1}' end, true)::steno.judged
      from (select c.n, c.entity_id as id, null::uuid as added from unnest(changes) c union all select null, a.id, a.id from unnest(added) a (id)) x group by x.id);
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
 * The verdicts of changes of one shape, which come in the order of the batch. Where the set is refused its halves are tried, down to the change that it is
 * refused for: that one gets its verdict, its neighbours go through.
 */
create function steno.judge_set(changes steno.change[], shape steno.shape, session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  c steno.change;
  half integer := cardinality(changes) / 2;
  taken steno.judged[] := '{}';
begin
  if shape.in_sets and half > 0 then
    begin
      taken := steno.take_set(changes, shape, session);
    exception
      when sqlstate 'SN001' or insufficient_privilege or integrity_constraint_violation or data_exception or program_limit_exceeded then
        return steno.judge_set(changes[:half], shape, session) || steno.judge_set(changes[half + 1:], shape, session);
    end;
    if cardinality(taken) = cardinality(changes) then return taken; end if;
    changes := steno.not_judged(changes, taken);
  end if;
  foreach c in array changes loop
    taken := taken || (c.n, steno.judge(c, shape, session), true)::steno.judged;
  end loop;
  return taken;
end
$$;
create function steno.not_judged(changes steno.change[], judged steno.judged[]) returns steno.change[]
language sql stable set search_path = steno, pg_temp set enable_nestloop = off as $$
  select array(select c from unnest(changes) c where not exists (select from unnest(judged) j where j.n = c.n) order by c.n)
$$;

-- Which kinds may be judged in sets for this caller, and what in them names other rows.
create function steno.learn_shapes(shapes steno.shape[]) returns steno.shape[] language sql stable set search_path = steno, pg_temp as $$
  select array(select (s.entity, s.op, s.fields,
      coalesce(auth.may(e.write_permission) and cardinality(s.fields) between 1 and 45 and cardinality(s.fields) = k.known
        and case s.op when 'insert' then e.in_sets and e.is_insertable else k.in_sets end, false), -- null where the entity is unknown
      k.refers,
      -- an edit may build on another of whatever kind (leans_on, a column that a later migration adds)
      s.entity = 'letter_update' or exists (select from pg_index i where i.indrelid = r.table_id and i.indisunique and not i.indisprimary))::steno.shape
    from unnest(shapes) with ordinality s (entity, op, fields, in_sets, refers, is_keyed, nth)
    left join steno.entity e on e.entity = s.entity
    cross join lateral (select case when e.entity is not null then format('steno.%I', e.table_name)::regclass end as table_id) r
    cross join lateral (
      select count(distinct f.field) as known, bool_and(f.in_sets) as in_sets, coalesce(array_agg(x.nth::integer + 3) filter (where a.atttypid = 'uuid'::regtype), '{}') as refers
      from unnest(s.fields) with ordinality x (field, nth) join steno.entity_field f on f.entity = s.entity and f.field = x.field
      join pg_attribute a on a.attrelid = r.table_id and a.attname = f.field
    ) k
    order by s.nth)
$$;

/*
 * In which round each change is judged, so that the changes of a round do not depend on each other and each finds what it would have found
 * in the order of the batch:
 * - two changes of one row are in two rounds, in their order;
 * - a change that names a row (its matter, its letter) is in a later round than the changes of that row before it, and in an earlier one than those after it;
 * - a change whose kind may not be judged in sets has a round to itself, after all before it and before all after it;
 * - of a table with a unique key beside its primary key, and of the edits of letters, a round has one kind of changes, and the rounds keep the order of the batch.
 * Null: one round for all.
 */
create function steno.push_rounds(changes steno.change[], shapes steno.shape[]) returns integer[]
language plpgsql stable set search_path = steno, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  -- a uuid in another spelling than ours: which row it names is not told apart here
  canonical constant text := '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
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
  rows_touched integer := (select count(*) from (select distinct c.entity_id from unnest(changes) c) t);
  this record;
begin
  if rows_touched = cardinality(changes) and not exists (select from unnest(shapes) s where not s.in_sets)
    and not exists (select from unnest(shapes) s where s.is_keyed group by s.entity having count(*) > 1)
    and not exists (
      select from (select distinct c.sent ->> x.place as value from unnest(changes) c
          join (select s.shape::integer as shape, place from unnest(shapes) with ordinality s (entity, op, fields, in_sets, refers, is_keyed, shape) cross join unnest(s.refers) place) x using (shape)) v
      where v.value !~ canonical or case when v.value ~ canonical then v.value::uuid end in (select c.entity_id from unnest(changes) c)) then
    return null;
  end if;

  changed_in := array_fill(0, array[rows_touched]);
  named_in := changed_in;
  for this in
    with x as (select * from unnest(changes)),
    kind as (select s.shape::integer as shape, s.in_sets, s.refers, case when s.is_keyed then min(s.shape) over (partition by s.entity)::integer end as table_number
      from unnest(shapes) with ordinality s (entity, op, fields, in_sets, refers, is_keyed, shape)),
    touched as (select t.entity_id, row_number() over ()::integer as row_number from (select distinct x.entity_id from x) t),
    naming as (select x.n, array_agg(t.row_number) filter (where t.row_number is not null) as names, bool_or(v.value !~ canonical) as is_odd
      from x join kind k using (shape) cross join lateral unnest(k.refers) place cross join lateral (select x.sent ->> place as value) v
      left join touched t on t.entity_id = case when v.value ~ canonical then v.value::uuid end group by x.n)
    select x.shape, t.row_number, k.table_number, not k.in_sets or coalesce(m.is_odd, false) as is_alone, coalesce(m.names, '{}') as names
    from x join kind k using (shape) join touched t using (entity_id) left join naming m using (n) order by x.n
  loop
    if this.is_alone then
      round := last_taken + 1;
      first_free := round + 1;
    else
      round := greatest(first_free, changed_in[this.row_number] + 1, named_in[this.row_number] + 1);
      foreach named in array this.names loop round := greatest(round, changed_in[named] + 1); end loop;
      if this.table_number is not null then
        round := greatest(round, keyed_in[this.table_number] + case when keyed_by[this.table_number] = this.shape then 0 else 1 end);
        keyed_in[this.table_number] := round;
        keyed_by[this.table_number] := this.shape;
      end if;
    end if;
    changed_in[this.row_number] := round;
    foreach named in array this.names loop named_in[named] := greatest(named_in[named], round); end loop;
    last_taken := greatest(last_taken, round);
    rounds := rounds || round;
  end loop;
  return rounds;
end
$$;

-- The verdicts of changes that are new, in any order. A refused change fences the later ones of its row (S4); `refused` are those of the batch that were refused
-- before. What is fenced is not remembered: it is judged anew once the one before it is settled.
create function steno.push_one_by_one(changes steno.change[], shapes steno.shape[], refused steno.change[], session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  c steno.change;
  verdict jsonb;
  judged steno.judged[] := '{}';
begin
  foreach c in array changes loop
    if exists (select from unnest(refused) r where r.entity_id = c.entity_id and r.n < c.n and shapes[r.shape].entity = shapes[c.shape].entity) then
      judged := judged || (c.n, '{"verdict": "fenced"}', false)::steno.judged;
    else
      verdict := steno.judge(c, shapes[c.shape], session);
      if verdict ->> 'verdict' = 'rejected' then refused := refused || c; end if;
      judged := judged || (c.n, verdict, true)::steno.judged;
    end if;
  end loop;
  return judged;
end
$$;
create function steno.push_sets(changes steno.change[], shapes steno.shape[], refused steno.change[], session auth.session) returns steno.judged[]
language plpgsql set search_path = steno, pg_temp as $$
declare
  rounds integer[];
  part record;
  fenced steno.judged[];
  taken steno.judged[];
  judged steno.judged[] := '{}';
begin
  shapes := steno.learn_shapes(shapes);
  rounds := steno.push_rounds(changes, shapes);
  for part in
    select c.round, c.shape, array_agg((c.n, c.is_sound, c.shape, c.mutation_id, c.entity_id, c.base, c.sent)::steno.change order by c.n) as changes
    from rows from (unnest(changes), unnest(rounds)) c (n, is_sound, shape, mutation_id, entity_id, base, sent, round)
    group by c.round, c.shape order by c.round, c.shape
  loop
    if cardinality(refused) > 0 then
      fenced := array(select (c.n, '{"verdict": "fenced"}', false)::steno.judged from unnest(part.changes) c
        where exists (select from unnest(refused) r where r.entity_id = c.entity_id and r.n < c.n and shapes[r.shape].entity = shapes[c.shape].entity));
      judged := judged || fenced;
      part.changes := steno.not_judged(part.changes, fenced);
    end if;
    taken := steno.judge_set(part.changes, shapes[part.shape], session);
    if exists (select from unnest(taken) t where t.verdict ->> 'verdict' = 'rejected') then
      refused := refused || array(select c from unnest(part.changes) c where c.n = any (array(select t.n from unnest(taken) t where t.verdict ->> 'verdict' = 'rejected')));
    end if;
    judged := judged || taken;
  end loop;
  return judged;
end
$$;

/*
 * Judges what is new of a batch, remembers the verdicts and tells the feed: a verdict for each change, in their order, and the position that the feed reached.
 */
create function steno.push_changes(changes steno.change[], shapes steno.shape[], session auth.session, out verdicts jsonb[], out reached bigint)
language plpgsql set search_path = steno, pg_temp as $$
declare
  entities text[] := array(select s.entity from unnest(shapes) s);
  ids uuid[];
  judged steno.judged[] := '{}';
  copies integer[] := '{}';
  fresh steno.change[] := changes;
  refused steno.change[] := '{}';
  travels boolean[];
  changed_entities text[];
  changed_ids uuid[];
  e record;
begin
  perform auth.seen();
  perform set_config('steno.in_push', 'on', true);
  -- a batch repeated over a second connection waits here and then finds the first one's verdicts
  perform pg_advisory_xact_lock(hashtextextended(session.device_id::text, 0));

  ids := array(select c.mutation_id from unnest(changes) c where c.mutation_id is not null);
  if cardinality(ids) > (select count(*) from (select distinct i from unnest(ids) i) d) then -- twice in one batch
    copies := array(select x.n from (select c.n, row_number() over (partition by c.mutation_id order by c.n) as copy from unnest(changes) c where c.mutation_id is not null) x where x.copy > 1);
  end if;
  if exists (select from steno.mutation d where d.firm_id = session.firm_id and d.mutation_id = any (ids)) then
    judged := array(select (c.n, d.verdict, false)::steno.judged from unnest(changes) c
      join steno.mutation d on d.firm_id = session.firm_id and d.mutation_id = c.mutation_id where c.n <> all (copies));
  end if;
  -- a new row's id of another form than laptops make would be of no use on any of them
  if exists (select from unnest(changes) c where c.entity_id::text !~ '^.{14}[1-8].{4}[89ab]') then
    changes := array(select (c.n, c.is_sound and (c.entity_id::text ~ '^.{14}[1-8].{4}[89ab]' or shapes[c.shape].op = 'patch'), c.shape, c.mutation_id, c.entity_id, c.base, c.sent)::steno.change
      from unnest(changes) c order by c.n);
  end if;
  -- A change that no page of the feed can carry would stop every laptop. A letter's edit has up to 20 MB, twice that on the wire; what is changed again and again
  -- must not grow beyond that either.
  if exists (select from unnest(changes) c where pg_column_size(c.sent) > 8000000) then
    changes := array(select (c.n, c.is_sound and pg_column_size(c.sent) <= case when shapes[c.shape].op = 'patch' then 8000000 else 42000000 end,
      c.shape, c.mutation_id, c.entity_id, c.base, c.sent)::steno.change from unnest(changes) c order by c.n);
  end if;
  if exists (select from unnest(changes) c where not c.is_sound) then
    -- without an id of its own it is not remembered, and refused again whenever it comes
    judged := judged || array(select (c.n, steno.refuse(c.sent, session, 'invalid', null), num_nulls(c.mutation_id, c.entity_id, entities[c.shape]) = 0)::steno.judged
      from unnest(steno.not_judged(changes, judged)) c where not c.is_sound and c.n <> all (copies));
  end if;
  if cardinality(judged) + cardinality(copies) > 0 then
    refused := array(select c from unnest(changes) c where c.n = any (array(select j.n from unnest(judged) j where j.verdict ->> 'verdict' = 'rejected')));
    fresh := array(select c from unnest(steno.not_judged(changes, judged)) c where c.n <> all (copies));
  end if;

  -- Rows that exist are locked in the same order for everybody: two laptops that change the same ones in another order would deadlock.
  -- A letter's own row is among them for its edits, which wait for each other there.
  if exists (select from unnest(shapes) s where s.op = 'patch' or s.entity in ('letter_update', 'letter_version')) then
    for e in
      select r.table_name, r.id_column, array_agg(distinct t.id) as ids
      from steno.entity r join (
        select entities[c.shape] as entity, c.entity_id as id from unnest(fresh) c where shapes[c.shape].op = 'patch'
        union all
        select 'letter', case when l.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then l.id::uuid end
        from unnest(fresh) c cross join lateral (select c.sent ->> array_position(shapes[c.shape].fields, 'letter_id') + 3 as id) l where entities[c.shape] in ('letter_update', 'letter_version')
      ) t on t.entity = r.entity
      group by r.entity, r.table_name, r.id_column order by r.entity
    loop
      execute format('select from steno.%1$I where firm_id = $1 and %2$I = any($2) order by %2$I for no key update', e.table_name, e.id_column) using session.firm_id, e.ids;
    end loop;
  end if;

  if cardinality(fresh) > 2 then
    judged := judged || steno.push_sets(fresh, shapes, refused, session);
  elsif cardinality(fresh) > 0 then
    judged := judged || steno.push_one_by_one(fresh, shapes, refused, session);
  end if;
  if cardinality(copies) > 0 then
    judged := judged || array(select (c.n, o.verdict, false)::steno.judged from unnest(changes) c
      join (select f.mutation_id, j.verdict from unnest(changes) f join unnest(judged) j using (n)) o using (mutation_id) where c.n = any (copies));
  end if;

  -- one verdict a change now, in their order
  judged := array(select j from unnest(judged) j order by j.n);
  verdicts := array(select j.verdict from unnest(judged) j);
  insert into steno.mutation (firm_id, mutation_id, device_id, user_id, entity, entity_id, verdict)
  select session.firm_id, c.mutation_id, session.device_id, session.user_id, entities[c.shape], c.entity_id, c.verdict
  from rows from (unnest(changes), unnest(judged)) c (n, is_sound, shape, mutation_id, entity_id, base, sent, judged_n, verdict, is_first) where c.is_first;
  travels := array(select exists (select from steno.entity r where r.entity = s.entity and r.travels) from unnest(shapes) s);
  select coalesce(array_agg(entities[c.shape]), '{}'), coalesce(array_agg(c.entity_id), '{}') into changed_entities, changed_ids
  from rows from (unnest(changes), unnest(judged)) c (n, is_sound, shape, mutation_id, entity_id, base, sent, judged_n, verdict, is_first)
  where c.is_first and travels[c.shape] and c.verdict ->> 'verdict' in ('applied', 'merged', 'conflict');
  if exists (select from unnest(judged) j where j.is_first and j.verdict ? 'conflicts') then -- each behind the change that made it
    select array_agg(t.entity order by t.n, t.nth), array_agg(t.id order by t.n, t.nth) into changed_entities, changed_ids from (
      select c.n, 0 as nth, entities[c.shape] as entity, c.entity_id as id
      from rows from (unnest(changes), unnest(judged)) c (n, is_sound, shape, mutation_id, entity_id, base, sent, judged_n, verdict, is_first)
      where c.is_first and travels[c.shape] and c.verdict ->> 'verdict' in ('applied', 'merged', 'conflict')
      union all
      select j.n, x.nth, 'conflict', x.id::uuid from unnest(judged) j cross join lateral jsonb_array_elements_text(j.verdict -> 'conflicts') with ordinality x (id, nth) where j.is_first
    ) t;
  end if;
  reached := coalesce(steno.append_to_feed(session.firm_id, changed_entities, changed_ids), 0);
end
$$;

create function steno.read_uuid(value text) returns uuid language plpgsql immutable set search_path = steno, pg_temp as $$
begin
  return value::uuid;
exception when data_exception then
  return null;
end
$$;
-- One line by itself, as far as it can be read.
create function steno.read_line(line text, n integer, widths integer[]) returns steno.change language plpgsql immutable set search_path = steno, pg_temp as $$
declare
  c steno.change;
  -- what a laptop writes first: the shape and both ids of a change whose values no database can hold
  head text[] := regexp_match(line, '^\[(\d{1,4}), ?"([0-9a-fA-F-]{36})", ?"([0-9a-fA-F-]{36})"');
begin
  begin
    c.sent := line::jsonb;
    c := (n, true, (c.sent ->> 0)::integer + 1, (c.sent ->> 1)::uuid, (c.sent ->> 2)::uuid, (c.sent ->> 3)::integer, c.sent)::steno.change;
    if jsonb_array_length(c.sent) = widths[c.shape] and num_nulls(c.shape, c.mutation_id, c.entity_id, c.base) = 0 then return c; end if;
  exception when data_exception or program_limit_exceeded then
    c.sent := coalesce(c.sent, to_jsonb(line));
  end;
  return (n, false, case when head[1]::integer < cardinality(widths) then head[1]::integer + 1 end, steno.read_uuid(head[2]), steno.read_uuid(head[3]), null, c.sent)::steno.change;
end
$$;
/*
 * A batch as laptops send it, a line for each value of JSON: the shapes, [[entity, op, [field, ...]], ...]; then the changes, [number of its shape, mutation id,
 * entity id, base revision, a value for each field]. What is common is said once, and a line that cannot be read hides no other.
 */
create function steno.read_lines(batch text, out shapes steno.shape[], out changes steno.change[]) language plpgsql immutable set search_path = steno, pg_temp as $$
declare
  sent jsonb := split_part(batch, E'\n', 1);
  widths integer[];
begin
  shapes := array(select (s.kind ->> 0, case when s.kind ->> 1 in ('insert', 'patch') then s.kind ->> 1 end, case when jsonb_typeof(s.kind -> 2) = 'array' then array(select jsonb_array_elements_text(s.kind -> 2)) end, false, '{}', false)::steno.shape
    from jsonb_array_elements(sent) s (kind));
  -- how long a line of this shape is; null where no change is of it
  widths := array(select case when num_nulls(s.entity, s.op) = 0 then cardinality(s.fields) + 4 end from unnest(shapes) s);
  begin
    sent := '[' || replace(batch, E'\n', ',') || ']';
    changes := array(select (x.n - 1, true, (x.v ->> 0)::integer + 1, (x.v ->> 1)::uuid, (x.v ->> 2)::uuid, (x.v ->> 3)::integer, x.v)::steno.change
      from jsonb_array_elements(sent) with ordinality x (v, n) where x.n > 1);
    if not exists (select from unnest(changes) c where (jsonb_array_length(c.sent) = widths[c.shape] and num_nulls(c.mutation_id, c.entity_id, c.base) = 0) is not true) then return; end if;
  exception when data_exception or program_limit_exceeded then null;
  end;
  changes := array(select steno.read_line(x.line, x.n::integer - 1, widths) from string_to_table(batch, E'\n') with ordinality x (line, n) where x.n > 1 order by x.n);
end
$$;
-- The same from [{mutationId, entity, entityId, op, baseRevision, patch}].
create function steno.lines_of(mutations jsonb) returns text language sql immutable set search_path = steno, pg_temp as $$
  with m as (
    select x.m, x.n, jsonb_build_array(x.m ->> 'entity', x.m ->> 'op', case when jsonb_typeof(x.m -> 'patch') = 'object' then array(select jsonb_object_keys(x.m -> 'patch')) end) as kind
    from jsonb_array_elements(mutations) with ordinality x (m, n)
  ), kinds as (
    select k.kind, row_number() over () - 1 as shape from (select distinct m.kind from m) k
  )
  select coalesce((select jsonb_agg(k.kind order by k.shape)::text from kinds k), '[]')
    || coalesce(string_agg(E'\n' || (jsonb_build_array(k.shape, m.m -> 'mutationId', m.m -> 'entityId', coalesce(m.m -> 'baseRevision', case m.m ->> 'op' when 'insert' then '0'::jsonb end))
      || coalesce((select jsonb_agg(v.value) from jsonb_each(case when jsonb_typeof(m.m -> 'patch') = 'object' then m.m -> 'patch' end) v), '[]'::jsonb))::text, '' order by m.n), '')
  from m join kinds k using (kind)
$$;

/*
 * A laptop's batch, in order, in one transaction; steno.read_lines says its form. Answers {position, verdicts}: what position the feed reached, and for each change
 * the revision it was applied as, or another verdict, {verdict, reason?, revision?}. The caller is who the token says; row-level security holds inside, because this
 * function's owner is subject to it.
 */
create function app.push_lines(token text, batch text) returns json
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session := steno.enter(token, null);
  b record;
  p record;
begin
  b := steno.read_lines(batch);
  p := steno.push_changes(b.changes, b.shapes, session);
  return format('{"position": %s, "verdicts": [%s]}', p.reached, array_to_string(array(
    select case when v ->> 'verdict' = 'applied' then coalesce(v ->> 'revision', v::text) else v::text end from unnest(p.verdicts) v), ', '));
end
$$;
/* The same for programs: [{mutationId, entity, entityId, op, baseRevision, patch}] in, {verdicts: [{mutationId, verdict, reason?, revision?}], position} out. */
create or replace function app.push(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session := steno.enter(token, null);
  b record;
  p record;
begin
  b := steno.read_lines(steno.lines_of(mutations));
  p := steno.push_changes(b.changes, b.shapes, session);
  return jsonb_build_object('position', p.reached, 'verdicts', coalesce((
    select jsonb_agg(v.verdict || jsonb_build_object('mutationId', mutations -> v.n::integer - 1 -> 'mutationId') order by v.n) from unnest(p.verdicts) with ordinality v (verdict, n)), '[]'));
end
$$;
grant execute on function app.push_lines(text, text) to steno_client;

-- What every laptop can hold: whole numbers as JavaScript has them, years of four digits, JSON that it can write (it gives up some thousand levels down). Any other value would be refused by each store, and stop the feed of all of them.
-- Rows that are older than this rule are left as they are.
alter table steno.source_document add constraint source_document_portable_check check (file_size <= 9007199254740991
  and uploaded_at between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00' and coalesce(processed_at, uploaded_at) between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00') not valid;
alter table steno.fact add constraint fact_portable_check check (decided_at between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00') not valid;
alter table steno.bill_line add constraint bill_line_portable_check check (billed_cents between -9007199254740991 and 9007199254740991 and adjusted_cents between -9007199254740991 and 9007199254740991 and paid_cents between -9007199254740991 and 9007199254740991
  and coalesce(service_from, '2000-01-01') between '0001-01-01' and '9999-12-31' and coalesce(service_to, '2000-01-01') between '0001-01-01' and '9999-12-31'
  and coalesce(decided_at, '2000-01-01 00:00:00+00') between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00') not valid;
alter table steno.stated_total add constraint stated_total_portable_check
  check (billed_cents between -9007199254740991 and 9007199254740991 and paid_cents between -9007199254740991 and 9007199254740991 and owed_cents between -9007199254740991 and 9007199254740991) not valid;
alter table steno.demand_letter add constraint demand_letter_portable_check
  check (letter_date between '0001-01-01' and '9999-12-31' and coalesce(demand_cents, 0) <= 9007199254740991 and not jsonb_path_exists(metadata, '$.**{100}')) not valid;
alter table steno.template add constraint template_portable_check check (not jsonb_path_exists(template_content, '$.**{100}')) not valid;
alter table steno.letter_version add constraint letter_version_portable_check check (not jsonb_path_exists(letter_values, '$.**{100}')) not valid;
alter table steno.conflict add constraint conflict_portable_check check (not jsonb_path_exists(proposed, '$.**{100}') and not jsonb_path_exists(current, '$.**{100}')) not valid;
alter table steno.export add constraint export_portable_check
  check (file_size <= 9007199254740991 and exported_at between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00') not valid;

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
 * It is run by the trigger, which alone sees the rows. Parameters: firm, batch, user, device, session, login, application, address.
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
    select $1, nextval(''steno.audit_event_number''), $2, %L, %s, %L, %s, %s, $3, $4, $5, $6, $7, $8 from %s',
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
        execute steno.audit_statement(tg_relid, tg_op, keys, hashed, without, changed) using for_firm, b.batch_id, b.user_id, b.device_id, b.session_id, session_user::text, application, inet_client_addr();
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
        execute steno.audit_statement(tg_relid, tg_op, keys, hashed, without, null) using for_firm, b.batch_id, b.user_id, b.device_id, b.session_id, session_user::text, application, inet_client_addr();
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
-- The text of an event is what steno.audit_event_text says, put together here from what is the same in all events of a batch and what is not: a call for each event,
-- or one long array, took twice as long. audit.test.ts compares the two; a batch of more than one kind of caller is sealed by the array.
create or replace function steno.seal_audit_batch() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  head steno.audit_head;
  same record;
  before text := left(jsonb_build_array(new.firm_id, extract(epoch from now()))::text, -1) || ', ';
  middle text := ', ' || to_jsonb(new.batch_id)::text || ', ';
  after text;
  counted integer;
  digest bytea;
  seal bytea;
begin
  select count(*) as callers, min(jsonb_build_array(x.user_id, x.device_id, x.session_id, x.login, x.application, host(x.address))::text) as caller into same
  from (select distinct e.user_id, e.device_id, e.session_id, e.login, e.application, e.address
    from steno.audit_event e where e.firm_id = new.firm_id and e.occurred_at = now() and e.batch_id = new.batch_id) x;
  if same.callers = 1 then
    after := ', ' || substr(same.caller, 2);
    select count(*), sha256(string_agg(sha256(convert_to(before || e.event_number || middle || to_jsonb(e.table_name)::text || ', ' || to_jsonb(e.row_key)::text || ', ' || to_jsonb(e.action)::text
        || ', ' || coalesce(e.old_values::text, 'null') || ', ' || coalesce(e.new_values::text, 'null') || after, 'UTF8')), ''::bytea order by e.event_number)) into counted, digest
    from steno.audit_event e where e.firm_id = new.firm_id and e.occurred_at = now() and e.batch_id = new.batch_id;
  else
    select count(*), sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) into counted, digest
    from steno.audit_event e where e.firm_id = new.firm_id and e.occurred_at = now() and e.batch_id = new.batch_id;
  end if;
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
