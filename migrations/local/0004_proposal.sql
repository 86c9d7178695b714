-- Changes that the firm keeps for somebody's decision, as on the server; and what became of the last changes of this laptop, in ids and words only.
create table proposal (proposal_id text primary key, matter_id text, letter_id text, entity text not null, entity_id text not null, mutation_id text not null,
  op text not null, base_revision integer not null, patch text not null, reason text not null, proposed_by text, proposed_device text not null, ordinal integer not null,
  state text not null, decided_by text, decided_at integer, accepted_into text,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index proposal_state_idx on proposal (state, proposed_by);
create table verdict_log (verdict_id integer primary key autoincrement, mutation_id text not null, entity text not null, entity_id text not null,
  matter_id text, letter_id text, verdict text not null check (verdict in ('applied', 'merged', 'conflict', 'rejected')), reason text, proposal_id text, at integer not null) strict;
create index verdict_log_row_idx on verdict_log (entity, entity_id);
-- An edit names the last one of this laptop that was not confirmed when it was made: without that one it would have no place in the text.
alter table letter_update add column leans_on text;
create index outbox_letter_idx on outbox (patch ->> 'letter_id', sequence) where entity = 'letter_update' and state = 'waiting';
