set local role steno_owner;
create function steno.feed_direct_delete() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  for_firm uuid;
  ids uuid[];
begin
  for for_firm, ids in execute format('select firm_id, array_agg(%I) from gone_rows group by firm_id', tg_argv[1]) loop
    -- a firm that goes takes its feed with it
    if exists (select from steno.firm f where f.firm_id = for_firm) then
      perform steno.append_to_feed(for_firm, array_fill(tg_argv[0], array[cardinality(ids)]), ids);
    end if;
  end loop;
  return null;
end
$$;
revoke execute on function steno.feed_direct_delete() from public;
do $$
declare e record;
begin
  for e in select r.* from steno.entity r join pg_trigger t on t.tgrelid = format('steno.%I', r.table_name)::regclass and t.tgname = r.entity || '_feed_delete' loop
    execute format('drop trigger %I on steno.%I', e.entity || '_feed_delete', e.table_name);
    execute format('create trigger %I after delete on steno.%I referencing old table as gone_rows for each statement execute function steno.feed_direct_delete(%L, %L)',
      e.entity || '_feed_delete', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;
set local role steno_auth;
drop function auth.announce_gone();
reset role;
