create index folder_file_document_idx on folder_file (matter_id, document_id);
