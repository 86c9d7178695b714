-- What the firm and its matters decided about the assistant, each call of a model, and which model proposed a fact.
create table assistant_policy (policy_id text primary key, matter_id text, policy text not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index assistant_policy_matter_idx on assistant_policy (matter_id);
create table assistant_call (call_id text primary key, matter_id text, document_id text, task text not null, provider text not null, model text not null,
  prompt_id text not null, prompt_version integer not null, prompt_hash text not null, input_tokens integer, output_tokens integer, cached_tokens integer,
  cost_microdollars integer, is_estimate integer not null, attempt integer not null, outcome text not null, duration_ms integer not null, called_at integer not null,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index assistant_call_matter_idx on assistant_call (matter_id, cost_microdollars);
create index assistant_call_time_idx on assistant_call (called_at, cost_microdollars);
alter table fact add column model text;
alter table fact add column prompt_version text;
