do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c where c.relnamespace in ('steno'::regnamespace, 'auth'::regnamespace) and c.relkind in ('r', 'p') loop
    execute format('comment on table %s is null', t.name);
  end loop;
end
$$;
delete from steno.conflict where entity in ('collaboration', 'ai_refinement', 'setting', 'document_link', 'chunk', 'feedback');
set constraints all immediate; -- or the tables below could not be dropped
set constraints all deferred;
set local role steno_owner;
delete from steno.entity_field where entity in ('collaboration', 'ai_refinement', 'setting', 'document_link', 'chunk', 'feedback')
  or (entity = 'matter' and field in ('legal_hold', 'legal_hold_reason')) or (entity = 'letter_version' and field = 'is_major');
delete from steno.entity where entity in ('collaboration', 'ai_refinement', 'setting', 'document_link', 'chunk', 'feedback');
drop table steno.feedback, steno.chunk, steno.document_link, steno.setting, steno.demand_letter_archive, steno.ai_refinement, steno.collaboration;
do $$
declare t text;
begin
  foreach t in array array['matter', 'source_document', 'fact', 'bill_line', 'stated_total', 'demand_letter', 'document_page', 'export', 'letter_update', 'letter_version', 'blob', 'blob_chunk'] loop
    execute format('drop trigger %I on steno.%I', t || '_held', t);
  end loop;
end
$$;
drop trigger matter_hold on steno.matter;
drop trigger source_document_moved on steno.source_document;
drop function steno.check_refinement(), steno.check_collaboration(), steno.check_link(), steno.part_links(), steno.check_setting(), steno.check_hold(), steno.refuse_held(), steno.is_held(uuid, text, text);
alter table steno.matter drop column legal_hold, drop column legal_hold_reason, drop column legal_hold_by, drop column legal_hold_at;
drop trigger letter_version_number on steno.letter_version;
drop trigger letter_version_kept on steno.letter_version;
drop function steno.number_letter_version(), steno.keep_letter_version();
alter table steno.letter_version drop column version_number, drop column is_major;
create index letter_version_letter_idx on steno.letter_version (firm_id, letter_id);
drop index steno.demand_letter_firm_updated_at_idx, steno.demand_letter_firm_status_idx, steno.demand_letter_activity_idx, steno.demand_letter_created_by_idx,
  steno.template_category_idx, steno.demand_letter_template_idx, steno.fact_document_idx, steno.bill_line_document_idx, steno.stated_total_document_idx,
  steno.source_document_content_idx;
alter table steno.demand_letter drop constraint demand_letter_finalized_check;
create or replace function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.status in ('Finalized', 'Exported', 'Archived') and
     (new.title, new.letter_date, new.demand_cents, new.matter_id, new.deleted_at) is distinct from (old.title, old.letter_date, old.demand_cents, old.matter_id, old.deleted_at) then
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
    if new.status = 'Finalized' then
      if not auth.may('letter:status:finalize') then raise exception 'finalize_needs_attorney' using errcode = 'SN001'; end if;
      new.finalized_at := now();
      new.finalized_by := auth.current_user_id();
    end if;
  end if;
  return new;
end
$$;
reset role;
