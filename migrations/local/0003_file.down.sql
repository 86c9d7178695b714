drop index document_content_idx; drop index blob_opened_idx; drop table file_setting; drop table matter_pin; drop table file_transfer;
delete from blob where not is_whole;
alter table blob_chunk drop column digest; alter table blob drop column opened_order; alter table blob drop column is_proved; alter table blob drop column is_whole;
