-- Folders of this laptop in which each new sub-folder is a new matter (ingest/cases.ts).
create table cases_folder (folder text not null primary key, added_at integer not null) strict;
-- Sub-folders that are no matter: they were there before, a person said so, or a person is still to say.
create table cases_subfolder (path text not null primary key, fate text not null check (fate in ('left', 'asked')), noted_at integer not null) strict;
-- What a folder keeps when it is renamed: its number and its time of birth. Null where its file system tells neither.
alter table case_folder add column identity text;
