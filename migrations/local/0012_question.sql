-- What people answered to what is missing or odd (questions/questions.ts); which words of a page nobody sees on it.
alter table page add column oddities text;
create table question (question_id text primary key, matter_id text not null, question_key text not null, is_settled integer not null, note text, decided_by text, decided_at integer,
  revision integer not null, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index question_matter_idx on question (matter_id);
