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
drop function steno.letter_for_remark(steno.proposal, auth.session);
reset role;
