-- Who said something, the firm's database knows from the session: no client is believed about it. And no row is larger than what readers and people make.
set local role steno_owner;

/*
 * Who decided about a row and when. What this is told (by the triggers below): 'caller', something was decided; 'as_before', nothing was, so that nobody is put
 * in another's place; 'nobody', it is only proposed. An administrator without a session says so herself.
 */
create function steno.keep_decider() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  -- What a push changed has its revision beside the field and who pushes on the row; both are written by the firm alone. To ask for the session of each of a
  -- thousand rows takes half as long again as all the rest.
  me uuid := case when tg_op = 'UPDATE' and new.field_revision is distinct from old.field_revision then new.updated_by else auth.current_user_id() end;
begin
  if me is null then return new; end if;
  if tg_argv[0] = 'nobody' then
    new.decided_by := null;
    new.decided_at := null;
  elsif tg_argv[0] = 'as_before' and old.decided_by is not null then
    new.decided_by := old.decided_by;
    new.decided_at := old.decided_at;
  else
    -- A decision made on a plane was made then, not when the laptop came home, nor when a restored firm got its rows back: of the time of her own decision the
    -- caller is believed as far as it can be true, since the row was decided about last and no later than now. It orders nothing (S11). Who takes over another's
    -- decision, takes it now.
    if new.decided_by = me and new.decided_at between coalesce(case when tg_op = 'UPDATE' then old.decided_at end, '2000-01-01 00:00:00+00') and now()
      and (tg_op = 'INSERT' or new.decided_at is distinct from old.decided_at) then
      null;
    else
      new.decided_at := now();
    end if;
    new.decided_by := me;
  end if;
  return new;
end
$$;

-- Whoever changes anything of what was decided says it from then on: not only its value, also the place it was read from. A row that rules propose costs no call.
do $$
declare
  of text;
  fields text;
  is_changed text;
  is_decided text;
begin
  foreach of in array array['fact', 'bill_line', 'contact', 'question'] loop
    select string_agg('%1$s.' || field, ', ' order by field) into fields
    from steno.entity_field where entity = of and field not in ('decided_by', 'decided_at', 'deleted_at');
    is_changed := format('(' || fields || ')', 'new') || ' is distinct from ' || format('(' || fields || ')', 'old');
    -- a question has no state: a row of it is an answer
    is_decided := case of when 'question' then 'true' else 'new.state <> ''proposed''' end;
    execute format('create trigger %1$s_decided_new before insert on steno.%1$s for each row when (%2$s) execute function steno.keep_decider(''caller'')', of, is_decided);
    execute format('create trigger %1$s_decided before update on steno.%1$s for each row when (%2$s and %3$s) execute function steno.keep_decider(''caller'')', of, is_decided, is_changed);
    execute format('create trigger %1$s_decided_before before update of decided_by, decided_at on steno.%1$s for each row
      when (%2$s and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at) and not (%3$s)) execute function steno.keep_decider(''as_before'')', of, is_decided, is_changed);
    continue when of = 'question';
    execute format('create trigger %1$s_undecided before insert or update on steno.%1$s for each row
      when (new.state = ''proposed'' and num_nonnulls(new.decided_by, new.decided_at) > 0) execute function steno.keep_decider(''nobody'')', of);
  end loop;
end
$$;

-- As 0009 has it; and the reason stands under the name of who decided, so whoever writes another one decides. Nor does a rule's link become one by hand.
create or replace function steno.check_link() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.method = 'rule' and new.state <> 'proposed' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  elsif (new.from_document_id, new.to_document_id, new.link_kind, new.method) is distinct from (old.from_document_id, old.to_document_id, old.link_kind, old.method) then
    raise exception 'append_only' using errcode = 'SN001';
  elsif new.state = old.state and (new.state = 'proposed' or new.decision_reason is not distinct from old.decision_reason) then
    return new;
  elsif new.state = 'proposed' then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  -- one client's papers must not be reached from another's
  if new.state <> 'rejected' and exists (select from steno.source_document f join steno.source_document t on t.firm_id = f.firm_id and t.matter_id <> f.matter_id
    where f.firm_id = new.firm_id and f.document_id = new.from_document_id and t.document_id = new.to_document_id) then
    raise exception 'link_across_matters' using errcode = 'SN001';
  end if;
  if new.state <> 'proposed' then
    new.decided_by := coalesce(auth.current_user_id(), new.decided_by);
    new.decided_at := now();
  end if;
  return new;
end
$$;

-- What somebody thought is hers: others say what they think in a row of their own.
create function steno.check_author() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if me is not null and old.created_by is distinct from me then raise exception 'not_author' using errcode = 'SN001'; end if;
  return new;
end
$$;
create trigger feedback_author before update on steno.feedback for each row execute function steno.check_author();

-- Who added a document or made an export is who made the row (of an accepted proposal, its author), and stays that.
create function steno.keep_maker() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if auth.current_user_id() is null then return new; end if;
  if tg_table_name = 'export' then
    new.exported_by := case tg_op when 'INSERT' then new.created_by else old.exported_by end;
  else
    new.uploaded_by := case tg_op when 'INSERT' then new.created_by else old.uploaded_by end;
  end if;
  return new;
end
$$;
create trigger source_document_maker_new before insert on steno.source_document for each row
  when (new.uploaded_by is distinct from new.created_by) execute function steno.keep_maker();
create trigger source_document_maker before update of uploaded_by on steno.source_document for each row
  when (new.uploaded_by is distinct from old.uploaded_by) execute function steno.keep_maker();
create trigger export_maker_new before insert on steno.export for each row
  when (new.exported_by is distinct from new.created_by) execute function steno.keep_maker();
create trigger export_maker before update of exported_by on steno.export for each row
  when (new.exported_by is distinct from old.exported_by) execute function steno.keep_maker();

-- As 0025 has it, and a person's word is only what comes with the word that it is one: a patch of the kind alone (a laptop that read the file anew, an app of before)
-- would stand under her name. That the word came, and did not merely stand there, its field's revision says. Whose word it is, the session says.
create or replace function steno.keep_kind() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if me is null then return new; end if;
  if new.kind_by is distinct from 'person' or (tg_op = 'UPDATE' and new.field_revision -> 'kind_by' is not distinct from old.field_revision -> 'kind_by') then
    new.document_type := old.document_type;
    new.kind_by := old.kind_by;
    new.kind_confidence := old.kind_confidence;
    new.kind_why := old.kind_why;
  else
    new.kind_why := (select left(concat_ws(' ', u.first_name, u.last_name), 400) || ' said so' from steno."user" u where u.firm_id = new.firm_id and u.user_id = me);
  end if;
  return new;
end
$$;
drop trigger source_document_kind on steno.source_document;
create trigger source_document_kind before update of document_type, kind_by, kind_confidence, kind_why on steno.source_document for each row
  when ('person' in (old.kind_by, new.kind_by)) execute function steno.keep_kind();
create trigger source_document_kind_new before insert on steno.source_document for each row when (new.kind_by = 'person') execute function steno.keep_kind();

/*
 * Sizes, in characters: every laptop indexes what one of them sends. Readers cut long texts into pages of 100,000 and read 200,000 of a page of a PDF, and what
 * is quoted from a page is part of it; what people and rules write beside it has 2,000. Not valid: what is here already stays, however it came.
 */
alter table steno.document_page add constraint document_page_extracted_text_check check (length(extracted_text) <= 1000000) not valid;
alter table steno.source_document add constraint source_document_processing_reason_check check (length(processing_reason) <= 10000) not valid;
alter table steno.fact
  add constraint fact_quote_check check (length(quote) <= 400000) not valid,
  add constraint fact_method_check check (length(method) <= 10000) not valid,
  add constraint fact_decision_reason_check check (length(decision_reason) <= 10000) not valid;
alter table steno.bill_line
  add constraint bill_line_description_check check (length(description) <= 400000) not valid,
  add constraint bill_line_quote_check check (length(quote) <= 400000) not valid,
  add constraint bill_line_method_check check (length(method) <= 10000) not valid,
  add constraint bill_line_problem_check check (length(problem) <= 10000) not valid,
  add constraint bill_line_decision_reason_check check (length(decision_reason) <= 10000) not valid;
alter table steno.stated_total
  add constraint stated_total_label_check check (length(label) <= 400000) not valid,
  add constraint stated_total_provider_check check (length(provider) <= 400000) not valid,
  add constraint stated_total_quote_check check (length(quote) <= 400000) not valid;
alter table steno.letter_version add constraint letter_version_change_summary_check check (length(change_summary) <= 10000) not valid;
alter table steno.template add constraint template_template_description_check check (length(template_description) <= 10000) not valid;
reset role;
