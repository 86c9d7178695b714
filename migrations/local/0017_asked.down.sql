drop trigger asked_document_went; drop table asked_document;
