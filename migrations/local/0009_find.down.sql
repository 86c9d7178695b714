drop index job_next_idx;
create index job_ready_idx on job (state, run_after);
drop trigger find_page_came; drop trigger find_page_changed; drop trigger find_page_went;
drop trigger find_document_came; drop trigger find_document_changed; drop trigger find_document_went;
drop table find_names; drop table find_document; drop table find_spelling; drop table find_word; drop table find_words; drop view find_text;
drop table find_vector; drop table find_chunk; drop table find_page; drop table find_matter; drop table find_todo; drop table find_state;
