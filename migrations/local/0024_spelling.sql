-- What this person's spelling knows beside the dictionary, and whether it looks. It stays on this laptop.
create table spelling_word (
  word text not null primary key check (length(word) between 1 and 64),
  kept_at integer not null
) strict;
create table spelling_setting (
  only integer primary key check (only = 1),
  is_on integer not null check (is_on in (0, 1))
) strict;
