set local role steno_owner;
drop trigger letter_version_open on steno.letter_version;
create trigger letter_version_open before insert on steno.letter_version for each row execute function steno.check_letter_open();
create or replace function steno.keep_letter_version() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if exists (select from steno.demand_letter l where l.firm_id = old.firm_id and l.letter_id = old.letter_id)
     and (old.is_major or not exists (select from steno.letter_version v where v.firm_id = old.firm_id and v.letter_id = old.letter_id and v.version_number > old.version_number)) then
    raise exception 'version_kept' using errcode = 'SN001';
  end if;
  return old;
end
$$;
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
drop trigger letter_version_major on steno.letter_version;
drop function steno.check_letter_version();
alter policy letter_version_insert on steno.letter_version with check (firm_id = (select auth.firm_for('letter:status:finalize')));
update steno.entity set write_permission = 'letter:status:finalize' where entity = 'letter_version';
delete from steno.entity_field where (entity, field) = ('letter_version', 'version_name');
alter table steno.letter_version drop column version_name;
reset role;
