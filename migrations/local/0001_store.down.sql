drop table export_file; drop table blob_chunk; drop table blob; drop table job; drop table folder_file; drop table case_folder; drop table local_account;
drop table sync_state; drop table outbox; drop table conflict; drop table export; drop table letter_version; drop table letter_update; drop table letter;
drop table template; drop table stated_total; drop table bill_line; drop table fact; drop table page; drop table document; drop table matter; drop table user; drop table firm;
