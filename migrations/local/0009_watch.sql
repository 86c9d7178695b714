-- A folder of thousands of files: which of them have a document's bytes, and which job is next, are found without going through all.
create index folder_file_document_idx on folder_file (matter_id, document_id);
drop index job_ready_idx;
create index job_next_idx on job (state, priority desc, run_after, job_id);
