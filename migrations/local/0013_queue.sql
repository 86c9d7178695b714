-- A folder of ten thousand files is ten thousand jobs, each document asks which others it belongs to, and a firm has a million facts: what is next, who is asked and
-- what a list shows is found without going through all.
drop index job_next_idx;
create index job_next_idx on job (state, kind, priority desc, run_after, job_id);
drop index document_matter_idx;
create index document_state_idx on document (matter_id, processing_status) where deleted_at is null;
create index document_kind_idx on document (matter_id, document_type);
create index document_media_idx on document (matter_id, file_type);
create index document_name_idx on document (matter_id, file_name);
create index fact_document_idx on fact (document_id);
create index bill_line_document_idx on bill_line (document_id);
create index document_ocr_idx on document (uploaded_by) where processing_status = 'waiting_for_ocr';
-- How far text recognition has come is counted while it runs: without what the pages say.
drop index page_document_idx;
create index page_document_idx on page (document_id, page_number, read_by);
-- Told after every change: behind what an import left in the outbox each key pressed without a line would wait a tenth of a second.
create index outbox_state_idx on outbox (state);
create index conflict_open_idx on conflict (state) where state = 'open';
