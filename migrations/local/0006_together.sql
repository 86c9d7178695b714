-- What a newer app at the firm wrote and this one has no place for: kept as it came, and put in place once this app has learned it (S7).
create table parked (entity text not null, entity_id text not null, columns text not null, primary key (entity, entity_id)) strict;
-- Which columns the app had when it last looked: parked values are gone through only after it learned new ones.
alter table sync_state add column shapes text;

-- What the firm acknowledged, kept until it is too old to be of use: a server that was restored from a backup has forgotten it, and gets it
-- handed back. anchored: an audit head that was seen after it says that the firm held it.
create table acknowledged (mutation_id text primary key, sequence integer not null, entity text not null, entity_id text not null,
  op text not null, base_revision integer not null, patch text not null, revision integer, anchored_at integer) strict;
create index acknowledged_open_idx on acknowledged (sequence) where anchored_at is null;
create index acknowledged_old_idx on acknowledged (anchored_at) where anchored_at is not null;
-- Set on what is handed back: the revision that the firm's row had with it.
alter table outbox add column firm_revision integer;
-- Heads of the firm's audit that this laptop has seen (R11): a chain that no longer goes through them was cut, rewritten or restored. Times are the firm's.
create table audit_anchor (batch_number integer primary key, batch_hash text not null, seen_at integer not null) strict;

-- What was done on this laptop, in the transaction that did it: append-only, each event chained to the one before. The firm keeps the heads it is shown.
create table audit_event (sequence integer primary key, at integer not null, user_id text not null, action text not null, entity text not null,
  entity_id text not null, mutation_id text, old_values text, new_values text, hash text not null) strict;
create index audit_event_entity_idx on audit_event (entity_id);
create trigger audit_event_kept before update on audit_event begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_event_there before delete on audit_event begin select raise(abort, 'the audit is append-only'); end;
-- Names this store's chain: a store that was made anew begins another.
alter table sync_state add column audit_chain text;
