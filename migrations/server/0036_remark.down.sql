-- What waits as a proposal goes on waiting: it is dismissed, or taken in once this is here again. The functions of before would enter it under another's name.
set local role steno_owner;
update steno.entity set proposes = false where entity = 'collaboration';
create or replace function steno.check_collaboration() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if tg_op = 'INSERT' then
    new.user_id := coalesce(me, new.user_id);
    if new.is_resolved then raise exception 'status_transition' using errcode = 'SN001'; end if;
    -- a finalized letter can be talked about, but nothing can be proposed for it
    if new.change_type <> 'Comment' and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status not in ('Draft', 'In_Review')) then
      raise exception 'letter_finalized' using errcode = 'SN001';
    end if;
    return new;
  end if;
  if (new.letter_id, new.parent_id, new.change_type, new.position) is distinct from (old.letter_id, old.parent_id, old.change_type, old.position)
     -- what was suggested stays what was suggested: somebody may have accepted it
     or (old.change_type <> 'Comment' and new.change_data <> old.change_data) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.change_data <> old.change_data then
    if me is not null and me is distinct from old.user_id then raise exception 'not_author' using errcode = 'SN001'; end if;
    if old.is_resolved then raise exception 'thread_resolved' using errcode = 'SN001'; end if;
  end if;
  if old.outcome is not null and not new.is_resolved then
    raise exception 'suggestion_decided' using errcode = 'SN001';
  end if;
  if (new.is_resolved, new.outcome) is distinct from (old.is_resolved, old.outcome) then
    if new.outcome = 'accepted' and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status not in ('Draft', 'In_Review')) then
      raise exception 'letter_finalized' using errcode = 'SN001';
    end if;
    new.resolved_by := case when new.is_resolved then me end;
    new.resolved_at := case when new.is_resolved then now() end;
  end if;
  return new;
end
$$;

create or replace function steno.propose(m jsonb, session auth.session, refusal text) returns uuid
language plpgsql volatile set search_path = steno, pg_temp as $$
declare
  e steno.entity;
  target uuid := steno.uuid_or_null(m ->> 'entityId');
  patch jsonb := m -> 'patch';
  letter steno.demand_letter;
  of_letter uuid;
  of_matter uuid;
  of_document uuid;
  named uuid[];
  needed text;
  why text;
  mine record;
  made uuid := steno.uuid_or_null(m ->> 'mutationId');
begin
  select * into e from steno.entity r where r.entity = m ->> 'entity' and r.proposes;
  if not found or target is null or session.scopes is not null or auth.current_role() is not distinct from 'Guest' or jsonb_typeof(patch) is distinct from 'object' or (m ->> 'op') not in ('insert', 'patch')
    -- an id of another form than ours would stop every laptop that is told of it
    or (made::text ~ '^.{14}[1-8].{4}[89ab]') is not true
    -- and so would JSON that is deeper than it can write
    or jsonb_path_exists(patch, '$.**{100}') then
    return null;
  end if;
  of_letter := case when e.entity = 'letter' then target else steno.uuid_or_null(patch ->> 'letter_id') end;
  select * into letter from steno.demand_letter l where l.firm_id = session.firm_id and l.letter_id = of_letter;
  named := array_remove(array[target, of_letter, steno.uuid_or_null(patch ->> 'leans_on'), steno.uuid_or_null(patch ->> 'matter_id'), steno.uuid_or_null(patch ->> 'document_id'), steno.uuid_or_null(patch ->> 'template_id')], null);
  needed := case when refusal in ('finalize_needs_attorney', 'archive_needs_attorney') then 'letter:status:finalize'
    when refusal = 'hold_needs_attorney' then 'matter:hold:write' when refusal = 'forbidden' then e.write_permission end;
  why := case
    when refusal in ('letter_finalized', 'status_transition') and letter.status in ('Finalized', 'Exported') then 'letter_finalized'
    when refusal in ('letter_finalized', 'status_transition') and letter.status = 'Archived' then 'letter_archived'
    when refusal in ('not_found', 'letter_deleted') then 'deleted'
    when refusal in ('missing_parent', 'leans_on_missing') then 'deleted'
    when needed is not null and not auth.may(needed) and exists (
      select from steno.former_roles(session.firm_id, session.user_id) r (role) join steno.role_permission p on p.role = r.role where p.permission = needed
    ) then 'role_ended'
  end;
  if why is null then return null; end if;
  if refusal in ('not_found', 'missing_parent', 'leans_on_missing') then
    if exists (select from steno.proposal p where p.firm_id = session.firm_id and p.entity_id = any (named) and p.op = 'insert'
      and (p.state = 'open' or refusal = 'leans_on_missing')) then
      why := 'parent_proposed';
    elsif refusal = 'leans_on_missing' then
      return null;
    elsif string_to_array(nullif(current_setting('steno.refused', true), ''), ' ') && named::text[] or exists (
      select from steno.mutation d where d.firm_id = session.firm_id and d.entity_id = any (named) and d.device_id = session.device_id
        and d.verdict ->> 'verdict' = 'rejected' and not d.verdict ? 'proposal'
    ) then
      return null;
    end if;
  end if;

  -- a client that makes things up cannot fill the firm: what is beyond this stays with its author
  select count(*) filter (where p.state = 'open') as waiting, coalesce(sum(pg_column_size(p.patch)) filter (where p.state = 'open'), 0) as bytes, coalesce(max(p.ordinal), 0) as last into mine
  from steno.proposal p where p.firm_id = session.firm_id and p.proposed_by = session.user_id;
  if mine.waiting >= 5000 or mine.bytes > 64000000 then return null; end if;

  of_document := case e.entity when 'page' then steno.uuid_or_null(patch ->> 'document_id') end;
  of_matter := case
    when e.entity = 'matter' then target
    when letter.letter_id is not null then letter.matter_id
    when of_document is not null then (select d.matter_id from steno.source_document d where d.firm_id = session.firm_id and d.document_id = of_document)
    else steno.uuid_or_null(patch ->> 'matter_id')
  end;
  if of_matter is null and exists (select from pg_attribute a where a.attrelid = format('steno.%I', e.table_name)::regclass and a.attname = 'matter_id' and not a.attisdropped) then
    execute format('select t.matter_id from steno.%I t where t.firm_id = $1 and t.%I = $2', e.table_name, e.id_column) into of_matter using session.firm_id, target;
  end if;
  of_matter := (select t.matter_id from steno.matter t where t.firm_id = session.firm_id and t.matter_id = of_matter);

  insert into steno.proposal (firm_id, proposal_id, matter_id, letter_id, entity, entity_id, mutation_id, op, base_revision, patch, reason, proposed_by, proposed_device, ordinal, created_by)
  values (session.firm_id, made, of_matter, of_letter, e.entity, target, made, m ->> 'op', coalesce((m ->> 'baseRevision')::integer, 0), patch, why,
    session.user_id, session.device_id, mine.last + 1, session.user_id)
  on conflict do nothing returning proposal_id into made;
  return made;
end
$$;

create or replace function steno.apply_proposal(p steno.proposal, session auth.session) returns uuid
language plpgsql volatile set search_path = steno, pg_temp as $$
declare
  e steno.entity;
  patch jsonb := p.patch;
  target uuid := p.entity_id;
  into_letter uuid;
  is_deleted boolean;
  columns text;
  verdict jsonb;
begin
  if p.entity = 'collaboration' then raise exception 'forbidden' using errcode = 'SN001'; end if;
  select * into e from steno.entity r where r.entity = p.entity;
  if not auth.may(e.write_permission) then raise exception 'forbidden' using errcode = 'SN001'; end if;
  if p.letter_id is not null and not (p.entity = 'letter' and p.op = 'insert') then
    into_letter := steno.letter_for_proposal(p.letter_id, session);
    if p.entity = 'letter' then target := into_letter; else patch := jsonb_set(patch, '{letter_id}', to_jsonb(into_letter)); end if;
    -- how far a closed letter should have gone, this decides
    if p.reason in ('letter_finalized', 'letter_archived') then patch := patch - 'status'; end if;
    if patch = '{}' then return into_letter; end if;
  end if;
  if p.op = 'insert' then
    -- it was refused for its author before anybody looked what is in it
    if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
      raise exception 'unknown_field' using errcode = 'SN001';
    end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
    if columns is null then raise exception 'invalid' using errcode = 'SN001'; end if;
    execute format('insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, $2, $3, $4, %3$s from jsonb_populate_record(null::steno.%1$I, $5) on conflict on constraint %4$I do nothing',
      e.table_name, e.id_column, columns, e.table_name || '_pkey') using session.firm_id, target, p.proposed_by, session.user_id, patch;
    return coalesce(into_letter, case when p.entity = 'letter' then target end);
  end if;
  execute format('select t.deleted_at is not null from steno.%1$I t where t.firm_id = $1 and t.%2$I = $2 for no key update', e.table_name, e.id_column) into is_deleted using session.firm_id, target;
  if is_deleted is null then raise exception 'not_found' using errcode = 'SN001'; end if;
  if is_deleted then
    execute format('update steno.%1$I t set deleted_at = null, revision = t.revision + 1, updated_by = $3 where t.firm_id = $1 and t.%2$I = $2', e.table_name, e.id_column) using session.firm_id, target, session.user_id;
  end if;
  verdict := steno.apply_mutation(jsonb_build_object('mutationId', p.mutation_id, 'entity', p.entity, 'entityId', target, 'op', 'patch', 'baseRevision', p.base_revision, 'patch', patch), session);
  if verdict ->> 'verdict' = 'rejected' then raise exception '%', verdict ->> 'reason' using errcode = 'SN001'; end if;
  return into_letter;
end
$$;
create or replace function steno.push_changes(changes steno.change[], shapes steno.shape[], session auth.session, out verdicts jsonb[], out reached bigint)
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
drop function steno.letter_for_remark(steno.proposal, auth.session);
reset role;
