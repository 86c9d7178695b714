-- Rooms: people of the firm, guests they invite, and robots talk about a matter, and escalate it. Document 002.
--
-- Who sees what. Who may read rooms sees those that are not private and the private ones she takes part in; who observes sees all.
-- A guest sees the rooms she takes part in, and nothing else of the firm but its name and the people in those rooms.
-- Policies ask `room_id in (select auth.my_rooms('...'))`: one subplan without a reference to the row, hashed once per statement.
set local role steno_owner;

-- Who only reads may still leave a room, say how far she read, and show that she is there; a guest may all that as one.
insert into steno.permission values ('chat:room:attend', 'take a seat''s rights: leave, mark as read, invite or moderate where one may');
insert into steno.role_permission select role, 'chat:room:attend' from unnest(array['Admin', 'Attorney', 'Paralegal', 'Viewer']) role;

create table steno.room (
  firm_id uuid not null references steno.firm on delete cascade,
  room_id uuid not null,
  matter_id uuid,
  name text check (length(name) between 1 and 255),
  description text check (length(description) <= 4000),
  room_type text not null default 'group' check (room_type in ('group', 'direct', 'support', 'escalated')),
  status text not null default 'active' check (status in ('active', 'archived', 'closed')),
  issue_id text check (length(issue_id) between 1 and 100),
  issue_description text check (length(issue_description) <= 4000),
  is_private boolean not null default false,
  guest_access_allowed boolean not null default true,
  max_participants integer not null default 50 check (max_participants between 2 and 1000),
  parent_room_id uuid,
  escalation_level integer not null default 1 check (escalation_level between 1 and 4),
  room_settings jsonb not null default '{}' check (jsonb_typeof(room_settings) = 'object'),
  -- how the conversation ended; the time is the server's
  concluded_at timestamptz,
  conclusion_summary text check (length(conclusion_summary) <= 10000),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, room_id),
  -- what was said outlives the matter it was about
  foreign key (firm_id, matter_id) references steno.matter on delete set null (matter_id),
  foreign key (firm_id, parent_room_id) references steno.room on delete set null (parent_room_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint room_not_its_own_parent check (parent_room_id <> room_id),
  constraint room_direct_is_two check (room_type <> 'direct' or (is_private and max_participants = 2)),
  constraint room_closed_is_concluded check (status <> 'closed' or concluded_at is not null)
);
create index room_open_idx on steno.room (firm_id, room_id) where not is_private;
create index room_matter_idx on steno.room (firm_id, matter_id) where matter_id is not null;
create index room_parent_idx on steno.room (firm_id, parent_room_id) where parent_room_id is not null;
comment on table steno.room is 'A conversation, of a matter or of nobody''s in particular; an escalated one has the room it came from as parent';

-- An id of its own, because what travels is named by one id.
create table steno.room_participant (
  firm_id uuid not null references steno.firm on delete cascade,
  participant_id uuid not null,
  room_id uuid not null,
  user_id uuid not null,
  role text not null default 'member' check (role in ('member', 'moderator', 'observer', 'guest')),
  status text not null default 'active' check (status in ('active', 'muted', 'removed', 'left')),
  can_send_messages boolean not null default true,
  can_invite_others boolean not null default false,
  can_see_history boolean not null default true,
  joined_at timestamptz not null default now(),
  last_read_at timestamptz,
  left_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, participant_id),
  unique (firm_id, room_id, user_id),
  foreign key (firm_id, room_id) references steno.room on delete cascade,
  foreign key (firm_id, user_id) references steno."user" on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint room_participant_observer_is_silent check (role <> 'observer' or not can_send_messages)
);
create index room_participant_user_idx on steno.room_participant (firm_id, user_id) where status in ('active', 'muted');
create index room_participant_room_idx on steno.room_participant (firm_id, room_id) where status in ('active', 'muted');
comment on table steno.room_participant is 'Who takes part in a room, as what, and since when';

/*
 * The identity of a message, which outlives the month its words are in. A partitioned table can only keep (id, time) unique; this one keeps
 * the id so, and is what replies, attachments and robots refer to: a month is detached without asking them. A message goes with its key.
 */
create table steno.message_key (
  firm_id uuid not null,
  message_id uuid not null,
  room_id uuid not null,
  created_at timestamptz not null,
  primary key (firm_id, message_id),
  unique (firm_id, room_id, message_id),
  foreign key (firm_id, room_id) references steno.room on delete cascade
);
comment on table steno.message_key is 'Every message''s id, room and time, also of months that are no longer online; written by a trigger, read by nobody';

create table steno.message (
  firm_id uuid not null references steno.firm on delete cascade,
  message_id uuid not null,
  room_id uuid not null,
  sender_id uuid,
  message_type text not null default 'chat' check (message_type in ('chat', 'robot', 'system', 'file', 'image', 'graph')),
  content text not null check (length(content) <= 100000),
  content_metadata jsonb not null default '{}' check (jsonb_typeof(content_metadata) = 'object'),
  robot_id text check (length(robot_id) between 1 and 100),
  robot_response_to uuid,
  is_robot_visible_to_guests boolean not null default false,
  delivery_status text not null default 'streaming' check (delivery_status in ('streaming', 'batch-delay', 'delivered', 'failed')),
  reply_to_message_id uuid,
  thread_id uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, message_id, created_at),
  foreign key (firm_id, message_id) references steno.message_key on delete cascade,
  foreign key (firm_id, sender_id) references steno."user" on delete set null (sender_id),
  -- with the room, so that nobody can answer, and so find, a message of a room she does not see
  foreign key (firm_id, room_id, reply_to_message_id) references steno.message_key (firm_id, room_id, message_id) on delete set null (reply_to_message_id),
  foreign key (firm_id, room_id, thread_id) references steno.message_key (firm_id, room_id, message_id) on delete set null (thread_id),
  foreign key (firm_id, room_id, robot_response_to) references steno.message_key (firm_id, room_id, message_id) on delete set null (robot_response_to),
  constraint message_robot_has_name check (message_type <> 'robot' or robot_id is not null),
  constraint message_deleted_says_nothing check (deleted_at is null or content = '')
) partition by range (created_at);
create index message_room_idx on steno.message (firm_id, room_id, created_at desc);
create index message_sender_idx on steno.message (firm_id, sender_id, created_at desc);
create index message_type_idx on steno.message (firm_id, message_type, room_id) where deleted_at is null;
create index message_reply_idx on steno.message (firm_id, room_id, reply_to_message_id) where reply_to_message_id is not null;
create index message_thread_idx on steno.message (firm_id, room_id, thread_id, created_at) where thread_id is not null;
create index message_response_idx on steno.message (firm_id, room_id, robot_response_to) where robot_response_to is not null;
comment on table steno.message is 'What was said, by month; one that was deleted stays as an empty row, and message_history has its words';

create table steno.message_attachment (
  firm_id uuid not null references steno.firm on delete cascade,
  attachment_id uuid not null,
  room_id uuid not null,
  message_id uuid not null,
  -- the month to look in; filled by the server
  message_created_at timestamptz not null,
  -- names a file in blob, which may come after the row
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  file_name text not null check (length(file_name) between 1 and 255),
  file_size bigint not null check (file_size >= 0),
  mime_type text not null check (length(mime_type) between 1 and 255),
  thumbnail_hash text check (thumbnail_hash ~ '^[0-9a-f]{64}$'),
  preview_available boolean not null default false,
  owner_id uuid,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, attachment_id),
  foreign key (firm_id, room_id, message_id) references steno.message_key (firm_id, room_id, message_id) on delete cascade,
  foreign key (firm_id, owner_id) references steno."user" on delete set null (owner_id)
);
create index message_attachment_message_idx on steno.message_attachment (firm_id, room_id, message_id);
create index message_attachment_owner_idx on steno.message_attachment (firm_id, owner_id, created_at desc);
create index message_attachment_file_idx on steno.message_attachment (firm_id, content_hash);
create index message_attachment_thumbnail_idx on steno.message_attachment (firm_id, thumbnail_hash) where thumbnail_hash is not null;
comment on table steno.message_attachment is 'A file of a message; its bytes are in blob';

create table steno.robot_interaction (
  firm_id uuid not null references steno.firm on delete cascade,
  interaction_id uuid not null,
  room_id uuid not null,
  message_id uuid not null,
  robot_id text not null check (length(robot_id) between 1 and 100),
  request_data jsonb not null,
  observation_data jsonb,
  response_data jsonb,
  status text not null default 'pending' check (status in ('pending', 'processing', 'completed', 'failed')),
  error_message text check (length(error_message) <= 4000),
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, interaction_id),
  foreign key (firm_id, room_id, message_id) references steno.message_key (firm_id, room_id, message_id) on delete cascade,
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  constraint robot_interaction_time_order check (completed_at >= started_at),
  constraint robot_interaction_completed_has_answer check (status <> 'completed' or (response_data is not null and completed_at is not null)),
  constraint robot_interaction_failed_has_reason check (status <> 'failed' or (error_message is not null and completed_at is not null))
);
create index robot_interaction_message_idx on steno.robot_interaction (firm_id, room_id, message_id);
create index robot_interaction_status_idx on steno.robot_interaction (firm_id, status, created_at);
create index robot_interaction_robot_idx on steno.robot_interaction (firm_id, robot_id, created_at desc);
comment on table steno.robot_interaction is 'What a robot was asked in a room, what it looked at, and what it answered';

-- The document's T1, T2, T3 and manager are a law firm's paralegal, attorney, partner and manager.
create table steno.escalation (
  firm_id uuid not null references steno.firm on delete cascade,
  escalation_id uuid not null,
  source_room_id uuid not null,
  target_room_id uuid,
  escalation_reason text not null check (length(escalation_reason) between 1 and 4000),
  from_level text not null check (from_level in ('paralegal', 'attorney', 'partner')),
  to_level text not null check (to_level in ('attorney', 'partner', 'manager')),
  priority integer not null default 3 check (priority between 1 and 5), -- 1 is the most urgent
  assigned_to_user_id uuid,
  status text not null default 'created' check (status in ('created', 'assigned', 'in_progress', 'resolved', 'cancelled')),
  resolution_notes text check (length(resolution_notes) between 1 and 10000),
  resolved_at timestamptz,
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, escalation_id),
  foreign key (firm_id, source_room_id) references steno.room on delete cascade,
  foreign key (firm_id, target_room_id) references steno.room on delete set null (target_room_id),
  foreign key (firm_id, created_by) references steno."user" on delete set null (created_by),
  foreign key (firm_id, assigned_to_user_id) references steno."user" on delete set null (assigned_to_user_id),
  constraint escalation_goes_up check (array_position(array['paralegal', 'attorney', 'partner', 'manager'], to_level)
    > array_position(array['paralegal', 'attorney', 'partner', 'manager'], from_level)),
  constraint escalation_other_room check (target_room_id <> source_room_id),
  constraint escalation_resolved_has_notes check (status <> 'resolved' or (resolution_notes is not null and resolved_at is not null))
);
create index escalation_source_idx on steno.escalation (firm_id, source_room_id);
create index escalation_target_idx on steno.escalation (firm_id, target_room_id) where target_room_id is not null;
create index escalation_open_idx on steno.escalation (firm_id, status, priority, created_at) where status not in ('resolved', 'cancelled');
create index escalation_assigned_idx on steno.escalation (firm_id, assigned_to_user_id) where assigned_to_user_id is not null;
comment on table steno.escalation is 'A question of a room that went to who decides it: why, from which level to which, and how it ended';

-- Apart from "user": who is at her desk changes by the minute, and is neither audited nor part of the user's history.
create table steno.user_presence (
  firm_id uuid not null references steno.firm on delete cascade,
  user_id uuid not null,
  display_name text check (length(display_name) between 1 and 100),
  avatar_hash text check (avatar_hash ~ '^[0-9a-f]{64}$'),
  current_status text not null default 'offline' check (current_status in ('online', 'away', 'busy', 'offline')),
  last_seen_at timestamptz,
  chat_preferences jsonb not null default '{}' check (jsonb_typeof(chat_preferences) = 'object'),
  revision integer not null default 1,
  field_revision jsonb not null default '{}',
  created_by uuid, updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, user_id),
  foreign key (firm_id, user_id) references steno."user" on delete cascade
);
create index user_presence_status_idx on steno.user_presence (firm_id, current_status, last_seen_at);
comment on table steno.user_presence is 'How a person shows in rooms: the name she likes, her picture, whether she is there';

-- What the functions of auth look up past the policies, which ask those functions.
grant select, update on steno.room to steno_auth; -- update: to lock it
grant select, insert on steno.room_participant, steno.message_key to steno_auth;

set local role steno_auth;
-- The rooms whose content of this kind (chat:room:read, chat:message:read) the caller sees. A guest needs no permission but that she attends.
create function auth.my_rooms(needed text) returns setof uuid language plpgsql stable rows 200 security definer set search_path = auth, pg_temp as $$
declare me auth.session := auth.current_session();
begin
  if auth.may(needed) and auth.may('chat:room:observe') then
    return query select r.room_id from steno.room r where r.firm_id = me.firm_id;
  elsif auth.may(needed) then
    return query
      select r.room_id from steno.room r where r.firm_id = me.firm_id and not r.is_private
      union all
      select p.room_id from steno.room_participant p
      where p.firm_id = me.firm_id and p.user_id = me.user_id and p.status in ('active', 'muted') and p.deleted_at is null;
  elsif auth.may('chat:guest:attend') then
    return query
      select p.room_id from steno.room_participant p join steno.room r using (firm_id, room_id)
      where p.firm_id = me.firm_id and p.user_id = me.user_id and p.status in ('active', 'muted') and p.deleted_at is null
        and r.guest_access_allowed and r.deleted_at is null;
  end if;
end
$$;

-- Since when the caller sees a room, by room: {room_id: time}, only of rooms where she does not see what was before. Null where there are none.
create function auth.history_from() returns jsonb language plpgsql stable security definer set search_path = auth, pg_temp as $$
declare me auth.session := auth.current_session();
begin
  if auth.may('chat:room:observe') then return null; end if;
  return (select jsonb_object_agg(p.room_id, p.joined_at) from steno.room_participant p join steno.room r using (firm_id, room_id)
    where p.firm_id = me.firm_id and p.user_id = me.user_id and not p.can_see_history
      -- a room that is open to everybody hides nothing from who joined it
      and (r.is_private or auth.may('chat:guest:attend')));
end
$$;

-- Rooms where the caller, as a participant that is not muted, may 'send', 'invite' or 'moderate'. Who observes may manage every room.
create function auth.rooms_where(may_do text) returns setof uuid language plpgsql stable rows 50 security definer set search_path = auth, pg_temp as $$
declare
  me auth.session := auth.current_session();
  is_guest boolean := auth.may('chat:guest:attend');
begin
  if not (is_guest or auth.may(case may_do when 'send' then 'chat:message:send' else 'chat:room:attend' end)) then return; end if;
  return query
    select p.room_id from steno.room_participant p join steno.room r using (firm_id, room_id)
    where p.firm_id = me.firm_id and p.user_id = me.user_id and p.status = 'active' and p.deleted_at is null and r.deleted_at is null
      and (r.guest_access_allowed or not is_guest)
      and case may_do when 'send' then p.can_send_messages when 'invite' then p.can_invite_others or p.role = 'moderator' else p.role = 'moderator' end;
  if may_do = 'send' then return; end if;
  if auth.may('chat:room:observe') then
    return query select r.room_id from steno.room r where r.firm_id = me.firm_id;
  elsif may_do = 'invite' and auth.may('chat:room:write') then
    return query select auth.my_rooms('chat:room:read');
  end if;
end
$$;

-- The people a guest meets in her rooms, also those who left: what they said is still signed.
create function auth.room_companions() returns setof uuid language plpgsql stable rows 50 security definer set search_path = auth, pg_temp as $$
begin
  if not auth.may('chat:guest:attend') then return; end if;
  return query select distinct p.user_id from steno.room_participant p
    where p.firm_id = auth.current_firm_id() and p.room_id in (select auth.my_rooms('chat:room:read')) and p.deleted_at is null;
end
$$;
grant execute on function auth.my_rooms(text), auth.history_from(), auth.room_companions() to steno_owner, steno_client;
grant execute on function auth.rooms_where(text) to steno_owner;

-- A room is born active, goes to the archive and back, and is closed for good. What decides who gets in is its moderators' to change.
create function auth.check_room() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'active' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    if new.room_type = 'escalated' and new.parent_room_id is null then raise exception 'escalation_room' using errcode = 'SN001'; end if;
    return new;
  end if;
  if (new.status, new.is_private, new.guest_access_allowed, new.max_participants) is distinct from (old.status, old.is_private, old.guest_access_allowed, old.max_participants)
     and auth.current_firm_id() is not null and new.room_id not in (select auth.rooms_where('moderate')) then
    raise exception 'moderator_needed' using errcode = 'SN001';
  end if;
  if new.status <> old.status then
    if old.status = 'closed' then raise exception 'status_transition' using errcode = 'SN001'; end if;
    new.concluded_at := case new.status when 'closed' then now() end;
  end if;
  if new.max_participants < old.max_participants and new.max_participants < (select count(*) from steno.room_participant p
      where p.firm_id = new.firm_id and p.room_id = new.room_id and p.status in ('active', 'muted') and p.deleted_at is null) then
    raise exception 'room_full' using errcode = 'SN001';
  end if;
  return new;
end
$$;
-- Who opens a room is in it, or nobody could let anybody in.
create function auth.seat_creator() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  if new.created_by is not null then
    insert into steno.room_participant (firm_id, participant_id, room_id, user_id, role, can_invite_others, created_by)
    values (new.firm_id, gen_random_uuid(), new.room_id, new.created_by, 'moderator', true, new.created_by);
  end if;
  return null;
end
$$;

/*
 * A seat in a room: whether there is one left, and who may change what of it. The room's row is locked, so that two who take the last seat
 * at once take it one after the other.
 */
create function auth.check_seat() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
declare
  r steno.room;
  me uuid := auth.current_user_id();
  may_invite boolean := me is null or new.room_id in (select auth.rooms_where('invite'));
  may_moderate boolean := me is null or new.room_id in (select auth.rooms_where('moderate'));
begin
  -- who may not let anybody in is refused by the policy, and learns nothing about the room before
  if tg_op = 'INSERT' and not may_invite then return new; end if;
  if tg_op = 'UPDATE' then
    if (new.room_id, new.user_id) is distinct from (old.room_id, old.user_id) then raise exception 'seat_fixed' using errcode = 'SN001'; end if;
    if not may_moderate and (new.role, new.can_send_messages, new.can_invite_others, new.can_see_history) is distinct from (old.role, old.can_send_messages, old.can_invite_others, old.can_see_history) then
      raise exception 'moderator_needed' using errcode = 'SN001';
    end if;
    if new.last_read_at is distinct from old.last_read_at and me <> new.user_id then raise exception 'not_yours' using errcode = 'SN001'; end if;
    if new.status <> old.status then
      if new.status = 'left' then
        -- a person leaves by herself; others remove her
        if old.status = 'removed' or me <> new.user_id then raise exception 'status_transition' using errcode = 'SN001'; end if;
      elsif old.status = 'left' then
        if new.status <> 'active' then raise exception 'status_transition' using errcode = 'SN001'; end if;
        if not may_invite then raise exception 'invitation_needed' using errcode = 'SN001'; end if;
      elsif old.status = 'removed' and new.status <> 'active' then
        raise exception 'status_transition' using errcode = 'SN001';
      elsif not may_moderate then
        raise exception 'moderator_needed' using errcode = 'SN001';
      end if;
      new.left_at := case when new.status in ('left', 'removed') then now() end;
      if old.status in ('left', 'removed') then new.joined_at := now(); end if;
    end if;
  end if;

  if new.status in ('active', 'muted') and (tg_op = 'INSERT' or old.status not in ('active', 'muted') or new.role is distinct from old.role) then
    select * into r from steno.room where firm_id = new.firm_id and room_id = new.room_id for no key update;
    if exists (select from steno."user" u where u.firm_id = new.firm_id and u.user_id = new.user_id and u.role = 'Guest')
       and not (r.guest_access_allowed and new.role = 'guest') then
      raise exception 'guest_not_allowed' using errcode = 'SN001';
    end if;
    if r.max_participants <= (select count(*) from steno.room_participant p
        where p.firm_id = new.firm_id and p.room_id = new.room_id and p.status in ('active', 'muted') and p.deleted_at is null and p.user_id <> new.user_id) then
      raise exception 'room_full' using errcode = 'SN001';
    end if;
  end if;
  return new;
end
$$;

-- A message comes into a room that is open, under an id of its own. The room is locked against being closed meanwhile.
create function auth.enter_message() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
declare room_status text;
begin
  -- who may not send here is refused by the policy, in the same words whether there is such a room or not
  if auth.current_firm_id() is not null and new.room_id not in (select auth.rooms_where('send')) then return new; end if;
  select r.status into room_status from steno.room r where r.firm_id = new.firm_id and r.room_id = new.room_id for share;
  if room_status <> 'active' then raise exception 'room_closed' using errcode = 'SN001'; end if;
  insert into steno.message_key (firm_id, message_id, room_id, created_at) values (new.firm_id, new.message_id, new.room_id, new.created_at)
  on conflict (firm_id, message_id) do nothing;
  if not found and exists (select from steno.message_key k where k.firm_id = new.firm_id and k.message_id = new.message_id and (k.created_at, k.room_id) <> (new.created_at, new.room_id)) then
    raise exception 'duplicate' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create function auth.place_attachment() returns trigger language plpgsql security definer set search_path = auth, pg_temp as $$
begin
  new.message_created_at := (select k.created_at from steno.message_key k where k.firm_id = new.firm_id and k.room_id = new.room_id and k.message_id = new.message_id);
  return new;
end
$$;
grant execute on function auth.check_room(), auth.seat_creator(), auth.check_seat(), auth.enter_message(), auth.place_attachment() to steno_owner;

set local role steno_owner;
create trigger room_check before insert or update on steno.room for each row execute function auth.check_room();
create trigger room_creator after insert on steno.room for each row execute function auth.seat_creator();
create trigger room_participant_seat before insert or update on steno.room_participant for each row execute function auth.check_seat();
create trigger message_enter before insert on steno.message for each row execute function auth.enter_message();
create trigger message_attachment_place before insert on steno.message_attachment for each row execute function auth.place_attachment();

-- Postgres refuses a row without its partition as a row that breaks a check; this says what is missing, before.
create function steno.check_month() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if to_regclass(format('steno.%I', tg_table_name || to_char(now() at time zone 'UTC', '_YYYY_MM'))) is null then
    raise exception 'no_partition' using errcode = 'SN001', hint = 'Run ''steno admin partitions''.';
  end if;
  return null;
end
$$;
create trigger message_month before insert on steno.message for each statement execute function steno.check_month();

-- What was said stays who said it, where and to what. Words are their sender's to change; a moderator can take them away.
create function steno.check_message_change() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  -- null: who or what it names is gone
  if (new.room_id, coalesce(new.sender_id, old.sender_id), new.message_type, new.robot_id, coalesce(new.robot_response_to, old.robot_response_to),
      coalesce(new.reply_to_message_id, old.reply_to_message_id), coalesce(new.thread_id, old.thread_id))
     is distinct from (old.room_id, old.sender_id, old.message_type, old.robot_id, old.robot_response_to, old.reply_to_message_id, old.thread_id) then
    raise exception 'message_fixed' using errcode = 'SN001';
  end if;
  if (new.content, new.content_metadata, new.delivery_status, new.is_robot_visible_to_guests) is distinct from (old.content, old.content_metadata, old.delivery_status, old.is_robot_visible_to_guests) then
    if me <> new.sender_id then raise exception 'not_yours' using errcode = 'SN001'; end if;
    if exists (select from steno.room r where r.firm_id = new.firm_id and r.room_id = new.room_id and r.status <> 'active') then raise exception 'room_closed' using errcode = 'SN001'; end if;
  end if;
  if new.delivery_status <> old.delivery_status and not (case old.delivery_status
      when 'streaming' then true
      when 'batch-delay' then new.delivery_status in ('delivered', 'failed')
      when 'failed' then new.delivery_status in ('streaming', 'batch-delay', 'delivered') -- sent again
      else false end) then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  if old.deleted_at is not null and new.deleted_at is distinct from old.deleted_at then raise exception 'message_fixed' using errcode = 'SN001'; end if;
  if new.deleted_at is not null then
    if old.deleted_at is null then new.deleted_at := now(); end if;
    new.content := '';
    new.content_metadata := '{}';
  end if;
  return new;
end
$$;
create trigger message_change before update on steno.message for each row execute function steno.check_message_change();

create function steno.check_robot_interaction() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.status <> old.status and not (case old.status
      when 'pending' then true
      when 'processing' then new.status in ('completed', 'failed')
      else false end) then
    raise exception 'status_transition' using errcode = 'SN001';
  end if;
  if new.status in ('completed', 'failed') then
    if new.completed_at is null then new.completed_at := greatest(now(), new.started_at); end if;
  else
    new.completed_at := null;
  end if;
  return new;
end
$$;
create trigger robot_interaction_check before insert or update on steno.robot_interaction for each row execute function steno.check_robot_interaction();

-- created -> assigned -> in_progress -> resolved, or cancelled on the way. Who asks may take it back; all else is for who may assign.
create function steno.check_escalation() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'created' or new.assigned_to_user_id is not null then raise exception 'status_transition' using errcode = 'SN001'; end if;
  else
    if (new.source_room_id, new.from_level) is distinct from (old.source_room_id, old.from_level) then raise exception 'escalation_fixed' using errcode = 'SN001'; end if;
    if old.status in ('resolved', 'cancelled')
       and (new.status, new.to_level, new.escalation_reason, new.priority, new.resolution_notes) is distinct from (old.status, old.to_level, old.escalation_reason, old.priority, old.resolution_notes) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if new.status <> old.status and not (case old.status
        when 'created' then new.status in ('assigned', 'cancelled')
        when 'assigned' then new.status in ('in_progress', 'cancelled')
        else new.status in ('resolved', 'cancelled') end) then
      raise exception 'status_transition' using errcode = 'SN001';
    end if;
    if ((new.status <> old.status and new.status <> 'cancelled') or (new.assigned_to_user_id is distinct from old.assigned_to_user_id and new.assigned_to_user_id is not null))
       and auth.current_firm_id() is not null and not auth.may('chat:escalation:assign') then
      raise exception 'assign_needs_attorney' using errcode = 'SN001';
    end if;
    if new.status <> old.status and new.status in ('assigned', 'in_progress') and new.assigned_to_user_id is null then raise exception 'assignee_missing' using errcode = 'SN001'; end if;
    if new.status <> old.status then new.resolved_at := case new.status when 'resolved' then now() end; end if;
  end if;
  -- the room it goes to is made for it: under the room it comes from, and higher
  if new.target_room_id is not null and (tg_op = 'INSERT' or new.target_room_id is distinct from old.target_room_id)
     and not exists (select from steno.room t join steno.room s using (firm_id)
       where t.firm_id = new.firm_id and t.room_id = new.target_room_id and s.room_id = new.source_room_id
         and t.room_type = 'escalated' and t.parent_room_id = s.room_id and t.escalation_level > s.escalation_level) then
    raise exception 'escalation_room' using errcode = 'SN001';
  end if;
  return new;
end
$$;
create trigger escalation_check before insert or update on steno.escalation for each row execute function steno.check_escalation();

create function steno.set_last_seen() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  new.last_seen_at := now();
  return new;
end
$$;
create trigger user_presence_seen before insert or update on steno.user_presence for each row execute function steno.set_last_seen();

do $$
declare t text;
begin
  foreach t in array array['room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation', 'user_presence'] loop
    execute format('create trigger %1$s_updated_at before update on steno.%1$I for each row execute function steno.set_updated_at()', t);
    execute format('grant select on steno.%I to steno_client', t);
  end loop;
  foreach t in array array['room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation', 'user_presence', 'message_key'] loop
    execute format('alter table steno.%I enable row level security', t);
    execute format('alter table steno.%I force row level security', t);
  end loop;
  foreach t in array array['room', 'room_participant', 'message_key'] loop
    execute format('create policy %I on steno.%I to steno_auth using (true) with check (true)', t || '_auth', t);
  end loop;
end
$$;

-- Policies name the roles they are for: for steno_auth they would ask themselves.
-- A room just made is not yet among those the functions find: its maker sees it in the transaction that makes it, and then by her seat.
create policy room_read on steno.room for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id())
  and (room_id in (select auth.my_rooms('chat:room:read')) or (created_by = (select auth.current_user_id()) and created_at = now())));
create policy room_insert on steno.room for insert to steno_owner with check (firm_id = (select auth.firm_for('chat:room:write'))
  and created_by = (select auth.current_user_id()) and (parent_room_id is null or parent_room_id in (select auth.my_rooms('chat:room:read'))));
create policy room_update on steno.room for update to steno_owner using (firm_id = (select auth.firm_for('chat:room:write')) and room_id in (select auth.my_rooms('chat:room:read')));

create policy room_participant_read on steno.room_participant for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id())
  and room_id in (select auth.my_rooms('chat:room:read')));
-- Rights are given by moderators; a guest who may invite lets in guests.
create policy room_participant_insert on steno.room_participant for insert to steno_owner with check (firm_id = (select auth.current_firm_id())
  and room_id in (select auth.rooms_where('invite'))
  and ((role <> 'moderator' and not can_invite_others) or room_id in (select auth.rooms_where('moderate')))
  and (role = 'guest' or (select auth.may('chat:room:attend'))));
create policy room_participant_update on steno.room_participant for update to steno_owner using (firm_id = (select auth.current_firm_id())
  and room_id in (select auth.my_rooms('chat:room:read')) and (user_id = (select auth.current_user_id()) or room_id in (select auth.rooms_where('invite'))));

create policy message_read on steno.message for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id())
  and room_id in (select auth.my_rooms('chat:message:read'))
  and (created_at < ((select auth.history_from()) ->> room_id::text)::timestamptz) is not true
  and (message_type <> 'robot' or is_robot_visible_to_guests or (select auth.may('chat:message:read'))));
create policy message_insert on steno.message for insert to steno_owner with check (firm_id = (select auth.current_firm_id())
  and sender_id = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send'))
  and case message_type when 'chat' then true when 'robot' then (select auth.may('chat:robot:use')) when 'system' then room_id in (select auth.rooms_where('moderate')) else (select auth.may('chat:message:send')) end);
create policy message_update on steno.message for update to steno_owner using (firm_id = (select auth.current_firm_id())
  and ((sender_id = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send'))) or room_id in (select auth.rooms_where('moderate'))));

-- As its message. The subquery is under the policy of message, so that this one need not say it again.
create policy message_attachment_read on steno.message_attachment for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id())
  and room_id in (select auth.my_rooms('chat:message:read'))
  and exists (select from steno.message m where m.firm_id = message_attachment.firm_id and m.message_id = message_attachment.message_id
    and m.room_id = message_attachment.room_id and m.created_at = message_attachment.message_created_at and m.deleted_at is null));
-- One's own message. Who names a file by its hash here can read it by the message, so it takes the right to read files.
create policy message_attachment_insert on steno.message_attachment for insert to steno_owner with check (firm_id = (select auth.firm_for('chat:message:send'))
  and owner_id = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send')) and (select auth.may('evidence:document:read'))
  and exists (select from steno.message m where m.firm_id = message_attachment.firm_id and m.message_id = message_attachment.message_id
    and m.room_id = message_attachment.room_id and m.created_at = message_attachment.message_created_at and m.sender_id = (select auth.current_user_id())));
create policy message_attachment_update on steno.message_attachment for update to steno_owner using (firm_id = (select auth.firm_for('chat:message:send'))
  and owner_id = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send')));

create policy robot_interaction_read on steno.robot_interaction for select to steno_owner, steno_client using (firm_id = (select auth.firm_for('chat:message:read'))
  and room_id in (select auth.my_rooms('chat:message:read')));
create policy robot_interaction_insert on steno.robot_interaction for insert to steno_owner with check (firm_id = (select auth.firm_for('chat:robot:use'))
  and created_by = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send')));
create policy robot_interaction_update on steno.robot_interaction for update to steno_owner using (firm_id = (select auth.firm_for('chat:robot:use'))
  and created_by = (select auth.current_user_id()) and room_id in (select auth.rooms_where('send')));

create policy escalation_read on steno.escalation for select to steno_owner, steno_client using (firm_id = (select auth.firm_for('chat:room:read'))
  and source_room_id in (select auth.my_rooms('chat:room:read')));
create policy escalation_insert on steno.escalation for insert to steno_owner with check (firm_id = (select auth.firm_for('chat:escalation:create'))
  and created_by = (select auth.current_user_id()) and source_room_id in (select auth.my_rooms('chat:room:read')));
create policy escalation_update on steno.escalation for update to steno_owner using (firm_id = (select auth.firm_for('chat:escalation:create'))
  and source_room_id in (select auth.my_rooms('chat:room:read')) and (created_by = (select auth.current_user_id()) or (select auth.may('chat:escalation:assign'))));

create policy user_presence_read on steno.user_presence for select to steno_owner, steno_client using (firm_id = (select auth.current_firm_id())
  and (user_id = (select auth.current_user_id()) or (select auth.may('firm:user:read'))));
create policy user_presence_insert on steno.user_presence for insert to steno_owner with check (firm_id = (select auth.current_firm_id()) and user_id = (select auth.current_user_id()));
create policy user_presence_update on steno.user_presence for update to steno_owner using (firm_id = (select auth.current_firm_id()) and user_id = (select auth.current_user_id()));

-- What a guest sees of other tables: the people in her rooms, and the files of the messages she sees.
create policy user_companions on steno."user" for select to steno_owner, steno_client using (firm_id = (select auth.firm_for('chat:guest:attend'))
  and user_id in (select auth.room_companions()));
do $$
declare t text;
begin
  foreach t in array array['blob', 'blob_chunk'] loop
    execute format('create policy %1$s_attached on steno.%1$I for select to steno_owner, steno_client using (firm_id = (select auth.firm_for(''chat:guest:attend''))
      and exists (select from steno.message_attachment a where a.firm_id = %1$I.firm_id and %1$I.content_hash in (a.content_hash, a.thumbnail_hash)))', t);
  end loop;
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
create or replace function app.get_blob_chunk(token text, hash text, chunk integer) returns bytea language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare session auth.session;
begin
  session := steno.enter(token, null);
  if not (auth.may('evidence:document:read') or auth.may('chat:guest:attend')) then raise exception 'forbidden' using errcode = 'SN403'; end if;
  return (select c.bytes from steno.blob_chunk c join steno.blob b using (firm_id, content_hash)
    where c.firm_id = session.firm_id and c.content_hash = hash and c.chunk_number = chunk and b.completed_at is not null);
end
$$;

-- Months of messages.
insert into steno.partition_policy values ('message', 3, 24, 'messages are online for two years, then in cold storage (document 002)'),
  ('message_history', 3, 24, 'what a message said before goes when the message goes');

/*
 * The words of push, in place: what changed is said here, whatever else other migrations say of these functions.
 * - a policy's refusal is a verdict on one change, not the end of the batch;
 * - guests push what their rooms take from them;
 * - a key may have other columns than firm and id: message's has the month.
 */
alter table steno.entity add column guests_write boolean not null default false;
do $$
declare
  c record;
  was text;
  amended text;
begin
  for c in select * from (values
    ('app.push(text,jsonb)', 'when integrity_constraint_violation or data_exception then',
      'when insufficient_privilege then
          verdict := jsonb_build_object(''verdict'', ''rejected'', ''reason'', ''forbidden'');
        when integrity_constraint_violation or data_exception then'),
    ('steno.apply_mutation(jsonb,auth.session)', 'if e.write_permission is null or not auth.may(e.write_permission) then',
      'if e.write_permission is null or not (auth.may(e.write_permission) or (e.guests_write and auth.may(''chat:guest:attend''))) then'),
    ('steno.apply_mutation(jsonb,auth.session)', 'on conflict (firm_id, %2$I) do nothing returning revision'',
      e.table_name, e.id_column, columns)', 'on conflict on constraint %4$I do nothing returning revision'',
      e.table_name, e.id_column, columns, e.table_name || ''_pkey'')')
  ) as changes (function, old_words, new_words) loop
    was := pg_get_functiondef(c.function::regprocedure);
    amended := replace(was, c.old_words, c.new_words);
    if amended = was then raise exception '% no longer says: %', c.function, c.old_words; end if;
    execute amended;
  end loop;
end
$$;

insert into steno.entity (entity, table_name, id_column, write_permission, is_insertable, travels, guests_write) values
  ('room', 'room', 'room_id', 'chat:room:write', true, false, false),
  ('room_participant', 'room_participant', 'participant_id', 'chat:room:attend', true, false, true),
  ('message', 'message', 'message_id', 'chat:message:send', true, false, true),
  ('message_attachment', 'message_attachment', 'attachment_id', 'chat:message:send', true, false, false),
  ('robot_interaction', 'robot_interaction', 'interaction_id', 'chat:robot:use', true, false, false),
  ('escalation', 'escalation', 'escalation_id', 'chat:escalation:create', true, false, false),
  ('user_presence', 'user_presence', 'user_id', 'chat:room:attend', true, false, true);
insert into steno.entity_field (entity, field, policy, merge_group)
select e, f, p, coalesce(g, f) from (values
  ('room', 'matter_id', 'last', null), ('room', 'name', 'conflict', null), ('room', 'description', 'conflict', null), ('room', 'room_type', 'last', null),
  ('room', 'issue_id', 'last', null), ('room', 'issue_description', 'conflict', null), ('room', 'is_private', 'last', null), ('room', 'guest_access_allowed', 'last', null),
  ('room', 'max_participants', 'last', null), ('room', 'parent_room_id', 'last', null), ('room', 'escalation_level', 'last', null), ('room', 'room_settings', 'last', null),
  ('room', 'status', 'conflict', 'conclusion'), ('room', 'conclusion_summary', 'follow', 'conclusion'),
  ('room_participant', 'room_id', 'last', null), ('room_participant', 'user_id', 'last', null), ('room_participant', 'role', 'last', null), ('room_participant', 'status', 'last', null),
  ('room_participant', 'can_send_messages', 'last', null), ('room_participant', 'can_invite_others', 'last', null), ('room_participant', 'can_see_history', 'last', null),
  ('room_participant', 'last_read_at', 'last', null),
  ('message', 'room_id', 'last', null), ('message', 'sender_id', 'last', null), ('message', 'message_type', 'last', null), ('message', 'content', 'last', null),
  ('message', 'content_metadata', 'last', null), ('message', 'robot_id', 'last', null), ('message', 'robot_response_to', 'last', null),
  ('message', 'is_robot_visible_to_guests', 'last', null), ('message', 'delivery_status', 'last', null), ('message', 'reply_to_message_id', 'last', null),
  ('message', 'thread_id', 'last', null), ('message', 'deleted_at', 'last', null),
  ('message_attachment', 'room_id', 'last', null), ('message_attachment', 'message_id', 'last', null), ('message_attachment', 'content_hash', 'last', null),
  ('message_attachment', 'file_name', 'last', null), ('message_attachment', 'file_size', 'last', null), ('message_attachment', 'mime_type', 'last', null),
  ('message_attachment', 'thumbnail_hash', 'last', null), ('message_attachment', 'preview_available', 'last', null), ('message_attachment', 'owner_id', 'last', null),
  ('robot_interaction', 'room_id', 'last', null), ('robot_interaction', 'message_id', 'last', null), ('robot_interaction', 'robot_id', 'last', null),
  ('robot_interaction', 'request_data', 'last', null), ('robot_interaction', 'observation_data', 'last', null), ('robot_interaction', 'response_data', 'last', null),
  ('robot_interaction', 'status', 'last', null), ('robot_interaction', 'error_message', 'last', null),
  ('escalation', 'source_room_id', 'last', null), ('escalation', 'target_room_id', 'last', null), ('escalation', 'escalation_reason', 'conflict', null),
  ('escalation', 'from_level', 'last', null), ('escalation', 'to_level', 'conflict', null), ('escalation', 'priority', 'conflict', null),
  ('escalation', 'status', 'conflict', 'decision'), ('escalation', 'assigned_to_user_id', 'conflict', 'decision'), ('escalation', 'resolution_notes', 'follow', 'decision'),
  ('user_presence', 'display_name', 'last', null), ('user_presence', 'avatar_hash', 'last', null), ('user_presence', 'current_status', 'last', null),
  ('user_presence', 'chat_preferences', 'last', null)
) as fields (e, f, p, g);
call steno.keep_audit('steno.room', '{room_id}', '{description,issue_description,conclusion_summary}');
call steno.keep_audit('steno.room_participant', '{participant_id}', '{}', '{last_read_at}');
call steno.keep_audit('steno.message', '{message_id}', '{content,content_metadata}');
call steno.keep_audit('steno.message_attachment', '{attachment_id}');
call steno.keep_audit('steno.robot_interaction', '{interaction_id}', '{request_data,observation_data,response_data,error_message}');
call steno.keep_audit('steno.escalation', '{escalation_id}', '{escalation_reason,resolution_notes}');
call steno.keep_audit('steno.user_presence', '{user_id}', '{chat_preferences}', '{current_status,last_seen_at}');

/*
 * History: rows as they were, with their words, where the audit keeps only the hash of words. Owned, as the audit is, by a role that owns
 * nothing else, so that the tables' owner cannot change it; nobody can before its time is over, and then only the administrator.
 */
set local role steno_audit;
create function steno.write_history() returns trigger language plpgsql security definer set search_path = steno, pg_temp as $$
declare
  key_column text := tg_argv[0];
  says_nothing text[] := tg_argv[1];
  me auth.session := auth.current_session();
  columns text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = tg_relid and attnum > 0 and not attisdropped);
  -- by name: a later migration adds its column to both tables, at different places
  kept text := format('insert into steno.%I (operation_type, changed_by, %s) select $1, case when firm_id = $2 then $3 end, %2$s from old_rows o', tg_table_name || '_history', columns);
begin
  if tg_op = 'UPDATE' then
    kept := kept || format(' where exists (select from new_rows n where n.firm_id = o.firm_id and n.%1$I = o.%1$I and to_jsonb(n) - $4 is distinct from to_jsonb(o) - $4)', key_column);
    execute kept using tg_op, me.firm_id, me.user_id, says_nothing || array['revision', 'field_revision', 'updated_at', 'updated_by'];
  else
    execute kept using tg_op, me.firm_id, me.user_id;
  end if;
  return null;
end
$$;
create function steno.refuse_early_delete() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  if old.changed_at < now() - make_interval(months => tg_argv[0]::integer) then return old; end if;
  raise exception 'append_only' using errcode = 'SN001';
end
$$;
grant execute on function steno.write_history() to steno_owner;
reset role;
/*
 * Gives a table its history: `<table>_history`, the same columns and when, how and by whom they were changed. Changes of nothing but the
 * columns in `says_nothing` are left out. By month where the table is.
 */
create procedure steno.keep_history(of_table text, key_column text, says_nothing text[], keep_months integer) language plpgsql set search_path = steno, pg_temp as $$
declare
  history text := of_table || '_history';
  by_month text := (select case relkind when 'p' then 'partition by range (changed_at)' else '' end from pg_class where oid = format('steno.%I', of_table)::regclass);
begin
  execute format('create table steno.%I (like steno.%I, history_id uuid not null default gen_random_uuid(), changed_at timestamptz not null default now(),
    operation_type text not null check (operation_type in (''UPDATE'', ''DELETE'')), changed_by uuid, primary key (firm_id, changed_at, history_id)) %s', history, of_table, by_month);
  execute format('create index %I on steno.%I (firm_id, %I, changed_at desc)', history || '_idx', history, key_column);
  execute format('comment on table steno.%I is %L', history, format('Rows of %s as they were before they were changed or deleted', of_table));
  execute format('alter table steno.%I owner to steno_audit', history);
  execute format('alter table steno.%I enable row level security', history);
  execute format('alter table steno.%I force row level security', history);
  execute format('create policy %I on steno.%I for insert to steno_audit with check (true)', history || '_keeper', history);
  execute format('create policy %I on steno.%I for select to steno_client using (firm_id = (select auth.firm_for(''audit:event:read'')))', history || '_read', history);
  execute format('grant select on steno.%I to steno_client', history);
  execute format('create trigger %I before update on steno.%I for each row execute function steno.refuse_change()', history || '_frozen', history);
  execute format('create trigger %I before delete on steno.%I for each row execute function steno.refuse_early_delete(%L)', history || '_early', history, keep_months);
  execute format('create trigger %I before truncate on steno.%I for each statement execute function steno.refuse_truncate()', history || '_kept', history);
  execute format('create trigger %I after update on steno.%I referencing old table as old_rows new table as new_rows for each statement execute function steno.write_history(%L, %L)', history || '_update', of_table, key_column, says_nothing);
  execute format('create trigger %I after delete on steno.%I referencing old table as old_rows for each statement execute function steno.write_history(%L, %L)', history || '_delete', of_table, key_column, says_nothing);
end
$$;
alter procedure steno.keep_history(text, text, text[], integer) owner to steno_owner;
revoke execute on procedure steno.keep_history(text, text, text[], integer) from public;
-- seven years, as the messages in cold storage; a message's for as long as messages are online
call steno.keep_history('user', 'user_id', '{}', 84);
call steno.keep_history('room', 'room_id', '{}', 84);
call steno.keep_history('room_participant', 'participant_id', '{last_read_at}', 84);
call steno.keep_history('message', 'message_id', '{}', 24);
call steno.keep_history('message_attachment', 'attachment_id', '{}', 84);
call steno.keep_history('robot_interaction', 'interaction_id', '{}', 84);
call steno.keep_history('escalation', 'escalation_id', '{}', 84);
call steno.make_partitions('message', now()::date, null);
call steno.make_partitions('message_history', now()::date, null);
