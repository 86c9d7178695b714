-- What the assistant was asked about letters, and for which of these requests a call was made.
create table ai_refinement (
  refinement_id text primary key, letter_id text not null, requested_by text, kind text not null default 'refine', instruction text, provider text not null, ai_model text not null,
  prompt_version text not null, input_content text, output_content text, status text not null default 'Pending', processing_time_ms integer, token_count integer,
  cost_microdollars integer, error_message text, completed_at integer, details_removed_at integer,
  revision integer not null default 0, created_by text, updated_by text, created_at integer, updated_at integer, deleted_at integer) strict;
create index ai_refinement_letter_idx on ai_refinement (letter_id);
alter table assistant_call add column refinement_id text;
create index assistant_call_refinement_idx on assistant_call (refinement_id, cost_microdollars) where refinement_id is not null;
