-- Versions by their number, which the firm gives, and by the names that people gave them. A version of before was what Finalize froze.
alter table letter_version add column version_number integer;
alter table letter_version add column is_major integer not null default 1;
alter table letter_version add column version_name text;
