-- Each change writes the outbox's indexes, and waits for the disk: what lets few rows be found among many, the dead ones, has no entry for all others.
-- How many wait is what there is less the dead: SQLite counts a table's rows from its inner pages.
drop index outbox_state_idx;
create index outbox_dead_idx on outbox (sequence) where state = 'dead';
