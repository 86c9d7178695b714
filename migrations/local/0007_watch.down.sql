drop index folder_file_document_idx;
