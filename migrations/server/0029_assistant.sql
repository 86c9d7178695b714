-- The assistant: what may leave the firm's laptops and to whom, each call of a model with its cost, and facts that a model proposed.
set local role steno_owner;

-- One value each, so that what two people decided at once is never mixed into something nobody decided: text to another's server.
create table steno.assistant_policy (
  firm_id uuid not null references steno.firm on delete cascade,
  policy_id uuid not null,
  -- null: the firm's own; a matter may only be stricter, which laptops see to whatever stands here
  matter_id uuid,
  policy jsonb not null check (jsonb_typeof(policy) = 'object' and octet_length(policy::text) <= 4000 and not jsonb_path_exists(policy, '$.**{6}')
    and coalesce(policy ->> 'leaves', 'nothing') in ('nothing', 'redacted', 'text')),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, policy_id),
  unique nulls not distinct (firm_id, matter_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
-- Of a matter whoever may put it on hold decides: a permission of its own would make every laptop fetch its copy of the firm anew. Before row-level security, whose
-- refusal would stop the whole batch. Without a session it is the administrator.
create function steno.check_assistant_policy() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.matter_id is distinct from old.matter_id then raise exception 'append_only' using errcode = 'SN001'; end if;
  if auth.current_user_id() is not null and not auth.may(case when new.matter_id is null then 'firm:setting:write' else 'matter:hold:write' end) then
    raise exception 'forbidden' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger assistant_policy_whose before insert or update on steno.assistant_policy for each row execute function steno.check_assistant_policy();

-- Each request that went to a model, without a word of it. Never changed; goes with its matter.
create table steno.assistant_call (
  firm_id uuid not null references steno.firm on delete cascade,
  call_id uuid not null,
  matter_id uuid,
  -- may be gone: what was spent on it stays
  document_id uuid,
  task text not null check (length(task) between 1 and 60),
  provider text not null check (length(provider) between 1 and 60),
  model text not null check (length(model) between 1 and 200),
  prompt_id text not null check (length(prompt_id) between 1 and 60),
  prompt_version integer not null check (prompt_version >= 1),
  prompt_hash text not null check (prompt_hash ~ '^[0-9a-f]{64}$'),
  -- what the provider did not say is null
  input_tokens integer check (input_tokens >= 0),
  output_tokens integer check (output_tokens >= 0),
  cached_tokens integer check (cached_tokens >= 0),
  -- null: nobody knows what the model costs
  cost_microdollars bigint check (cost_microdollars between 0 and 1000000000000),
  -- the provider did not say how much it was, so it was reckoned from what was sent and came
  is_estimate boolean not null default false,
  attempt integer not null check (attempt >= 1),
  outcome text not null check (length(outcome) between 1 and 60),
  duration_ms integer not null check (duration_ms >= 0),
  called_at timestamptz not null check (called_at between '0001-01-03 00:00:00+00' and '9999-12-30 00:00:00+00'),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, call_id),
  foreign key (firm_id, matter_id) references steno.matter on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create index assistant_call_matter_idx on steno.assistant_call (firm_id, matter_id);
-- Who called is who pushes it (created_by), and no call was made in the future: a limit of a month counts by the time.
create function steno.keep_assistant_call() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if auth.current_user_id() is not null then new.called_at := least(new.called_at, now()); end if;
    return new;
  end if;
  if to_jsonb(new) - '{created_by,updated_by,updated_at,deleted_at,revision,field_revision}'::text[]
      is distinct from to_jsonb(old) - '{created_by,updated_by,updated_at,deleted_at,revision,field_revision}'::text[]
    or (auth.current_user_id() is not null and new.deleted_at is distinct from old.deleted_at) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger assistant_call_kept before insert or update on steno.assistant_call for each row execute function steno.keep_assistant_call();

/*
 * What a model proposed carries which one and by which words it was asked, for ever, and says where it stands: a quote that is not on its page is refused here as it
 * was on the laptop, whoever proposes it.
 */
alter table steno.fact
  add column model text check (length(model) between 1 and 200),
  add column prompt_version text check (length(prompt_version) between 1 and 200),
  add constraint fact_of_model_check check (method not like 'model:%' or num_nonnulls(model, prompt_version) = 2) not valid;
create function steno.check_model_fact() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.method, new.model, new.prompt_version) is distinct from (old.method, old.model, old.prompt_version) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.quote = '' or not exists (select from steno.document_page p where p.firm_id = new.firm_id and p.document_id = new.document_id and p.page_number = new.page
      and p.deleted_at is null and strpos(p.extracted_text, new.quote) > 0) then
    raise exception 'quote_not_on_page' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger fact_of_model_new before insert on steno.fact for each row when (new.method like 'model:%') execute function steno.check_model_fact();
create trigger fact_of_model before update of method, model, prompt_version, document_id, page, quote on steno.fact for each row
  when ((old.method like 'model:%' or new.method like 'model:%') and
    (new.method, new.model, new.prompt_version, new.document_id, new.page, new.quote) is distinct from (old.method, old.model, old.prompt_version, old.document_id, old.page, old.quote))
  execute function steno.check_model_fact();

-- As 0028 has it, for the fields that are new: whoever changes which model a rule's fact is said to be of says it from then on.
do $$
declare
  fields text;
  is_changed text;
begin
  select string_agg('%1$s.' || field, ', ' order by field) into fields from (
    select field from steno.entity_field where entity = 'fact' and field not in ('decided_by', 'decided_at', 'deleted_at') union values ('model'), ('prompt_version')) all_fields;
  is_changed := format('(' || fields || ')', 'new') || ' is distinct from ' || format('(' || fields || ')', 'old');
  drop trigger fact_decided on steno.fact;
  drop trigger fact_decided_before on steno.fact;
  execute format('create trigger fact_decided before update on steno.fact for each row when (new.state <> ''proposed'' and %s) execute function steno.keep_decider(''caller'')', is_changed);
  execute format('create trigger fact_decided_before before update of decided_by, decided_at on steno.fact for each row
    when (new.state <> ''proposed'' and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at) and not (%s)) execute function steno.keep_decider(''as_before'')', is_changed);
end
$$;

do $$
declare t record;
begin
  for t in select * from (values ('assistant_policy', 'policy_id', 'firm:setting:read', 'matter:hold:write'), ('assistant_call', 'call_id', 'evidence:document:read', 'evidence:fact:write'))
    as made (name, id, may_read, may_write) loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$s for each row execute function steno.set_updated_at()', t.name);
    execute format('create trigger %1$s_held before delete or update of deleted_at, matter_id on steno.%1$s for each row execute function steno.refuse_held(''matter_id'')', t.name);
    -- what is changed outside of a push, and what goes with its matter, the feed tells too
    execute format('create constraint trigger %1$s_feed after insert or update on steno.%1$s deferrable initially deferred for each row
      when (coalesce(current_setting(''steno.in_push'', true), '''') <> ''on'') execute function steno.feed_direct_change(%1$L, %2$L)', t.name, t.id);
    execute format('create trigger %1$s_feed_delete after delete on steno.%1$s referencing old table as gone_rows for each statement execute function auth.announce_gone(%1$L, %2$L)', t.name, t.id);
    call steno.protect(t.name, t.may_read, t.may_write);
    call steno.keep_audit('steno.' || t.name, array[t.id]);
    insert into steno.entity (entity, table_name, id_column, write_permission, travels) values (t.name, t.name, t.id, t.may_write, true);
  end loop;
end
$$;
comment on table steno.assistant_policy is 'What may leave laptops for a model, to whom and for how much: the firm''s, and what matters narrow.';
comment on table steno.assistant_call is 'Each request that went to a model: by whom, about what, what it cost and how it ended, without any text.';

insert into steno.entity_field (entity, field, policy, merge_group, in_sets) values
  ('assistant_policy', 'matter_id', 'last', 'matter_id', false), ('assistant_policy', 'policy', 'conflict', 'policy', false),
  ('fact', 'model', 'last', 'model', true), ('fact', 'prompt_version', 'last', 'prompt_version', true);
insert into steno.entity_field (entity, field, policy, merge_group, in_sets)
select 'assistant_call', field, 'last', field, false
from unnest('{matter_id,document_id,task,provider,model,prompt_id,prompt_version,prompt_hash,input_tokens,output_tokens,cached_tokens,cost_microdollars,is_estimate,attempt,outcome,duration_ms,called_at}'::text[]) field;
reset role;
