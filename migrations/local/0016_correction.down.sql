drop index fact_decided_idx; drop index bill_line_decided_idx; drop index document_processed_idx;
alter table fact drop column read_value;
alter table bill_line drop column read_values;
