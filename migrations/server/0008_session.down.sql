set local role steno_owner;
drop function app.renew(text), app.erased(text), app.list_sessions(text), app.revoke_session(text, uuid, boolean), app.change_password(text, text, text),
  app.create_api_key(text, text, text[], integer), app.list_api_keys(text), app.revoke_api_key(text, uuid), app.sign_in(text, text, text, uuid, text), app.sign_out(text);
drop function steno.append_to_feed(uuid, text[], uuid[]);
create function steno.append_to_feed(for_firm uuid, entities text[], ids uuid[]) returns void
language plpgsql set search_path = steno, pg_temp as $$
declare
  count_new integer := cardinality(ids);
  last_position bigint;
begin
  if count_new = 0 then return; end if;
  insert into steno.feed_position as p (firm_id, position) values (for_firm, count_new)
  on conflict (firm_id) do update set position = p.position + count_new
  returning position into last_position;
  insert into steno.change_feed (firm_id, position, entity, entity_id)
  select for_firm, last_position - count_new + change.n, change.entity, change.id
  from unnest(entities, ids) with ordinality as change (entity, id, n);
  perform pg_notify((select feed_channel from steno.firm where firm_id = for_firm), '');
end
$$;

/*
 * A laptop's batch, in order, in one transaction. [{mutationId, entity, entityId, op, baseRevision, patch}] in,
 * [{mutationId, verdict, reason?, revision?}] out. The caller is who the token says; row-level security holds inside,
 * because this function's owner is subject to it.
 */
create or replace function app.push(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  role text;
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
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  role := auth.current_role();
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
        verdict := steno.apply_mutation(m, session, role);
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
      elsif verdict ->> 'verdict' in ('applied', 'merged', 'conflict') then
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

  perform steno.append_to_feed(session.firm_id, changed_entities, changed_ids);
  return verdicts;
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
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
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
    execute format('select jsonb_agg(jsonb_build_object(''entity'', $3, ''entityId'', i, ''row'', to_jsonb(t) - ''firm_id'' - ''field_revision'')) from unnest($2::uuid[]) i left join steno.%1$I t on t.firm_id = $1 and t.%2$I = i',
      e.table_name, e.id_column) into part using session.firm_id, e.ids, e.entity;
    changes := changes || coalesce(part, '[]');
  end loop;
  select exists (select from steno.change_feed f where f.firm_id = session.firm_id and f.position > last_position) into more;
  return jsonb_build_object('position', last_position, 'head', (select p.position from steno.feed_position p where p.firm_id = session.firm_id), 'more', more, 'changes', changes);
end
$$;

-- Who I am, and which channel to LISTEN on.
create or replace function app.whoami(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select jsonb_build_object('firmId', f.firm_id, 'firmName', f.firm_name, 'firmSlug', f.firm_slug, 'feedChannel', f.feed_channel,
      'userId', u.user_id, 'email', u.email, 'firstName', u.first_name, 'lastName', u.last_name, 'role', u.role, 'expiresAt', session.expires_at)
    from steno.firm f join steno."user" u on u.firm_id = f.firm_id where f.firm_id = session.firm_id and u.user_id = session.user_id);
end
$$;

create or replace function app.put_blob_chunk(token text, hash text, size bigint, chunk integer, bytes bytea) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  if auth.current_role() = 'Viewer' then raise exception 'forbidden' using errcode = 'SN403'; end if;
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
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
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
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select jsonb_build_object('sizeBytes', b.size_bytes, 'complete', b.completed_at is not null,
      'chunks', (select coalesce(jsonb_agg(c.chunk_number order by c.chunk_number), '[]') from steno.blob_chunk c where c.firm_id = b.firm_id and c.content_hash = b.content_hash))
    from steno.blob b where b.firm_id = session.firm_id and b.content_hash = hash);
end
$$;

create or replace function app.get_blob_chunk(token text, hash text, chunk integer) returns bytea language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  perform set_config('app.session_token', token, true);
  session := auth.current_session();
  if session.session_id is null then raise exception 'unauthenticated' using errcode = 'SN401'; end if;
  return (select c.bytes from steno.blob_chunk c join steno.blob b using (firm_id, content_hash)
    where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and b.completed_at is not null);
end
$$;

drop function steno.enter(text, text);
drop function steno.apply_mutation(jsonb, auth.session);
alter table steno.entity add column write_roles text[];
update steno.entity set write_roles = case
  when write_permission is null then '{}'::text[]
  when write_permission in ('template:library:write', 'letter:status:finalize') then '{Admin,Attorney}'
  else '{Admin,Attorney,Paralegal}' end;
alter table steno.entity alter column write_roles set not null;
alter table steno.entity drop column write_permission;

/* One mutation. Returns its verdict; raises where the database itself refuses, and app.push turns that into 'rejected'. */
create function steno.apply_mutation(m jsonb, session auth.session, role text) returns jsonb
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
  if role <> all (e.write_roles) then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
  if exists (select from jsonb_object_keys(patch) k where not exists (select from steno.entity_field f where f.entity = e.entity and f.field = k)) then
    return jsonb_build_object('verdict', 'rejected', 'reason', 'unknown_field');
  end if;

  if m ->> 'op' = 'insert' then
    if not e.is_insertable then return jsonb_build_object('verdict', 'rejected', 'reason', 'forbidden'); end if;
    select string_agg(format('%I', k), ', ') into columns from jsonb_object_keys(patch) k;
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



alter table steno.entity drop column travels;
set local role steno_auth;
drop function auth.sign_in(text, text, text, uuid, text), auth.count_attempt(text, text), auth.must_erase(text), auth.erased(text), auth.renew(), auth.seen(), auth.list_sessions(),
  auth.revoke(uuid, uuid, boolean), auth.create_api_key(text, text[], integer), auth.list_api_keys(), auth.revoke_api_key(uuid), auth.change_password(text, text), auth.cleanup_expired_sessions();
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

create or replace function auth.sign_out(token text) returns void language sql volatile security definer set search_path = auth, pg_temp as $$
  update auth.session set revoked_at = now() where token_hash = sha256(convert_to(token, 'UTF8')) and revoked_at is null
$$;

-- For the administration tool only, which connects as the database's administrator.
create or replace function auth.set_password(for_firm uuid, for_user uuid, password text) returns void
language sql volatile security definer set search_path = auth, pg_temp as $$
  insert into auth.credential (firm_id, user_id, password_hash) values (for_firm, for_user, public.crypt(password, public.gen_salt('bf', 12)))
  on conflict (firm_id, user_id) do update set password_hash = excluded.password_hash, updated_at = now()
$$;

do $$
begin
  for n in 0..63 loop
    execute format('drop sequence auth.attempts_account_%s, auth.attempts_address_%s', n, n);
  end loop;
end
$$;
drop index auth.session_expires_idx;
alter table auth.session drop column ended_reason;
drop table auth.device, auth.policy;
grant execute on function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text) to steno_owner;
set local role steno_owner;
create function app.sign_in(slug text, email text, password text, device_id uuid, device_name text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare s record;
begin
  select * into s from auth.sign_in(slug, email, password, device_id, device_name);
  if s.token is null then return null; end if;
  return app.whoami(s.token) || jsonb_build_object('token', s.token);
end
$$;

create function app.sign_out(token text) returns void language sql volatile security definer set search_path = steno, pg_temp as
  'select auth.sign_out(token)';

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to steno_client;
reset role;
