-- What a value was before a person corrected it; and what was decided lately is counted without going through all facts.
alter table fact add column read_value text;
alter table bill_line add column read_values text;
create index fact_decided_idx on fact (decided_at) where state <> 'proposed';
create index bill_line_decided_idx on bill_line (decided_at) where state <> 'proposed';
create index document_processed_idx on document (processed_at) where processing_status = 'read';
