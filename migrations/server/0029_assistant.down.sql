set local role steno_owner;
delete from steno.conflict where entity in ('assistant_policy', 'assistant_call');
delete from steno.proposal where entity in ('assistant_policy', 'assistant_call');
delete from steno.entity_field where entity in ('assistant_policy', 'assistant_call') or (entity = 'fact' and field in ('model', 'prompt_version'));
delete from steno.entity where entity in ('assistant_policy', 'assistant_call');
delete from steno.change_feed where entity in ('assistant_policy', 'assistant_call');
drop trigger fact_of_model on steno.fact;
drop trigger fact_of_model_new on steno.fact;
-- as 0028 made them
do $$
declare
  fields text;
  is_changed text;
begin
  select string_agg('%1$s.' || field, ', ' order by field) into fields from steno.entity_field where entity = 'fact' and field not in ('decided_by', 'decided_at', 'deleted_at');
  is_changed := format('(' || fields || ')', 'new') || ' is distinct from ' || format('(' || fields || ')', 'old');
  drop trigger fact_decided on steno.fact;
  drop trigger fact_decided_before on steno.fact;
  execute format('create trigger fact_decided before update on steno.fact for each row when (new.state <> ''proposed'' and %s) execute function steno.keep_decider(''caller'')', is_changed);
  execute format('create trigger fact_decided_before before update of decided_by, decided_at on steno.fact for each row
    when (new.state <> ''proposed'' and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at) and not (%s)) execute function steno.keep_decider(''as_before'')', is_changed);
end
$$;
alter table steno.fact drop column model, drop column prompt_version;
drop table steno.assistant_call, steno.assistant_policy;
drop function steno.check_model_fact(), steno.keep_assistant_call(), steno.check_assistant_policy();
reset role;
