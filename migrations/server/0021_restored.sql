-- Heads anchored on both sides. A laptop remembers where the firm's audit chain stood: a chain that no longer goes through it was restored from a
-- backup, or tampered with. The firm remembers where each laptop's own chain stood: one that was rewritten offline no longer goes through it.
set local role steno_audit;
-- Whether the firm's chain goes through this head. Says nothing about what happened, so everybody signed in may ask of her own firm.
create function steno.audit_goes_through(number bigint, hash bytea) returns boolean language sql stable security definer set search_path = steno, pg_temp as $$
  select exists (select from steno.audit_batch b where b.firm_id = (select auth.current_firm_id()) and b.batch_number = number and b.batch_hash = hash)
$$;
grant execute on function steno.audit_goes_through(bigint, bytea) to steno_owner;

set local role steno_owner;
-- One row a day of each chain; a store that was made anew begins another chain.
create table steno.laptop_audit_head (
  firm_id uuid not null references steno.firm on delete cascade,
  device_id uuid not null,
  chain_id uuid not null,
  seen_on date not null default current_date,
  user_id uuid not null,
  event_sequence bigint not null check (event_sequence >= 0),
  event_hash bytea not null check (length(event_hash) = 32),
  seen_at timestamptz not null default now(),
  primary key (firm_id, device_id, chain_id, seen_on)
);
comment on table steno.laptop_audit_head is 'Where the audit chain of each laptop stood, once a day: what was done offline cannot be rewritten after the firm has seen it';
alter table steno.laptop_audit_head enable row level security;
alter table steno.laptop_audit_head force row level security;
create policy laptop_audit_head_read on steno.laptop_audit_head for select using (firm_id = (select auth.current_firm_id()));
create policy laptop_audit_head_insert on steno.laptop_audit_head for insert with check (firm_id = (select auth.current_firm_id()) and user_id = (select auth.current_user_id()));
create policy laptop_audit_head_update on steno.laptop_audit_head for update using (firm_id = (select auth.current_firm_id()) and user_id = (select auth.current_user_id()));

/*
 * What a laptop asks after each new connection, and now and then: {holds, missing, head: {batchNumber, batchHash} or null, at}.
 * holds: the firm's audit still goes through the head (number, hash in hex) this laptop remembers. missing: which of these mutations the firm knows no verdict of,
 * though it gave one. Where either is wrong the server was restored. own: {chain, sequence, hash} of the laptop's own audit, kept; where it contradicts an
 * earlier one, that goes on the record.
 */
create function app.anchor(token text, number bigint, hash text, mutation_ids uuid[], own jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  before steno.laptop_audit_head;
begin
  session := steno.enter(token, null);
  if cardinality(mutation_ids) > 10000 then raise exception 'too_many' using errcode = 'SN001'; end if;
  if own is not null then
    select * into before from steno.laptop_audit_head h
    where h.firm_id = session.firm_id and h.device_id = session.device_id and h.chain_id = (own ->> 'chain')::uuid order by h.seen_on desc limit 1;
    if before.event_sequence > (own ->> 'sequence')::bigint
      or (before.event_sequence = (own ->> 'sequence')::bigint and before.event_hash <> decode(own ->> 'hash', 'hex')) then
      perform steno.audit_note(session.firm_id, 'device', session.device_id::text, 'laptop_audit_differs',
        jsonb_build_object('sequence', before.event_sequence, 'now', (own ->> 'sequence')::bigint));
    elsif before.event_sequence is distinct from (own ->> 'sequence')::bigint then
      insert into steno.laptop_audit_head as h (firm_id, device_id, chain_id, user_id, event_sequence, event_hash)
      values (session.firm_id, session.device_id, (own ->> 'chain')::uuid, session.user_id, (own ->> 'sequence')::bigint, decode(own ->> 'hash', 'hex'))
      on conflict on constraint laptop_audit_head_pkey do update set event_sequence = excluded.event_sequence, event_hash = excluded.event_hash, seen_at = now();
    end if;
  end if;
  return jsonb_build_object(
    'holds', number is null or steno.audit_goes_through(number, decode(hash, 'hex')),
    'missing', (select coalesce(jsonb_agg(i), '[]') from unnest(mutation_ids) i
      where not exists (select from steno.mutation m where m.firm_id = session.firm_id and m.mutation_id = i)),
    'head', (select jsonb_build_object('batchNumber', h.batch_number, 'batchHash', encode(h.batch_hash, 'hex')) from steno.audit_head h where h.firm_id = session.firm_id),
    'at', now());
end
$$;

/*
 * What a restored server has forgotten, from the laptops that remember: the mutations of app.push, each with the revision its row had with it. A row's revisions
 * do not start again below what laptops have seen, or a later change handed back first would be overwritten by an earlier one. What belongs to a row that some
 * other laptop has yet to hand back is 'fenced': asked again later, and remembered as nothing.
 */
create function app.hand_back(token text, mutations jsonb) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  m jsonb;
  e steno.entity;
  reply jsonb;
  verdict jsonb;
  verdicts jsonb := '[]';
  fenced text[] := '{}';
  touched text;
  reached bigint := 0;
begin
  session := steno.enter(token, null);
  perform set_config('steno.in_push', 'on', true);
  for m in select * from jsonb_array_elements(mutations) loop
    touched := (m ->> 'entity') || ' ' || (m ->> 'entityId');
    verdict := null;
    if touched = any (fenced) then verdict := jsonb_build_object('mutationId', m ->> 'mutationId', 'verdict', 'fenced'); end if;
    if verdict is null then
      begin
        select * into e from steno.entity where entity.entity = m ->> 'entity';
        -- a thousand, and none beyond a million: no laptop can push a row's counter out of reach, not even by asking often
        if found and m ->> 'op' = 'patch' and auth.may(coalesce(e.write_permission, '')) then begin
          execute format('update steno.%1$I set revision = least((($3)::jsonb ->> ''revision'')::integer - 1, revision + 1000) where firm_id = $1 and %2$I = $2 and revision < (($3)::jsonb ->> ''revision'')::integer - 1
            and revision < 1000000 and not exists (select from steno.mutation k where k.firm_id = $1 and k.mutation_id = (($3)::jsonb ->> ''mutationId'')::uuid)', e.table_name, e.id_column)
            using session.firm_id, (m ->> 'entityId')::uuid, m;
        exception when sqlstate 'SN001' then null; -- a row that does not change any more; app.push says so
        end; end if;
        reply := app.push(token, jsonb_build_array(m));
        verdict := reply -> 'verdicts' -> 0;
        if verdict ->> 'verdict' = 'rejected' and verdict ->> 'reason' in ('missing_parent', 'not_found') then
          raise exception 'wait' using errcode = 'SN002';
        end if;
        reached := greatest(reached, (reply ->> 'position')::bigint);
      exception when sqlstate 'SN002' then
        verdict := jsonb_build_object('mutationId', m ->> 'mutationId', 'verdict', 'fenced');
      end;
      if verdict ->> 'verdict' in ('rejected', 'fenced') then fenced := fenced || touched; end if;
    end if;
    verdicts := verdicts || jsonb_build_array(verdict);
  end loop;
  return jsonb_build_object('verdicts', verdicts, 'position', reached);
end
$$;
revoke execute on function app.anchor(text, bigint, text, uuid[], jsonb), app.hand_back(text, jsonb) from public;
grant execute on function app.anchor(text, bigint, text, uuid[], jsonb), app.hand_back(text, jsonb) to steno_client;
reset role;
