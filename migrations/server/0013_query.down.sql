do $$
declare e record;
begin
  for e in select * from steno.entity where travels and entity <> 'firm' loop
    execute format('drop trigger %I on steno.%I', e.entity || '_feed_delete', e.table_name);
  end loop;
end
$$;
drop function steno.feed_direct_delete();
drop function app.letter_dashboard(timestamptz, uuid, integer), app.letter_with_documents(uuid), app.templates_by_category(text), app.refinement_history(uuid, integer),
  app.user_activity(timestamptz, uuid, integer), app.row_history(text, text, integer), app.person_history(uuid, timestamptz, integer),
  app.contract_list(timestamptz, uuid, integer), app.extraction_queue(integer), app.contract_values(uuid),
  app.room_messages(uuid, timestamptz, integer), app.room_participants(uuid);
