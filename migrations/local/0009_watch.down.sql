drop index job_next_idx;
create index job_ready_idx on job (state, run_after);
drop index folder_file_document_idx;
