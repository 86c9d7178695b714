alter table job drop column priority;
drop index document_parent_idx;
alter table document drop column parent_document_id;
alter table page drop column word_boxes;
alter table page drop column rotation;
alter table page drop column ocr_confidence;
alter table page drop column read_by;
