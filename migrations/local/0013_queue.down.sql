drop index conflict_open_idx; drop index outbox_state_idx;
drop index page_document_idx;
create index page_document_idx on page (document_id, page_number);
drop index document_ocr_idx;
drop index fact_document_idx; drop index bill_line_document_idx;
drop index document_state_idx; drop index document_kind_idx; drop index document_media_idx; drop index document_name_idx;
create index document_matter_idx on document (matter_id);
drop index job_next_idx;
create index job_next_idx on job (state, priority desc, run_after, job_id);
