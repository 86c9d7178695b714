-- Tables of rooms go with what they hold, their history too.
do $$
declare t record;
begin
  for t in select tgname from pg_trigger where tgrelid = 'steno."user"'::regclass and tgfoid = 'steno.write_history()'::regprocedure loop
    execute format('drop trigger %I on steno."user"', t.tgname);
  end loop;
end
$$;
drop policy user_companions on steno."user";
drop policy blob_attached on steno.blob;
drop policy blob_chunk_attached on steno.blob_chunk;
drop table steno.user_history, steno.room_history, steno.room_participant_history, steno.message_history, steno.message_attachment_history,
  steno.robot_interaction_history, steno.escalation_history;
drop table steno.user_presence, steno.escalation, steno.robot_interaction, steno.message_attachment, steno.message, steno.message_key, steno.room_participant, steno.room;
drop procedure steno.keep_history(text, text, text[], integer);
drop function steno.write_history(), steno.refuse_early_delete(), steno.check_month(), steno.check_message_change(), steno.check_robot_interaction(),
  steno.check_escalation(), steno.set_last_seen();
drop function auth.my_rooms(text), auth.history_from(), auth.rooms_where(text), auth.room_companions(), auth.check_room(), auth.seat_creator(), auth.check_seat(),
  auth.enter_message(), auth.place_attachment();
delete from steno.partition_policy where table_name in ('message', 'message_history');
delete from steno.conflict where entity in ('room', 'escalation');
delete from steno.entity_field where entity in ('room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation', 'user_presence');
delete from steno.entity where entity in ('room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation', 'user_presence');
delete from steno.role_permission where permission = 'chat:room:attend';
delete from steno.permission where permission = 'chat:room:attend';
alter table steno.entity drop column guests_write;

set local role steno_owner;
do $$
declare
  c record;
  was text;
  amended text;
begin
  for c in select * from (values
    ('app.push(text,jsonb)', 'when integrity_constraint_violation or data_exception then',
      'when insufficient_privilege then
          verdict := jsonb_build_object(''verdict'', ''rejected'', ''reason'', ''forbidden'');
        when integrity_constraint_violation or data_exception then'),
    ('steno.apply_mutation(jsonb,auth.session)', 'if e.write_permission is null or not auth.may(e.write_permission) then',
      'if e.write_permission is null or not (auth.may(e.write_permission) or (e.guests_write and auth.may(''chat:guest:attend''))) then'),
    ('steno.apply_mutation(jsonb,auth.session)', 'on conflict (firm_id, %2$I) do nothing returning revision'',
      e.table_name, e.id_column, columns)', 'on conflict on constraint %4$I do nothing returning revision'',
      e.table_name, e.id_column, columns, e.table_name || ''_pkey'')')
  ) as changes (function, old_words, new_words) loop
    was := pg_get_functiondef(c.function::regprocedure);
    amended := replace(was, c.new_words, c.old_words);
    if amended = was then raise exception '% no longer says: %', c.function, c.new_words; end if;
    execute amended;
  end loop;
end
$$;
create or replace function app.blob_state(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:read');
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;
create or replace function app.get_blob_chunk(token text, hash text, chunk integer) returns bytea language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:read');
  return (select c.bytes from steno.blob_chunk c join steno.blob b using (firm_id, content_hash)
    where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and b.completed_at is not null);
end
$$;
reset role;
