-- The feed is compacted, a laptop that cannot go on by the feed takes a snapshot, and what a laptop holds follows what its user may see.
set local role steno_owner;

-- The watermark. An entry that a later one of the same row supersedes is of use to nobody and may go at any time: rows travel as they are now.
-- The last entry of a row that is gone (a tombstone) is kept for as long as the firm's policy says. When one goes, `floor` rises to its position: who has
-- not come that far can no longer learn from the feed that the row is gone.
alter table steno.change_feed add column appended_at timestamptz not null default now();
alter table steno.feed_position add column floor bigint not null default 0;
alter table steno.feed_position add constraint feed_position_floor_check check (floor between 0 and position);
alter table steno.setting drop constraint setting_setting_key_check;
alter table steno.setting add constraint setting_setting_key_check check (setting_key in ('retention.letter_years', 'retention.version_days', 'retention.collaboration_days',
  'retention.refinement_days', 'retention.export_days', 'retention.tombstone_days', 'letter.letterhead', 'assistant.provider', 'assistant.model', 'view.theme', 'view.text_size'));

/*
 * What decides what the caller sees of what travels, as a hash: who she is, her permissions, what travels at all, and for a guest the people in her rooms.
 * Where it differs from what a laptop's rows were read under, rows may have come into her sight or gone out of it without a word in the feed.
 * test/pg/view.test.ts holds it to the policies.
 */
create function steno.view_of(session auth.session) returns text language plpgsql stable set search_path = steno, pg_temp as $$
declare companions text;
begin
  if 'chat:guest:attend' = any (session.granted) then
    companions := (select string_agg(c::text, ' ' order by c) from auth.room_companions() c);
  end if;
  return left(encode(sha256(convert_to(concat_ws(E'\n', session.firm_id, session.user_id, array_to_string(session.granted, ' '),
    (select string_agg(e.entity, ' ' order by e.entity) from steno.entity e where e.travels), companions), 'UTF8')), 'hex'), 32);
end
$$;
revoke execute on function steno.view_of(auth.session) from public;

-- What moves rows in or out of sight without changing them says a word in the feed all the same: laptops look, and find another view. Deferred, so that
-- the firm's position is taken last. By steno_auth, which sees rooms past the policies: who leaves a room no longer sees whom she met there.
create policy feed_position_auth on steno.feed_position to steno_auth using (true) with check (true);
create policy change_feed_auth on steno.change_feed for insert to steno_auth with check (true);
grant select, insert, update on steno.feed_position to steno_auth;
grant insert on steno.change_feed to steno_auth;
grant execute on function steno.append_to_feed(uuid, text[], uuid[]) to steno_auth;
set local role steno_auth;
-- Each firm's own row: there is no cheaper word to all of its laptops.
create function auth.announce_roles() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  perform steno.append_to_feed(f.firm_id, '{firm}', array[f.firm_id]) from steno.firm f order by f.firm_id;
  return null;
end
$$;
-- The guests of a room meet whoever comes and goes, and nobody once they are no longer let in.
create function auth.announce_guests() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  changed jsonb := to_jsonb(case tg_op when 'DELETE' then old else new end);
  of_firm uuid := changed ->> 'firm_id';
  guests uuid[] := array(select u.user_id from steno."user" u where u.firm_id = of_firm and u.role = 'Guest' and (u.user_id::text = changed ->> 'user_id'
    or u.user_id in (select p.user_id from steno.room_participant p where p.firm_id = of_firm and p.room_id = (changed ->> 'room_id')::uuid)) order by 1);
begin
  if cardinality(guests) > 0 and exists (select from steno.firm f where f.firm_id = of_firm) then
    perform steno.append_to_feed(of_firm, array_fill('user'::text, array[cardinality(guests)]), guests);
  end if;
  return null;
end
$$;
revoke execute on all functions in schema auth from public;
grant execute on function auth.announce_roles(), auth.announce_guests() to steno_owner;
set local role steno_owner;
create trigger role_permission_feed after insert or update or delete on steno.role_permission for each statement execute function auth.announce_roles();
create constraint trigger room_participant_sight after insert or delete or update of status, deleted_at on steno.room_participant
  deferrable initially deferred for each row execute function auth.announce_guests();
create constraint trigger room_sight after update of guest_access_allowed, deleted_at on steno.room
  deferrable initially deferred for each row execute function auth.announce_guests();

-- The matters last worked on are what a new laptop asks for first (SnapshotSource.latest), however many there are. Letters have theirs since 0009.
create index matter_activity_idx on steno.matter (firm_id, updated_at desc, matter_id desc);

/*
 * Where the feed stands and what the caller sees, for a laptop that reads rows with its own queries: in the same transaction, whose setting this makes.
 * {head, floor, view, isReplica, entities}; entities, of what travels: [{entity, table, id, columns: [{name, type}]}], left out without `with_entities`.
 */
create function app.snapshot(token text, with_entities boolean) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  feed steno.feed_position;
begin
  session := steno.enter(token, null);
  select * into feed from steno.feed_position p where p.firm_id = session.firm_id;
  return jsonb_build_object('head', coalesce(feed.position, 0), 'floor', coalesce(feed.floor, 0), 'view', steno.view_of(session), 'isReplica', pg_is_in_recovery(), 'entities',
    case when with_entities then (select jsonb_agg(jsonb_build_object('entity', e.entity, 'table', e.table_name, 'id', e.id_column, 'columns',
        (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', a.atttypid::regtype) order by a.attnum) from pg_attribute a
          where a.attrelid = format('steno.%I', e.table_name)::regclass and a.attnum > 0 and not a.attisdropped and (a.attname not in ('firm_id', 'field_revision') or a.attname = e.id_column)))
      order by e.entity) from steno.entity e where e.travels) end);
end
$$;

/*
 * Changes after a position: {position, head, more, floor, view, changes: [{entity, entityId, row}]}, row null where it is gone or out of the caller's sight.
 * Rows come as they are now, so one page may already carry what a later position announces; that is harmless.
 * Two answers mean that the caller's rows cannot be mended by the feed: a floor above `after`, and another view than they were read under.
 */
create or replace function app.pull(token text, after bigint, most integer) returns jsonb
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  last_position bigint;
  e record;
  part jsonb;
  changes jsonb := '[]';
  more boolean := false;
  -- a guest is not told of what she may not see, not even that it is there
  only_visible boolean;
  view text;
  feed steno.feed_position;
begin
  session := steno.enter(token, null);
  view := steno.view_of(session);
  only_visible := not auth.may('firm:feed:read');
  most := least(greatest(most, 1), 1000);
  select max(p.position) into last_position
  from (select f.position from steno.change_feed f where f.firm_id = session.firm_id and f.position > after order by f.position limit most) p;
  if last_position is not null then
    for e in
      select r.*, ids.ids from steno.entity r
      join (select f.entity, array_agg(distinct f.entity_id) as ids from steno.change_feed f
            where f.firm_id = session.firm_id and f.position > after and f.position <= last_position group by f.entity) ids on ids.entity = r.entity
    loop
      execute format('select jsonb_agg(jsonb_build_object(''entity'', $3, ''entityId'', i, ''row'', to_jsonb(t) - ''firm_id'' - ''field_revision'')) from unnest($2::uuid[]) i %3$s join steno.%1$I t on t.firm_id = $1 and t.%2$I = i',
        e.table_name, e.id_column, case when only_visible then 'inner' else 'left' end) into part using session.firm_id, e.ids, e.entity;
      changes := changes || coalesce(part, '[]');
    end loop;
    select exists (select from steno.change_feed f where f.firm_id = session.firm_id and f.position > last_position) into more;
  end if;
  -- Read after the entries: a tombstone that went meanwhile raised it in its own transaction.
  select * into feed from steno.feed_position p where p.firm_id = session.firm_id;
  -- A view that changed while rows were read is nobody's: rows of both would pass for rows of one.
  if view <> steno.view_of(auth.current_session()) then view := ''; end if;
  return jsonb_build_object('position', coalesce(last_position, least(after, coalesce(feed.position, 0))), 'head', coalesce(feed.position, 0), 'more', more,
    'floor', coalesce(feed.floor, 0), 'view', view, 'changes', changes);
end
$$;
revoke execute on function app.snapshot(text, boolean) from public;
grant execute on function app.snapshot(text, boolean) to steno_client;
reset role;
