-- What the firm decided for its laptops when it last answered, and for how long this one may open without asking it.
create table laptop_policy (only integer primary key check (only = 1), offline_days integer, recovery_key text,
  -- when its user was told that there is no recovery key; null: not yet, or there is one
  told_at integer,
  -- the latest time this laptop was seen to have reached, by its own clock and by how long it ran: a clock that is set back lies behind it
  seen_at integer not null default 0,
  -- the firm answered that the session is over: the password is asked at the firm before this store opens again
  ended_at integer) strict;
