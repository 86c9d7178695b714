-- What the assistant was asked about a letter travels to laptops as its history: in whose words, of what kind, and how it ended. What it cost stands in the calls, once.
set local role steno_owner;

alter table steno.ai_refinement
  -- "section", "letter", "question"; what was asked before this step was to rewrite
  add column kind text not null default 'refine' check (length(kind) between 1 and 60),
  -- every laptop holds what one of them sends
  add constraint ai_refinement_input_content_size_check check (octet_length(input_content) <= 200000) not valid,
  add constraint ai_refinement_output_content_size_check check (octet_length(output_content) <= 400000) not valid;
comment on column steno.ai_refinement.input_content is 'What was given to the model, in places and names: which section, which pages. No text of a document.';
comment on column steno.ai_refinement.output_content is 'What became of it: the suggestions it made by id, what was refused, or the answer to a question.';

-- As 0009 has it; what kind of request it was stays as well, and how it ended is said by who asked.
create or replace function steno.check_refinement() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  is_removal boolean;
  me uuid := auth.current_user_id();
begin
  if tg_op = 'INSERT' then
    if new.status <> 'Pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    new.requested_by := coalesce(me, new.requested_by);
    return new;
  end if;
  is_removal := old.details_removed_at is null and new.details_removed_at is not null;
  if is_removal and steno.is_held(old.firm_id, 'letter_id', old.letter_id::text) then raise exception 'legal_hold' using errcode = 'SN001'; end if;
  -- what was asked stays what was asked
  if (new.letter_id, new.kind, new.provider, new.ai_model, new.prompt_version) is distinct from (old.letter_id, old.kind, old.provider, old.ai_model, old.prompt_version)
     or (not is_removal and (new.instruction, new.input_content, new.details_removed_at) is distinct from (old.instruction, old.input_content, old.details_removed_at)) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if me <> old.requested_by and (new.status, new.output_content, new.error_message, new.processing_time_ms, new.token_count, new.cost_microdollars)
      is distinct from (old.status, old.output_content, old.error_message, old.processing_time_ms, old.token_count, old.cost_microdollars) then
    raise exception 'not_author' using errcode = 'SN001';
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

create constraint trigger ai_refinement_feed after insert or update on steno.ai_refinement deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('ai_refinement', 'refinement_id');
create trigger ai_refinement_feed_delete after delete on steno.ai_refinement referencing old table as gone_rows for each statement
  execute function auth.announce_gone('ai_refinement', 'refinement_id');
update steno.entity set travels = true where entity = 'ai_refinement';
insert into steno.entity_field (entity, field, policy, merge_group) values ('ai_refinement', 'kind', 'last', 'kind');

-- For which request a call was made: its cost is summed from here and stands nowhere twice. Not a foreign key: what was spent stays where the request is gone.
alter table steno.assistant_call add column refinement_id uuid;
insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values ('assistant_call', 'refinement_id', 'last', 'refinement_id', false);
reset role;
