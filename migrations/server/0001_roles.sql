-- Who is who in the database. Roles belong to the whole cluster, so each is created only where it is missing.
--   steno_owner   owns tables and functions, cannot log in, is subject to row-level security itself (FORCE)
--   steno_auth    owns passwords and sessions, which no policy and no client can read
--   steno_client  the one login every laptop uses; it owns nothing and may only read through policies and call app.*
do $$
begin
  if not exists (select from pg_roles where rolname = 'steno_owner') then create role steno_owner nologin nobypassrls; end if;
  if not exists (select from pg_roles where rolname = 'steno_auth') then create role steno_auth nologin nobypassrls; end if;
  if not exists (select from pg_roles where rolname = 'steno_client') then create role steno_client login nobypassrls noinherit; end if;
exception when duplicate_object then null; -- another database of this cluster is being migrated at the same moment
end
$$;

create schema steno authorization steno_owner;
create schema app authorization steno_owner;
create schema auth authorization steno_auth;
create extension if not exists pgcrypto with schema public;
create extension if not exists citext with schema public;

revoke all on schema public from public;
grant usage on schema public to steno_owner, steno_auth, steno_client;
grant usage on schema steno to steno_auth, steno_client;
grant usage on schema app to steno_auth, steno_client;
alter default privileges for role steno_owner revoke execute on functions from public;
alter default privileges for role steno_auth revoke execute on functions from public;
