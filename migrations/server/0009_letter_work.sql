-- What documents 000 and 004 add around a letter: comments, refinements, numbered versions, an archive, legal hold, settings,
-- links between documents, the chunks that search finds, and what people thought of them.
set local role steno_owner;

-- A comment, suggestion or edit in a letter. Replies name the first of their thread, on the same letter.
create table steno.collaboration (
  firm_id uuid not null references steno.firm on delete cascade,
  collaboration_id uuid not null,
  letter_id uuid not null,
  parent_id uuid check (parent_id <> collaboration_id),
  user_id uuid,
  change_type text not null check (change_type in ('Edit', 'Comment', 'Suggestion')),
  change_data jsonb not null check (jsonb_typeof(change_data) = 'object'),
  position jsonb check (jsonb_typeof(position) = 'object'),
  is_resolved boolean not null default false,
  resolved_by uuid,
  resolved_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, collaboration_id),
  unique (firm_id, letter_id, collaboration_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade,
  foreign key (firm_id, letter_id, parent_id) references steno.collaboration (firm_id, letter_id, collaboration_id) on delete cascade,
  foreign key (firm_id, user_id) references steno."user" on delete set null (user_id),
  foreign key (firm_id, resolved_by) references steno."user" on delete set null (resolved_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint collaboration_resolved_check check (is_resolved = (resolved_at is not null)),
  -- a thread is resolved as a whole, at its first
  constraint collaboration_thread_check check (parent_id is null or not is_resolved)
);
create index collaboration_thread_idx on steno.collaboration (firm_id, letter_id, parent_id);
-- retention asks for what was resolved before a day
create index collaboration_resolved_idx on steno.collaboration (firm_id, resolved_at) where is_resolved;

-- One request to a model. Its details may be removed (retention, after 90 days); what it cost and how it ended stays.
create table steno.ai_refinement (
  firm_id uuid not null references steno.firm on delete cascade,
  refinement_id uuid not null,
  letter_id uuid not null,
  requested_by uuid,
  instruction text check (length(instruction) between 1 and 20000),
  provider text not null check (length(provider) between 1 and 60),
  ai_model text not null check (length(ai_model) between 1 and 100),
  prompt_version text not null check (length(prompt_version) between 1 and 60),
  input_content text,
  output_content text,
  status text not null default 'Pending' check (status in ('Pending', 'Processing', 'Completed', 'Failed')),
  processing_time_ms integer check (processing_time_ms >= 0),
  token_count integer check (token_count >= 0),
  cost_microdollars bigint check (cost_microdollars >= 0),
  error_message text check (length(error_message) <= 2000),
  completed_at timestamptz,
  details_removed_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, refinement_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade,
  foreign key (firm_id, requested_by) references steno."user" on delete set null (requested_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint ai_refinement_details_check check (case when details_removed_at is null then instruction is not null and input_content is not null
    else num_nonnulls(instruction, input_content, output_content) = 0 end),
  constraint ai_refinement_removed_check check (details_removed_at is null or status in ('Completed', 'Failed')),
  constraint ai_refinement_completed_check check ((status in ('Completed', 'Failed')) = (completed_at is not null)),
  constraint ai_refinement_outcome_check check (case status when 'Completed' then output_content is not null or details_removed_at is not null
    when 'Failed' then error_message is not null else output_content is null and error_message is null end)
);
create index ai_refinement_letter_idx on steno.ai_refinement (firm_id, letter_id, created_at desc);
-- retention asks for what ended before a day and still has its details
create index ai_refinement_completed_idx on steno.ai_refinement (firm_id, completed_at) where details_removed_at is null;

-- Versions are numbered by the server as they arrive, under the letter's lock: laptops that are apart cannot agree on a number.
alter table steno.letter_version add column version_number integer check (version_number >= 1), add column is_major boolean not null default true;
-- Its rows are never changed, and the numbers say nothing that is not there already: no trigger need see this.
alter table steno.letter_version disable trigger user;
reset role; -- the owner sees no rows without a session
update steno.letter_version v set version_number = n.number
from (select firm_id, version_id, row_number() over (partition by firm_id, letter_id order by created_at, version_id) as number from steno.letter_version) n
where n.firm_id = v.firm_id and n.version_id = v.version_id;
set local role steno_owner;
alter table steno.letter_version enable trigger user;
alter table steno.letter_version alter column version_number set not null;
drop index steno.letter_version_letter_idx; -- the key below begins alike
alter table steno.letter_version add constraint letter_version_number_key unique (firm_id, letter_id, version_number);

create function steno.number_letter_version() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  perform 1 from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id for no key update;
  new.version_number := coalesce((select max(v.version_number) from steno.letter_version v where v.firm_id = new.firm_id and v.letter_id = new.letter_id), 0) + 1;
  return new;
end
$$;
create trigger letter_version_number before insert on steno.letter_version for each row execute function steno.number_letter_version();
-- Old versions may go, but not the major ones, and not the newest: its number would be given again. With their letter all of them go.
create function steno.keep_letter_version() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if exists (select from steno.demand_letter l where l.firm_id = old.firm_id and l.letter_id = old.letter_id)
     and (old.is_major or not exists (select from steno.letter_version v where v.firm_id = old.firm_id and v.letter_id = old.letter_id and v.version_number > old.version_number)) then
    raise exception 'version_kept' using errcode = 'SN001';
  end if;
  return old;
end
$$;
create trigger letter_version_kept before delete on steno.letter_version for each row execute function steno.keep_letter_version();

alter table steno.demand_letter add constraint demand_letter_finalized_check check ((status in ('Finalized', 'Exported', 'Archived')) = (finalized_at is not null));
-- As before, and what is in the metadata is content too; who finalized it and when is nobody's to change; archiving is an attorney's act.
create or replace function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.status in ('Finalized', 'Exported', 'Archived') and
     ((new.title, new.letter_date, new.demand_cents, new.matter_id, new.metadata, new.finalized_at, new.deleted_at)
        is distinct from (old.title, old.letter_date, old.demand_cents, old.matter_id, old.metadata, old.finalized_at, old.deleted_at)
      -- a template or a person that is deleted leaves null here
      or coalesce(new.template_id <> old.template_id, new.template_id is not null) or coalesce(new.finalized_by <> old.finalized_by, new.finalized_by is not null)) then
    raise exception 'letter_finalized' using errcode = 'SN001';
  end if;
  if new.status is distinct from old.status then
    if not (case old.status
      when 'Draft' then new.status in ('In_Review', 'Finalized')
      when 'In_Review' then new.status in ('Draft', 'Finalized')
      when 'Finalized' then new.status in ('Exported', 'Archived')
      when 'Exported' then new.status = 'Archived'
      else false end) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if new.status in ('Finalized', 'Archived') and not auth.may('letter:status:finalize') then
      raise exception '%', case new.status when 'Finalized' then 'finalize_needs_attorney' else 'archive_needs_attorney' end using errcode = 'SN001';
    end if;
    if new.status = 'Finalized' then
      new.finalized_at := now();
      new.finalized_by := auth.current_user_id();
    end if;
  end if;
  return new;
end
$$;

-- Where letters go that are kept longer than they are worked on: the row as it was, and the body and values of its last version.
-- People are not foreign keys here: the row must not change when one of them is deleted.
create table steno.demand_letter_archive (
  like steno.demand_letter including defaults including constraints,
  archived_at timestamptz not null default now(),
  archived_reason text not null check (length(archived_reason) between 1 and 255),
  content bytea,
  letter_values jsonb,
  primary key (firm_id, letter_id),
  foreign key (firm_id) references steno.firm on delete cascade,
  foreign key (firm_id, matter_id) references steno.matter on delete cascade
);
create index demand_letter_archive_matter_idx on steno.demand_letter_archive (firm_id, matter_id);
create trigger demand_letter_archive_frozen before update on steno.demand_letter_archive for each row execute function steno.refuse_change();

-- Choices of a firm (no user) and of a person. Laptops derive the id from whose it is and the key, so that two of them make one row.
create table steno.setting (
  firm_id uuid not null references steno.firm on delete cascade,
  setting_id uuid not null,
  user_id uuid,
  setting_key text not null check (setting_key in ('retention.letter_years', 'retention.version_days', 'retention.collaboration_days', 'retention.refinement_days',
    'retention.export_days', 'letter.letterhead', 'assistant.provider', 'assistant.model', 'view.theme', 'view.text_size')),
  setting_value jsonb not null,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, setting_id),
  unique nulls not distinct (firm_id, user_id, setting_key),
  foreign key (firm_id, user_id) references steno."user" on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint setting_whose_check check ((setting_key like 'view.%') = (user_id is not null)),
  constraint setting_value_check check (case
    when setting_key like 'retention.%' then case jsonb_typeof(setting_value) when 'number' then setting_value::numeric between 1 and 36500 and setting_value::numeric % 1 = 0 else false end
    when setting_key = 'letter.letterhead' then jsonb_typeof(setting_value) = 'object'
    when setting_key = 'view.text_size' then case jsonb_typeof(setting_value) when 'number' then setting_value::numeric between 50 and 300 else false end
    when setting_key = 'view.theme' then setting_value in ('"light"', '"dark"', '"system"')
    else jsonb_typeof(setting_value) = 'string' end)
);
-- Before row-level security, whose refusal would stop the whole batch. Without a session it is the administrator.
create function steno.check_setting() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if tg_op = 'UPDATE' and (new.user_id, new.setting_key) is distinct from (old.user_id, old.setting_key) then raise exception 'append_only' using errcode = 'SN001'; end if;
  if me is not null and (case when new.user_id is null then not auth.may('firm:setting:write') else new.user_id <> me end) then
    raise exception 'forbidden' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger setting_whose before insert or update on steno.setting for each row execute function steno.check_setting();

-- How two documents belong together. A rule proposes, a person decides.
create table steno.document_link (
  firm_id uuid not null references steno.firm on delete cascade,
  link_id uuid not null,
  from_document_id uuid not null,
  to_document_id uuid not null check (to_document_id <> from_document_id),
  -- offer_for: an offer for the RFQ; counter_offer: to the demand; record_for: the record behind the bill; attachment_of: the mail
  link_kind text not null check (link_kind in ('offer_for', 'counter_offer', 'record_for', 'attachment_of', 'reply_to', 'supersedes', 'duplicate_of')),
  confidence integer not null check (confidence between 0 and 100),
  method text not null check (method in ('rule', 'person')),
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text check (length(decision_reason) <= 1000),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, link_id),
  constraint document_link_key unique (firm_id, from_document_id, to_document_id, link_kind),
  foreign key (firm_id, from_document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, to_document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, decided_by) references steno."user" on delete set null (decided_by),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint document_link_decided_check check ((state = 'proposed') = (decided_at is null))
);
create index document_link_to_idx on steno.document_link (firm_id, to_document_id);

create function steno.check_link() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.method = 'rule' and new.state <> 'proposed' then raise exception 'status_transition' using errcode = 'SN001'; end if;
  elsif (new.from_document_id, new.to_document_id, new.link_kind) is distinct from (old.from_document_id, old.to_document_id, old.link_kind) then
    raise exception 'append_only' using errcode = 'SN001';
  elsif new.state = old.state then
    return new;
  elsif new.state = 'proposed' then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  -- one client's papers must not be reached from another's
  if new.state <> 'rejected' and exists (select from steno.source_document f join steno.source_document t on t.firm_id = f.firm_id and t.matter_id <> f.matter_id
    where f.firm_id = new.firm_id and f.document_id = new.from_document_id and t.document_id = new.to_document_id) then
    raise exception 'link_across_matters' using errcode = 'SN001';
  end if;
  if new.state <> 'proposed' then
    new.decided_by := coalesce(auth.current_user_id(), new.decided_by);
    new.decided_at := now();
  end if;
  return new;
end
$$;
create trigger document_link_state before insert or update on steno.document_link for each row execute function steno.check_link();
-- ... nor when one of the two is moved: the link is turned down with the move.
create function steno.part_links() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  update steno.document_link l set state = 'rejected', decision_reason = 'One of the two documents was moved to another matter.', revision = l.revision + 1
  from steno.source_document other
  where l.firm_id = new.firm_id and l.state <> 'rejected' and new.document_id in (l.from_document_id, l.to_document_id)
    and other.firm_id = l.firm_id and other.document_id in (l.from_document_id, l.to_document_id) and other.document_id <> new.document_id and other.matter_id <> new.matter_id;
  return null;
end
$$;
create trigger source_document_moved after update of matter_id on steno.source_document for each row when (new.matter_id <> old.matter_id) execute function steno.part_links();

-- A part of a document that search finds: from a place on one page to a place on the same or a later one. Its text is cut from the pages.
create table steno.chunk (
  firm_id uuid not null references steno.firm on delete cascade,
  chunk_id uuid not null,
  document_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  first_page integer not null check (first_page >= 1),
  last_page integer not null check (last_page >= first_page),
  start_offset integer not null check (start_offset >= 0),
  end_offset integer not null check (end_offset >= 0),
  token_count integer not null check (token_count >= 0),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  -- the rule that cut it: chunks of an older one are cut anew
  method text not null check (length(method) between 1 and 60),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, chunk_id),
  unique (firm_id, document_id, ordinal),
  foreign key (firm_id, document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint chunk_extent_check check (last_page > first_page or end_offset > start_offset)
);

-- What a person thought of what was found or said, and the kind a document should have had.
create table steno.feedback (
  firm_id uuid not null references steno.firm on delete cascade,
  feedback_id uuid not null,
  subject text not null check (subject in ('chunk', 'document', 'answer')),
  document_id uuid,
  chunk_id uuid, -- goes when the document is cut anew; the document stays
  query_hash text check (query_hash ~ '^[0-9a-f]{64}$'),
  is_helpful boolean,
  comment text check (length(comment) between 1 and 2000),
  corrected_type text check (corrected_type in ('Medical_Record', 'Bill', 'Police_Report', 'Correspondence', 'Photo', 'Insurance',
    'Pleading', 'Testimony', 'Incident_Report', 'Contract', 'Call_Sheet', 'RFQ', 'Offer', 'Demand', 'Other')),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, feedback_id),
  foreign key (firm_id, document_id) references steno.source_document on delete cascade,
  foreign key (firm_id, chunk_id) references steno.chunk on delete set null (chunk_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint feedback_subject_named_check check (case subject when 'answer' then query_hash is not null else document_id is not null end),
  constraint feedback_says_check check (num_nonnulls(is_helpful, comment, corrected_type) > 0),
  constraint feedback_correction_check check (corrected_type is null or subject = 'document')
);
create index feedback_document_idx on steno.feedback (firm_id, document_id);
create index feedback_chunk_idx on steno.feedback (firm_id, chunk_id);

-- Legal hold: as long as a matter is held, nothing in it is deleted, marked as deleted, moved out of it or emptied.
alter table steno.matter add column legal_hold boolean not null default false, add column legal_hold_reason text, add column legal_hold_by uuid, add column legal_hold_at timestamptz,
  add constraint matter_legal_hold_by_fkey foreign key (firm_id, legal_hold_by) references steno."user" on delete set null (legal_hold_by),
  add constraint matter_legal_hold_check check (case when legal_hold then legal_hold_at is not null and length(coalesce(legal_hold_reason, '')) between 1 and 1000
    else num_nonnulls(legal_hold_reason, legal_hold_by, legal_hold_at) = 0 end);
create function steno.check_hold() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.legal_hold, new.legal_hold_reason) is not distinct from (old.legal_hold, old.legal_hold_reason) then return new; end if;
  if tg_op = 'INSERT' and not new.legal_hold then return new; end if;
  if not auth.may('matter:hold:write') then raise exception 'hold_needs_attorney' using errcode = 'SN001'; end if;
  if not new.legal_hold then
    new.legal_hold_reason := null;
    new.legal_hold_by := null;
    new.legal_hold_at := null;
  elsif tg_op = 'INSERT' or not old.legal_hold then
    new.legal_hold_by := auth.current_user_id();
    new.legal_hold_at := now();
  end if;
  return new;
end
$$;
create trigger matter_hold before insert or update of legal_hold, legal_hold_reason on steno.matter for each row execute function steno.check_hold();

-- Whether what this column names lies in a held matter.
create function steno.is_held(of_firm uuid, named_by text, name text) returns boolean language plpgsql stable set search_path = steno, pg_temp as $$
declare held boolean;
begin
  if name is null then return false; end if;
  if named_by = 'content_hash' then -- many documents may be this file; an upload that is not whole is none
    return exists (select from steno.blob b join steno.source_document d using (firm_id, content_hash) join steno.matter m using (firm_id, matter_id)
      where b.firm_id = of_firm and b.content_hash = name and b.completed_at is not null and m.legal_hold);
  elsif named_by = 'matter_id' then
    select m.legal_hold into held from steno.matter m where m.firm_id = of_firm and m.matter_id = name::uuid;
  elsif named_by in ('document_id', 'from_document_id') then
    select m.legal_hold into held from steno.source_document d join steno.matter m using (firm_id, matter_id) where d.firm_id = of_firm and d.document_id = name::uuid;
  elsif named_by = 'letter_id' then
    select m.legal_hold into held from steno.demand_letter l join steno.matter m using (firm_id, matter_id) where l.firm_id = of_firm and l.letter_id = name::uuid;
  else
    raise exception 'is_held does not know %', named_by;
  end if;
  -- gone already (its parent was deleted, and that was not held), or out of the caller's sight: who cannot see the hold is not let past it
  if not found then return auth.current_user_id() is not null; end if;
  return held;
end
$$;
create function steno.refuse_held() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare name text;
begin
  -- not to_jsonb(old): a letter's updates and a file's chunks are large
  execute format('select ($1).%I::text', tg_argv[0]) using old into name;
  if steno.is_held(old.firm_id, tg_argv[0], name) then
    if tg_op = 'DELETE' then raise exception 'legal_hold' using errcode = 'SN001'; end if;
    if (to_jsonb(new) ->> 'deleted_at' is not null and to_jsonb(old) ->> 'deleted_at' is null) or to_jsonb(new) ->> tg_argv[0] is distinct from name then
      raise exception 'legal_hold' using errcode = 'SN001';
    end if;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end
$$;
do $$
declare t record;
begin
  for t in select * from (values
    ('matter', 'matter_id'), ('source_document', 'matter_id'), ('fact', 'matter_id'), ('bill_line', 'matter_id'), ('stated_total', 'matter_id'),
    ('demand_letter', 'matter_id'), ('document_page', 'document_id'), ('chunk', 'document_id'), ('feedback', 'document_id'), ('document_link', 'from_document_id'),
    ('collaboration', 'letter_id'), ('ai_refinement', 'letter_id'), ('export', 'letter_id'), ('letter_update', 'letter_id'), ('letter_version', 'letter_id'),
    ('demand_letter_archive', 'matter_id')
  ) as held (name, named_by) loop
    execute format('create trigger %I before delete or update of deleted_at, %I on steno.%I for each row execute function steno.refuse_held(%L)', t.name || '_held', t.named_by, t.name, t.named_by);
  end loop;
end
$$;
create trigger blob_held before delete on steno.blob for each row execute function steno.refuse_held('content_hash');
create trigger blob_chunk_held before delete on steno.blob_chunk for each row execute function steno.refuse_held('content_hash');
create index source_document_content_idx on steno.source_document (firm_id, content_hash);

create function steno.check_collaboration() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if tg_op = 'INSERT' then
    new.user_id := coalesce(me, new.user_id);
    if new.is_resolved then raise exception 'status_transition' using errcode = 'SN001'; end if;
    -- a finalized letter can be talked about, but nothing can be proposed for it
    if new.change_type <> 'Comment' and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status not in ('Draft', 'In_Review')) then
      raise exception 'letter_finalized' using errcode = 'SN001';
    end if;
    return new;
  end if;
  if (new.letter_id, new.parent_id, new.change_type, new.position) is distinct from (old.letter_id, old.parent_id, old.change_type, old.position)
     or (old.change_type = 'Edit' and new.change_data <> old.change_data) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.change_data <> old.change_data then
    if me is not null and me is distinct from old.user_id then raise exception 'not_author' using errcode = 'SN001'; end if;
    if old.is_resolved then raise exception 'thread_resolved' using errcode = 'SN001'; end if;
  end if;
  if new.is_resolved <> old.is_resolved then
    new.resolved_by := case when new.is_resolved then me end;
    new.resolved_at := case when new.is_resolved then now() end;
  end if;
  return new;
end
$$;
create trigger collaboration_state before insert or update on steno.collaboration for each row execute function steno.check_collaboration();

create function steno.check_refinement() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare is_removal boolean;
begin
  if tg_op = 'INSERT' then
    if new.status <> 'Pending' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    new.requested_by := coalesce(auth.current_user_id(), new.requested_by);
    return new;
  end if;
  is_removal := old.details_removed_at is null and new.details_removed_at is not null;
  if is_removal and steno.is_held(old.firm_id, 'letter_id', old.letter_id::text) then raise exception 'legal_hold' using errcode = 'SN001'; end if;
  -- what was asked stays what was asked
  if (new.letter_id, new.provider, new.ai_model, new.prompt_version) is distinct from (old.letter_id, old.provider, old.ai_model, old.prompt_version)
     or (not is_removal and (new.instruction, new.input_content, new.details_removed_at) is distinct from (old.instruction, old.input_content, old.details_removed_at)) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if old.status in ('Completed', 'Failed') then
    if (new.status, new.processing_time_ms, new.token_count, new.cost_microdollars, new.error_message, new.completed_at)
         is distinct from (old.status, old.processing_time_ms, old.token_count, old.cost_microdollars, old.error_message, old.completed_at)
       or (not is_removal and new.output_content is distinct from old.output_content) then
      raise exception 'refinement_finished' using errcode = 'SN001';
    end if;
  elsif new.status <> old.status then
    if not (case old.status when 'Pending' then new.status in ('Processing', 'Failed') else new.status in ('Completed', 'Failed') end) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if new.status in ('Completed', 'Failed') then new.completed_at := now(); end if;
  end if;
  return new;
end
$$;
create trigger ai_refinement_state before insert or update on steno.ai_refinement for each row execute function steno.check_refinement();

-- The documents' named queries, asked of the server for a whole firm.
create index demand_letter_firm_updated_at_idx on steno.demand_letter (firm_id, updated_at desc, letter_id desc) where status <> 'Archived' and deleted_at is null;
create index demand_letter_firm_status_idx on steno.demand_letter (firm_id, status, updated_at desc);
-- the activity log, where archived letters count as well: everybody's, and one person's
create index demand_letter_activity_idx on steno.demand_letter (firm_id, updated_at desc, letter_id desc);
create index demand_letter_created_by_idx on steno.demand_letter (firm_id, created_by, updated_at desc);
create index template_category_idx on steno.template (firm_id, category, template_name) where is_active and deleted_at is null;
-- foreign keys that had none: deleting the parent would read all of the children
create index demand_letter_template_idx on steno.demand_letter (firm_id, template_id);
create index fact_document_idx on steno.fact (firm_id, document_id);
create index bill_line_document_idx on steno.bill_line (firm_id, document_id);
create index stated_total_document_idx on steno.stated_total (firm_id, document_id);

do $$
declare t text;
begin
  foreach t in array array['collaboration', 'ai_refinement', 'setting', 'document_link', 'chunk', 'feedback'] loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t);
  end loop;
end
$$;
call steno.protect('collaboration', 'letter:draft:read', 'letter:draft:write');
call steno.protect('ai_refinement', 'letter:draft:read', 'assistant:refinement:use');
call steno.protect('demand_letter_archive', 'letter:draft:read', 'letter:status:finalize');
call steno.protect('document_link', 'evidence:link:read', 'evidence:link:write');
call steno.protect('chunk', 'evidence:link:read', 'evidence:link:write');
call steno.protect('feedback', 'evidence:link:read', 'evidence:link:write');
-- The firm's settings are read by all and written by who may; a person's are hers alone.
call steno.protect('setting', 'firm:setting:read', 'firm:setting:write');
alter policy setting_read on steno.setting using (firm_id = (select auth.firm_for('firm:setting:read')) and user_id is null);
alter policy setting_insert on steno.setting with check (firm_id = (select auth.firm_for('firm:setting:write')) and user_id is null);
alter policy setting_update on steno.setting using (firm_id = (select auth.firm_for('firm:setting:write')) and user_id is null)
  with check (firm_id = (select auth.firm_for('firm:setting:write')) and user_id is null);
alter policy setting_delete on steno.setting using (firm_id = (select auth.firm_for('firm:setting:write')) and user_id is null);
create policy setting_own on steno.setting using (firm_id = (select auth.firm_for('firm:setting:read')) and user_id = (select auth.current_user_id()))
  with check (firm_id = (select auth.firm_for('firm:setting:read')) and user_id = (select auth.current_user_id()));

call steno.keep_audit('steno.collaboration', '{collaboration_id}', '{change_data}');
call steno.keep_audit('steno.ai_refinement', '{refinement_id}', '{instruction,input_content,output_content}');
call steno.keep_audit('steno.demand_letter_archive', '{letter_id}', '{content,letter_values}');
call steno.keep_audit('steno.setting', '{setting_id}');
call steno.keep_audit('steno.document_link', '{link_id}');
call steno.keep_audit('steno.chunk', '{chunk_id}');
call steno.keep_audit('steno.feedback', '{feedback_id}', '{comment}');

insert into steno.entity (entity, table_name, id_column, write_permission, travels) values
  ('collaboration', 'collaboration', 'collaboration_id', 'letter:draft:write', false),
  ('ai_refinement', 'ai_refinement', 'refinement_id', 'assistant:refinement:use', false),
  -- everybody has settings of their own; the trigger tells whose are whose
  ('setting', 'setting', 'setting_id', 'firm:setting:read', false),
  ('document_link', 'document_link', 'link_id', 'evidence:link:write', false),
  ('chunk', 'chunk', 'chunk_id', 'evidence:link:write', false),
  ('feedback', 'feedback', 'feedback_id', 'evidence:link:write', false);
insert into steno.entity_field (entity, field, policy, merge_group)
select entity, field, policy, coalesce(merge_group, field) from (values
  ('matter', 'legal_hold', 'conflict', 'hold'), ('matter', 'legal_hold_reason', 'follow', 'hold'),
  ('letter_version', 'is_major', 'last', null),
  ('collaboration', 'letter_id', 'last', null), ('collaboration', 'parent_id', 'last', null), ('collaboration', 'change_type', 'last', null),
  ('collaboration', 'change_data', 'conflict', null), ('collaboration', 'position', 'last', null), ('collaboration', 'is_resolved', 'conflict', null),
  ('ai_refinement', 'letter_id', 'last', null), ('ai_refinement', 'instruction', 'last', null), ('ai_refinement', 'provider', 'last', null), ('ai_refinement', 'ai_model', 'last', null),
  ('ai_refinement', 'prompt_version', 'last', null), ('ai_refinement', 'input_content', 'last', null), ('ai_refinement', 'output_content', 'last', 'outcome'),
  ('ai_refinement', 'status', 'last', 'outcome'), ('ai_refinement', 'processing_time_ms', 'last', 'outcome'), ('ai_refinement', 'token_count', 'last', 'outcome'),
  ('ai_refinement', 'cost_microdollars', 'last', 'outcome'), ('ai_refinement', 'error_message', 'last', 'outcome'),
  ('setting', 'user_id', 'last', null), ('setting', 'setting_key', 'last', null), ('setting', 'setting_value', 'conflict', null),
  ('document_link', 'from_document_id', 'last', null), ('document_link', 'to_document_id', 'last', null), ('document_link', 'link_kind', 'last', null),
  ('document_link', 'confidence', 'last', null), ('document_link', 'method', 'last', null), ('document_link', 'state', 'conflict', 'decision'), ('document_link', 'decision_reason', 'follow', 'decision'),
  ('chunk', 'document_id', 'last', null), ('chunk', 'ordinal', 'last', null), ('chunk', 'first_page', 'last', null), ('chunk', 'last_page', 'last', null), ('chunk', 'start_offset', 'last', null),
  ('chunk', 'end_offset', 'last', null), ('chunk', 'token_count', 'last', null), ('chunk', 'content_hash', 'last', null), ('chunk', 'method', 'last', null),
  ('feedback', 'subject', 'last', null), ('feedback', 'document_id', 'last', null), ('feedback', 'chunk_id', 'last', null), ('feedback', 'query_hash', 'last', null),
  ('feedback', 'is_helpful', 'conflict', null), ('feedback', 'comment', 'conflict', null), ('feedback', 'corrected_type', 'conflict', null)
) as fields (entity, field, policy, merge_group);
reset role;

comment on table steno.collaboration is 'Comments, suggestions and edits in a letter, in threads.';
comment on table steno.ai_refinement is 'Requests to a model to refine a letter: what was asked, what came, what it cost.';
comment on table steno.demand_letter_archive is 'Letters past their retention: the row as it was, with the body and values of its last version.';
comment on table steno.setting is 'Choices of the firm and of each person.';
comment on table steno.document_link is 'How two documents of a matter belong together, proposed by a rule or a person and decided by a person.';
comment on table steno.chunk is 'Parts of documents that search finds, by their place on the pages.';
comment on table steno.feedback is 'What people thought of a search result, a document''s kind or an answer.';
comment on table steno.firm is 'Law firms: the tenants.';
comment on table steno."user" is 'The people of a firm and their roles.';
comment on table steno.matter is 'What letters, documents and facts belong to: one client''s case.';
comment on table steno.source_document is 'Files of a matter as evidence: what each is and how far it was read.';
comment on table steno.document_page is 'The text of a document by page.';
comment on table steno.fact is 'One value from one place on a page, its confidence, and what a person decided.';
comment on table steno.bill_line is 'One line of a bill in cents; totals are computed from these.';
comment on table steno.stated_total is 'Totals that documents print: compared with ours, never copied.';
comment on table steno.blob is 'The firm''s files by content.';
comment on table steno.blob_chunk is 'The bytes of files, in pieces.';
comment on table steno.template is 'Skeletons of letters: sections with variables.';
comment on table steno.demand_letter is 'Demand letters: their state and what is not in the body.';
comment on table steno.letter_update is 'The body of a letter as its writers'' Yjs updates; only ever added.';
comment on table steno.letter_version is 'A letter as it stood: body and every value; numbered, never changed.';
comment on table steno.export is 'Files that were made of a letter.';
comment on table steno.entity is 'What clients write and what travels to laptops.';
comment on table steno.entity_field is 'How each field merges when two people changed it apart.';
comment on table steno.conflict is 'Both values of a field that two people changed apart, until one is chosen.';
comment on table steno.mutation is 'The first verdict of every change, given again when a laptop repeats it.';
comment on table steno.feed_position is 'The last position of a firm''s feed.';
comment on table steno.change_feed is 'What changed in a firm, in an order without gaps.';
comment on table steno.permission is 'What can be permitted, as domain:function:action.';
comment on table steno.role_permission is 'Which role may what.';
comment on table steno.partition_policy is 'How far ahead partitions are made, and how long they are kept.';
comment on table steno.audit_event is 'Every change of every table, and what is done with sessions and keys; append-only.';
comment on table steno.audit_batch is 'The seal of one transaction''s audit events, chained by hash.';
comment on table steno.audit_head is 'Where a firm''s audit chain stands.';
comment on table steno.audit_pending is 'Audit batches of transactions that are still open.';
comment on table auth.credential is 'Password hashes, apart from the rows that travel.';
comment on table auth.session is 'Sessions by the hash of their token.';
comment on table auth.device is 'Laptops a person signed in on, and whether they were revoked.';
comment on table auth.api_key is 'Logins for programs, with some of their maker''s permissions.';
comment on table auth.policy is 'How long sessions last and how often sign-in may be tried.';
