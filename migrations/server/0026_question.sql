-- What is odd about the evidence is found by each laptop; what people answered to it is the firm's. Which words of a page nobody sees on it.
set local role steno_owner;
alter table steno.document_page
  -- [{kind, start, end}], places in the text; never the words themselves
  add column oddities jsonb constraint document_page_oddities_check
    check (jsonb_typeof(oddities) = 'array' and octet_length(oddities::text) <= 10000 and not jsonb_path_exists(oddities, '$.**{100}'));

create table steno.question (
  firm_id uuid not null references steno.firm on delete cascade,
  question_id uuid not null,
  matter_id uuid not null,
  -- what it is about: its kind and the ids of the documents in it; no name of anybody
  question_key text not null check (length(question_key) between 1 and 400),
  is_settled boolean not null,
  note text check (length(note) between 1 and 1000),
  decided_by uuid,
  decided_at timestamptz check (decided_at between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00'),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, question_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create index question_matter_idx on steno.question (firm_id, matter_id);
create trigger question_updated_at before update on steno.question for each row execute function steno.set_updated_at();
create trigger question_held before delete or update of deleted_at, matter_id on steno.question for each row execute function steno.refuse_held('matter_id');
-- what is changed outside of a push, and what goes with its matter, the feed tells too
create constraint trigger question_feed after insert or update on steno.question deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('question', 'question_id');
create trigger question_feed_delete after delete on steno.question referencing old table as gone_rows for each statement
  execute function auth.announce_gone('question', 'question_id');
call steno.protect('question', 'evidence:document:read', 'evidence:document:write');
call steno.keep_audit('steno.question', '{question_id}', '{note}');
comment on table steno.question is 'What people answered to what is missing or odd in a matter''s evidence.';

insert into steno.entity (entity, table_name, id_column, write_permission, travels) values
  ('question', 'question', 'question_id', 'evidence:document:write', true);
update steno.entity set in_sets = true where entity = 'question';
insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values
  ('page', 'oddities', 'last', 'oddities', true),
  ('question', 'matter_id', 'last', 'matter_id', false), ('question', 'question_key', 'last', 'question_key', false),
  ('question', 'is_settled', 'last', 'answer', true), ('question', 'note', 'last', 'answer', true),
  ('question', 'decided_by', 'follow', 'answer', true), ('question', 'decided_at', 'follow', 'answer', true);
reset role;
