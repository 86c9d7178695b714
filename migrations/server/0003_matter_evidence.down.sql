drop table steno.blob_chunk, steno.blob, steno.stated_total, steno.bill_line, steno.fact, steno.document_page, steno.source_document, steno.matter;
