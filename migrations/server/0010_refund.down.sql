delete from steno.conflict where entity in ('contract', 'extraction', 'extraction_field', 'correction');
set constraints all immediate; -- or the tables below could not be dropped
set constraints all deferred;
set local role steno_owner;
delete from steno.entity_field where entity in ('contract', 'extraction', 'extraction_field', 'correction');
delete from steno.entity where entity in ('contract', 'extraction', 'extraction_field', 'correction');
drop view steno.v_daily_extraction_stats, steno.v_user_activity, steno.v_extraction_details;
drop function steno.calculate_extraction_accuracy(uuid), steno.aggregate_extractions(date);
drop table steno.extraction_metric, steno.correction, steno.extraction_field, steno.extraction, steno.contract;
drop function steno.check_correction(), steno.check_extraction_open(), steno.check_extraction(), steno.check_contract();
create or replace function steno.is_held(of_firm uuid, named_by text, name text) returns boolean language plpgsql stable set search_path = steno, pg_temp as $$
declare held boolean;
begin
  if name is null then return false; end if;
  if named_by = 'content_hash' then -- many documents may be this file; an upload that is not whole is none
    return exists (select from steno.blob b join steno.source_document d using (firm_id, content_hash) join steno.matter m using (firm_id, matter_id)
      where b.firm_id = of_firm and b.content_hash = name and b.completed_at is not null and m.legal_hold);
  elsif named_by = 'matter_id' then
    select m.legal_hold into held from steno.matter m where m.firm_id = of_firm and m.matter_id = name::uuid;
  elsif named_by in ('document_id', 'from_document_id') then
    select m.legal_hold into held from steno.source_document d join steno.matter m using (firm_id, matter_id) where d.firm_id = of_firm and d.document_id = name::uuid;
  elsif named_by = 'letter_id' then
    select m.legal_hold into held from steno.demand_letter l join steno.matter m using (firm_id, matter_id) where l.firm_id = of_firm and l.letter_id = name::uuid;
  else
    raise exception 'is_held does not know %', named_by;
  end if;
  -- gone already (its parent was deleted, and that was not held), or out of the caller's sight: who cannot see the hold is not let past it
  if not found then return auth.current_user_id() is not null; end if;
  return held;
end
$$;
reset role;
