-- Sessions that expire, are renewed, listed and revoked; devices that are told to erase their store; sign-in that cannot be hammered.
set local role steno_auth;

-- How long and how often, for every firm of this server; one row, changed by its administrator.
create table auth.policy (
  only_row boolean primary key default true check (only_row),
  session_days integer not null default 30 check (session_days between 1 and 365),
  -- renewing never carries a session past this age: then the password is asked again
  session_most_days integer not null default 90 check (session_most_days between 1 and 730),
  -- sign-ins in a window; an address may be a pooler's, behind which a whole firm sits
  window_minutes integer not null default 15 check (window_minutes between 1 and 1440),
  -- more than the 32 that a sequence may jump when the server crashes: that alone must lock nobody out
  account_attempts integer not null default 60 check (account_attempts between 1 and 10000),
  address_attempts integer not null default 300 check (address_attempts between 1 and 100000)
);
insert into auth.policy default values;

-- Each laptop a person signed in on. Revoked means stolen or lost: it may not come back, and is told to erase what it holds.
create table auth.device (
  firm_id uuid not null,
  user_id uuid not null,
  device_id uuid not null,
  device_name text not null check (length(device_name) <= 255),
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  revoked_at timestamptz,
  erased_at timestamptz,
  primary key (firm_id, user_id, device_id),
  foreign key (firm_id, user_id) references steno."user" on delete cascade
);
call steno.keep_audit('auth.device', '{user_id,device_id}', '{}', '{last_seen_at}');
insert into auth.device (firm_id, user_id, device_id, device_name, first_seen_at, last_seen_at)
select distinct on (firm_id, user_id, device_id) firm_id, user_id, device_id, device_name, min(created_at) over each_one, max(last_seen_at) over each_one
from auth.session window each_one as (partition by firm_id, user_id, device_id) order by firm_id, user_id, device_id, created_at desc;

alter table auth.session add column ended_reason text check (ended_reason in ('signed_out', 'revoked', 'password_changed', 'device_revoked'));
create index session_expires_idx on auth.session (expires_at);

/*
 * Attempts are counted in sequences, because nothing else in Postgres survives a rollback: a hostile client wraps its guesses in
 * transactions that it rolls back, and any counter in a table would forget them. An account or address falls into one of 64 of them;
 * a value is window number * 100000 + attempts in that window. nextval is atomic, so parallel guesses count as well.
 */
do $$
begin
  for n in 0..63 loop
    execute format('create sequence auth.attempts_account_%s minvalue 0 start 0', n);
    execute format('create sequence auth.attempts_address_%s minvalue 0 start 0', n);
  end loop;
end
$$;
-- Counts one attempt. Seconds to wait where there were too many of them, else null.
create function auth.count_attempt(kind text, whose text) returns integer language plpgsql volatile set search_path = auth, pg_temp as $$
declare
  p auth.policy;
  counter text := format('auth.attempts_%s_%s', kind, abs(hashtext(whose)::bigint) % 64);
  window_seconds integer;
  this_window bigint;
  attempts bigint;
begin
  select * into p from auth.policy;
  window_seconds := p.window_minutes * 60;
  this_window := floor(extract(epoch from clock_timestamp()) / window_seconds);
  attempts := nextval(counter::regclass) - this_window * 100000;
  if attempts < 0 or attempts > 99999 then -- a number of an earlier window (or, after the clock was set back, a later one)
    perform setval(counter::regclass, this_window * 100000 + 1);
    attempts := 1;
  end if;
  if attempts <= (case kind when 'account' then p.account_attempts else p.address_attempts end) then return null; end if;
  return ceil((this_window + 1) * window_seconds - extract(epoch from clock_timestamp()));
end
$$;

drop function auth.sign_in(text, text, text, uuid, text);
-- Sign-in. Never says whether the firm, the address or the password was wrong, and spends the same bcrypt time on each.
-- Raises SN429 with the seconds to wait after too many attempts, and SN410 on a device that was revoked.
create function auth.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns text
-- public holds citext's operators; nobody but the administrator can create anything there
language plpgsql volatile security definer set search_path = auth, public, pg_temp as $$
declare
  found_firm uuid;
  found_user uuid;
  stored text;
  fresh text;
  wait integer;
begin
  if length(slug) > 63 or length(email) > 320 or length(password) > 1024 or length(device_name) > 255 or device_id is null then return null; end if;
  -- both are counted, and counted before anything is looked up: what does not exist must look like what does
  wait := greatest(auth.count_attempt('account', lower(slug) || ' ' || lower(email)), auth.count_attempt('address', coalesce(host(inet_client_addr()), 'local')));
  if wait is not null then raise exception 'too_many_attempts' using errcode = 'SN429', detail = wait::text; end if;

  select f.firm_id, u.user_id, c.password_hash into found_firm, found_user, stored
  from steno.firm f
  join steno."user" u on u.firm_id = f.firm_id and u.email = sign_in.email::public.citext and u.is_active and u.deleted_at is null
  join auth.credential c on c.firm_id = u.firm_id and c.user_id = u.user_id
  where f.firm_slug = slug::public.citext and f.is_active and f.deleted_at is null;
  -- a hash of nothing in particular, at the same cost, where there is no such account
  stored := coalesce(stored, '$2a$12$C6UzMDM.H6dfI/f/IKcEeO7qfQ6r8mUuK1fVwJrWn2o8S0oYzGxJ.');
  if public.crypt(password, stored) is distinct from stored or found_user is null then
    -- best effort: whoever rolls back takes this back as well, but not the count above
    if found_user is not null then perform steno.audit_note(found_firm, 'user', found_user::text, 'sign_in_refused', null); end if;
    return null;
  end if;

  insert into auth.device as d (firm_id, user_id, device_id, device_name)
  values (found_firm, found_user, sign_in.device_id, sign_in.device_name)
  on conflict on constraint device_pkey do update set device_name = excluded.device_name, last_seen_at = now() where d.revoked_at is null;
  if not found then raise exception 'device_revoked' using errcode = 'SN410'; end if;
  fresh := encode(public.gen_random_bytes(32), 'hex');
  insert into auth.session (firm_id, user_id, device_id, device_name, token_hash, address, expires_at)
  values (found_firm, found_user, sign_in.device_id, sign_in.device_name, sha256(convert_to(fresh, 'UTF8')), inet_client_addr(),
    now() + make_interval(days => (select session_days from auth.policy)));
  return fresh;
end
$$;

-- Where this token's session ended because its device was revoked.
create function auth.must_erase(token text) returns boolean language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (select from auth.session s join auth.device d using (firm_id, user_id, device_id)
    where s.token_hash = sha256(convert_to(token, 'UTF8')) and d.revoked_at is not null)
$$;
create function auth.erased(token text) returns void language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.device d set erased_at = now() from auth.session s
  where s.token_hash = sha256(convert_to(token, 'UTF8')) and d.firm_id = s.firm_id and d.user_id = s.user_id and d.device_id = s.device_id
    and d.revoked_at is not null and d.erased_at is null
$$;
create or replace function auth.sign_out(token text) returns void language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.session set revoked_at = now(), ended_reason = 'signed_out' where token_hash = sha256(convert_to(token, 'UTF8')) and revoked_at is null
$$;
-- Carries the caller's own session on; the new end of it.
create function auth.renew() returns timestamptz language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.session s set last_seen_at = now(),
    expires_at = greatest(s.expires_at, least(now() + make_interval(days => p.session_days), s.created_at + make_interval(days => p.session_most_days)))
  from auth.policy p where s.session_id = (auth.current_session()).session_id returning s.expires_at
$$;
-- Cheap enough for every push: one row, at most once in five minutes.
create function auth.seen() returns void language plpgsql volatile security definer set search_path = auth, pg_temp as $$
declare s auth.session := auth.current_session();
begin
  if s.last_seen_at > now() - interval '5 minutes' or s.scopes is not null then return; end if;
  update auth.session set last_seen_at = now() where session_id = s.session_id;
  update auth.device set last_seen_at = now() where firm_id = s.firm_id and user_id = s.user_id and device_id = s.device_id;
end
$$;
-- The caller's sessions, or the whole firm's for who manages them.
create function auth.list_sessions() returns jsonb language sql stable security definer set search_path = auth, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('sessionId', s.session_id, 'userId', s.user_id, 'deviceId', s.device_id, 'deviceName', s.device_name,
      'address', host(s.address), 'createdAt', s.created_at, 'lastSeenAt', s.last_seen_at, 'expiresAt', s.expires_at, 'isThis', s.session_id = me.session_id)
      order by s.last_seen_at desc, s.session_id), '[]')
  from auth.current_session() me
  join auth.session s on s.firm_id = me.firm_id and s.revoked_at is null and s.expires_at > now() and (s.user_id = me.user_id or auth.may('firm:session:manage'))
$$;
-- Ends sessions of the firm: one, or all of a person. With `device`, the devices behind them may not come back and must erase what they hold.
-- How many ended; none where they are not the caller's and the caller does not manage the firm's.
create function auth.revoke(one uuid, of_user uuid, device boolean) returns integer language plpgsql volatile security definer set search_path = auth, pg_temp as $$
declare
  me auth.session := auth.current_session();
  ended integer;
begin
  with gone as (
    update auth.session s set revoked_at = now(), ended_reason = case when device then 'device_revoked' else 'revoked' end
    where s.firm_id = me.firm_id and s.revoked_at is null
      and (s.session_id = one or s.user_id = of_user or (device and (s.user_id, s.device_id) = (select o.user_id, o.device_id from auth.session o where o.session_id = one and o.firm_id = me.firm_id)))
      and (s.user_id = me.user_id or auth.may('firm:session:manage'))
    returning s.firm_id, s.user_id, s.device_id
  ), barred as (
    update auth.device d set revoked_at = now() from (select distinct * from gone) g
    where device and d.firm_id = g.firm_id and d.user_id = g.user_id and d.device_id = g.device_id and d.revoked_at is null
  )
  select count(*) into ended from gone;
  return ended;
end
$$;
-- A new password ends what was opened with the old one.
create or replace function auth.set_password(for_firm uuid, for_user uuid, password text) returns void
language sql volatile security definer set search_path = auth, pg_temp as $$
  insert into auth.credential (firm_id, user_id, password_hash) values (for_firm, for_user, public.crypt(password, public.gen_salt('bf', 12)))
  on conflict (firm_id, user_id) do update set password_hash = excluded.password_hash, updated_at = now();
  update auth.session set revoked_at = now(), ended_reason = 'password_changed' where firm_id = for_firm and user_id = for_user and revoked_at is null
$$;
-- Sessions that ended more than 90 days ago are of no use to anybody; the audit keeps that they were.
create function auth.cleanup_expired_sessions() returns integer language plpgsql volatile security definer set search_path = auth, pg_temp as $$
declare removed integer;
begin
  delete from auth.session where least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '90 days'
    -- a device that was told to erase itself must still be told
    and ended_reason is distinct from 'device_revoked';
  get diagnostics removed = row_count;
  return removed;
end
$$;

-- A key for a program, shown once; only its SHA-256 is kept. It can do no more than its maker, and never manage people, sessions or keys.
create function auth.create_api_key(key_name text, scopes text[], days integer) returns jsonb language plpgsql volatile security definer set search_path = auth, public, pg_temp as $$
declare
  me auth.session := auth.current_session();
  key text := 'sk_' || encode(public.gen_random_bytes(32), 'hex');
  made auth.api_key;
  refused text;
begin
  if me.scopes is not null or not auth.may('firm:key:manage') then raise exception 'forbidden' using errcode = 'SN403'; end if;
  select scope into refused from unnest(scopes) scope where not auth.may(scope) or scope like 'firm:%:manage' limit 1;
  if refused is not null then raise exception 'forbidden_scope' using errcode = 'SN403', detail = refused; end if;
  insert into auth.api_key (firm_id, user_id, key_name, key_hash, scopes, expires_at)
  values (me.firm_id, me.user_id, create_api_key.key_name, sha256(convert_to(key, 'UTF8')), create_api_key.scopes, now() + make_interval(days => days)) returning * into made;
  return jsonb_build_object('keyId', made.api_key_id, 'key', key, 'expiresAt', made.expires_at);
end
$$;
create function auth.list_api_keys() returns jsonb language sql stable security definer set search_path = auth, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('keyId', k.api_key_id, 'name', k.key_name, 'userId', k.user_id, 'scopes', k.scopes, 'createdAt', k.created_at,
    'expiresAt', k.expires_at, 'revokedAt', k.revoked_at) order by k.created_at), '[]')
  from auth.api_key k where k.firm_id = auth.firm_for('firm:key:manage')
$$;
create function auth.revoke_api_key(key_id uuid) returns boolean language plpgsql volatile security definer set search_path = auth, pg_temp as $$
begin
  update auth.api_key set revoked_at = now() where firm_id = auth.firm_for('firm:key:manage') and api_key_id = key_id and revoked_at is null;
  return found;
end
$$;
-- False where the old password is wrong; guesses count as sign-ins do.
create function auth.change_password(old_password text, new_password text) returns boolean language plpgsql volatile security definer set search_path = auth, public, pg_temp as $$
declare
  me auth.session := auth.current_session();
  wait integer := auth.count_attempt('account', me.user_id::text);
begin
  if wait is not null then raise exception 'too_many_attempts' using errcode = 'SN429', detail = wait::text; end if;
  if me.scopes is not null or length(old_password) > 1024 or length(new_password) not between 12 and 1024 then return false; end if;
  if not exists (select from auth.credential c where c.firm_id = me.firm_id and c.user_id = me.user_id and c.password_hash = public.crypt(old_password, c.password_hash)) then return false; end if;
  update auth.credential set password_hash = public.crypt(new_password, public.gen_salt('bf', 12)), updated_at = now() where firm_id = me.firm_id and user_id = me.user_id;
  update auth.session set revoked_at = now(), ended_reason = 'password_changed'
  where firm_id = me.firm_id and user_id = me.user_id and revoked_at is null and session_id <> me.session_id;
  return true;
end
$$;
revoke execute on all functions in schema auth from public;
grant execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text), auth.must_erase(text), auth.erased(text), auth.renew(), auth.seen(),
  auth.list_sessions(), auth.revoke(uuid, uuid, boolean), auth.create_api_key(text, text[], integer), auth.list_api_keys(), auth.revoke_api_key(uuid),
  auth.change_password(text, text) to steno_owner;

set local role steno_owner;
drop function app.sign_in(text, text, text, uuid, text);
drop function app.sign_out(text);
/*
 * The first line of every function a laptop calls: whose token it is, and that they may do this (null: being signed in is enough).
 * Raises SN401 without a session, SN410 where the device was revoked and must erase its store, SN403 where the role may not.
 */
create function steno.enter(token text, needed text) returns auth.session language plpgsql volatile set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then
    if auth.must_erase(token) then raise exception 'device_revoked' using errcode = 'SN410'; end if;
    raise exception 'unauthenticated' using errcode = 'SN401';
  end if;
  if needed is not null and not auth.may(needed) then raise exception 'forbidden' using errcode = 'SN403'; end if;
  return session;
end
$$;

-- Which permission a change needs, in place of a list of roles.
alter table steno.entity add column write_permission text references steno.permission;
update steno.entity set write_permission = case
  when entity = 'matter' then 'matter:record:write'
  when entity in ('document', 'page') then 'evidence:document:write'
  when entity in ('fact', 'bill_line', 'stated_total') then 'evidence:fact:write'
  when entity = 'template' then 'template:library:write'
  when entity in ('letter', 'letter_update') then 'letter:draft:write'
  when entity = 'letter_version' then 'letter:status:finalize'
  when entity = 'export' then 'letter:file:export'
  when entity = 'conflict' then 'conflict:inbox:decide' end; -- null: no client writes it
alter table steno.entity drop column write_roles;
drop function steno.apply_mutation(jsonb, auth.session, text);
/* One mutation. Returns its verdict; raises where the database itself refuses, and app.push turns that into 'rejected'. */
create function steno.apply_mutation(m jsonb, session auth.session) returns jsonb
language plpgsql set search_path = steno, pg_temp as $$
declare
  e steno.entity;
  target uuid := (m ->> 'entityId')::uuid;
  patch jsonb := m -> 'patch';
  base integer := (m ->> 'baseRevision')::integer;
  current_row jsonb;
  wanted jsonb;
  accepted text[];
  set_aside record;
  columns text;
  stamp jsonb;
  new_revision integer;
  conflict_id uuid;
  conflict_ids uuid[] := '{}';
begin
  select * into e from steno.entity where entity.entity = m ->> 'entity';
  if not found then return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_entity'); end if;
  if e.write_permission is null or not auth.may(e.write_permission) then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
  if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
    return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_field');
  end if;

  if m ->> 'op' = 'insert' then
    if not e.is_insertable then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
    if columns is null then return jsonb_build_object('verdict', 'rejected', 'reason', 'invalid'); end if;
    execute format('insert into steno.%1$I (firm_id, %2$I, created_by, updated_by, %3$s) select $1, $2, $3, $3, %3$s from jsonb_populate_record(null::steno.%1$I, $4) on conflict (firm_id, %2$I) do nothing returning revision',
      e.table_name, e.id_column, columns) into new_revision using session.firm_id, target, session.user_id, patch;
    -- the same thing made on two laptops (one file in a shared folder): the first stands
    if new_revision is null then return jsonb_build_object('verdict', 'merged'); end if;
    return jsonb_build_object('verdict', 'applied', 'revision', new_revision);
  end if;

  execute format('select to_jsonb(t), to_jsonb(jsonb_populate_record(null::steno.%1$I, $3)) from steno.%1$I t where firm_id = $1 and %2$I = $2 for no key update', e.table_name, e.id_column)
    into current_row, wanted using session.firm_id, target, patch;
  if current_row is null or current_row ->> 'deleted_at' is not null then return jsonb_build_object('verdict', 'rejected', 'reason', 'not_found'); end if;

  with change as (
    select f.field, f.policy, f.merge_group,
      f.policy = 'conflict' and wanted -> f.field is distinct from current_row -> f.field
        and coalesce((current_row -> 'field_revision' -> f.field ->> 0)::integer, 0) > base
        and current_row -> 'field_revision' -> f.field ->> 1 is distinct from session.device_id::text as collides
    from jsonb_object_keys(patch) k join steno.entity_field f on f.entity = e.entity and f.field = k
  ), grouped as (
    select merge_group, bool_or(collides) as collides, array_agg(field) as fields from change group by merge_group
  )
  select coalesce((select array_agg(f) from grouped g, unnest(g.fields) f where not g.collides), '{}') into accepted;

  if cardinality(accepted) > 0 then
    select string_agg(format('%I', a), ', ') into columns from unnest(accepted) a;
    stamp := (select jsonb_object_agg(a, jsonb_build_array((current_row ->> 'revision')::integer + 1, session.device_id)) from unnest(accepted) a);
    execute format('update steno.%1$I set (%3$s) = (select %3$s from jsonb_populate_record(null::steno.%1$I, $3)), revision = revision + 1, updated_by = $4, field_revision = field_revision || $5 where firm_id = $1 and %2$I = $2 returning revision',
      e.table_name, e.id_column, columns) into new_revision using session.firm_id, target, patch, session.user_id, stamp;
  end if;

  if cardinality(accepted) = (select count(*) from jsonb_object_keys(patch)) then
    return jsonb_build_object('verdict', case when (current_row ->> 'revision')::integer > base then 'merged' else 'applied' end, 'revision', new_revision);
  end if;

  for set_aside in
    select f.merge_group, jsonb_object_agg(k, wanted -> k) as proposed, jsonb_object_agg(k, current_row -> k) as current
    from jsonb_object_keys(patch) k join steno.entity_field f on f.entity = e.entity and f.field = k
    where k <> all (accepted) group by f.merge_group
  loop
    insert into steno.conflict (firm_id, conflict_id, entity, entity_id, merge_group, proposed, proposed_by, proposed_device, current, current_by, created_by)
    values (session.firm_id, gen_random_uuid(), e.entity, target, set_aside.merge_group, set_aside.proposed, session.user_id, session.device_id,
      set_aside.current, (current_row ->> 'updated_by')::uuid, session.user_id)
    on conflict (firm_id, entity, entity_id, merge_group, proposed_device) where state = 'open'
    do update set proposed = conflict.proposed || excluded.proposed, current = excluded.current, current_by = excluded.current_by, revision = conflict.revision + 1
    returning conflict.conflict_id into conflict_id;
    conflict_ids := conflict_ids || conflict_id;
  end loop;
  return jsonb_build_object('verdict', 'conflict', 'revision', coalesce(new_revision, (current_row ->> 'revision')::integer), 'conflicts', to_jsonb(conflict_ids));
end
$$;

-- Laptops hold only what travels; the rest is reached over the line until their stores have a place for it.
alter table steno.entity add column travels boolean not null default true;
drop function steno.append_to_feed(uuid, text[], uuid[]);
-- Gives the firm's feed its next positions; the last of them.
create function steno.append_to_feed(for_firm uuid, entities text[], ids uuid[]) returns bigint
language plpgsql set search_path = steno, pg_temp as $$
declare
  count_new integer := cardinality(ids);
  last_position bigint;
begin
  if count_new = 0 then return (select p.position from steno.feed_position p where p.firm_id = for_firm); end if;
  insert into steno.feed_position as p (firm_id, position) values (for_firm, count_new)
  on conflict (firm_id) do update set position = p.position + count_new
  returning position into last_position;
  insert into steno.change_feed (firm_id, position, entity, entity_id)
  select for_firm, last_position - count_new + change.n, change.entity, change.id
  from unnest(entities, ids) with ordinality as change (entity, id, n);
  perform pg_notify((select feed_channel from steno.firm where firm_id = for_firm), '');
  return last_position;
end
$$;

/*
 * A laptop's batch, in order, in one transaction. [{mutationId, entity, entityId, op, baseRevision, patch}] in,
 * {verdicts: [{mutationId, verdict, reason?, revision?}], position} out, where position is what the feed reached. The caller is who the token says; row-level security holds inside,
 * because this function's owner is subject to it.
 */
create or replace function app.push(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  m jsonb;
  verdict jsonb;
  verdicts jsonb := '[]';
  fenced text[] := '{}';
  touched text;
  changed_entities text[] := '{}';
  changed_ids uuid[] := '{}';
  conflict_id uuid;
  constraint_name text;
  raised text;
  e record;
begin
  session := steno.enter(token, null);
  perform auth.seen();
  perform set_config('steno.in_push', 'on', true);
  -- a batch repeated over a second connection waits here and then finds the first one's verdicts
  perform pg_advisory_xact_lock(hashtextextended(session.device_id::text, 0));

  -- Rows that exist are locked in the same order for everybody: two laptops that change the same ones in another order would deadlock.
  -- A letter's own row is among them for its edits, which wait for each other there.
  for e in
    select r.table_name, r.id_column, array_agg(distinct t.id) as ids
    from steno.entity r join (
      select x.mutation ->> 'entity' as entity, (x.mutation ->> 'entityId')::uuid as id
      from jsonb_array_elements(mutations) x (mutation) where x.mutation ->> 'op' = 'patch'
      union all
      select 'letter', (x.mutation -> 'patch' ->> 'letter_id')::uuid
      from jsonb_array_elements(mutations) x (mutation)
      where x.mutation ->> 'entity' in ('letter_update', 'letter_version') and x.mutation -> 'patch' ->> 'letter_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ) t on t.entity = r.entity
    group by r.entity, r.table_name, r.id_column order by r.entity
  loop
    execute format('select from steno.%1$I where firm_id = $1 and %2$I = any($2) order by %2$I for no key update', e.table_name, e.id_column) using session.firm_id, e.ids;
  end loop;

  for m in select * from jsonb_array_elements(mutations) loop
    touched := (m ->> 'entity') || ' ' || (m ->> 'entityId');
    select d.verdict into verdict from steno.mutation d where d.firm_id = session.firm_id and d.mutation_id = (m ->> 'mutationId')::uuid;
    if found then
      if verdict ->> 'verdict' = 'rejected' then fenced := fenced || touched; end if;
    elsif touched = any (fenced) then
      verdict := jsonb_build_object('verdict', 'fenced'); -- not remembered: it is judged anew once the one before it is settled
    else
      begin
        verdict := steno.apply_mutation(m, session);
      exception
        when sqlstate 'SN001' then
          verdict := jsonb_build_object('verdict', 'rejected', 'reason', sqlerrm);
        when integrity_constraint_violation or data_exception then
          get stacked diagnostics constraint_name = constraint_name, raised = returned_sqlstate;
          verdict := jsonb_build_object('verdict', 'rejected', 'reason',
            case raised when '23503' then 'missing_parent' when '23505' then 'duplicate' else 'invalid' end, 'detail', constraint_name);
      end;
      if verdict ->> 'verdict' = 'rejected' then
        fenced := fenced || touched;
      elsif verdict ->> 'verdict' in ('applied', 'merged', 'conflict') and exists (select from steno.entity t where t.entity = m ->> 'entity' and t.travels) then
        changed_entities := changed_entities || (m ->> 'entity');
        changed_ids := changed_ids || (m ->> 'entityId')::uuid;
        for conflict_id in select x::uuid from jsonb_array_elements_text(verdict -> 'conflicts') x loop
          changed_entities := changed_entities || 'conflict'::text;
          changed_ids := changed_ids || conflict_id;
        end loop;
      end if;
      insert into steno.mutation (firm_id, mutation_id, device_id, user_id, entity, entity_id, verdict)
      values (session.firm_id, (m ->> 'mutationId')::uuid, session.device_id, session.user_id, m ->> 'entity', (m ->> 'entityId')::uuid, verdict);
    end if;
    verdicts := verdicts || jsonb_build_array(verdict || jsonb_build_object('mutationId', m ->> 'mutationId'));
  end loop;

  return jsonb_build_object('verdicts', verdicts, 'position', coalesce(steno.append_to_feed(session.firm_id, changed_entities, changed_ids), 0));
end
$$;

/*
 * Changes after a position: {position, more, changes: [{entity, entityId, row}]}, row null where it is gone.
 * Rows come as they are now, so one page may already carry what a later position announces; that is harmless.
 */
create or replace function app.pull(token text, after bigint, most integer) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  last_position bigint;
  e record;
  part jsonb;
  changes jsonb := '[]';
  more boolean;
  -- a guest is not told of what she may not see, not even that it is there
  only_visible boolean;
begin
  session := steno.enter(token, null);
  only_visible := not auth.may('firm:feed:read');
  most := least(greatest(most, 1), 1000);
  select max(p.position) into last_position
  from (select f.position from steno.change_feed f where f.firm_id = session.firm_id and f.position > after order by f.position limit most) p;
  if last_position is null then
    select coalesce((select p.position from steno.feed_position p where p.firm_id = session.firm_id), 0) into last_position;
    return jsonb_build_object('position', least(after, last_position), 'head', last_position, 'more', false, 'changes', changes);
  end if;
  for e in
    select r.*, ids.ids from steno.entity r
    join (select f.entity, array_agg(distinct f.entity_id) as ids from steno.change_feed f
          where f.firm_id = session.firm_id and f.position > after and f.position <= last_position group by f.entity) ids on ids.entity = r.entity
  loop
    execute format('select jsonb_agg(jsonb_build_object(''entity'', $3, ''entityId'', i, ''row'', to_jsonb(t) - ''firm_id'' - ''field_revision'')) from unnest($2::uuid[]) i %3$s join steno.%1$I t on t.firm_id = $1 and t.%2$I = i',
      e.table_name, e.id_column, case when only_visible then 'inner' else 'left' end) into part using session.firm_id, e.ids, e.entity;
    changes := changes || coalesce(part, '[]');
  end loop;
  select exists (select from steno.change_feed f where f.firm_id = session.firm_id and f.position > last_position) into more;
  return jsonb_build_object('position', last_position, 'head', (select p.position from steno.feed_position p where p.firm_id = session.firm_id), 'more', more, 'changes', changes);
end
$$;

-- Who I am, what I may do, and which channel to LISTEN on.
create or replace function app.whoami(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, null);
  return (select jsonb_build_object('firmId', f.firm_id, 'firmName', f.firm_name, 'firmSlug', f.firm_slug, 'feedChannel', f.feed_channel,
      'userId', u.user_id, 'email', u.email, 'firstName', u.first_name, 'lastName', u.last_name, 'role', u.role, 'expiresAt', session.expires_at,
      'permissions', to_jsonb(session.granted))
    from steno.firm f join steno."user" u on u.firm_id = f.firm_id where f.firm_id = session.firm_id and u.user_id = session.user_id);
end
$$;

create function app.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare token text := auth.sign_in(slug, email, password, device_id, device_name);
begin
  if token is null then return null; end if;
  return app.whoami(token) || jsonb_build_object('token', token);
end
$$;
create function app.sign_out(token text) returns void language sql volatile security definer set search_path = steno, pg_temp as
  'select auth.sign_out(token)';

-- The new end of the session, which moves on with use up to the age where the password is asked again.
create function app.renew(token text) returns timestamptz language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, null);
  return auth.renew();
end
$$;
-- A revoked laptop says that its store is gone.
create function app.erased(token text) returns void language sql volatile security definer set search_path = steno, pg_temp as
  'select auth.erased(token)';
create function app.list_sessions(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, null);
  return auth.list_sessions();
end
$$;
-- How many sessions ended. With `device` the laptop behind it may not come back and must erase its store.
create function app.revoke_session(token text, session_id uuid, device boolean) returns integer language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, null);
  return auth.revoke(session_id, null, device);
end
$$;
-- False where the old password is wrong. Every other session of the caller ends.
create function app.change_password(token text, old_password text, new_password text) returns boolean language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, null);
  return auth.change_password(old_password, new_password);
end
$$;
create function app.create_api_key(token text, key_name text, scopes text[], days integer) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, 'firm:key:manage');
  return auth.create_api_key(key_name, scopes, days);
end
$$;
create function app.list_api_keys(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, 'firm:key:manage');
  return auth.list_api_keys();
end
$$;
create function app.revoke_api_key(token text, key_id uuid) returns boolean language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, 'firm:key:manage');
  return auth.revoke_api_key(key_id);
end
$$;

create or replace function app.put_blob_chunk(token text, hash text, size bigint, chunk integer, bytes bytea) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:write');
  insert into steno.blob (firm_id, content_hash, size_bytes) values (session.firm_id, hash, size) on conflict do nothing;
  insert into steno.blob_chunk (firm_id, content_hash, chunk_number, bytes)
  select session.firm_id, hash, chunk, put_blob_chunk.bytes
  where exists (select from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is null)
  on conflict (firm_id, content_hash, chunk_number) do update set bytes = excluded.bytes;
end
$$;

-- True once the file is whole: every byte here and the hash as announced. A wrong hash throws the chunks away, to be sent again.
create or replace function app.complete_blob(token text, hash text) returns boolean
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session; b steno.blob; actual text; actual_size bigint;
begin
  session := steno.enter(token, 'evidence:document:write');
  select * into b from steno.blob where firm_id = session.firm_id and content_hash = hash for update;
  if not found then return false; end if;
  if b.completed_at is not null then return true; end if;
  select encode(sha256(coalesce(string_agg(c.bytes, ''::bytea order by c.chunk_number), ''::bytea)), 'hex'), coalesce(sum(length(c.bytes)), 0)
    into actual, actual_size from steno.blob_chunk c where c.firm_id = session.firm_id and c.content_hash = hash;
  if actual <> hash or actual_size <> b.size_bytes then
    delete from steno.blob where firm_id = session.firm_id and content_hash = hash;
    return false;
  end if;
  update steno.blob set completed_at = now() where firm_id = session.firm_id and content_hash = hash;
  return true;
end
$$;

-- {sizeBytes, complete, chunks} of a file, or null where the firm does not have it.
create or replace function app.blob_state(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:read');
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;

create or replace function app.get_blob_chunk(token text, hash text, chunk integer) returns bytea language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:read');
  return (select c.bytes from steno.blob_chunk c join steno.blob b using (firm_id, content_hash)
    where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and b.completed_at is not null);
end
$$;

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to steno_client;
reset role;
