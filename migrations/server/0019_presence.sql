-- Who else is in a letter, and how far the feed is: what a laptop may ask often, and what nobody keeps.
set local role steno_owner;

/*
 * Of the moment: unlogged, not audited, not in the feed, not in a backup. A row is a laptop in a letter; without a sign of life it counts for
 * 15 seconds, and whoever comes next takes it away. The session's laptop is not told to others, only whose it is.
 * There is no foreign key to the letter: a legal hold would keep these rows, and a held letter may be read and left.
 */
create unlogged table steno.letter_presence (
  firm_id uuid not null references steno.firm on delete cascade,
  session_id uuid not null,
  letter_id uuid not null,
  user_id uuid not null,
  state text not null check (state in ('editing', 'reading', 'near', 'away')),
  -- two Yjs relative positions in base64, anchor and head; what they mean only letters know
  place text check (place ~ '^[A-Za-z0-9+/=]{1,100}\.[A-Za-z0-9+/=]{1,100}$'),
  -- the same in all rows of a letter while somebody is there, another the next time; only who may read the letter is told
  channel text not null default 'steno_here_' || replace(gen_random_uuid()::text, '-', ''),
  changed_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (firm_id, session_id, letter_id),
  foreign key (firm_id, user_id) references steno."user" on delete cascade
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
create index letter_presence_letter_idx on steno.letter_presence (firm_id, letter_id);
comment on table steno.letter_presence is 'Who is in a letter at this moment, and where in it; gone 15 seconds after the last sign of life';
alter table steno.letter_presence enable row level security;
alter table steno.letter_presence force row level security;
create policy letter_presence_read on steno.letter_presence for select using (firm_id = (select auth.firm_for('letter:draft:read')));
create policy letter_presence_insert on steno.letter_presence for insert
  with check (firm_id = (select auth.firm_for('letter:draft:read')) and user_id = (select auth.current_user_id()));
-- that of others may be locked once it counts no more, to be taken away; changed only into one's own
create policy letter_presence_update on steno.letter_presence for update
  using (firm_id = (select auth.firm_for('letter:draft:read')) and (user_id = (select auth.current_user_id()) or seen_at <= now() - interval '15 seconds'))
  with check (firm_id = (select auth.firm_for('letter:draft:read')) and user_id = (select auth.current_user_id()));
create policy letter_presence_delete on steno.letter_presence for delete
  using (firm_id = (select auth.firm_for('letter:draft:read')) and (user_id = (select auth.current_user_id()) or seen_at <= now() - interval '15 seconds'));

-- Whether a letter is there for the caller.
create function steno.may_read_letter(of_letter uuid) returns boolean language sql stable set search_path = steno, pg_temp as $$
  select exists (select from steno.demand_letter l where l.firm_id = (select auth.firm_for('letter:draft:read')) and l.letter_id = of_letter and l.deleted_at is null)
$$;

-- The others in a letter, each once: {channel, waitMs, people: [{userId, firstName, lastName, state, place}]}. The channel is null where nobody is.
create function steno.presence_view(session auth.session, of_letter uuid, wait_ms integer) returns jsonb
language sql stable set search_path = steno, pg_temp as $$
  with here as (
    select p.* from steno.letter_presence p
    where p.firm_id = session.firm_id and p.letter_id = of_letter and p.seen_at > now() - interval '15 seconds'
  ), person as (
    -- of a person's laptops the one that does most, then the one that moved last
    select distinct on (h.user_id) h.user_id, u.first_name, u.last_name, h.state, h.place
    from here h join steno."user" u on u.firm_id = h.firm_id and u.user_id = h.user_id
    where h.user_id <> session.user_id
    order by h.user_id, array_position(array['editing', 'reading', 'near', 'away'], h.state), h.changed_at desc
  )
  select jsonb_build_object('channel', (select h.channel from here h limit 1), 'waitMs', wait_ms, 'people', coalesce((
    select jsonb_agg(jsonb_build_object('userId', p.user_id, 'firstName', p.first_name, 'lastName', p.last_name, 'state', p.state, 'place', p.place) order by p.user_id)
    from (select * from person limit 50) p), '[]'))
$$;

-- Tells who is in a letter, where somebody else is, that something is new there. What it is they ask.
create function steno.notify_presence(session auth.session, of_letter uuid) returns void
language plpgsql volatile set search_path = steno, pg_temp as $$
begin
  -- nothing here is worth waiting for the disk, least of all while the one queue of notices is held
  perform set_config('synchronous_commit', 'off', true);
  perform pg_notify(p.channel, '') from (
    select distinct o.channel from steno.letter_presence o
    where o.firm_id = session.firm_id and o.letter_id = of_letter and o.user_id <> session.user_id and o.seen_at > now() - interval '15 seconds') p;
end
$$;

/*
 * The caller's laptop is in a letter; returns who else is, or null where the letter is not there. A sign of life is due every 5 seconds.
 * More than four changes a second are not taken: then waitMs says when to come again.
 */
create function app.presence_set(token text, letter_id uuid, state text, place text) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  told text := presence_set.state;
  wait_ms integer;
  was steno.letter_presence;
  room text;
begin
  session := steno.enter(token, 'letter:draft:read');
  if not steno.may_read_letter(presence_set.letter_id) then return null; end if;
  -- who may not write does not edit, whatever her laptop says
  if told = 'editing' and not auth.may('letter:draft:write') then told := 'reading'; end if;

  select ceil(extract(epoch from max(p.changed_at) + interval '250 milliseconds' - now()) * 1000) into wait_ms
  from steno.letter_presence p where p.firm_id = session.firm_id and p.session_id = session.session_id;
  if wait_ms > 0 then return steno.presence_view(session, presence_set.letter_id, wait_ms); end if;

  select * into was from steno.letter_presence p
  where p.firm_id = session.firm_id and p.session_id = session.session_id and p.letter_id = presence_set.letter_id;
  if was.seen_at > now() - interval '15 seconds' then
    if (was.state, was.place) is not distinct from (told, presence_set.place) then
      update steno.letter_presence p set seen_at = now()
      where p.firm_id = session.firm_id and p.session_id = session.session_id and p.letter_id = presence_set.letter_id;
      perform set_config('synchronous_commit', 'off', true);
    else
      update steno.letter_presence p set state = told, place = presence_set.place, changed_at = now(), seen_at = now()
      where p.firm_id = session.firm_id and p.session_id = session.session_id and p.letter_id = presence_set.letter_id;
      perform steno.notify_presence(session, presence_set.letter_id);
    end if;
    return steno.presence_view(session, presence_set.letter_id, 0);
  end if;

  -- She comes in. Two who come at once into an empty letter take turns, or each would listen to a channel of her own.
  perform pg_advisory_xact_lock(hashtextextended('presence ' || presence_set.letter_id::text, 0));
  delete from steno.letter_presence p where (p.firm_id, p.session_id, p.letter_id) in (
    select o.firm_id, o.session_id, o.letter_id from steno.letter_presence o
    where o.firm_id = session.firm_id and o.seen_at <= now() - interval '15 seconds' for update skip locked);
  -- a laptop is in four letters at most; the one it has said nothing of for longest makes room
  delete from steno.letter_presence p where (p.firm_id, p.session_id, p.letter_id) in (
    select o.firm_id, o.session_id, o.letter_id from steno.letter_presence o
    where o.firm_id = session.firm_id and o.session_id = session.session_id order by (o.letter_id = presence_set.letter_id), o.seen_at desc offset 3);
  select p.channel into room from steno.letter_presence p where p.firm_id = session.firm_id and p.letter_id = presence_set.letter_id limit 1;
  insert into steno.letter_presence as p (firm_id, session_id, letter_id, user_id, state, place, channel)
  values (session.firm_id, session.session_id, presence_set.letter_id, session.user_id, told, presence_set.place,
    coalesce(room, 'steno_here_' || replace(gen_random_uuid()::text, '-', '')));
  perform steno.notify_presence(session, presence_set.letter_id);
  return steno.presence_view(session, presence_set.letter_id, 0);
end
$$;

-- Who else is in a letter, asked from outside or after a notice; null where the letter is not there.
create function app.presence_of(token text, letter_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'letter:draft:read');
  if not steno.may_read_letter(presence_of.letter_id) then return null; end if;
  return steno.presence_view(session, presence_of.letter_id, 0);
end
$$;

-- The caller's laptop left a letter. Its row stays until somebody takes it away: who comes and goes without end changes no more often than others.
create function app.presence_clear(token text, letter_id uuid) returns void
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, 'letter:draft:read');
  update steno.letter_presence p set seen_at = now() - interval '15 seconds', changed_at = now()
  where p.firm_id = session.firm_id and p.session_id = session.session_id and p.letter_id = presence_clear.letter_id and p.seen_at > now() - interval '15 seconds';
  if found then perform steno.notify_presence(session, presence_clear.letter_id); end if;
end
$$;

-- How far the firm's feed is: the cheap question between two pulls. It writes nothing, so a replica answers it too, with how far it is itself.
create function app.feed_head(token text) returns bigint
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, null);
  return coalesce((select p.position from steno.feed_position p where p.firm_id = session.firm_id), 0);
end
$$;

grant execute on function app.presence_set(text, uuid, text, text), app.presence_of(text, uuid), app.presence_clear(text, uuid), app.feed_head(text) to steno_client;
reset role;
