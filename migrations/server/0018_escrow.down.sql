set local role steno_owner;
create or replace function app.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare token text := auth.sign_in(slug, email, password, device_id, device_name);
begin
  if token is null then return null; end if;
  return app.whoami(token) || jsonb_build_object('token', token);
end
$$;
delete from steno.proposal where reason = 'rescued';
alter table steno.proposal drop constraint proposal_reason_check;
alter table steno.proposal add constraint proposal_reason_check
  check (reason in ('letter_finalized', 'letter_archived', 'deleted', 'role_ended', 'parent_proposed'));
drop function app.laptop_policy(text), app.erased(text, integer, integer, text);
set local role steno_auth;
create or replace function auth.cleanup_expired_sessions() returns integer language plpgsql volatile security definer set search_path = auth, pg_temp as $$
declare removed integer;
begin
  delete from auth.session where least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '90 days'
    -- a device that was told to erase itself must still be told
    and ended_reason is distinct from 'device_revoked';
  get diagnostics removed = row_count;
  return removed;
end
$$;
create or replace function auth.must_erase(token text) returns boolean language sql stable security definer set search_path = auth, pg_temp as $$
  select exists (select from auth.session s join auth.device d using (firm_id, user_id, device_id)
    where s.token_hash = sha256(convert_to(token, 'UTF8')) and d.revoked_at is not null)
$$;
drop function auth.laptop_policy(uuid), auth.erased(text, integer, integer, text);
alter table auth.device drop column unsynced_changes, drop column unsynced_files, drop column rescue;
drop table auth.escrow_key, auth.firm_policy;
reset role;
