do $$
begin
  if exists (select from steno.blob where home = 's3') then
    raise exception 'files lie in a store outside, which the version before cannot reach: run admin file-store move --to postgres first';
  end if;
end
$$;
-- announced and not here: laptops send them anew
delete from steno.blob_chunk where not is_stored;
set local role steno_owner;
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
create or replace function app.blob_state(token text, hash text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, null);
  if not (auth.may('evidence:document:read') or auth.may('chat:guest:attend')) then raise exception 'forbidden' using errcode = 'SN403'; end if;
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;
drop function app.file_states(text, text[]), app.begin_file(text, text, bigint, bytea), app.put_file_chunk(text, text, integer, bytea), app.file_urls(text, text, integer[], text),
  app.note_file_chunks(text, text, integer[]), app.complete_file(text, text), app.find_file(text, text), steno.enter_files(text);
drop trigger blob_noted_removal on steno.blob;
drop function steno.note_file_removal();
drop table steno.file_removal;
alter table steno.blob_chunk drop column digest, drop column is_stored, alter column bytes set not null;
alter table steno.blob drop column home, drop column is_unverified, drop column disputed_at;
set local role steno_auth;
drop function auth.file_request(text, text, integer, bytea), auth.file_home(), auth.sign_s3(auth.file_store, text, text, text, jsonb, jsonb, text, timestamptz, integer), auth.url_encoded(text, boolean);
drop table auth.file_secret, auth.file_store;
reset role;
