-- The audit: every change of every table (old, new, who, from where), and what is done with sessions and keys. Append-only, chained by hash.
--
-- One transaction's events of a firm are a batch, sealed at commit: sha256(previous seal, number, time, count, digest of the events). A changed,
-- removed, reordered or invented event breaks its batch; a removed batch breaks the chain after it; a chain cut at its end is shorter than
-- the head that laptops, backups and `admin verify-audit --anchor` remember. `admin verify-audit` recomputes all of it outside the server.
do $$
begin
  if not exists (select from pg_roles where rolname = 'steno_audit') then create role steno_audit nologin nobypassrls; end if;
exception when duplicate_object then null; -- another database of this cluster is being migrated at the same moment
end
$$;
-- Owned by a role that owns nothing else: the owner of the other tables can neither change these nor switch their triggers off.
grant usage on schema public, auth to steno_audit;
grant usage, create on schema steno to steno_audit;
alter default privileges for role steno_audit revoke execute on functions from public;
set local role steno_auth;
grant execute on function auth.current_session(), auth.current_firm_id(), auth.firm_for(text) to steno_audit;
set local role steno_audit;

-- Partitions by month, so that old months can be detached; names and ranges are `steno.make_partitions`' business.
create table steno.audit_event (
  firm_id uuid not null,
  occurred_at timestamptz not null default now(),
  event_number bigint not null,
  batch_id uuid not null,
  table_name text not null,
  row_key text not null,
  action text not null,
  old_values jsonb,
  new_values jsonb,
  user_id uuid,
  device_id uuid,
  session_id uuid,
  -- the database login, and what it called itself: tells an administrator's tool from a laptop
  login text not null,
  application text not null,
  address inet,
  primary key (firm_id, occurred_at, event_number)
) partition by range (occurred_at);
create sequence steno.audit_event_number;
-- "what happened to this row", newest first; and by person
create index audit_event_row_idx on steno.audit_event (firm_id, table_name, row_key, occurred_at desc);
create index audit_event_user_idx on steno.audit_event (firm_id, user_id, occurred_at desc);

create table steno.audit_batch (
  firm_id uuid not null,
  batch_number bigint not null check (batch_number >= 1),
  batch_id uuid not null,
  occurred_at timestamptz not null,
  event_count integer not null check (event_count >= 1),
  events_hash bytea not null check (length(events_hash) = 32),
  batch_hash bytea not null check (length(batch_hash) = 32),
  primary key (firm_id, batch_number)
);
-- Where the chain stands; the row lock on it lets one transaction of a firm seal after the other.
create table steno.audit_head (
  firm_id uuid primary key,
  batch_number bigint not null,
  batch_hash bytea not null
);
-- Batches of transactions that are still open. A row never lives past its transaction, so nothing is lost with the table in a crash.
create unlogged table steno.audit_pending (
  xact_id xid8 not null,
  firm_id uuid not null,
  token_hash bigint not null,
  batch_id uuid not null,
  user_id uuid,
  device_id uuid,
  session_id uuid,
  primary key (firm_id, xact_id, token_hash)
);

create function steno.refuse_audit_change() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  raise exception 'the audit is append-only' using errcode = 'SN001';
end
$$;
create trigger audit_event_frozen before update or delete on steno.audit_event for each row execute function steno.refuse_audit_change();
create trigger audit_event_kept before truncate on steno.audit_event for each statement execute function steno.refuse_audit_change();
create trigger audit_batch_frozen before update or delete on steno.audit_batch for each row execute function steno.refuse_audit_change();
create trigger audit_batch_kept before truncate on steno.audit_batch for each statement execute function steno.refuse_audit_change();
create trigger audit_head_frozen before delete on steno.audit_head for each row execute function steno.refuse_audit_change();
create trigger audit_head_kept before truncate on steno.audit_head for each statement execute function steno.refuse_audit_change();

-- The caller's open batch in this transaction: its id, and who the caller is; without xact_id where it is not open yet. A second token in one
-- transaction gets a batch of its own, or its changes would be written under the first one's name.
create function steno.audit_batch_of(for_firm uuid) returns steno.audit_pending language plpgsql volatile as $$
declare
  found_batch steno.audit_pending;
  session auth.session;
  token bigint := hashtextextended(coalesce(current_setting('app.session_token', true), ''), 0);
begin
  select * into found_batch from steno.audit_pending p where p.firm_id = for_firm and p.xact_id = pg_current_xact_id() and p.token_hash = token;
  if found then return found_batch; end if;
  session := auth.current_session();
  -- the token of one firm says nothing about who changes another (an administrator's statement over all of them)
  if session.firm_id is distinct from for_firm then session := null; end if;
  found_batch := (null, for_firm, token, gen_random_uuid(), session.user_id, session.device_id, session.session_id);
  return found_batch;
end
$$;
-- The row that makes the batch be sealed; written after its first events, because under SET CONSTRAINTS ... IMMEDIATE it is sealed at once.
create function steno.audit_batch_open(b steno.audit_pending) returns void language sql volatile as
  'insert into steno.audit_pending values (pg_current_xact_id(), (b).firm_id, (b).token_hash, (b).batch_id, (b).user_id, (b).device_id, (b).session_id)';

-- The text of an event that is hashed. src/main/admin/audit writes the same expression itself: it must not trust this function.
create function steno.audit_event_text(e steno.audit_event) returns text language sql stable set search_path = steno, pg_temp as $$
  select jsonb_build_array(e.firm_id, extract(epoch from e.occurred_at), e.event_number, e.batch_id, e.table_name, e.row_key, e.action, e.old_values, e.new_values,
    e.user_id, e.device_id, e.session_id, e.login, e.application, host(e.address))::text
$$;
create function steno.seal_audit_batch() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  head steno.audit_head;
  counted integer;
  digest bytea;
  seal bytea;
begin
  select count(*), sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) into counted, digest
  from steno.audit_event e where e.firm_id = new.firm_id and e.occurred_at = now() and e.batch_id = new.batch_id;
  delete from steno.audit_pending p where p.xact_id = new.xact_id and p.firm_id = new.firm_id and p.token_hash = new.token_hash;
  if counted = 0 then return null; end if;
  insert into steno.audit_head values (new.firm_id, 0, sha256(convert_to(new.firm_id::text, 'UTF8'))) on conflict do nothing;
  select * into head from steno.audit_head h where h.firm_id = new.firm_id for update;
  -- the time too: it says which archived month the events of a batch went with
  seal := sha256(head.batch_hash || int8send(head.batch_number + 1) || int8send((extract(epoch from now()) * 1000000)::bigint) || int4send(counted) || digest);
  insert into steno.audit_batch (firm_id, batch_number, batch_id, occurred_at, event_count, events_hash, batch_hash)
  values (new.firm_id, head.batch_number + 1, new.batch_id, now(), counted, digest, seal);
  update steno.audit_head h set batch_number = head.batch_number + 1, batch_hash = seal where h.firm_id = new.firm_id;
  return null;
end
$$;
-- Deferred to the commit: the chain's lock is the last one taken and held for the shortest time.
create constraint trigger audit_pending_seal after insert on steno.audit_pending deferrable initially deferred
  for each row execute function steno.seal_audit_batch();

-- Long and confidential columns are kept as hash and length: retention must be able to remove what they said, and the audit to prove what it was.
create function steno.audit_values(v jsonb, hashed text[]) returns jsonb language plpgsql immutable set search_path = steno, pg_temp as $$
declare c text;
begin
  foreach c in array hashed loop
    if v ->> c is not null then
      v := jsonb_set(v, array[c], jsonb_build_object('sha256', encode(sha256(convert_to(v ->> c, 'UTF8')), 'hex'), 'length', length(v ->> c)));
    end if;
  end loop;
  return v;
end
$$;
-- One insert for a whole statement. Arguments: key columns, hashed columns, columns that are left out.
create function steno.audit_change() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  keys text[] := tg_argv[0];
  hashed text[] := tg_argv[1];
  without text[] := tg_argv[2];
  -- most tables have one key column and nothing to hash, and most statements one row: what they need not do they do not
  one_key text := case cardinality(keys) when 1 then keys[1] end;
  is_plain boolean := hashed = '{}';
  application text := current_setting('application_name');
  b steno.audit_pending;
  is_new boolean;
  for_firm uuid;
begin
  if tg_op = 'UPDATE' then
    for for_firm in select distinct r.firm_id from new_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
      select for_firm, nextval('steno.audit_event_number'), b.batch_id, tg_table_name, c.key, 'update',
        case when is_plain then c.was else steno.audit_values(c.was, hashed) end, case when is_plain then c.is_now else steno.audit_values(c.is_now, hashed) end,
        b.user_id, b.device_id, b.session_id, session_user, application, inet_client_addr()
      from (
        select o.key, jsonb_object_agg(x.key, x.value) as was, jsonb_object_agg(x.key, n.j -> x.key) as is_now
        from (select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key, w.j - without as j
          from old_rows r cross join lateral (select to_jsonb(r) as j) w where r.firm_id = for_firm) o
        join (select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key, w.j - without as j
          from new_rows r cross join lateral (select to_jsonb(r) as j) w where r.firm_id = for_firm) n on n.key = o.key
        cross join lateral jsonb_each(o.j) x
        where n.j -> x.key is distinct from x.value
        group by o.key
      ) c;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  else
    for for_firm in select distinct r.firm_id from changed_rows r loop
      b := steno.audit_batch_of(for_firm);
      is_new := b.xact_id is null;
      insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address)
      select for_firm, nextval('steno.audit_event_number'), b.batch_id, tg_table_name, c.key, lower(tg_op), case tg_op when 'DELETE' then c.j end, case tg_op when 'INSERT' then c.j end,
        b.user_id, b.device_id, b.session_id, session_user, application, inet_client_addr()
      from (
        select coalesce(w.j ->> one_key, (select string_agg(w.j ->> k, '/') from unnest(keys) k)) as key,
          case when is_plain then jsonb_strip_nulls(w.j - without) else steno.audit_values(jsonb_strip_nulls(w.j - without), hashed) end as j
        from changed_rows r cross join lateral (select to_jsonb(r) as j offset 0) w where r.firm_id = for_firm
      ) c;
      if is_new then perform steno.audit_batch_open(b); end if;
    end loop;
  end if;
  return null;
end
$$;
-- A row's key is what its history hangs on; a row of another key is another row.
create function steno.refuse_key_change() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare
  was jsonb := to_jsonb(old);
  is_now jsonb := to_jsonb(new);
  k text;
begin
  foreach k in array tg_argv[0]::text[] loop
    if is_now -> k is distinct from was -> k then raise exception 'the key of a row does not change: delete it and insert another' using errcode = 'SN001'; end if;
  end loop;
  return new;
end
$$;
create function steno.refuse_truncate() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  raise exception 'audited tables are not truncated: rows are deleted, each on the record' using errcode = 'SN001';
end
$$;
-- What no row shows: a sign-in, a refusal, a backup, a retention run.
create function steno.audit_note(for_firm uuid, subject text, subject_key text, what text, details jsonb) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare b steno.audit_pending := steno.audit_batch_of(for_firm);
begin
  insert into steno.audit_event (firm_id, event_number, batch_id, table_name, row_key, action, new_values, user_id, device_id, session_id, login, application, address)
  values (for_firm, nextval('steno.audit_event_number'), b.batch_id, subject, subject_key, what, details, b.user_id, b.device_id, b.session_id, session_user, current_setting('application_name'), inet_client_addr());
  if b.xact_id is null then perform steno.audit_batch_open(b); end if;
end
$$;
grant execute on function steno.audit_change(), steno.refuse_key_change(), steno.refuse_truncate() to steno_owner, steno_auth;
grant execute on function steno.audit_note(uuid, text, text, text, jsonb) to steno_owner, steno_auth;
grant select on steno.audit_event, steno.audit_batch, steno.audit_head to steno_owner, steno_client;

do $$
declare t text;
begin
  foreach t in array array['audit_event', 'audit_batch', 'audit_head', 'audit_pending'] loop
    execute format('alter table steno.%I enable row level security', t);
    execute format('alter table steno.%I force row level security', t);
    execute format('create policy %I on steno.%I to steno_audit using (true) with check (true)', t || '_keeper', t);
  end loop;
end
$$;
create policy audit_event_read on steno.audit_event for select to steno_owner, steno_client using (firm_id = (select auth.firm_for('audit:event:read')));
create policy audit_batch_read on steno.audit_batch for select to steno_owner, steno_client using (firm_id = (select auth.firm_for('audit:event:read')));
-- where the chain stands says nothing about what happened: everybody may remember it, and so tell a shortened chain
create policy audit_head_read on steno.audit_head for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id()));
reset role;

-- Monthly partitions of a table, made ahead. Owner of partitions is the owner of the table.
create table steno.partition_policy (
  table_name text primary key,
  months_ahead integer not null check (months_ahead between 1 and 24),
  -- null: never detached
  keep_months integer check (keep_months >= 1),
  reason text not null
);
alter table steno.partition_policy owner to steno_owner;
insert into steno.partition_policy values ('audit_event', 3, 120, 'audit logs are kept ten years (document 002; document 001 asks seven)');
/*
 * Makes the monthly partitions from `from_month` to the policy's months ahead; the names of those it made. Run by `admin partitions`,
 * each month or oftener; a month without its partition would refuse every change.
 */
create procedure steno.make_partitions(of_table text, from_month date, inout made text[]) language plpgsql set search_path = steno, pg_temp as $$
declare
  month date := date_trunc('month', from_month);
  last_month date := date_trunc('month', now()) + make_interval(months => (select p.months_ahead from steno.partition_policy p where p.table_name = of_table));
  partition_name text;
begin
  made := '{}';
  while month <= last_month loop
    partition_name := of_table || '_' || to_char(month, 'YYYY_MM');
    if to_regclass('steno.' || partition_name) is null then
      execute format('create table steno.%I partition of steno.%I for values from (%L) to (%L)', partition_name, of_table, month || ' 00:00:00Z', (month + interval '1 month')::date || ' 00:00:00Z');
      -- rows are reached through the parent and its policies only
      execute format('alter table steno.%I enable row level security', partition_name);
      execute format('alter table steno.%I force row level security', partition_name);
      execute format('alter table steno.%I owner to %I', partition_name, (select r.rolname from pg_class c join pg_roles r on r.oid = c.relowner where c.oid = ('steno.' || of_table)::regclass));
      -- a parent's truncate triggers do not reach its partitions
      execute format('create trigger %I before truncate on steno.%I for each statement execute function steno.refuse_truncate()', partition_name || '_kept', partition_name);
      made := made || partition_name;
    end if;
    month := month + interval '1 month';
  end loop;
end
$$;
alter procedure steno.make_partitions(text, date, text[]) owner to steno_owner;
revoke execute on procedure steno.make_partitions(text, date, text[]) from public;
call steno.make_partitions('audit_event', now()::date, null);

/*
 * Puts a table under the audit. Key columns name the row (without firm_id); hashed columns are kept as hash and length; without are
 * bookkeeping that says nothing. Every migration that makes a table calls it; test/pg/policies.test.ts finds a table that was forgotten.
 */
set local role steno_owner;
create procedure steno.keep_audit(of_table regclass, keys text[], hashed text[] default '{}', without text[] default '{}') language plpgsql set search_path = steno, pg_temp as $$
declare
  plain text := (select relname from pg_class where oid = of_table);
  fixed text[] := keys || case when 'firm_id' = any (keys) then '{}'::text[] else '{firm_id}' end;
  arguments text := format('%L, %L, %L', keys, hashed, without || array['firm_id', 'field_revision', 'revision', 'updated_at', 'created_at']);
begin
  execute format('create trigger %I after insert on %s referencing new table as changed_rows for each statement execute function steno.audit_change(%s)', plain || '_audit_insert', of_table, arguments);
  execute format('create trigger %I after update on %s referencing old table as old_rows new table as new_rows for each statement execute function steno.audit_change(%s)', plain || '_audit_update', of_table, arguments);
  execute format('create trigger %I after delete on %s referencing old table as changed_rows for each statement execute function steno.audit_change(%s)', plain || '_audit_delete', of_table, arguments);
  execute format('create trigger %I before truncate on %s for each statement execute function steno.refuse_truncate()', plain || '_audit_truncate', of_table);
  execute format('create trigger %I before update of %s on %s for each row execute function steno.refuse_key_change(%L)', plain || '_audit_key',
    (select string_agg(quote_ident(c), ', ') from unnest(fixed) c), of_table, fixed);
end
$$;
grant execute on procedure steno.keep_audit(regclass, text[], text[], text[]) to steno_auth;
revoke execute on procedure steno.keep_audit(regclass, text[], text[], text[]) from public;
call steno.keep_audit('steno.firm', '{firm_id}', '{}', '{feed_channel}');
call steno.keep_audit('steno."user"', '{user_id}');
call steno.keep_audit('steno.matter', '{matter_id}');
call steno.keep_audit('steno.source_document', '{document_id}');
call steno.keep_audit('steno.document_page', '{page_id}', '{extracted_text}');
call steno.keep_audit('steno.fact', '{fact_id}');
call steno.keep_audit('steno.bill_line', '{bill_line_id}');
call steno.keep_audit('steno.stated_total', '{stated_total_id}');
call steno.keep_audit('steno.blob', '{content_hash}');
call steno.keep_audit('steno.template', '{template_id}', '{template_content}');
call steno.keep_audit('steno.demand_letter', '{letter_id}');
call steno.keep_audit('steno.letter_update', '{update_id}', '{payload}');
call steno.keep_audit('steno.letter_version', '{version_id}', '{content,letter_values}');
call steno.keep_audit('steno.export', '{export_id}');
call steno.keep_audit('steno.conflict', '{conflict_id}', '{proposed,current}');
set local role steno_auth;
-- how far a session was carried on is bookkeeping, and a laptop that only reads must not wait for the chain; that it began and ended is not
call steno.keep_audit('auth.session', '{session_id}', '{}', '{token_hash,last_seen_at,granted,expires_at}');
call steno.keep_audit('auth.api_key', '{api_key_id}', '{}', '{key_hash,granted}');
-- that a password changed is on the record, as the hash of a salted hash
call steno.keep_audit('auth.credential', '{user_id}', '{password_hash}');
reset role;
