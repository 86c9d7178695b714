-- How a page was read, and where its words stand on the picture of it; which document another came with.
alter table page add column read_by text;
alter table page add column ocr_confidence integer;
alter table page add column rotation integer;
alter table page add column word_boxes blob;
alter table document add column parent_document_id text;
create index document_parent_idx on document (parent_document_id) where parent_document_id is not null;
-- What a person looks at goes first; jobs in the background by this, then by age.
alter table job add column priority integer not null default 0;
