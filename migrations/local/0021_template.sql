-- What templates said each time they were published, and what is being written for them.
create table template_version (version_id text primary key, template_id text not null, content text not null, change_summary text not null, based_on text, version_number integer,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index template_version_template_idx on template_version (template_id);
create table template_draft (draft_id text primary key, template_id text not null, content text, based_on text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index template_draft_template_idx on template_draft (template_id);
create index letter_template_idx on letter (template_id);
