-- What a value was before a person first corrected it: shown beside it, and counted by field. The firm keeps it itself, so that nobody can say that something else was read.
set local role steno_owner;
alter table steno.fact
  add column read_value text check (length(read_value) between 1 and 2000);
alter table steno.bill_line
  -- provider, billed_cents, adjusted_cents, paid_cents as they were read
  add column read_values jsonb check (jsonb_typeof(read_values) = 'object' and octet_length(read_values::text) <= 4000 and not jsonb_path_exists(read_values, '$.**{3}'));
create function steno.keep_read_value() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  -- a new row was read as it stands; who hands back what a restored firm forgot brings corrections along
  if tg_op = 'INSERT' then
    if new.state <> 'corrected' then
      if tg_table_name = 'fact' then new.read_value := null; else new.read_values := null; end if;
    end if;
    return new;
  end if;
  if tg_table_name = 'fact' then
    new.read_value := coalesce(old.read_value, case when new.value is distinct from old.value then old.value end);
  else
    new.read_values := coalesce(old.read_values, case when (new.provider, new.billed_cents, new.adjusted_cents, new.paid_cents)
        is distinct from (old.provider, old.billed_cents, old.adjusted_cents, old.paid_cents)
      then jsonb_build_object('provider', old.provider, 'billed_cents', old.billed_cents, 'adjusted_cents', old.adjusted_cents, 'paid_cents', old.paid_cents) end);
  end if;
  return new;
end
$$;
create trigger fact_read_value before update of value, read_value on steno.fact for each row execute function steno.keep_read_value();
create trigger fact_read_value_new before insert on steno.fact for each row when (new.read_value is not null) execute function steno.keep_read_value();
create trigger bill_line_read_values_new before insert on steno.bill_line for each row when (new.read_values is not null) execute function steno.keep_read_value();
create trigger bill_line_read_values before update of provider, billed_cents, adjusted_cents, paid_cents, read_values on steno.bill_line for each row execute function steno.keep_read_value();
insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values
  ('fact', 'read_value', 'follow', 'decision', true), ('bill_line', 'read_values', 'follow', 'decision', true);
reset role;
