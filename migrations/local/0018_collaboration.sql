-- Comments and suggestions in letters.
create table collaboration (
  collaboration_id text primary key, letter_id text not null, parent_id text, user_id text, change_type text not null, change_data text not null, position text,
  is_resolved integer not null default 0, resolved_by text, resolved_at integer, outcome text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index collaboration_letter_idx on collaboration (letter_id);
