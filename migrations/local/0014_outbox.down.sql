drop index outbox_dead_idx;
create index outbox_state_idx on outbox (state);
