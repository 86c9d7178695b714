import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { inserting } from '../support/mutations.ts';
import { aRoom, changing, createRoomWorld } from '../support/room-world.ts';

/* Who does what in rooms, and what may follow what. Sight is tried in rooms.test.ts. */
const world = await createRoomWorld();
const { admin, firms, me, pushed, done, refusal, message, seat } = world;
const firmId = firms.one.firmId;

const room = aRoom();
const closed = aRoom();
const secret = aRoom({ is_private: true });
const guests = seat(room.entityId, 'Guest');

beforeAll(async () => {
  await done('Attorney', room, closed, secret, guests, message('Attorney', closed.entityId));
  await done('Attorney', changing(closed, { status: 'closed', conclusion_summary: 'Settled.' }));
});

describe('sending', () => {
  test('takes a seat, the right to send, and one’s own name', async () => {
    expect(await pushed('Paralegal', message('Paralegal', room.entityId))).toEqual(['forbidden']);
    const own = seat(room.entityId, 'Paralegal');
    await done('Paralegal', own, message('Paralegal', room.entityId));
    expect(await pushed('Paralegal', message('Attorney', room.entityId))).toEqual(['forbidden']);
    expect(await pushed('Viewer', message('Viewer', room.entityId))).toEqual(['forbidden']);
    await done('Attorney', changing(own, { can_send_messages: false, role: 'observer' }));
    expect(await pushed('Paralegal', message('Paralegal', room.entityId))).toEqual(['forbidden']);
    await done('Attorney', changing(own, { role: 'member', can_send_messages: true, status: 'muted' }));
    expect(await pushed('Paralegal', message('Paralegal', room.entityId))).toEqual(['forbidden']);
    await done('Attorney', changing(own, { status: 'active' }));
    await done('Paralegal', message('Paralegal', room.entityId));
  });

  test('a guest says things, and is no robot, no system and sends no file', async () => {
    await done('Guest', message('Guest', room.entityId));
    for (const message_type of ['robot', 'system', 'file', 'image', 'graph'])
      expect(await pushed('Guest', message('Guest', room.entityId, { message_type, robot_id: 'a' })), message_type).toEqual(['forbidden']);
    await done('Paralegal', message('Paralegal', room.entityId, { message_type: 'robot', robot_id: 'assistant' }));
    // what the system says, moderators say: nobody else speaks in its name
    expect(await pushed('Paralegal', message('Paralegal', room.entityId, { message_type: 'system' }))).toEqual(['forbidden']);
    await done('Attorney', message('Attorney', room.entityId, { message_type: 'system' }));
    await done('Attorney', changing(room, { guest_access_allowed: false }));
    expect(await pushed('Guest', message('Guest', room.entityId))).toEqual(['forbidden']);
    await done('Attorney', changing(room, { guest_access_allowed: true }));
  });

  test('a room that is closed or in the archive takes nothing; one that is not there, or not seen, gives one and the same answer', async () => {
    expect(await pushed('Attorney', message('Attorney', closed.entityId))).toEqual(['room_closed']);
    const archived = aRoom();
    await done('Attorney', archived, changing(archived, { status: 'archived' }));
    expect(await pushed('Attorney', message('Attorney', archived.entityId))).toEqual(['room_closed']);
    await done('Attorney', changing(archived, { status: 'active' }), message('Attorney', archived.entityId));
    for (const role of ['Paralegal', 'Guest'] as const)
      for (const to of [secret.entityId, freshId()]) expect(await pushed(role, message(role, to))).toEqual(['forbidden']);
  });

  test('a refusal is one change’s, not the batch’s; an id is taken once; an answer stays in its room', async () => {
    const said = message('Attorney', room.entityId);
    expect(await pushed('Attorney', message('Paralegal', room.entityId), said)).toEqual(['forbidden', 'applied']);
    expect(await pushed('Attorney', message('Attorney', room.entityId, {}, said.entityId))).toEqual(['duplicate']);
    expect(await pushed('Attorney', message('Attorney', room.entityId, { reply_to_message_id: said.entityId }))).toEqual(['applied']);
    expect(await pushed('Attorney', message('Attorney', secret.entityId, { reply_to_message_id: said.entityId }))).toEqual([
      'missing_parent',
    ]);
  });

  test('words are changed by who said them, taken away by her or a moderator, and then gone but for the history', async () => {
    const said = message('Paralegal', room.entityId, { content: 'Privileged.' });
    await done('Paralegal', said, changing(said, { content: 'Privileged!' }));
    expect(await pushed('Guest', changing(said, { content: 'no' }))).toEqual(['not_found']);
    expect(await pushed('Attorney', changing(said, { content: 'no' }))).toEqual(['not_yours']);
    expect(await pushed('Paralegal', changing(said, { room_id: secret.entityId }))).toEqual(['message_fixed']);
    expect(await pushed('Paralegal', changing(said, { sender_id: me.Attorney }))).toEqual(['message_fixed']);
    await done('Attorney', changing(said, { deleted_at: '1990-01-01T00:00:00Z' }));
    const { rows } = await admin.query(
      "select content, deleted_at > now() - interval '1 minute' as now from steno.message where message_id = $1",
      [said.entityId],
    );
    expect(rows).toEqual([{ content: '', now: true }]);
    const kept = await admin.query('select content, changed_by from steno.message_history where message_id = $1 order by changed_at', [
      said.entityId,
    ]);
    expect(kept.rows).toEqual([
      { content: 'Privileged.', changed_by: me.Paralegal },
      { content: 'Privileged!', changed_by: me.Attorney },
    ]);
    const audit = await admin.query<{ told: string }>(
      `select string_agg(concat(old_values, new_values), ' ') as told from steno.audit_event where row_key = $1`,
      [said.entityId],
    );
    expect(audit.rows[0]?.told).toContain('sha256');
    expect(audit.rows[0]?.told).not.toContain('Privileged');
  });

  test('a file goes with one’s own message; a robot is asked by who may, where she may send', async () => {
    const own = message('Attorney', room.entityId);
    await done('Attorney', own);
    const file = {
      room_id: room.entityId,
      message_id: own.entityId,
      content_hash: '0'.repeat(64),
      file_name: 'x',
      file_size: 1,
      mime_type: 'text/plain',
    };
    const attached = inserting('message_attachment', { ...file, owner_id: me.Attorney });
    await done('Attorney', attached);
    const { rows } = await admin.query(
      'select a.message_created_at = m.created_at as same from steno.message_attachment a join steno.message m using (firm_id, message_id) where attachment_id = $1',
      [attached.entityId],
    );
    expect(rows).toEqual([{ same: true }]);
    for (const role of ['Paralegal', 'Guest'] as const)
      expect(await pushed(role, inserting('message_attachment', { ...file, owner_id: me[role] }))).toEqual(['forbidden']);
    const asked = { room_id: room.entityId, message_id: own.entityId, robot_id: 'assistant', request_data: {} };
    await done('Paralegal', inserting('robot_interaction', asked));
    for (const role of ['Guest', 'Viewer', 'Admin'] as const)
      expect(await pushed(role, inserting('robot_interaction', asked)), role).toEqual(['forbidden']);
  });
});

describe('seats', () => {
  test('are given by who may invite: everybody who opens rooms, in the rooms she sees; a guest who was given the right, to guests', async () => {
    expect(await pushed('Paralegal', seat(secret.entityId, 'Paralegal'))).toEqual(['forbidden']);
    expect(await pushed('Guest', seat(room.entityId, 'Viewer', { role: 'guest' }))).toEqual(['forbidden']);
    await done('Attorney', changing(guests, { can_invite_others: true }));
    expect(await pushed('Guest', seat(room.entityId, 'Viewer', { role: 'member' }))).toEqual(['forbidden']);
    expect(await pushed('Guest', seat(room.entityId, 'Viewer', { role: 'guest', can_invite_others: true }))).toEqual(['forbidden']);
    await done('Guest', seat(room.entityId, 'Viewer', { role: 'guest' }));
    expect(await pushed('Guest', changing(guests, { can_see_history: false }))).toEqual(['moderator_needed']);
  });

  test('are their owner’s to leave and to mark, and the moderators’ for the rest', async () => {
    const its = aRoom();
    const hers = seat(its.entityId, 'Viewer');
    await done('Attorney', its, hers);
    await done('Viewer', changing(hers, { last_read_at: '2026-01-01T00:00:00Z' }));
    expect(await pushed('Attorney', changing(hers, { last_read_at: '2026-01-02T00:00:00Z' }))).toEqual(['not_yours']);
    expect(await pushed('Paralegal', changing(hers, { status: 'muted' }))).toEqual(['moderator_needed']);
    expect(await pushed('Attorney', changing(hers, { status: 'left' }))).toEqual(['status_transition']);
    await done('Attorney', changing(hers, { status: 'muted' }));
    expect(await pushed('Viewer', changing(hers, { status: 'active' }))).toEqual(['moderator_needed']);
    await done('Viewer', changing(hers, { status: 'left' }));
    expect(await pushed('Viewer', changing(hers, { status: 'active' }))).toEqual(['invitation_needed']);
    await done('Paralegal', changing(hers, { status: 'active' }));
    await done('Attorney', changing(hers, { status: 'removed' }));
    expect(await pushed('Paralegal', changing(hers, { status: 'active' }))).toEqual(['moderator_needed']);
    // a room without its moderator is still the Admin's to keep in order
    await done('Admin', changing(hers, { status: 'active' }));
    expect(await pushed('Paralegal', seat(its.entityId, 'Paralegal', { role: 'moderator' }))).toEqual(['forbidden']);
    expect(await pushed('Paralegal', changing(its, { is_private: true }))).toEqual(['moderator_needed']);
  });

  test('guests sit as guests, and where guests are allowed', async () => {
    const none = aRoom({ guest_access_allowed: false });
    await done('Attorney', none);
    expect(await pushed('Attorney', seat(none.entityId, 'Guest'))).toEqual(['guest_not_allowed']);
    const some = aRoom();
    await done('Attorney', some);
    expect(await pushed('Attorney', seat(some.entityId, 'Guest', { role: 'member' }))).toEqual(['guest_not_allowed']);
  });

  test('are as many as the room has, whoever comes at once', async () => {
    const insert = 'insert into steno.room_participant (firm_id, participant_id, room_id, user_id) values ($1, gen_random_uuid(), $2, $3)';
    const lines = [await anAdmin(), await anAdmin()] as const;
    const race = async (): Promise<string> => {
      const two = aRoom({ max_participants: 2 });
      await done('Attorney', two);
      await Promise.all(lines.map((line) => line.query('begin')));
      await lines[0].query(insert, [firmId, two.entityId, me.Paralegal]);
      const second = lines[1].query(insert, [firmId, two.entityId, me.Viewer]).then(
        () => 'seated',
        (error: unknown) => (error as Error).message,
      );
      await lines[0].query('commit');
      const answer = await second;
      await lines[1].query('commit');
      return answer;
    };
    expect(await race()).toBe('room_full');
    // control: without the lock the second does not see the first
    await admin.query('alter table steno.room_participant disable trigger room_participant_seat');
    expect(await race()).toBe('seated');
    await admin.query('alter table steno.room_participant enable trigger room_participant_seat');
    await Promise.all(lines.map((line) => line.end()));
    const three = aRoom();
    await done('Attorney', three, seat(three.entityId, 'Paralegal'), seat(three.entityId, 'Viewer'));
    expect(await pushed('Attorney', changing(three, { max_participants: 2 }))).toEqual(['room_full']);
  });
});

async function anAdmin(): Promise<pg.Client> {
  const line = new pg.Client(world.database);
  await line.connect();
  return line;
}

describe('escalation', () => {
  test('is asked for by paralegals, taken and resolved by attorneys, and goes to a room above its own', async () => {
    const asked = inserting('escalation', {
      source_room_id: room.entityId,
      escalation_reason: 'Limits?',
      from_level: 'paralegal',
      to_level: 'attorney',
    });
    expect(await pushed('Viewer', asked)).toEqual(['forbidden']);
    await done('Paralegal', { ...asked, mutationId: freshId() });
    expect(await pushed('Paralegal', changing(asked, { status: 'assigned', assigned_to_user_id: me.Attorney }))).toEqual([
      'assign_needs_attorney',
    ]);
    expect(await pushed('Attorney', changing(asked, { status: 'assigned' }))).toEqual(['assignee_missing']);
    await done('Attorney', changing(asked, { status: 'assigned', assigned_to_user_id: me.Attorney }));
    const level = aRoom({ room_type: 'escalated', parent_room_id: room.entityId, escalation_level: 1 });
    const above = aRoom({ room_type: 'escalated', parent_room_id: room.entityId, escalation_level: 2 });
    await done('Attorney', level, above);
    for (const other of [level, secret, closed])
      expect(await pushed('Attorney', changing(asked, { target_room_id: other.entityId }))).toEqual(['escalation_room']);
    await done('Attorney', changing(asked, { target_room_id: above.entityId }), changing(asked, { status: 'in_progress' }));
    expect(await pushed('Attorney', changing(asked, { status: 'resolved' }))).toEqual(['invalid']);
    expect(await pushed('Paralegal', changing(asked, { status: 'resolved', resolution_notes: 'x' }))).toEqual(['assign_needs_attorney']);
    await done('Attorney', changing(asked, { status: 'resolved', resolution_notes: 'Policy limits demanded.' }));
    expect(await pushed('Attorney', changing(asked, { priority: 1 }))).toEqual(['status_transition']);
    const { rows } = await admin.query('select resolved_at is not null as at from steno.escalation where escalation_id = $1', [
      asked.entityId,
    ]);
    expect(rows).toEqual([{ at: true }]);
  });

  test('is taken back by who asked', async () => {
    const asked = inserting('escalation', {
      source_room_id: room.entityId,
      escalation_reason: 'x',
      from_level: 'attorney',
      to_level: 'partner',
    });
    await done('Paralegal', asked, changing(asked, { status: 'cancelled' }));
    expect(await pushed('Paralegal', inserting('escalation', { ...asked.patch, to_level: 'attorney' }))).toEqual(['invalid']);
    expect(await pushed('Paralegal', aRoom({ room_type: 'escalated' }))).toEqual(['escalation_room']);
  });
});

describe('what may follow what', () => {
  const result = { response_data: {}, error_message: 'x', completed_at: '2030-01-01T00:00:00Z' };
  const machines: Record<string, { column: string; also: Record<string, unknown>; steps: Record<string, string[]> }> = {
    room: {
      column: 'status',
      also: { concluded_at: '2026-01-01T00:00:00Z' },
      steps: { active: ['archived', 'closed'], archived: ['active', 'closed'], closed: [] },
    },
    room_participant: {
      column: 'status',
      also: {},
      steps: { active: ['muted', 'removed', 'left'], muted: ['active', 'removed', 'left'], removed: ['active'], left: ['active'] },
    },
    message: {
      column: 'delivery_status',
      also: {},
      steps: {
        streaming: ['batch-delay', 'delivered', 'failed'],
        'batch-delay': ['delivered', 'failed'],
        delivered: [],
        failed: ['streaming', 'batch-delay', 'delivered'],
      },
    },
    robot_interaction: {
      column: 'status',
      also: result,
      steps: { pending: ['processing', 'completed', 'failed'], processing: ['completed', 'failed'], completed: [], failed: [] },
    },
    escalation: {
      column: 'status',
      also: { resolution_notes: 'x', resolved_at: '2026-01-01T00:00:00Z', assigned_to_user_id: me.Attorney },
      steps: {
        created: ['assigned', 'cancelled'],
        assigned: ['in_progress', 'cancelled'],
        in_progress: ['resolved', 'cancelled'],
        resolved: [],
        cancelled: [],
      },
    },
  };

  test.each(Object.entries(machines))('%s', async (table, { column, also, steps }) => {
    const states = Object.keys(steps);
    const set = Object.entries({ ...also })
      .map(([name, value]) => `, ${name} = ${admin.escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value))}`)
      .join('');
    const found: Record<string, string[]> = {};
    for (const from of states) {
      found[from] = [];
      for (const to of states.filter((state) => state !== from)) {
        const answer = await refusal(`
          create temporary table one on commit drop as select * from steno.${table} where firm_id = '${firmId}' limit 1;
          set local session_replication_role = replica;
          update steno.${table} t set ${column} = '${from}'${set} from one where t = one;
          set local session_replication_role = origin;
          update steno.${table} t set ${column} = '${to}' from one o where t.firm_id = o.firm_id and t.created_at = o.created_at and t.${column} = '${from}'`);
        if (answer === 'done') found[from].push(to);
        else expect(answer).toBe('status_transition');
      }
    }
    expect(found).toEqual(steps);
  });

  test('rooms are born active, escalations created and unassigned', async () => {
    expect(await pushed('Attorney', aRoom({ status: 'closed' }))).toEqual(['status_transition']);
    const asked = { source_room_id: room.entityId, escalation_reason: 'x', from_level: 'paralegal', to_level: 'attorney' };
    expect(await pushed('Attorney', inserting('escalation', { ...asked, status: 'assigned', assigned_to_user_id: me.Attorney }))).toEqual([
      'status_transition',
    ]);
  });

  test('a closed room says when and how it ended', async () => {
    const { rows } = await admin.query('select concluded_at is not null as at, conclusion_summary from steno.room where room_id = $1', [
      closed.entityId,
    ]);
    expect(rows).toEqual([{ at: true, conclusion_summary: 'Settled.' }]);
  });
});
