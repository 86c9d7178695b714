-- Deletions reach laptops, and what is asked of the server for a whole firm.
set local role steno_owner;

-- Rows that retention or an administrator deletes are gone from the laptops too: the feed names them, and the pull finds no row.
-- One append a statement (a cascade deletes many); the firm's position is held from here to the commit, so keep such transactions short.
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
do $$
declare e record;
begin
  for e in select * from steno.entity where travels and entity <> 'firm' loop
    execute format('create trigger %I after delete on steno.%I referencing old table as gone_rows for each statement execute function steno.feed_direct_delete(%L, %L)',
      e.entity || '_feed_delete', e.table_name, e.entity, e.id_column);
  end loop;
end
$$;

-- The named queries of the documents, for reports and programs that hold no copy. They run with the caller's rights and are written to be
-- inlined (sql, stable, without settings of their own), so that the plan shows the policies' InitPlan and the index: test/pg/plans.test.ts
-- insists on both. The caller sets app.session_token in the same transaction. Lists go on after the last row they had, because an offset
-- reads everything before it.

-- Document 000, 1: letters that are not archived, newest change first.
create function app.letter_dashboard(before timestamptz, before_id uuid, most integer)
returns table (letter_id uuid, title text, client_name text, defendant_name text, status text, created_at timestamptz, updated_at timestamptz)
language sql stable as $$
  select l.letter_id, l.title,
    (select f.value from steno.fact f where f.firm_id = l.firm_id and f.matter_id = l.matter_id and f.kind = 'client_name' and f.deleted_at is null and f.state <> 'rejected'
      order by f.state in ('approved', 'corrected') desc, f.confidence desc, f.fact_id limit 1),
    (select f.value from steno.fact f where f.firm_id = l.firm_id and f.matter_id = l.matter_id and f.kind = 'defendant_name' and f.deleted_at is null and f.state <> 'rejected'
      order by f.state in ('approved', 'corrected') desc, f.confidence desc, f.fact_id limit 1),
    l.status, l.created_at, l.updated_at
  from steno.demand_letter l
  where l.status <> 'Archived' and l.deleted_at is null and (l.updated_at, l.letter_id) < (before, before_id)
  order by l.updated_at desc, l.letter_id desc limit most
$$;

-- Document 000, 2: one letter with the documents of its matter.
create function app.letter_with_documents(of_letter uuid)
returns table (letter_id uuid, title text, status text, letter_date date, demand_cents bigint, updated_at timestamptz, source_documents jsonb)
language sql stable as $$
  select l.letter_id, l.title, l.status, l.letter_date, l.demand_cents, l.updated_at,
    coalesce((select jsonb_agg(jsonb_build_object('documentId', d.document_id, 'fileName', d.file_name, 'documentType', d.document_type, 'processingStatus', d.processing_status) order by d.file_name, d.document_id)
      from steno.source_document d where d.firm_id = l.firm_id and d.matter_id = l.matter_id and d.deleted_at is null), '[]')
  from steno.demand_letter l where l.letter_id = of_letter and l.deleted_at is null
$$;

-- Document 000, 3: templates in use, by category.
create function app.templates_by_category(in_category text)
returns table (template_id uuid, template_name text, template_description text, is_default boolean)
language sql stable as $$
  select t.template_id, t.template_name, t.template_description, t.is_default from steno.template t
  where t.category = in_category and t.is_active and t.deleted_at is null order by t.template_name
$$;

-- Document 000, 4: what was asked of the assistant for a letter, newest first.
create function app.refinement_history(of_letter uuid, most integer)
returns table (refinement_id uuid, instruction text, status text, processing_time_ms integer, token_count integer, created_at timestamptz)
language sql stable as $$
  select r.refinement_id, r.instruction, r.status, r.processing_time_ms, r.token_count, r.created_at
  from steno.ai_refinement r where r.letter_id = of_letter and r.deleted_at is null order by r.created_at desc limit most
$$;

-- Document 000, 5: who worked on which letters last.
create function app.user_activity(before timestamptz, before_id uuid, most integer)
returns table (first_name text, last_name text, email public.citext, letter_id uuid, title text, status text, last_activity timestamptz)
language sql stable as $$
  select u.first_name, u.last_name, u.email, l.letter_id, l.title, l.status, l.updated_at
  from steno.demand_letter l join steno."user" u on u.firm_id = l.firm_id and u.user_id = l.created_by
  where (l.updated_at, l.letter_id) < (before, before_id)
  order by l.updated_at desc, l.letter_id desc limit most
$$;

-- The audit of one row, newest first; and of one person.
create function app.row_history(of_table text, of_row text, most integer)
returns table (occurred_at timestamptz, action text, old_values jsonb, new_values jsonb, user_id uuid, application text, address inet)
language sql stable as $$
  select e.occurred_at, e.action, e.old_values, e.new_values, e.user_id, e.application, e.address from steno.audit_event e
  where e.table_name = of_table and e.row_key = of_row order by e.occurred_at desc limit most
$$;
create function app.person_history(of_user uuid, before timestamptz, most integer)
returns table (occurred_at timestamptz, table_name text, row_key text, action text)
language sql stable as $$
  select e.occurred_at, e.table_name, e.row_key, e.action from steno.audit_event e
  where e.user_id = of_user and e.occurred_at < before order by e.occurred_at desc limit most
$$;

-- Document 001: contracts, newest change first; the queue of what is to be reviewed, least sure first; one contract's values with their corrections.
create function app.contract_list(before timestamptz, before_id uuid, most integer)
returns table (contract_id uuid, contract_kind text, contract_number text, administrator text, customer_name text, status text, price_cents bigint, extraction_status text, updated_at timestamptz)
language sql stable as $$
  select c.contract_id, c.contract_kind, c.contract_number, c.administrator, c.customer_name, c.status, c.price_cents, e.status, c.updated_at
  from steno.contract c left join steno.extraction e on e.firm_id = c.firm_id and e.contract_id = c.contract_id
  where c.deleted_at is null and (c.updated_at, c.contract_id) < (before, before_id)
  order by c.updated_at desc, c.contract_id desc limit most
$$;
create function app.extraction_queue(most integer)
returns table (extraction_id uuid, contract_id uuid, overall_confidence integer, created_at timestamptz)
language sql stable as $$
  select e.extraction_id, e.contract_id, e.overall_confidence, e.created_at from steno.extraction e
  where e.status = 'pending' and e.deleted_at is null order by e.overall_confidence, e.created_at limit most
$$;
create function app.contract_values(of_contract uuid)
returns table (field_name text, value text, confidence integer, page integer, quote text, corrected_value text, is_corrected boolean)
language sql stable as $$
  select f.field_name, f.value, f.confidence, f.page, f.quote, k.new_value, k.correction_number is not null
  from steno.extraction e
  join steno.extraction_field f on f.firm_id = e.firm_id and f.extraction_id = e.extraction_id and f.deleted_at is null
  left join lateral (select k.new_value, k.correction_number from steno.correction k where k.firm_id = f.firm_id and k.field_id = f.field_id order by k.correction_number desc limit 1) k on true
  where e.contract_id = of_contract and e.deleted_at is null order by f.confidence, f.field_name
$$;

-- Document 002: a room's messages, newest first; who takes part in it.
create function app.room_messages(in_room uuid, before timestamptz, most integer)
returns table (message_id uuid, sender_id uuid, message_type text, content text, robot_id text, reply_to_message_id uuid, delivery_status text, created_at timestamptz, deleted_at timestamptz)
language sql stable as $$
  select m.message_id, m.sender_id, m.message_type, m.content, m.robot_id, m.reply_to_message_id, m.delivery_status, m.created_at, m.deleted_at
  from steno.message m where m.room_id = in_room and m.created_at < before order by m.created_at desc limit most
$$;
create function app.room_participants(in_room uuid)
returns table (user_id uuid, first_name text, last_name text, participant_role text, participant_status text, last_read_at timestamptz)
language sql stable as $$
  select p.user_id, u.first_name, u.last_name, p.role, p.status, p.last_read_at
  from steno.room_participant p join steno."user" u on u.firm_id = p.firm_id and u.user_id = p.user_id
  where p.room_id = in_room and p.deleted_at is null and p.status in ('active', 'muted') order by u.last_name, u.first_name
$$;
grant execute on all functions in schema app to steno_client;
reset role;
