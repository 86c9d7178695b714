-- Who may do what: permissions `domain:function:action`, given to roles. A policy asks once per statement, in one InitPlan:
-- auth.firm_for('letter:draft:read') is the caller's firm where the caller may do that, and null (no row of anybody) where not.
set local role steno_owner;

alter table steno."user" drop constraint user_role_check;
alter table steno."user" add constraint user_role_check check (role in ('Admin', 'Attorney', 'Paralegal', 'Viewer', 'Guest'));

create table steno.permission (
  permission text primary key check (permission ~ '^[a-z]+:[a-z]+:[a-z]+$'),
  description text not null,
  lowest_role text not null -- only until role_permission is filled, below
);
create table steno.role_permission (
  role text not null check (role in ('Admin', 'Attorney', 'Paralegal', 'Viewer', 'Guest')),
  permission text not null references steno.permission,
  primary key (role, permission)
);

-- The lowest role that may; every role above may as well (Admin > Attorney > Paralegal > Viewer). A guest may only what is said for guests.
insert into steno.permission (permission, lowest_role, description) values
  ('firm:feed:read', 'Viewer', 'receive what changes in the firm'),
  ('firm:user:read', 'Viewer', 'see who works in the firm'),
  ('firm:setting:read', 'Viewer', 'see the firm''s settings'),
  ('matter:record:read', 'Viewer', 'see matters'),
  ('evidence:document:read', 'Viewer', 'see documents and their pages'),
  ('evidence:fact:read', 'Viewer', 'see facts, bill lines and stated totals'),
  ('evidence:link:read', 'Viewer', 'see how documents belong together, and the parts of them that search finds'),
  ('template:library:read', 'Viewer', 'see templates'),
  ('letter:draft:read', 'Viewer', 'see letters, their versions, comments and exports'),
  ('conflict:inbox:read', 'Viewer', 'see changes that wait for a decision'),
  ('refund:contract:read', 'Viewer', 'see contracts and what was read from them'),
  ('contact:directory:read', 'Viewer', 'see contacts, departments and productions'),
  ('chat:room:read', 'Viewer', 'see the rooms of the firm that are not private'),
  ('chat:message:read', 'Viewer', 'read messages of those rooms'),
  ('matter:record:write', 'Paralegal', 'make and change matters'),
  ('evidence:document:write', 'Paralegal', 'add documents and files'),
  ('evidence:fact:write', 'Paralegal', 'propose, correct and decide facts and bill lines'),
  ('evidence:link:write', 'Paralegal', 'link documents and judge what search found'),
  ('letter:draft:write', 'Paralegal', 'draft, edit, comment and ask for review'),
  ('letter:file:export', 'Paralegal', 'export a letter'),
  ('assistant:refinement:use', 'Paralegal', 'ask the assistant to refine a letter'),
  ('conflict:inbox:decide', 'Paralegal', 'choose between two values'),
  ('refund:contract:write', 'Paralegal', 'add contracts'),
  ('refund:extraction:review', 'Paralegal', 'correct and approve what was read from a contract'),
  ('contact:directory:write', 'Paralegal', 'add and change contacts'),
  ('chat:room:write', 'Paralegal', 'open rooms and invite'),
  ('chat:message:send', 'Paralegal', 'send messages and files'),
  ('chat:robot:use', 'Paralegal', 'ask a robot in a room'),
  ('chat:escalation:create', 'Paralegal', 'escalate to an attorney'),
  ('letter:status:finalize', 'Attorney', 'finalize and archive letters'),
  ('template:library:write', 'Attorney', 'change templates'),
  ('matter:hold:write', 'Attorney', 'put a legal hold on a matter, and lift it'),
  ('chat:escalation:assign', 'Attorney', 'take and resolve escalations'),
  ('chat:room:observe', 'Admin', 'see private rooms without taking part'),
  ('firm:setting:write', 'Admin', 'change the firm''s settings'),
  ('firm:session:manage', 'Admin', 'see and end everybody''s sessions and devices'),
  ('firm:key:manage', 'Admin', 'make and revoke API keys'),
  ('audit:event:read', 'Admin', 'read the audit'),
  ('chat:guest:attend', 'Guest', 'take part in the rooms one is invited to, and see nothing else');
insert into steno.role_permission (role, permission)
select r.role, p.permission
from (values ('Admin', 4), ('Attorney', 3), ('Paralegal', 2), ('Viewer', 1)) r (role, rank)
join (values ('Admin', 4), ('Attorney', 3), ('Paralegal', 2), ('Viewer', 1)) l (role, rank) on r.rank >= l.rank
join steno.permission p on p.lowest_role = l.role
union all
select 'Guest', permission from steno.permission where lowest_role = 'Guest';
alter table steno.permission drop column lowest_role;
-- the same for every firm, and no client's to read: the app learns its own list from app.whoami
alter table steno.permission enable row level security;
alter table steno.permission force row level security;
alter table steno.role_permission enable row level security;
alter table steno.role_permission force row level security;
create policy permission_lookup on steno.permission to steno_owner, steno_auth using (true) with check (true);
create policy role_permission_lookup on steno.role_permission to steno_owner, steno_auth using (true) with check (true);
grant select on steno.permission, steno.role_permission to steno_auth;

-- An API key is a login for a program, with some of the permissions of the person who made it.
set local role steno_auth;
alter table auth.session add column scopes text[]; -- null: all that the role may
create table auth.api_key (
  firm_id uuid not null,
  api_key_id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  key_name text not null check (length(key_name) between 1 and 100),
  key_hash bytea not null unique check (length(key_hash) = 32), -- SHA-256
  scopes text[] not null check (cardinality(scopes) between 1 and 50),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > created_at),
  revoked_at timestamptz,
  primary key (firm_id, api_key_id),
  foreign key (firm_id, user_id) references steno."user" on delete cascade
);

-- What the session may, written beside it: every policy of every statement asks, and joining user, firm and role each time took four times
-- as long. Kept true by triggers in the transaction of the change: a demotion, or a person or firm switched off, counts at once.
alter table auth.session add column granted text[] not null default '{}';
alter table auth.api_key add column granted text[] not null default '{}';
create function auth.grants_of(of_firm uuid, of_user uuid, scopes text[]) returns text[] language sql stable set search_path = auth, pg_temp as $$
  select coalesce(array_agg(p.permission order by p.permission), '{}')
  from steno."user" u join steno.firm f on f.firm_id = u.firm_id join steno.role_permission p on p.role = u.role
  where u.firm_id = of_firm and u.user_id = of_user and u.is_active and u.deleted_at is null and f.is_active and f.deleted_at is null
    and (scopes is null or p.permission = any (scopes))
$$;
create function auth.grant_at_birth() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  new.granted := auth.grants_of(new.firm_id, new.user_id, new.scopes);
  return new;
end
$$;
create trigger session_granted before insert or update of scopes, user_id on auth.session for each row execute function auth.grant_at_birth();
create trigger api_key_granted before insert or update of scopes, user_id on auth.api_key for each row execute function auth.grant_at_birth();
-- Of one person, of a firm (no person), or of everybody (neither).
create function auth.grant_anew(of_firm uuid, of_user uuid) returns void language sql volatile set search_path = auth, pg_temp as $$
  update auth.session s set granted = auth.grants_of(s.firm_id, s.user_id, s.scopes)
  where s.revoked_at is null and (of_firm is null or s.firm_id = of_firm) and (of_user is null or s.user_id = of_user);
  update auth.api_key k set granted = auth.grants_of(k.firm_id, k.user_id, k.scopes)
  where k.revoked_at is null and (of_firm is null or k.firm_id = of_firm) and (of_user is null or k.user_id = of_user)
$$;
create function auth.user_changed() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform auth.grant_anew(new.firm_id, new.user_id);
  return null;
end
$$;
create function auth.firm_changed() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform auth.grant_anew(new.firm_id, null);
  return null;
end
$$;
create function auth.roles_changed() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform auth.grant_anew(null, null);
  return null;
end
$$;
grant execute on function auth.user_changed(), auth.firm_changed(), auth.roles_changed() to steno_owner;
set local role steno_owner;
create trigger user_granted after update of role, is_active, deleted_at on steno."user" for each row execute function auth.user_changed();
create trigger firm_granted after update of is_active, deleted_at on steno.firm for each row execute function auth.firm_changed();
create trigger role_permission_granted after insert or update or delete or truncate on steno.role_permission for each statement execute function auth.roles_changed();
set local role steno_auth;
select auth.grant_anew(null, null);

-- The session behind a token, or behind an API key's token; with `needed`, only where its person may do that. Null where there is none.
-- Neither definer nor with a search_path of its own: it is called by those that are, for every policy of every statement, and each costs.
-- In plpgsql, because its plans are kept between calls.
create function auth.session_of(token text, needed text) returns auth.session language plpgsql stable as $$
declare
  hash bytea := sha256(convert_to(token, 'UTF8'));
  found auth.session;
begin
  if starts_with(token, 'sk_') then
    select k.api_key_id, k.firm_id, k.user_id, k.api_key_id, k.key_name, k.key_hash, null, k.created_at, k.created_at, k.expires_at, k.revoked_at, k.scopes, k.granted into found
    from auth.api_key k where k.key_hash = hash and k.revoked_at is null and k.expires_at > now();
  else
    select s.* into found from auth.session s where s.token_hash = hash and s.revoked_at is null and s.expires_at > now();
  end if;
  -- nothing granted at all: a person or firm that was switched off
  if found.granted = '{}' or needed <> all (found.granted) then return null; end if;
  return found;
end
$$;
create or replace function auth.current_session() returns auth.session language plpgsql stable security definer set search_path = auth, pg_temp as $$
begin return auth.session_of(nullif(current_setting('app.session_token', true), ''), null); end
$$;

-- The caller's firm where the caller may do this, else null. The one question every policy asks, as `(select auth.firm_for('...'))`.
create function auth.firm_for(needed text) returns uuid language plpgsql stable security definer set search_path = auth, pg_temp as $$
begin
  if needed is null then return null; end if;
  return (auth.session_of(nullif(current_setting('app.session_token', true), ''), needed)).firm_id;
end
$$;
create function auth.may(needed text) returns boolean language plpgsql stable security definer set search_path = auth, pg_temp as
  'begin return auth.firm_for(needed) is not null; end';
create or replace function auth.current_firm_id() returns uuid language plpgsql stable security definer set search_path = auth, pg_temp as
  'begin return (auth.current_session()).firm_id; end';
create or replace function auth.current_user_id() returns uuid language plpgsql stable security definer set search_path = auth, pg_temp as
  'begin return (auth.current_session()).user_id; end';
grant execute on function auth.firm_for(text), auth.may(text) to steno_owner, steno_client;

set local role steno_owner;
/*
 * Puts a tenant table behind its policies: rows of the caller's firm, where the caller may read (or write) this kind of thing.
 * Every migration that makes a table calls it; test/pg/policies.test.ts finds a table that was forgotten.
 */
create procedure steno.protect(of_table text, may_read text, may_write text) language plpgsql set search_path = steno, pg_temp as $$
declare whose text;
begin
  -- a misspelt permission would be one that nobody has
  if (select count(*) from steno.permission where permission in (may_read, may_write)) <> cardinality(array(select distinct unnest(array[may_read, may_write]))) then
    raise exception 'unknown permission in protect(%, %, %)', of_table, may_read, may_write;
  end if;
  execute format('alter table steno.%I enable row level security', of_table);
  execute format('alter table steno.%I force row level security', of_table);
  whose := format('firm_id = (select auth.firm_for(%L))', may_read);
  execute format('create policy %I on steno.%I for select using (%s)', of_table || '_read', of_table, whose);
  whose := format('firm_id = (select auth.firm_for(%L))', may_write);
  execute format('create policy %I on steno.%I for insert with check (%s)', of_table || '_insert', of_table, whose);
  execute format('create policy %I on steno.%I for update using (%s) with check (%s)', of_table || '_update', of_table, whose, whose);
  execute format('create policy %I on steno.%I for delete using (%s)', of_table || '_delete', of_table, whose);
  execute format('grant select on steno.%I to steno_client', of_table);
end
$$;

do $$
declare t record;
begin
  for t in select * from (values
    ('matter', 'matter:record:read', 'matter:record:write'),
    ('source_document', 'evidence:document:read', 'evidence:document:write'),
    ('document_page', 'evidence:document:read', 'evidence:document:write'),
    ('blob', 'evidence:document:read', 'evidence:document:write'),
    ('blob_chunk', 'evidence:document:read', 'evidence:document:write'),
    ('fact', 'evidence:fact:read', 'evidence:fact:write'),
    ('bill_line', 'evidence:fact:read', 'evidence:fact:write'),
    ('stated_total', 'evidence:fact:read', 'evidence:fact:write'),
    ('template', 'template:library:read', 'template:library:write'),
    ('demand_letter', 'letter:draft:read', 'letter:draft:write'),
    ('letter_update', 'letter:draft:read', 'letter:draft:write'),
    ('letter_version', 'letter:draft:read', 'letter:status:finalize'),
    ('export', 'letter:draft:read', 'letter:file:export')
  ) as tables (name, may_read, may_write) loop
    execute format('drop policy %I on steno.%I', t.name || '_isolation', t.name);
    call steno.protect(t.name, t.may_read, t.may_write);
  end loop;
end
$$;
-- A change that collides is kept by whoever made it; choosing between the two is another thing.
drop policy conflict_isolation on steno.conflict;
call steno.protect('conflict', 'conflict:inbox:read', 'conflict:inbox:decide');
create policy conflict_kept on steno.conflict for insert with check (firm_id = (select auth.current_firm_id()) and proposed_by = (select auth.current_user_id()));
-- A guest sees the firm's name and herself; whom else she meets, her rooms decide.
drop policy firm_isolation on steno.firm;
create policy firm_read on steno.firm for select using (firm_id = (select auth.current_firm_id()));
create policy firm_update on steno.firm for update using (firm_id = (select auth.firm_for('firm:setting:write'))) with check (firm_id = (select auth.firm_for('firm:setting:write')));
drop policy user_isolation on steno."user";
create policy user_read on steno."user" for select using (firm_id = (select auth.firm_for('firm:user:read')));
create policy user_self on steno."user" for select using (firm_id = (select auth.current_firm_id()) and user_id = (select auth.current_user_id()));

create or replace function steno.check_letter_status() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.status in ('Finalized', 'Exported', 'Archived') and
     (new.title, new.letter_date, new.demand_cents, new.matter_id, new.deleted_at) is distinct from (old.title, old.letter_date, old.demand_cents, old.matter_id, old.deleted_at) then
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
    if new.status = 'Finalized' then
      if not auth.may('letter:status:finalize') then raise exception 'finalize_needs_attorney' using errcode = 'SN001'; end if;
      new.finalized_at := now();
      new.finalized_by := auth.current_user_id();
    end if;
  end if;
  return new;
end
$$;
reset role;
