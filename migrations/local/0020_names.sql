-- Names of all matters, which must not stand in the letter of another (linter/rules/other-matter.ts).
create index fact_names_idx on fact (matter_id, kind, value) where kind in ('client_name', 'carrier', 'claim_number') and state <> 'rejected' and deleted_at is null;
