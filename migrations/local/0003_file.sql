-- Files by chunk: each with its own hash, kept while a file is on its way, given back when the budget for files is used up.
alter table blob add column is_whole integer not null default 1; -- 0 while it is being read from disk or fetched
alter table blob add column is_proved integer not null default 0; -- this laptop sent all of it, or read it back from the firm
alter table blob add column opened_order integer not null default 0; -- counts up; no clock decides what is given back first
alter table blob_chunk add column digest blob; -- null: kept before chunks had hashes
-- What is on its way, or failed to come: one row a file, gone when it has arrived.
create table file_transfer (content_hash text primary key, direction text not null check (direction in ('up', 'down')), chunks_done integer not null default 0,
  chunk_count integer not null, attempts integer not null default 0, is_cancelled integer not null default 0, last_error text, created_at integer not null) strict;
-- Matters whose files stay on this laptop.
create table matter_pin (matter_id text primary key, pinned_at integer not null) strict;
create table file_setting (only integer primary key check (only = 1), budget_gb integer not null) strict;
create index blob_opened_idx on blob (opened_order);
create index document_content_idx on document (content_hash);
