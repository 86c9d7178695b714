-- Files: announced with the hash of every chunk, each chunk checked as it arrives, kept in Postgres or in an S3-compatible store of the firm.
set local role steno_owner;

-- Where the bytes are. A store outside holds a chunk as the object firm/hash/number; which chunks it holds stands here in either case.
alter table steno.blob add column home text not null default 'postgres' check (home in ('postgres', 's3'));
-- What the server could not hash itself, because it is large or lies outside: every chunk was checked, the whole is checked by whoever reads it.
alter table steno.blob add column is_unverified boolean not null default false;
-- Two laptops announced different chunks for one hash, so one of them is wrong, and the server cannot tell which: IT lets it be read through.
alter table steno.blob add column disputed_at timestamptz;
alter table steno.blob_chunk alter column bytes drop not null;
alter table steno.blob_chunk add column digest bytea check (length(digest) = 32); -- null: came before chunks were announced
alter table steno.blob_chunk add column is_stored boolean not null default true;
alter table steno.blob_chunk add constraint blob_chunk_stored check (is_stored or bytes is null);

-- Objects of a store outside whose file is gone here: `admin file-store sweep` deletes them there.
create table steno.file_removal (
  firm_id uuid not null references steno.firm on delete cascade,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  chunk_count integer not null check (chunk_count >= 0),
  asked_at timestamptz not null default now(),
  primary key (firm_id, content_hash)
);
comment on table steno.file_removal is 'Objects to delete in the store outside, because their file is gone here.';
call steno.protect('file_removal', 'evidence:document:read', 'evidence:document:write');
call steno.keep_audit('steno.file_removal', '{content_hash}', '{}', '{asked_at}');
-- Before the row goes, while its chunks can still be counted.
create function steno.note_file_removal() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.home = 's3' and exists (select from steno.firm f where f.firm_id = old.firm_id) then
    insert into steno.file_removal (firm_id, content_hash, chunk_count)
    select old.firm_id, old.content_hash, count(*) from steno.blob_chunk c where c.firm_id = old.firm_id and c.content_hash = old.content_hash
    on conflict (firm_id, content_hash) do update set chunk_count = greatest(file_removal.chunk_count, excluded.chunk_count);
  end if;
  return old;
end
$$;
-- named to run after blob_held, which may refuse
create trigger blob_noted_removal before delete on steno.blob for each row execute function steno.note_file_removal();

set local role steno_auth;
-- A firm's S3-compatible store. TLS, except on this same machine.
create table auth.file_store (
  firm_id uuid primary key references steno.firm on delete cascade,
  endpoint text not null check (endpoint ~ '^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?$'),
  bucket text not null check (bucket ~ '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$'),
  region text not null check (region ~ '^[a-z0-9-]{1,64}$'),
  access_key text not null check (length(access_key) between 1 and 256),
  -- the bucket in the path, as most stores want it; else in the host name, as Amazon does
  is_path_style boolean not null,
  -- new files go there; false while it is only read, because the files are moving back
  is_home boolean not null default true,
  set_at timestamptz not null default now()
);
comment on table auth.file_store is 'Where a firm keeps its files outside Postgres.';
-- Apart from it, so that dumps can leave it out: nobody but auth.file_request reads it.
create table auth.file_secret (
  firm_id uuid primary key references auth.file_store on delete cascade,
  secret_key text not null check (length(secret_key) between 1 and 256)
);
comment on table auth.file_secret is 'The secret key of a firm''s file store. Never leaves the server, and dumps leave it out.';
call steno.keep_audit('auth.file_store', '{firm_id}');
call steno.keep_audit('auth.file_secret', '{firm_id}', '{}', '{secret_key}');

create function auth.url_encoded(value text, keeps_slash boolean) returns text language sql immutable strict set search_path = auth, pg_temp as $$
  select coalesce(string_agg(case when chr(b) ~ '[A-Za-z0-9._~-]' or (keeps_slash and b = 47) then chr(b) else '%' || upper(lpad(to_hex(b), 2, '0')) end, '' order by n), '')
  from (select n, get_byte(convert_to(value, 'UTF8'), n) as b from generate_series(0, octet_length(convert_to(value, 'UTF8')) - 1) n) bytes
$$;
/*
 * A request to the store, signed by AWS Signature Version 4: {method, url, headers}. With `expires_seconds` the signature stands in the
 * address and ends then; without, in the headers, together with the hash of the body, which makes every store refuse other bytes.
 */
create function auth.sign_s3(store auth.file_store, secret text, method text, key text, query jsonb, headers jsonb, payload text, at timestamptz, expires_seconds integer)
returns jsonb language plpgsql stable set search_path = auth, pg_temp as $$
declare
  moment text := to_char(at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"');
  scope text := left(moment, 8) || '/' || store.region || '/s3/aws4_request';
  scheme text := substring(store.endpoint from '^https?://');
  authority text := substr(store.endpoint, length(scheme) + 1);
  path text := '/' || auth.url_encoded(key, true);
  signed_headers text;
  canonical_headers text;
  canonical_query text;
  signature text;
begin
  if store.is_path_style then path := '/' || store.bucket || path; else authority := store.bucket || '.' || authority; end if;
  headers := headers || jsonb_build_object('host', authority);
  if expires_seconds is null then
    headers := headers || jsonb_build_object('x-amz-content-sha256', payload, 'x-amz-date', moment);
  else
    payload := 'UNSIGNED-PAYLOAD';
  end if;
  select string_agg(lower(h.key), ';' order by lower(h.key) collate "C"), string_agg(lower(h.key) || ':' || btrim(h.value) || chr(10), '' order by lower(h.key) collate "C")
    into signed_headers, canonical_headers from jsonb_each_text(headers) h;
  if expires_seconds is not null then
    query := query || jsonb_build_object('X-Amz-Algorithm', 'AWS4-HMAC-SHA256', 'X-Amz-Credential', store.access_key || '/' || scope, 'X-Amz-Date', moment,
      'X-Amz-Expires', expires_seconds::text, 'X-Amz-SignedHeaders', signed_headers);
  end if;
  select coalesce(string_agg(auth.url_encoded(q.key, false) || '=' || auth.url_encoded(q.value, false), '&' order by auth.url_encoded(q.key, false) collate "C"), '')
    into canonical_query from jsonb_each_text(query) q;
  signature := encode(public.hmac(
    convert_to(concat_ws(chr(10), 'AWS4-HMAC-SHA256', moment, scope,
      encode(sha256(convert_to(concat_ws(chr(10), method, path, canonical_query, canonical_headers, signed_headers, payload), 'UTF8')), 'hex')), 'UTF8'),
    public.hmac(convert_to('aws4_request', 'UTF8'), public.hmac(convert_to('s3', 'UTF8'), public.hmac(convert_to(store.region, 'UTF8'),
      public.hmac(convert_to(left(moment, 8), 'UTF8'), convert_to('AWS4' || secret, 'UTF8'), 'sha256'), 'sha256'), 'sha256'), 'sha256'), 'sha256'), 'hex');
  headers := headers - 'host';
  if expires_seconds is null then
    headers := headers || jsonb_build_object('authorization',
      format('AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s', store.access_key, scope, signed_headers, signature));
  else
    canonical_query := canonical_query || '&X-Amz-Signature=' || signature;
  end if;
  return jsonb_build_object('method', method, 'url', scheme || authority || path || case canonical_query when '' then '' else '?' || canonical_query end, 'headers', headers);
end
$$;
-- Whether the caller's firm keeps new files outside.
create function auth.file_home() returns text language sql stable security definer set search_path = auth, pg_temp as $$
  select case when exists (select from auth.file_store s where s.firm_id = auth.current_firm_id() and s.is_home) then 's3' else 'postgres' end
$$;
-- One chunk of a file of the caller's firm, to read ('get') for five minutes or to write ('put') with exactly these bytes. Null without a store.
-- Whether the caller may is decided by whoever calls this.
create function auth.file_request(op text, hash text, chunk integer, digest bytea) returns jsonb language plpgsql stable security definer set search_path = auth, pg_temp as $$
declare
  for_firm uuid := auth.current_firm_id();
  store auth.file_store;
  secret text;
  object text := format('%s/%s/%s', for_firm, hash, chunk);
begin
  select * into store from auth.file_store s where s.firm_id = for_firm;
  select s.secret_key into secret from auth.file_secret s where s.firm_id = for_firm;
  if secret is null then return null; end if;
  if op = 'put' then return auth.sign_s3(store, secret, 'PUT', object, '{}', '{}', encode(digest, 'hex'), now(), null); end if;
  return auth.sign_s3(store, secret, 'GET', object, '{}', '{}', null, now(), 300);
end
$$;
revoke execute on function auth.url_encoded(text, boolean), auth.sign_s3(auth.file_store, text, text, text, jsonb, jsonb, text, timestamptz, integer),
  auth.file_home(), auth.file_request(text, text, integer, bytea) from public;
grant execute on function auth.file_home(), auth.file_request(text, text, integer, bytea) to steno_owner;

set local role steno_owner;
-- Reading a file: who sees documents, or a guest, who sees what row-level security shows of them.
create function steno.enter_files(token text) returns auth.session language plpgsql volatile set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter(token, null);
begin
  if not (auth.may('evidence:document:read') or auth.may('chat:guest:attend')) then raise exception 'forbidden' using errcode = 'SN403'; end if;
  return session;
end
$$;

-- Which of these the firm has whole: {hash: whether the server hashed it itself}.
create function app.file_states(token text, hashes text[]) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter_files(token);
begin
  return (select coalesce(jsonb_object_agg(b.content_hash, not b.is_unverified), '{}')
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = any (hashes[1:1000]) and b.completed_at is not null);
end
$$;

/*
 * Announces a file with the SHA-256 of each of its chunks, one after another: {complete, disputed, home, missing}. What the firm has already
 * is not sent; what another laptop has begun is gone on with. Chunks that were announced differently are wanted anew.
 */
create function app.begin_file(token text, hash text, size bigint, digests bytea) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session := steno.enter(token, 'evidence:document:write');
  b steno.blob;
  chunks integer := length(digests) / 32;
begin
  if length(digests) % 32 <> 0 or chunks > 65536 or size > chunks::bigint * 1048576 then raise exception 'a file that cannot be' using errcode = '22023'; end if;
  insert into steno.blob (firm_id, content_hash, size_bytes, home) values (session.firm_id, hash, size, auth.file_home()) on conflict do nothing;
  select * into b from steno.blob f where f.firm_id = session.firm_id and f.content_hash = hash for update;
  if b.completed_at is not null then
    if b.is_unverified and (b.size_bytes <> size or exists (select from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash
        and c.digest is distinct from substring(digests from c.chunk_number * 32 + 1 for 32))) then
      update steno.blob f set disputed_at = now() where f.firm_id = b.firm_id and f.content_hash = hash and f.disputed_at is null;
      return jsonb_build_object('complete', false, 'disputed', true, 'home', b.home, 'missing', '[]'::jsonb);
    end if;
    return jsonb_build_object('complete', true, 'disputed', false, 'home', b.home, 'missing', '[]'::jsonb);
  end if;
  -- it was never whole, so it goes where new files go now
  if b.home <> auth.file_home() or b.size_bytes <> size then
    delete from steno.blob f where f.firm_id = b.firm_id and f.content_hash = hash;
    insert into steno.blob (firm_id, content_hash, size_bytes, home) values (session.firm_id, hash, size, auth.file_home()) returning * into b;
  end if;
  -- objects that a sweep would delete are this file's again; a sweep under way is waited for
  if b.home = 's3' then delete from steno.file_removal r where r.firm_id = b.firm_id and r.content_hash = hash; end if;
  delete from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash and c.chunk_number >= chunks;
  insert into steno.blob_chunk as c (firm_id, content_hash, chunk_number, digest, is_stored)
  select b.firm_id, hash, n, substring(digests from n * 32 + 1 for 32), false from generate_series(0, chunks - 1) n
  on conflict (firm_id, content_hash, chunk_number) do update set digest = excluded.digest, bytes = null, is_stored = false where c.digest is distinct from excluded.digest;
  return jsonb_build_object('complete', false, 'disputed', false, 'home', b.home, 'missing', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]')
    from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash and not c.is_stored));
end
$$;

-- Takes a chunk whose bytes are those announced; false for any other, which changes nothing. A chunk that comes twice is taken once.
create function app.put_file_chunk(token text, hash text, chunk integer, bytes bytea) returns boolean language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session := steno.enter(token, 'evidence:document:write');
  arrived bytea := sha256(bytes);
begin
  update steno.blob_chunk c set bytes = put_file_chunk.bytes, is_stored = true
  from steno.blob b
  where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is null and b.home = 'postgres'
    and c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and not c.is_stored and c.digest = arrived;
  return found or exists (select from steno.blob_chunk c where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and c.is_stored and c.digest = arrived);
end
$$;

/*
 * Signed requests for chunks that lie, or are to lie, in the store outside: [{chunk, method, url, headers}], or null where the file is not
 * there for this caller to read ('get') or to send ('put'). The store checks the bytes of a 'put' against the hash in the signature.
 */
create function app.file_urls(token text, hash text, chunks integer[], op text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter_files(token);
begin
  if op = 'put' and not auth.may('evidence:document:write') then raise exception 'forbidden' using errcode = 'SN403'; end if;
  return (select jsonb_agg(jsonb_build_object('chunk', c.chunk_number) || auth.file_request(op, b.content_hash, c.chunk_number, c.digest) order by c.chunk_number)
    from steno.blob b join steno.blob_chunk c using (firm_id, content_hash)
    where b.firm_id = session.firm_id and b.content_hash = hash and b.home = 's3' and c.chunk_number = any (chunks[1:64])
      and case op when 'get' then b.completed_at is not null when 'put' then b.completed_at is null end);
end
$$;
-- The store outside has taken these.
create function app.note_file_chunks(token text, hash text, chunks integer[]) returns void language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter(token, 'evidence:document:write');
begin
  update steno.blob_chunk c set is_stored = true from steno.blob b
  where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is null and b.home = 's3'
    and c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = any (chunks) and not c.is_stored;
end
$$;

/*
 * 'complete' once every chunk is here. Up to 32 MB that lie in Postgres are hashed as a whole: more would have to be in memory at once, and
 * for them the hashes of the chunks vouch here and the hash of the whole where it is read. 'wrong': the chunks are not the file that the
 * hash names; they are thrown away. 'incomplete': some are missing. 'unknown': it was never announced.
 */
create function app.complete_file(token text, hash text) returns text language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session := steno.enter(token, 'evidence:document:write');
  b steno.blob;
  is_here boolean;
  actual bigint;
begin
  select * into b from steno.blob f where f.firm_id = session.firm_id and f.content_hash = hash for update;
  if not found then return 'unknown'; end if;
  if b.completed_at is not null then return 'complete'; end if;
  select coalesce(bool_and(c.is_stored), true), coalesce(sum(length(c.bytes)), 0) into is_here, actual from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash;
  if not is_here or (actual = 0 and b.size_bytes > 0 and not exists (select from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash)) then return 'incomplete'; end if;
  if b.home = 'postgres' and (actual <> b.size_bytes or (actual <= 33554432 and hash is distinct from (
      select encode(sha256(coalesce(string_agg(c.bytes, ''::bytea order by c.chunk_number), ''::bytea)), 'hex') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = hash))) then
    delete from steno.blob f where f.firm_id = b.firm_id and f.content_hash = hash;
    return 'wrong';
  end if;
  update steno.blob f set completed_at = now(), is_unverified = b.home = 's3' or actual > 33554432 where f.firm_id = b.firm_id and f.content_hash = hash;
  return 'complete';
end
$$;

-- A whole file, for whoever fetches it: {sizeBytes, home, chunks, digests}, digests as base64 or null where chunks were not announced. Null where there is none.
create function app.find_file(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter_files(token);
begin
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'home', b.home, 'chunks', count(c.chunk_number),
      'digests', case when count(c.digest) = count(c.chunk_number) then translate(encode(string_agg(c.digest, ''::bytea order by c.chunk_number), 'base64'), chr(10), '') end)
    from steno.blob b left join steno.blob_chunk c using (firm_id, content_hash)
    where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is not null group by b.firm_id, b.content_hash, b.size_bytes, b.home);
end
$$;

-- For laptops that do not announce: as before, over what is new here. A file that lies outside they cannot read.
create or replace function app.put_blob_chunk(token text, hash text, size bigint, chunk integer, bytes bytea) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'evidence:document:write');
  insert into steno.blob (firm_id, content_hash, size_bytes) values (session.firm_id, hash, size) on conflict do nothing;
  insert into steno.blob_chunk as c (firm_id, content_hash, chunk_number, bytes, digest, is_stored)
  select session.firm_id, hash, chunk, put_blob_chunk.bytes, sha256(put_blob_chunk.bytes), true
  where exists (select from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash and b.completed_at is null and b.home = 'postgres')
  on conflict (firm_id, content_hash, chunk_number) do update set bytes = excluded.bytes, digest = excluded.digest, is_stored = true;
end
$$;
create or replace function app.complete_blob(token text, hash text) returns boolean
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session; b steno.blob; actual text; actual_size bigint;
begin
  session := steno.enter(token, 'evidence:document:write');
  select * into b from steno.blob where firm_id = session.firm_id and content_hash = hash for update;
  if not found then return false; end if;
  if b.completed_at is not null then return true; end if;
  if b.home = 's3' then return false; end if;
  select encode(sha256(coalesce(string_agg(c.bytes, ''::bytea order by c.chunk_number), ''::bytea)), 'hex'), coalesce(sum(length(c.bytes)), 0)
    into actual, actual_size from steno.blob_chunk c where c.firm_id = session.firm_id and c.content_hash = hash;
  if actual <> hash or actual_size <> b.size_bytes then
    delete from steno.blob where firm_id = session.firm_id and content_hash = hash;
    return false;
  end if;
  delete from steno.blob_chunk c where c.firm_id = session.firm_id and c.content_hash = hash and not c.is_stored; -- announced beyond its end
  update steno.blob set completed_at = now() where firm_id = session.firm_id and content_hash = hash;
  return true;
end
$$;
create or replace function app.blob_state(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session := steno.enter_files(token);
begin
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash and c.is_stored))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;

revoke execute on all functions in schema app from public;
grant execute on function app.file_states(text, text[]), app.begin_file(text, text, bigint, bytea), app.put_file_chunk(text, text, integer, bytea),
  app.file_urls(text, text, integer[], text), app.note_file_chunks(text, text, integer[]), app.complete_file(text, text), app.find_file(text, text) to steno_client;
reset role;
