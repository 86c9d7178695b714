-- past the policies: nobody's session stands behind this
delete from steno.change_feed where entity = 'ai_refinement';
set local role steno_owner;
delete from steno.entity_field where (entity, field) in (('ai_refinement', 'kind'), ('assistant_call', 'refinement_id'));
update steno.entity set travels = false where entity = 'ai_refinement';
alter table steno.assistant_call drop column refinement_id;
drop trigger ai_refinement_feed on steno.ai_refinement;
drop trigger ai_refinement_feed_delete on steno.ai_refinement;
alter table steno.ai_refinement drop constraint ai_refinement_output_content_size_check, drop constraint ai_refinement_input_content_size_check, drop column kind;
comment on column steno.ai_refinement.input_content is null;
comment on column steno.ai_refinement.output_content is null;
create or replace function steno.check_refinement() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare is_removal boolean;
begin
  if tg_op = 'INSERT' then
    if new.status <> 'Pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    new.requested_by := coalesce(auth.current_user_id(), new.requested_by);
    return new;
  end if;
  is_removal := old.details_removed_at is null and new.details_removed_at is not null;
  if is_removal and steno.is_held(old.firm_id, 'letter_id', old.letter_id::text) then raise exception 'legal_hold' using errcode = 'SN001'; end if;
  -- what was asked stays what was asked
  if (new.letter_id, new.provider, new.ai_model, new.prompt_version) is distinct from (old.letter_id, old.provider, old.ai_model, old.prompt_version)
     or (not is_removal and (new.instruction, new.input_content, new.details_removed_at) is distinct from (old.instruction, old.input_content, old.details_removed_at)) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if old.status in ('Completed', 'Failed') then
    if (new.status, new.processing_time_ms, new.token_count, new.cost_microdollars, new.error_message, new.completed_at)
         is distinct from (old.status, old.processing_time_ms, old.token_count, old.cost_microdollars, old.error_message, old.completed_at)
       or (not is_removal and new.output_content is distinct from old.output_content) then
      raise exception 'refinement_finished' using errcode = 'SN001';
    end if;
  elsif new.status <> old.status then
    if not (case old.status when 'Pending' then new.status in ('Processing', 'Failed') else new.status in ('Completed', 'Failed') end) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if new.status in ('Completed', 'Failed') then new.completed_at := now(); end if;
  end if;
  return new;
end
$$;
reset role;
