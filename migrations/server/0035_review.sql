-- Who is asked to look at a letter, and what they answered. Who lets a sentence stand without a source is an attorney.
set local role steno_owner;

create table steno.review (
  firm_id uuid not null references steno.firm on delete cascade,
  review_id uuid not null,
  letter_id uuid not null,
  asked_of uuid,
  note text check (length(note) between 1 and 2000),
  due_on date check (due_on between '2000-01-01' and '9999-12-30'),
  outcome text check (outcome in ('approved', 'changes', 'withdrawn')),
  answer text check (length(answer) between 1 and 5000),
  answered_by uuid,
  answered_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, review_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade,
  foreign key (firm_id, asked_of) references steno."user" on delete set null (asked_of),
  foreign key (firm_id, answered_by) references steno."user" on delete set null (answered_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint review_answered_check check ((outcome is not null) = (answered_at is not null)),
  constraint review_answer_of_check check (answer is null or coalesce(outcome, '') in ('approved', 'changes'))
);
create index review_letter_idx on steno.review (firm_id, letter_id);
create index review_asked_of_idx on steno.review (firm_id, asked_of) where outcome is null;

-- What was asked stays what was asked. Who is asked answers, and nobody for her; who asked takes it back, or whoever may close the letter. Who and when is the session's to say.
create function steno.check_review() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if tg_op = 'INSERT' then
    if new.outcome is not null then raise exception 'status_transition' using errcode = 'SN001'; end if;
    new.answered_by := null;
    return new;
  end if;
  if (new.letter_id, new.note, new.due_on) is distinct from (old.letter_id, old.note, old.due_on)
     -- a person that is deleted leaves null here
     or (new.asked_of is distinct from old.asked_of and new.asked_of is not null) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if (new.outcome, new.answer) is distinct from (old.outcome, old.answer) then
    -- taken back while she answered, apart: what she said stands
    if new.outcome = 'withdrawn' and old.outcome is not null then
      new.outcome := old.outcome;
      new.answer := old.answer;
      return new;
    end if;
    if new.outcome is null or old.outcome in ('approved', 'changes') then raise exception 'review_answered' using errcode = 'SN001'; end if;
    if me is not null and (case when new.outcome = 'withdrawn' then me is distinct from old.created_by and not auth.may('letter:status:finalize') else me is distinct from old.asked_of end) then
      raise exception 'not_asked' using errcode = 'SN001';
    end if;
    new.answered_by := me;
    new.answered_at := now();
  elsif (new.answered_by is distinct from old.answered_by and new.answered_by is not null) or new.answered_at is distinct from old.answered_at then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger review_state before insert or update on steno.review for each row execute function steno.check_review();
create trigger review_updated_at before update on steno.review for each row execute function steno.set_updated_at();
create trigger review_held before delete or update of deleted_at, letter_id on steno.review for each row execute function steno.refuse_held('letter_id');
create constraint trigger review_feed after insert or update on steno.review deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('review', 'review_id');
create trigger review_feed_delete after delete on steno.review referencing old table as gone_rows for each statement
  execute function auth.announce_gone('review', 'review_id');
call steno.protect('review', 'letter:draft:read', 'letter:draft:write');
call steno.keep_audit('steno.review', '{review_id}', '{note,answer}');
comment on table steno.review is 'Who was asked to look at a letter, by whom, and what they answered.';
insert into steno.entity (entity, table_name, id_column, write_permission, travels) values ('review', 'review', 'review_id', 'letter:draft:write', true);
insert into steno.entity_field (entity, field, policy, merge_group) values
  ('review', 'letter_id', 'last', 'letter_id'), ('review', 'asked_of', 'last', 'asked_of'), ('review', 'note', 'last', 'note'), ('review', 'due_on', 'last', 'due_on'),
  ('review', 'outcome', 'last', 'outcome'), ('review', 'answer', 'last', 'outcome');

-- A sentence of fact that cites nothing stands because an attorney says so: her answer to the finding, under a key that says which sentence.
create function steno.check_attested() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if auth.current_user_id() is not null and not auth.may('letter:status:finalize') then raise exception 'attest_needs_attorney' using errcode = 'SN001'; end if;
  return new;
end
$$;
-- it asks what the caller may: its rows are judged one by one
update steno.entity set in_sets = false where entity = 'question';
update steno.entity_field set in_sets = false where entity = 'question';
create trigger question_attested_new before insert on steno.question for each row
  when (new.question_key like 'lint:unsupported\_sentence:%' and new.is_settled) execute function steno.check_attested();
create trigger question_attested before update of question_key, is_settled, note, deleted_at on steno.question for each row
  when (new.question_key like 'lint:unsupported\_sentence:%' and new.is_settled
    and (new.question_key, new.is_settled, new.note, new.deleted_at) is distinct from (old.question_key, old.is_settled, old.note, old.deleted_at))
  execute function steno.check_attested();
reset role;
