-- What goes with its parent reaches laptops as gone, too. A cascade runs as the owner of the tables, who is under their policies and sees no firm without a session:
-- the trigger of 0013 then took the firm for gone and said nothing. By steno_auth, as the other words that nobody's session stands behind (0015).
set local role steno_auth;
-- One append a statement; the firm's position is held from here to the commit, so keep such transactions short.
create function auth.announce_gone() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  for_firm uuid;
  ids uuid[];
begin
  for for_firm, ids in execute format('select firm_id, array_agg(%I order by %1$I) from gone_rows group by firm_id', tg_argv[1]) loop
    -- a firm that goes takes its feed with it
    if exists (select from steno.firm f where f.firm_id = for_firm) then
      perform steno.append_to_feed(for_firm, array_fill(tg_argv[0], array[cardinality(ids)]), ids);
    end if;
  end loop;
  return null;
end
$$;
revoke execute on function auth.announce_gone() from public;
grant execute on function auth.announce_gone() to steno_owner;
set local role steno_owner;
do $$
declare e record;
begin
  for e in select r.* from steno.entity r join pg_trigger t on t.tgrelid = format('steno.%I', r.table_name)::regclass and t.tgname = r.entity || '_feed_delete' loop
    execute format('drop trigger %I on steno.%I', e.entity || '_feed_delete', e.table_name);
    execute format('create trigger %I after delete on steno.%I referencing old table as gone_rows for each statement execute function auth.announce_gone(%L, %L)',
      e.entity || '_feed_delete', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;
drop function steno.feed_direct_delete();
reset role;
