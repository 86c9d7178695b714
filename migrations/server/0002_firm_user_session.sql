set local role steno_owner;

create function steno.set_updated_at() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create table steno.firm (
  firm_id uuid primary key,
  firm_name text not null check (length(firm_name) between 1 and 255),
  firm_slug public.citext not null unique check (firm_slug::text ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  firm_address text,
  contact_email public.citext,
  contact_phone text,
  subscription_tier text not null default 'Basic' check (subscription_tier in ('Basic', 'Professional', 'Enterprise')),
  is_active boolean not null default true,
  -- Laptops LISTEN on this name; it is random so that nobody can watch another firm's activity.
  feed_channel text not null default 'steno_' || replace(gen_random_uuid()::text, '-', ''),
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create trigger firm_updated_at before update on steno.firm for each row execute function steno.set_updated_at();

-- Keys begin with firm_id everywhere: a bare id as key would answer "taken" for another firm's row and so reveal it.
create table steno."user" (
  firm_id uuid not null references steno.firm on delete cascade,
  user_id uuid not null,
  email public.citext not null,
  first_name text not null check (length(first_name) between 1 and 100),
  last_name text not null check (length(last_name) between 1 and 100),
  role text not null check (role in ('Admin', 'Attorney', 'Paralegal', 'Viewer')),
  is_active boolean not null default true,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, user_id),
  unique (firm_id, email)
);
create trigger user_updated_at before update on steno."user" for each row execute function steno.set_updated_at();
grant select, references on steno.firm, steno."user" to steno_auth;

set local role steno_auth;
-- Apart from "user", whose rows travel to colleagues' laptops: a hash must not.
create table auth.credential (
  firm_id uuid not null,
  user_id uuid not null,
  password_hash text not null check (password_hash like '$2a$12$%'),
  updated_at timestamptz not null default now(),
  primary key (firm_id, user_id),
  foreign key (firm_id, user_id) references steno."user" on delete cascade
);

create table auth.session (
  session_id uuid primary key default gen_random_uuid(),
  firm_id uuid not null,
  user_id uuid not null,
  device_id uuid not null,
  device_name text not null check (length(device_name) <= 255),
  token_hash bytea not null unique check (length(token_hash) = 32),
  address inet,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  foreign key (firm_id, user_id) references steno."user" on delete cascade
);
create index session_user_idx on auth.session (firm_id, user_id);

-- The caller's session, found by the token in app.session_token: a forged or stale token finds nothing.
-- Security definer, because no client may read auth.session; search_path pinned with pg_temp last, because a client can create temporary objects.
create function auth.current_session() returns auth.session language sql stable security definer set search_path = auth, pg_temp as $$
  select s.* from auth.session s
  where s.token_hash = pg_catalog.sha256(pg_catalog.convert_to(nullif(pg_catalog.current_setting('app.session_token', true), ''), 'UTF8'))
    and s.revoked_at is null and s.expires_at > pg_catalog.now()
    -- read past the firm's own policy: this function runs as steno_auth, see policy firm_user_auth
    and exists (select from steno."user" u join steno.firm f on f.firm_id = u.firm_id
      where u.firm_id = s.firm_id and u.user_id = s.user_id and u.is_active and u.deleted_at is null and f.is_active and f.deleted_at is null)
$$;

create function auth.current_firm_id() returns uuid language sql stable security definer set search_path = auth, pg_temp as
  'select firm_id from auth.current_session()';
create function auth.current_user_id() returns uuid language sql stable security definer set search_path = auth, pg_temp as
  'select user_id from auth.current_session()';
create function auth.current_device_id() returns uuid language sql stable security definer set search_path = auth, pg_temp as
  'select device_id from auth.current_session()';
create function auth.current_role() returns text language sql stable security definer set search_path = auth, pg_temp as
  'select u.role from auth.current_session() s join steno."user" u on u.firm_id = s.firm_id and u.user_id = s.user_id';

-- Sign-in. Never says whether the firm, the address or the password was wrong, and spends the same bcrypt time on each.
create function auth.sign_in(slug text, email text, password text, device_id uuid, device_name text)
returns table (token text, firm_id uuid, user_id uuid, device uuid, expires_at timestamptz)
-- public holds citext's operators; nobody but the administrator can create anything there
language plpgsql volatile security definer set search_path = auth, public, pg_temp as $$
declare
  found_firm uuid;
  found_user uuid;
  stored text;
  fresh text;
begin
  if length(password) > 1024 or length(device_name) > 255 then return; end if;
  select f.firm_id, u.user_id, c.password_hash into found_firm, found_user, stored
  from steno.firm f
  join steno."user" u on u.firm_id = f.firm_id and u.email = sign_in.email::public.citext and u.is_active and u.deleted_at is null
  join auth.credential c on c.firm_id = u.firm_id and c.user_id = u.user_id
  where f.firm_slug = slug::public.citext and f.is_active and f.deleted_at is null;
  -- a hash of nothing in particular, at the same cost, where there is no such account
  stored := coalesce(stored, '$2a$12$C6UzMDM.H6dfI/f/IKcEeO7qfQ6r8mUuK1fVwJrWn2o8S0oYzGxJ.');
  if public.crypt(password, stored) is distinct from stored or found_user is null then return; end if;
  fresh := encode(public.gen_random_bytes(32), 'hex');
  insert into auth.session (firm_id, user_id, device_id, device_name, token_hash, address, expires_at)
  values (found_firm, found_user, sign_in.device_id, sign_in.device_name, sha256(convert_to(fresh, 'UTF8')), inet_client_addr(), now() + interval '30 days')
  returning session.expires_at into expires_at;
  token := fresh; firm_id := found_firm; user_id := found_user; device := sign_in.device_id;
  return next;
end
$$;

create function auth.sign_out(token text) returns void language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.session set revoked_at = now() where token_hash = sha256(convert_to(token, 'UTF8')) and revoked_at is null
$$;

-- For the administration tool only, which connects as the database's administrator.
create function auth.set_password(for_firm uuid, for_user uuid, password text) returns void
language sql volatile security definer set search_path = auth, pg_temp as $$
  insert into auth.credential (firm_id, user_id, password_hash) values (for_firm, for_user, public.crypt(password, public.gen_salt('bf', 12)))
  on conflict (firm_id, user_id) do update set password_hash = excluded.password_hash, updated_at = now()
$$;

grant usage on schema auth to steno_owner, steno_client;
grant execute on function auth.current_session(), auth.current_firm_id(), auth.current_user_id(), auth.current_device_id(), auth.current_role() to steno_owner, steno_client;
grant execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) to steno_client;

set local role steno_owner;
alter table steno.firm enable row level security;
alter table steno.firm force row level security;
alter table steno."user" enable row level security;
alter table steno."user" force row level security;
create policy firm_isolation on steno.firm using (firm_id = (select auth.current_firm_id())) with check (firm_id = (select auth.current_firm_id()));
create policy user_isolation on steno."user" using (firm_id = (select auth.current_firm_id())) with check (firm_id = (select auth.current_firm_id()));
-- The sign-in functions look across firms; steno_auth cannot log in, so only they can use this.
create policy firm_auth on steno.firm to steno_auth using (true) with check (true);
create policy user_auth on steno."user" to steno_auth using (true) with check (true);
grant select on steno.firm, steno."user" to steno_client;
reset role;
