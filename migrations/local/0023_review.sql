-- Who is asked to look at a letter, and what they answered.
create table review (review_id text primary key, letter_id text not null, asked_of text, note text, due_on text, outcome text, answer text, answered_by text, answered_at integer,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index review_letter_idx on review (letter_id);
create index review_asked_of_idx on review (asked_of) where outcome is null;
