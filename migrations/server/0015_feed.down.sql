set local role steno_owner;
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
  -- a guest is not told of what she may not see, not even that it is there
  only_visible boolean;
begin
  session := steno.enter(token, null);
  only_visible := not auth.may('firm:feed:read');
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
    execute format('select jsonb_agg(jsonb_build_object(''entity'', $3, ''entityId'', i, ''row'', to_jsonb(t) - ''firm_id'' - ''field_revision'')) from unnest($2::uuid[]) i %3$s join steno.%1$I t on t.firm_id = $1 and t.%2$I = i',
      e.table_name, e.id_column, case when only_visible then 'inner' else 'left' end) into part using session.firm_id, e.ids, e.entity;
    changes := changes || coalesce(part, '[]');
  end loop;
  select exists (select from steno.change_feed f where f.firm_id = session.firm_id and f.position > last_position) into more;
  return jsonb_build_object('position', last_position, 'head', (select p.position from steno.feed_position p where p.firm_id = session.firm_id), 'more', more, 'changes', changes);
end
$$;
drop function app.snapshot(text, boolean);
drop index steno.matter_activity_idx;
drop trigger room_sight on steno.room;
drop trigger room_participant_sight on steno.room_participant;
drop trigger role_permission_feed on steno.role_permission;
set local role steno_auth;
drop function auth.announce_guests(), auth.announce_roles();
set local role steno_owner;
revoke execute on function steno.append_to_feed(uuid, text[], uuid[]) from steno_auth;
revoke all on steno.feed_position, steno.change_feed from steno_auth;
drop policy change_feed_auth on steno.change_feed;
drop policy feed_position_auth on steno.feed_position;
drop function steno.view_of(auth.session);
alter table steno.setting drop constraint setting_setting_key_check;
delete from steno.setting where setting_key = 'retention.tombstone_days';
alter table steno.setting add constraint setting_setting_key_check check (setting_key in ('retention.letter_years', 'retention.version_days', 'retention.collaboration_days', 'retention.refinement_days',
    'retention.export_days', 'letter.letterhead', 'assistant.provider', 'assistant.model', 'view.theme', 'view.text_size'));
alter table steno.feed_position drop constraint feed_position_floor_check;
alter table steno.feed_position drop column floor;
alter table steno.change_feed drop column appended_at;
reset role;
