do $$
declare t record;
begin
  for t in select tgname, tgrelid::regclass as of_table from pg_trigger where tgfoid in ('steno.audit_change()'::regprocedure, 'steno.refuse_truncate()'::regprocedure, 'steno.refuse_key_change()'::regprocedure) and tgname like '%\_audit\_%' loop
    execute format('drop trigger %I on %s', t.tgname, t.of_table);
  end loop;
end
$$;
drop procedure steno.keep_audit(regclass, text[], text[], text[]), steno.make_partitions(text, date, text[]);
drop function steno.audit_batch_open(steno.audit_pending), steno.audit_batch_of(uuid), steno.audit_event_text(steno.audit_event);
drop table steno.partition_policy;
drop table steno.audit_event, steno.audit_batch, steno.audit_head, steno.audit_pending;
drop function steno.audit_note(uuid, text, text, text, jsonb), steno.refuse_truncate(), steno.refuse_key_change(), steno.audit_change(), steno.audit_values(jsonb, text[]), steno.seal_audit_batch(),
  steno.refuse_audit_change();
drop sequence steno.audit_event_number;
set local role steno_auth;
revoke execute on function auth.current_session(), auth.current_firm_id(), auth.firm_for(text) from steno_audit;
reset role;
revoke all on schema steno, auth, public from steno_audit;
alter default privileges for role steno_audit grant execute on functions to public;
