set local role steno_owner;
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
reset role;
set local role steno_auth;
create or replace function auth.session_of(token text, needed text) returns auth.session language plpgsql stable as $$
declare
  hash bytea := sha256(convert_to(token, 'UTF8'));
  found auth.session;
begin
  if starts_with(token, 'sk_') then
    select k.api_key_id, k.firm_id, k.user_id, k.api_key_id, k.key_name, k.key_hash, null, k.created_at, k.created_at, k.expires_at, k.revoked_at, k.scopes, k.granted into found
    from auth.api_key k where k.key_hash = hash and k.revoked_at is null and k.expires_at > now();
  else
    select s.* into found from auth.session s where s.token_hash = hash and s.revoked_at is null and s.expires_at > now();
  end if;
  -- nothing granted at all: a person or firm that was switched off
  if found.granted = '{}' or needed <> all (found.granted) then return null; end if;
  return found;
end
$$;
reset role;
