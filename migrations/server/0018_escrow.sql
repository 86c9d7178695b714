-- What a firm decides for its laptops: for how long they let their user in without asking it, and which key opens the work that a laptop could
-- not hand over any more. A laptop that must erase its store is told so however its session ended, and says what became of that work.
set local role steno_auth;

create table auth.firm_policy (
  firm_id uuid primary key references steno.firm on delete cascade,
  -- days since the firm last answered this laptop; 0: never offline; null: as the firm's file says
  offline_days integer check (offline_days between 0 and 365),
  -- whether the laptops of somebody who was switched off erase their stores as revoked ones do
  erase_deactivated boolean not null default false
);
comment on table auth.firm_policy is 'What a firm decides for its laptops; no row: the defaults';
call steno.keep_audit('auth.firm_policy', '{firm_id}');

-- The public half of the firm's recovery keys, as age writes it. The newest that is not retired is used; the others stay, because files are sealed to them.
create table auth.escrow_key (
  firm_id uuid not null references steno.firm on delete cascade,
  escrow_key_id uuid not null default gen_random_uuid(),
  public_key text not null check (public_key ~ '^age1[02-9ac-hj-np-z]{58}$'),
  created_at timestamptz not null default now(),
  retired_at timestamptz check (retired_at >= created_at),
  primary key (firm_id, escrow_key_id),
  unique (firm_id, public_key)
);
comment on table auth.escrow_key is 'Public keys that laptops seal unsynced work to; the private halves are with the firm''s IT, on no server';
call steno.keep_audit('auth.escrow_key', '{escrow_key_id}');

-- What a laptop said when its store was gone: changes and files the firm had not confirmed, and what became of them.
alter table auth.device
  add column unsynced_changes integer check (unsynced_changes >= 0),
  add column unsynced_files integer check (unsynced_files >= 0),
  add column rescue text check (rescue in ('nothing', 'file', 'sealed_store', 'lost'));

create function auth.laptop_policy(for_firm uuid) returns jsonb language sql stable security definer set search_path = auth, pg_temp as $$
  select jsonb_build_object('offlineDays', (select p.offline_days from auth.firm_policy p where p.firm_id = for_firm),
    'recoveryKey', (select k.public_key from auth.escrow_key k where k.firm_id = for_firm and k.retired_at is null order by k.created_at desc, k.escrow_key_id desc limit 1))
$$;

-- Whether the laptop behind this token must erase its store: it was revoked, or its person switched off in a firm that wants it then.
-- Whichever way the session ended: who changes a lost laptop's password first must not keep it from being told.
create or replace function auth.must_erase(token text) returns boolean language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (select from auth.session s
    left join auth.device d on d.firm_id = s.firm_id and d.user_id = s.user_id and d.device_id = s.device_id
    join steno."user" u on u.firm_id = s.firm_id and u.user_id = s.user_id
    left join auth.firm_policy p on p.firm_id = s.firm_id
    where s.token_hash = sha256(convert_to(token, 'UTF8'))
      and (d.revoked_at is not null or (p.erase_deactivated and (not u.is_active or u.deleted_at is not null))))
$$;
-- Said again (the answer was lost), it is the first time that counts; after another sign-in it counts anew.
create function auth.erased(token text, changes integer, files integer, rescue text) returns void language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.device d set erased_at = now(), unsynced_changes = greatest(changes, 0), unsynced_files = greatest(files, 0),
    rescue = case when erased.rescue in ('nothing', 'file', 'sealed_store', 'lost') then erased.rescue end
  from auth.session s
  where s.token_hash = sha256(convert_to(token, 'UTF8')) and d.firm_id = s.firm_id and d.user_id = s.user_id and d.device_id = s.device_id
    and auth.must_erase(token) and (d.erased_at is null or d.erased_at < d.last_seen_at)
$$;
create or replace function auth.cleanup_expired_sessions() returns integer language plpgsql volatile security definer set search_path = auth, pg_temp as $$
declare removed integer;
begin
  delete from auth.session s where least(s.expires_at, coalesce(s.revoked_at, s.expires_at)) < now() - interval '90 days'
    -- by the last session of a device it is known again, should it have to be told to erase itself
    and not exists (select from auth.device d where d.firm_id = s.firm_id and d.user_id = s.user_id and d.device_id = s.device_id
      and s.session_id = (select l.session_id from auth.session l where l.firm_id = d.firm_id and l.user_id = d.user_id and l.device_id = d.device_id
        order by l.created_at desc, l.session_id desc limit 1))
    and s.ended_reason is distinct from 'device_revoked';
  get diagnostics removed = row_count;
  return removed;
end
$$;
revoke execute on function auth.laptop_policy(uuid), auth.erased(text, integer, integer, text) from public;
grant execute on function auth.laptop_policy(uuid), auth.erased(text, integer, integer, text) to steno_owner;

set local role steno_owner;
-- {offlineDays, recoveryKey}: either may be null.
create function app.laptop_policy(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  return auth.laptop_policy((steno.enter(token, null)).firm_id);
end
$$;
-- Work from a rescue file comes back as proposals of its author (admin rescue import).
alter table steno.proposal drop constraint proposal_reason_check;
alter table steno.proposal add constraint proposal_reason_check
  check (reason in ('letter_finalized', 'letter_archived', 'deleted', 'role_ended', 'parent_proposed', 'rescued'));
-- A laptop that was told to erase its store says that it is gone, and how much of what it held the firm never had.
create function app.erased(token text, changes integer, files integer, rescue text) returns void
language sql volatile security definer set search_path = steno, pg_temp as
  'select auth.erased(token, changes, files, rescue)';
create or replace function app.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  token text := auth.sign_in(slug, email, password, device_id, device_name);
  me jsonb;
begin
  if token is null then return null; end if;
  me := app.whoami(token);
  return me || jsonb_build_object('token', token, 'policy', auth.laptop_policy((me ->> 'firmId')::uuid));
end
$$;
revoke execute on function app.laptop_policy(text), app.erased(text, integer, integer, text) from public;
grant execute on function app.laptop_policy(text), app.erased(text, integer, integer, text) to steno_client;
reset role;
