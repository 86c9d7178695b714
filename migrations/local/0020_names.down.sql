drop index fact_names_idx;
