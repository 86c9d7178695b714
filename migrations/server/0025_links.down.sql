-- past the policies: nobody's session stands behind this
delete from steno.change_feed where entity in ('document_link', 'feedback');
set local role steno_owner;
delete from steno.entity_field where (entity, field) in (('document', 'kind_by'), ('document', 'kind_confidence'), ('document', 'kind_why'), ('document_link', 'why'),
  ('feedback', 'page'), ('feedback', 'start_offset'), ('feedback', 'end_offset'), ('feedback', 'query_words'));
update steno.entity_field set policy = 'conflict' where entity = 'feedback' and field in ('is_helpful', 'comment', 'corrected_type');
update steno.entity set travels = false where entity in ('document_link', 'feedback');
drop trigger document_link_feed on steno.document_link;
drop trigger document_link_feed_delete on steno.document_link;
drop trigger feedback_feed on steno.feedback;
drop trigger feedback_feed_delete on steno.feedback;
reset role;
-- what was taken back says nothing, for which there was no place
delete from steno.feedback where num_nonnulls(is_helpful, comment, corrected_type) = 0;
set constraints all immediate; -- or the table below could not be altered
set constraints all deferred;
set local role steno_owner;
create or replace function steno.part_links() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  update steno.document_link l set state = 'rejected', decision_reason = 'One of the two documents was moved to another matter.', revision = l.revision + 1
  from steno.source_document other
  where l.firm_id = new.firm_id and l.state <> 'rejected' and new.document_id in (l.from_document_id, l.to_document_id)
    and other.firm_id = l.firm_id and other.document_id in (l.from_document_id, l.to_document_id) and other.document_id <> new.document_id and other.matter_id <> new.matter_id;
  return null;
end
$$;
drop trigger source_document_kind on steno.source_document;
drop function steno.keep_kind();
alter table steno.source_document drop column kind_why, drop column kind_confidence, drop column kind_by;
alter table steno.feedback drop constraint feedback_says_check, drop constraint feedback_place_check,
  drop column query_words, drop column end_offset, drop column start_offset, drop column page,
  add constraint feedback_says_check check (num_nonnulls(is_helpful, comment, corrected_type) > 0);
alter table steno.document_link drop column why;
reset role;
