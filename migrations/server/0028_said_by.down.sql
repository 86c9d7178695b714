set local role steno_owner;
alter table steno.template drop constraint template_template_description_check;
alter table steno.letter_version drop constraint letter_version_change_summary_check;
alter table steno.stated_total drop constraint stated_total_label_check, drop constraint stated_total_provider_check, drop constraint stated_total_quote_check;
alter table steno.bill_line drop constraint bill_line_description_check, drop constraint bill_line_quote_check, drop constraint bill_line_method_check,
  drop constraint bill_line_problem_check, drop constraint bill_line_decision_reason_check;
alter table steno.fact drop constraint fact_quote_check, drop constraint fact_method_check, drop constraint fact_decision_reason_check;
alter table steno.source_document drop constraint source_document_processing_reason_check;
alter table steno.document_page drop constraint document_page_extracted_text_check;
drop trigger source_document_kind_new on steno.source_document;
drop trigger source_document_kind on steno.source_document;
create or replace function steno.keep_kind() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  new.document_type := old.document_type;
  new.kind_by := old.kind_by;
  new.kind_confidence := old.kind_confidence;
  new.kind_why := old.kind_why;
  return new;
end
$$;
create trigger source_document_kind before update of document_type, kind_by, kind_confidence, kind_why on steno.source_document for each row
  when (old.kind_by = 'person' and new.kind_by is distinct from 'person') execute function steno.keep_kind();
drop function steno.keep_maker() cascade; -- with their triggers
drop function steno.check_author() cascade;
drop function steno.keep_decider() cascade;
create or replace function steno.check_link() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.method = 'rule' and new.state <> 'proposed' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  elsif (new.from_document_id, new.to_document_id, new.link_kind) is distinct from (old.from_document_id, old.to_document_id, old.link_kind) then
    raise exception 'append_only' using errcode = 'SN001';
  elsif new.state = old.state then
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
reset role;
