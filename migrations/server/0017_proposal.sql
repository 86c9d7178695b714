-- A change that came too late, or from somebody who may no longer make it, is not lost: it waits as a proposal in the inbox of who may decide.

-- What somebody was before: a change that her role no longer allows was made when it did.
set local role steno_audit;
create policy user_history_roles on steno.user_history for select to steno_audit using (true);
create function steno.former_roles(of_firm uuid, of_user uuid) returns setof text language sql stable security definer set search_path = steno, pg_temp as
  'select distinct h.role from steno.user_history h where h.firm_id = of_firm and h.user_id = of_user';
grant execute on function steno.former_roles(uuid, uuid) to steno_owner;

set local role steno_owner;
-- Of what the whole firm may read, and only of that: everybody who decides sees the words.
alter table steno.entity add column proposes boolean not null default false;
comment on column steno.entity.proposes is 'Whether a change of it that is refused for its time or its author is kept as a proposal';
update steno.entity set proposes = true
where entity in ('matter', 'document', 'page', 'fact', 'bill_line', 'stated_total', 'template', 'letter', 'letter_update', 'letter_version', 'export');

-- A conflict holds both values of a row, so who may not see the row may not see it either: what is said in a private room, and a person's own settings, are the two's
-- whose values they are. Everything else that conflicts the firm reads.
alter policy conflict_read on steno.conflict using (firm_id = (select auth.firm_for('conflict:inbox:read'))
  and (entity not in ('room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation', 'user_presence', 'setting')
    or (select auth.current_user_id()) in (proposed_by, current_by)));

create table steno.proposal (
  firm_id uuid not null references steno.firm on delete cascade,
  proposal_id uuid not null, -- its mutation's: how the firm names it says nothing that its author did not know
  -- with its matter a proposal goes; its letter it outlives
  matter_id uuid,
  letter_id uuid,
  entity text not null references steno.entity,
  entity_id uuid not null,
  mutation_id uuid not null,
  op text not null check (op in ('insert', 'patch')),
  base_revision integer not null,
  patch jsonb not null check (jsonb_typeof(patch) = 'object'),
  reason text not null check (reason in ('letter_finalized', 'letter_archived', 'deleted', 'role_ended', 'parent_proposed')),
  proposed_by uuid,
  proposed_device uuid not null,
  -- in which order its author made them
  ordinal integer not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'dismissed')),
  decided_by uuid,
  decided_at timestamptz,
  -- the letter that took it in: its own, or a new one where that was archived or deleted
  accepted_into uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, proposal_id),
  constraint proposal_mutation_key unique (firm_id, mutation_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, proposed_by) references steno."user" on delete set null (proposed_by),
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint proposal_decided_check check ((state = 'open') = (decided_at is null))
);
create index proposal_matter_idx on steno.proposal (firm_id, matter_id);
create index proposal_author_idx on steno.proposal (firm_id, proposed_by, ordinal);
create index proposal_open_letter_idx on steno.proposal (firm_id, letter_id) where state = 'open';
create index proposal_row_idx on steno.proposal (firm_id, entity_id);
comment on table steno.proposal is 'Changes that came too late or from who may no longer make them, until somebody accepts or dismisses them.';
-- which rows a person was refused: their children wait with them for that person, not for a colleague
create index mutation_refused_idx on steno.mutation (firm_id, entity_id) where verdict ->> 'verdict' = 'rejected' and not verdict ? 'proposal';

create function steno.uuid_or_null(value text) returns uuid language plpgsql immutable set search_path = steno, pg_temp as $$
begin
  return value::uuid;
exception when data_exception then
  return null;
end
$$;

/*
 * Keeps a refused change as a proposal; null where it is its author's own to mend (a value that is refused, a field that is not known) or
 * where she has too many. `m` is what a client sent, of any form: this function raises for none.
 */
create function steno.propose(m jsonb, session auth.session, refusal text) returns uuid
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

/* The one place where a change becomes 'rejected'; the verdict names the proposal that keeps it, where one does. */
create or replace function steno.refuse(m jsonb, session auth.session, reason text, detail text) returns jsonb
language plpgsql volatile set search_path = steno, pg_temp as $$
declare proposal_id uuid := steno.propose(m, session, reason);
begin
  if proposal_id is null then
    -- for the rest of this transaction; of earlier ones steno.mutation tells
    perform set_config('steno.refused', concat_ws(' ', nullif(current_setting('steno.refused', true), ''), m ->> 'entityId'), true);
  end if;
  return jsonb_strip_nulls(jsonb_build_object('verdict', 'rejected', 'reason', reason, 'detail', detail, 'proposal', proposal_id));
end
$$;

-- A letter that was deleted takes no more edits. Once a statement: a push adds many at a time.
create function steno.refuse_deleted_letter() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if exists (select from new_rows n join steno.demand_letter l using (firm_id, letter_id) where l.deleted_at is not null) then
    raise exception 'letter_deleted' using errcode = 'SN001';
  end if;
  return null;
end
$$;
create trigger letter_update_not_deleted after insert on steno.letter_update referencing new table as new_rows for each statement execute function steno.refuse_deleted_letter();
create trigger letter_version_not_deleted after insert on steno.letter_version referencing new table as new_rows for each statement execute function steno.refuse_deleted_letter();

-- Edits of one writer build on each other: Yjs shows none of a text whose beginning is missing. So an edit names the last one of its laptop that was
-- not confirmed when it was made, and is taken only where that one was. As text, or a chain of edits could not be judged as a set.
alter table steno.letter_update add column leans_on text
  constraint letter_update_leans_on_check check (leans_on ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
create function steno.refuse_loose_update() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  missing record;
  is_there boolean;
begin
  for missing in
    select n.firm_id, n.leans_on from new_rows n
    where n.leans_on is not null and not exists (select from steno.letter_update u where u.firm_id = n.firm_id and u.update_id = n.leans_on::uuid)
  loop
    -- it may have been joined with others since; the table comes with a later migration
    if to_regclass('steno.letter_update_archive') is not null then
      execute 'select exists (select from steno.letter_update_archive a where a.firm_id = $1 and a.update_id = $2::uuid)' into is_there using missing.firm_id, missing.leans_on;
    end if;
    if is_there is not true then raise exception 'leans_on_missing' using errcode = 'SN001'; end if;
  end loop;
  return null;
end
$$;
create trigger letter_update_not_loose after insert on steno.letter_update referencing new table as new_rows for each statement execute function steno.refuse_loose_update();

-- As before, and a letter that was finalized becomes a draft again where an attorney takes in what was proposed for it: its versions stay, the next one
-- gets the next number. Only there, inside the trigger that decides a proposal: how deep triggers stand in each other no client can say.
create or replace function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if pg_trigger_depth() > 1 and old.status in ('Finalized', 'Exported') and new.status = 'Draft' and old.deleted_at is null then
    if not auth.may('letter:status:finalize') then raise exception 'reopen_needs_attorney' using errcode = 'SN001'; end if;
    new.finalized_at := null;
    new.finalized_by := null;
    return new;
  end if;
  if old.status in ('Finalized', 'Exported', 'Archived') and
     ((new.title, new.letter_date, new.demand_cents, new.matter_id, new.metadata, new.finalized_at, new.deleted_at)
        is distinct from (old.title, old.letter_date, old.demand_cents, old.matter_id, old.metadata, old.finalized_at, old.deleted_at)
      -- a template or a person that is deleted leaves null here
      or coalesce(new.template_id <> old.template_id, new.template_id is not null) or coalesce(new.finalized_by <> old.finalized_by, new.finalized_by is not null)) then
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
    if new.status in ('Finalized', 'Archived') and not auth.may('letter:status:finalize') then
      raise exception '%', case new.status when 'Finalized' then 'finalize_needs_attorney' else 'archive_needs_attorney' end using errcode = 'SN001';
    end if;
    if new.status = 'Finalized' then
      new.finalized_at := now();
      new.finalized_by := auth.current_user_id();
    end if;
  end if;
  return new;
end
$$;

-- An id that is known by its parts, of the form that clients accept (UUID version 8).
create function steno.id_of(parts text) returns uuid language sql immutable set search_path = steno, pg_temp as
  'select overlay(overlay(md5(parts) placing ''8'' from 13) placing ''8'' from 17)::uuid';

/*
 * The letter that takes in what was proposed for this one. A finalized one is opened again, a deleted draft comes back; what was archived, or
 * deleted after it was finalized, stays as it is, and a new letter begins with its text.
 */
create function steno.letter_for_proposal(of_letter uuid, session auth.session) returns uuid
language plpgsql volatile set search_path = steno, pg_temp as $$
declare
  letter steno.demand_letter;
  follower uuid;
begin
  select * into letter from steno.demand_letter l where l.firm_id = session.firm_id and l.letter_id = of_letter for no key update;
  if not found then raise exception 'letter_gone' using errcode = 'SN001'; end if;
  if letter.status in ('Draft', 'In_Review') then
    if letter.deleted_at is not null then
      update steno.demand_letter l set deleted_at = null, revision = l.revision + 1, updated_by = session.user_id where l.firm_id = session.firm_id and l.letter_id = of_letter;
    end if;
    return of_letter;
  end if;
  if not auth.may('letter:status:finalize') then raise exception 'reopen_needs_attorney' using errcode = 'SN001'; end if;
  if letter.status <> 'Archived' and letter.deleted_at is null then
    update steno.demand_letter l set status = 'Draft', revision = l.revision + 1, updated_by = session.user_id,
      field_revision = l.field_revision || jsonb_build_object('status', jsonb_build_array(l.revision + 1, session.device_id))
    where l.firm_id = session.firm_id and l.letter_id = of_letter;
    return of_letter;
  end if;
  -- one follower, whoever makes it; where that one is closed too, its own
  follower := steno.id_of(session.firm_id || ' follows ' || of_letter);
  if exists (select from steno.demand_letter l where l.firm_id = session.firm_id and l.letter_id = follower) then return steno.letter_for_proposal(follower, session); end if;
  insert into steno.demand_letter (firm_id, letter_id, matter_id, template_id, title, letter_date, demand_cents, metadata, created_by, updated_by)
  values (session.firm_id, follower, letter.matter_id, letter.template_id, left(letter.title, 240) || ' (continued)', letter.letter_date, letter.demand_cents, letter.metadata, session.user_id, session.user_id);
  insert into steno.letter_update (firm_id, update_id, letter_id, payload, created_by, updated_by)
  select u.firm_id, steno.id_of(follower || ' of ' || u.update_id), follower, u.payload, u.created_by, session.user_id
  from steno.letter_update u where u.firm_id = session.firm_id and u.letter_id = of_letter order by u.created_at, u.update_id;
  return follower;
end
$$;

/* Applies what was proposed, with the rights of who accepts it: a row as its author made it, a patch by the rules of every merge. The letter it went into. */
create function steno.apply_proposal(p steno.proposal, session auth.session) returns uuid
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

-- A proposal is decided once, by whoever comes first, and what it proposes is applied in the same moment.
create function steno.decide_proposal() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare session auth.session := auth.current_session();
begin
  if (new.letter_id, new.entity, new.entity_id, new.mutation_id, new.op, new.base_revision, new.patch, new.reason, new.proposed_device, new.ordinal)
     is distinct from (old.letter_id, old.entity, old.entity_id, old.mutation_id, old.op, old.base_revision, old.patch, old.reason, old.proposed_device, old.ordinal) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.state = old.state then
    if (new.decided_at, new.accepted_into) is distinct from (old.decided_at, old.accepted_into) then raise exception 'append_only' using errcode = 'SN001'; end if;
    return new;
  end if;
  if old.state <> 'open' then raise exception 'proposal_decided' using errcode = 'SN001'; end if;
  if session.session_id is null then raise exception 'forbidden' using errcode = 'SN001'; end if;
  if new.state = 'accepted' then new.accepted_into := steno.apply_proposal(old, session); end if;
  new.decided_by := session.user_id;
  new.decided_at := now();
  return new;
end
$$;
create trigger proposal_decision before update on steno.proposal for each row execute function steno.decide_proposal();
create trigger proposal_held before delete or update of deleted_at, matter_id on steno.proposal for each row execute function steno.refuse_held('matter_id');
create trigger proposal_updated_at before update on steno.proposal for each row execute function steno.set_updated_at();

-- Proposals are made and applied beside what a laptop pushed, so they tell the feed themselves, at the commit, where positions are given last.
create function steno.append_proposal(op text, new steno.proposal, old steno.proposal) returns void language plpgsql set search_path = steno, pg_temp as $$
declare
  entities text[] := '{proposal}';
  ids uuid[] := array[new.proposal_id];
  of record;
begin
  if op = 'UPDATE' and new.state = 'accepted' and old.state = 'open' then
    entities := entities || new.entity;
    ids := ids || case when new.entity = 'letter' then coalesce(new.accepted_into, new.entity_id) else new.entity_id end;
    for of in
      select 'letter' as entity, new.accepted_into as id where new.accepted_into is not null
      union all select 'letter_update', u.update_id from steno.letter_update u
        where new.accepted_into <> new.letter_id and u.firm_id = new.firm_id and u.letter_id = new.accepted_into and u.created_at = now()
      union all select 'conflict', c.conflict_id from steno.conflict c
        where c.firm_id = new.firm_id and c.entity = new.entity and c.entity_id in (new.entity_id, new.accepted_into) and c.state = 'open' and c.updated_at = now()
    loop
      entities := entities || of.entity;
      ids := ids || of.id;
    end loop;
  end if;
  perform steno.append_to_feed(new.firm_id, entities, ids);
end
$$;
-- Deferred triggers of Postgres 15 run as whoever commits: a laptop's login, which may do nothing by itself. Where its session stands behind the change the
-- owner speaks for it; what an administrator changes by hand she tells herself.
create function steno.feed_proposal() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
begin
  if auth.current_firm_id() = new.firm_id then perform steno.append_proposal(tg_op, new, case tg_op when 'UPDATE' then old end); end if;
  return null;
end
$$;
create function steno.feed_proposal_direct() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if auth.current_firm_id() is distinct from new.firm_id then perform steno.append_proposal(tg_op, new, case tg_op when 'UPDATE' then old end); end if;
  return null;
end
$$;
revoke execute on function steno.append_proposal(text, steno.proposal, steno.proposal), steno.feed_proposal(), steno.feed_proposal_direct() from public;
create constraint trigger proposal_feed after insert or update on steno.proposal deferrable initially deferred for each row execute function steno.feed_proposal();
create constraint trigger proposal_feed_direct after insert or update on steno.proposal deferrable initially deferred for each row execute function steno.feed_proposal_direct();
create trigger proposal_feed_delete after delete on steno.proposal referencing old table as gone_rows for each statement execute function steno.feed_direct_delete('proposal', 'proposal_id');

call steno.protect('proposal', 'conflict:inbox:decide', 'conflict:inbox:decide');
-- Its author keeps it, and sees what becomes of it, whatever else she may. A program with a key of hers proposes nothing and sees none.
create policy proposal_kept on steno.proposal for insert with check (firm_id = (select auth.current_firm_id()) and proposed_by = (select auth.current_user_id()));
create policy proposal_own on steno.proposal for select using (firm_id = (select auth.firm_for('conflict:inbox:read')) and proposed_by = (select auth.current_user_id()));
call steno.keep_audit('steno.proposal', '{proposal_id}', '{patch}');

insert into steno.entity (entity, table_name, id_column, write_permission, is_insertable) values ('proposal', 'proposal', 'proposal_id', 'conflict:inbox:decide', false);
insert into steno.entity_field (entity, field, policy, merge_group) values ('proposal', 'state', 'last', 'state'), ('letter_update', 'leans_on', 'last', 'leans_on');

reset role;
