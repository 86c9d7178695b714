set local role steno_owner;
drop function app.push(text, jsonb), app.pull(text, bigint, integer), app.whoami(text), app.sign_in(text, text, text, uuid, text), app.sign_out(text),
  app.put_blob_chunk(text, text, bigint, integer, bytea), app.complete_blob(text, text), app.blob_state(text, text), app.get_blob_chunk(text, text, integer);
drop function steno.apply_mutation(jsonb, auth.session, text);
drop table steno.conflict cascade;
do $$
declare e record;
begin
  for e in select * from steno.entity where entity <> 'conflict' loop
    execute format('drop trigger %s_feed on steno.%I', e.entity, e.table_name);
  end loop;
end
$$;
drop table steno.mutation, steno.change_feed, steno.feed_position, steno.entity_field, steno.entity;
drop function steno.feed_direct_change(), steno.append_to_feed(uuid, text[], uuid[]);
set local role steno_auth;
revoke execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) from steno_owner;
grant execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) to steno_client;
reset role;
revoke select on public.steno_migration from steno_client;
