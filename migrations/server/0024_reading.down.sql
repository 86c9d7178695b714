set local role steno_owner;
delete from steno.entity_field where (entity, field) in (('document', 'parent_document_id'), ('page', 'read_by'), ('page', 'ocr_confidence'), ('page', 'rotation'), ('page', 'word_boxes'));
do $$
declare t text;
begin
  foreach t in array array['insert', 'update', 'delete', 'truncate', 'key'] loop
    execute format('drop trigger document_page_audit_%s on steno.document_page', t);
  end loop;
end
$$;
call steno.keep_audit('steno.document_page', '{page_id}', '{extracted_text}');
alter table steno.document_page drop column word_boxes, drop column rotation, drop column ocr_confidence, drop column read_by;
alter table steno.source_document drop column parent_document_id;
reset role;
