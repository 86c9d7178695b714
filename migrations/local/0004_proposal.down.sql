drop index outbox_letter_idx;
alter table letter_update drop column leans_on;
drop table verdict_log;
drop table proposal;
