set local role steno_owner;
create or replace function steno.refuse(m jsonb, session auth.session, reason text, detail text) returns jsonb
language sql volatile set search_path = steno, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('verdict', 'rejected', 'reason', reason, 'detail', detail))
$$;
delete from steno.entity_field where entity = 'proposal' or (entity, field) = ('letter_update', 'leans_on');
drop function steno.append_proposal(text, steno.proposal, steno.proposal);
drop function steno.apply_proposal(steno.proposal, auth.session), steno.letter_for_proposal(uuid, auth.session), steno.id_of(text);
drop table steno.proposal;
reset role;
-- the feed of every firm, which the owner does not see
delete from steno.change_feed where entity = 'proposal';
set local role steno_owner;
delete from steno.entity where entity = 'proposal';
drop function steno.propose(jsonb, auth.session, text), steno.uuid_or_null(text), steno.feed_proposal(), steno.feed_proposal_direct(), steno.decide_proposal();
drop index steno.mutation_refused_idx;
alter table steno.entity drop column proposes;
alter policy conflict_read on steno.conflict using (firm_id = (select auth.firm_for('conflict:inbox:read')));

drop trigger letter_update_not_loose on steno.letter_update;
drop function steno.refuse_loose_update();
alter table steno.letter_update drop column leans_on;
drop trigger letter_update_not_deleted on steno.letter_update;
drop trigger letter_version_not_deleted on steno.letter_version;
drop function steno.refuse_deleted_letter();
create or replace function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
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
set local role steno_audit;
drop policy user_history_roles on steno.user_history;
drop function steno.former_roles(uuid, uuid);
reset role;
