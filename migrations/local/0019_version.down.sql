alter table letter_version drop column version_name;
alter table letter_version drop column is_major;
alter table letter_version drop column version_number;
