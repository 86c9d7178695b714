-- The library of templates: what was published stays as numbered versions, what is being written is its writer's own, and of two laptops that were apart nobody's
-- choice becomes a refusal.
set local role steno_owner;

create table steno.template_version (
  firm_id uuid not null references steno.firm on delete cascade,
  version_id uuid not null,
  template_id uuid not null,
  content jsonb not null check (jsonb_typeof(content -> 'sections') = 'array' and octet_length(content::text) <= 4000000 and not jsonb_path_exists(content, '$.**{100}')),
  change_summary text not null check (length(change_summary) <= 2000),
  -- the version its writer began with; null: what the template said before it had any
  based_on uuid,
  version_number integer not null check (version_number >= 1),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, version_id),
  constraint template_version_number_key unique (firm_id, template_id, version_number),
  foreign key (firm_id, template_id) references steno.template on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);

-- Numbers are the firm's to give, in the order in which versions arrive.
create function steno.number_template_version() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  perform 1 from steno.template t where t.firm_id = new.firm_id and t.template_id = new.template_id for no key update;
  new.version_number := coalesce((select max(v.version_number) from steno.template_version v where v.firm_id = new.firm_id and v.template_id = new.template_id), 0) + 1;
  return new;
end
$$;
create trigger template_version_number before insert on steno.template_version for each row execute function steno.number_template_version();
-- A version is never changed, and goes with its template only. That its writer left the firm is all that may become of it.
create function steno.keep_template_version() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{created_by,updated_by}'::text[] is distinct from to_jsonb(old) - '{created_by,updated_by}'::text[] or new.created_by is not null or new.updated_by is distinct from old.updated_by then
      raise exception 'append_only' using errcode = 'SN001';
    end if;
    return new;
  end if;
  if exists (select from steno.template t where t.firm_id = old.firm_id and t.template_id = old.template_id) then
    raise exception 'version_kept' using errcode = 'SN001';
  end if;
  return old;
end
$$;
create trigger template_version_kept before update or delete on steno.template_version for each row execute function steno.keep_template_version();
create trigger template_version_updated_at before update on steno.template_version for each row execute function steno.set_updated_at();
create constraint trigger template_version_feed after insert or update on steno.template_version deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('template_version', 'version_id');
create trigger template_version_feed_delete after delete on steno.template_version referencing old table as gone_rows for each statement
  execute function auth.announce_gone('template_version', 'version_id');
call steno.protect('template_version', 'template:library:read', 'template:library:write');
call steno.keep_audit('steno.template_version', '{version_id}', '{content}');
comment on table steno.template_version is 'What a template said, each time it was published; numbered, never changed.';

create table steno.template_draft (
  firm_id uuid not null references steno.firm on delete cascade,
  draft_id uuid not null,
  template_id uuid not null,
  -- null: nothing is being written
  content jsonb check (jsonb_typeof(content -> 'sections') = 'array' and octet_length(content::text) <= 4000000 and not jsonb_path_exists(content, '$.**{100}')),
  based_on uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, draft_id),
  foreign key (firm_id, template_id) references steno.template on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by)
);
create index template_draft_template_idx on steno.template_draft (firm_id, template_id);
create function steno.check_template_draft() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if new.template_id is distinct from old.template_id then raise exception 'append_only' using errcode = 'SN001'; end if;
  if auth.current_user_id() is not null and auth.current_user_id() is distinct from old.created_by and (new.content, new.based_on) is distinct from (old.content, old.based_on) then
    raise exception 'not_author' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger template_draft_author before update on steno.template_draft for each row execute function steno.check_template_draft();
create trigger template_draft_updated_at before update on steno.template_draft for each row execute function steno.set_updated_at();
create constraint trigger template_draft_feed after insert or update on steno.template_draft deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('template_draft', 'draft_id');
create trigger template_draft_feed_delete after delete on steno.template_draft referencing old table as gone_rows for each statement
  execute function auth.announce_gone('template_draft', 'draft_id');
call steno.protect('template_draft', 'template:library:write', 'template:library:write');
call steno.keep_audit('steno.template_draft', '{draft_id}', '{content}');
comment on table steno.template_draft is 'What somebody is writing for a template and has not published.';

/*
 * Two laptops that are apart may both give a name or make a default; refused, that would be a change nobody understands. Declared instead: a name that is taken gets
 * a number behind it, and of two defaults made apart the one that arrives later holds, the other loses its mark. A template that only comes back, or comes into
 * another category, takes nobody's place.
 */
create function steno.settle_template() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  free text := new.template_name;
  nth integer := 1;
  moved uuid[];
  had boolean := tg_op = 'UPDATE' and old.is_default;
begin
  while exists (select from steno.template t where t.firm_id = new.firm_id and t.template_name = free and t.template_id <> new.template_id) loop
    nth := nth + 1;
    free := left(new.template_name, 240) || ' (' || nth || ')';
  end loop;
  new.template_name := free;
  if not (new.is_default and new.is_active and new.deleted_at is null) or new.category is null then return new; end if;
  if had then
    if exists (select from steno.template t where t.firm_id = new.firm_id and t.category = new.category and t.template_id <> new.template_id and t.is_default and t.is_active and t.deleted_at is null) then
      new.is_default := false;
    end if;
    return new;
  end if;
  with freed as (
    update steno.template t set is_default = false, revision = t.revision + 1
    where t.firm_id = new.firm_id and t.category = new.category and t.template_id <> new.template_id and t.is_default and t.is_active and t.deleted_at is null
    returning t.template_id)
  select array_agg(template_id order by template_id) into moved from freed;
  if cardinality(moved) > 0 and current_setting('steno.in_push', true) = 'on' then
    perform steno.append_to_feed(new.firm_id, array_fill('template'::text, array[cardinality(moved)]), moved);
  end if;
  return new;
end
$$;
create trigger template_settled before insert or update of template_name, category, is_default, is_active, deleted_at on steno.template for each row execute function steno.settle_template();

insert into steno.entity (entity, table_name, id_column, write_permission, travels, proposes) values
  ('template_version', 'template_version', 'version_id', 'template:library:write', true, true),
  ('template_draft', 'template_draft', 'draft_id', 'template:library:write', true, true);
insert into steno.entity_field (entity, field, policy, merge_group) values
  ('template_version', 'template_id', 'last', 'template_id'), ('template_version', 'content', 'last', 'content'), ('template_version', 'change_summary', 'last', 'change_summary'),
  ('template_version', 'based_on', 'last', 'based_on'),
  -- who wrote on two laptops wrote the later words later
  ('template_draft', 'template_id', 'last', 'template_id'), ('template_draft', 'content', 'last', 'content'), ('template_draft', 'based_on', 'last', 'content');
-- One takes a mark from another: they are judged one after the other.
update steno.entity set in_sets = false where entity = 'template';
update steno.entity_field set in_sets = false where entity = 'template';
-- Of two published apart both are versions; what colleagues draft from is the one that arrived later, and nobody has to decide.
update steno.entity_field set policy = 'last' where entity = 'template' and field = 'template_content';
alter table steno.template add constraint template_template_content_size_check check (octet_length(template_content::text) <= 4000000) not valid;
alter table steno.demand_letter add constraint demand_letter_metadata_size_check check (octet_length(metadata::text) <= 1000000) not valid;
reset role;
