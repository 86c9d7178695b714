import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { listTables } from '../../src/main/admin/isolation/probe-firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Role } from '../../src/shared/session.ts';
import { sendFile } from '../support/files.ts';
import { fillFirm } from '../support/full-firm.ts';
import { inserting } from '../support/mutations.ts';
import { aRoom, changing, createRoomWorld } from '../support/room-world.ts';

/*
 * Who sees what of rooms. A guest's sight is compared, table by table over the whole schema, with what the administrator says it should be:
 * a table that is not in the list must show her nothing.
 */
const world = await createRoomWorld();
const { admin, firms, me, done, message, seat } = world;
const firmId = firms.one.firmId;
const tokens = {} as Record<Role, string>;

const open = aRoom({ name: 'Open to the guest' });
const recent = aRoom({ name: 'Without what was before', is_private: true });
const barred = aRoom({ name: 'Guests not allowed any more' });
const left = aRoom({ name: 'She was removed' });
const secret = aRoom({ name: 'Private', is_private: true });
const files: Record<string, string> = {};

beforeAll(async () => {
  await fillFirm(world.as('Attorney'), world.as('Paralegal'), admin);
  for (const role of Object.keys(me) as Role[]) tokens[role] = await world.tokenFor('one', role);
  await done('Attorney', open, recent, barred, left, secret);
  await done('Attorney', message('Attorney', recent.entityId, { content: 'before she came' }));
  for (const room of [open, barred, left]) await done('Attorney', seat(room.entityId, 'Guest'));
  await done('Attorney', seat(recent.entityId, 'Guest', { can_see_history: false }), seat(open.entityId, 'Paralegal'));
  for (const room of [open, recent, barred, left, secret]) {
    const robot = (visible: boolean) => ({ message_type: 'robot', robot_id: 'assistant', is_robot_visible_to_guests: visible });
    const deleted = message('Attorney', room.entityId);
    const said = [
      message('Attorney', room.entityId),
      message('Attorney', room.entityId, robot(true)),
      message('Attorney', room.entityId, robot(false)),
      deleted,
    ];
    await done('Attorney', ...said);
    for (const { entityId } of said) await attach(room.entityId, entityId);
    await done('Attorney', changing(deleted, { deleted_at: '2000-01-01T00:00:00Z' }));
    await done(
      'Attorney',
      inserting('robot_interaction', { room_id: room.entityId, message_id: said[0]?.entityId ?? '', robot_id: 'a', request_data: {} }),
    );
    await done(
      'Attorney',
      inserting('escalation', { source_room_id: room.entityId, escalation_reason: 'x', from_level: 'paralegal', to_level: 'attorney' }),
    );
  }
  await done('Guest', message('Guest', open.entityId));
  await done('Attorney', changing(barred, { guest_access_allowed: false }));
  await admin.query(`update steno.room_participant set status = 'removed' where firm_id = $1 and room_id = $2 and user_id = $3`, [
    firmId,
    left.entityId,
    me.Guest,
  ]);
});

async function attach(roomId: string, messageId: string): Promise<void> {
  const bytes = Buffer.from(freshId());
  const hash = await sendFile(world.as('Attorney').files, bytes);
  const file = {
    room_id: roomId,
    message_id: messageId,
    content_hash: hash,
    file_name: 'x',
    file_size: 1,
    mime_type: 'text/plain',
    owner_id: me.Attorney,
  };
  await done('Attorney', inserting('message_attachment', file));
  files[messageId] = hash;
}

const hers = `('${open.entityId}', '${recent.entityId}')`;
const herMessages = `room_id in ${hers} and content <> 'before she came' and (message_type <> 'robot' or is_robot_visible_to_guests)`;
const herAttachments = `message_id in (select m.message_id from steno.message m where m.deleted_at is null and ${herMessages})`;
const herFiles = `content_hash in (select a.content_hash from steno.message_attachment a where ${herAttachments})`;
const herPeople = `user_id in (select p.user_id from steno.room_participant p where p.room_id in ${hers})`;
/** What a guest may see of each table, as the administrator says it. */
const allowed: Record<string, string> = {
  'steno.firm': 'true',
  'steno.audit_head': 'true',
  'steno."user"': herPeople,
  'steno.v_user_activity': herPeople,
  'steno.room': `room_id in ${hers}`,
  'steno.room_participant': `room_id in ${hers}`,
  'steno.message': herMessages,
  'steno.message_attachment': herAttachments,
  'steno.blob': herFiles,
  'steno.blob_chunk': herFiles,
  'steno.user_presence': `user_id = '${me.Guest}'`,
};

/** What the line sees of each table that it should not, or does not see that it should; the line is the laptops' login with a token. */
async function differences(line: pg.Client, asAdmin: () => Promise<void>, asClient: () => Promise<void>): Promise<string[]> {
  const found: string[] = [];
  await asAdmin();
  for (const { name } of await listTables(admin)) {
    await asAdmin();
    const condition = allowed[name];
    // what people did, as far as she sees it: nothing
    const row = name === 'steno.v_user_activity' ? 'user_id::text' : 't::text';
    const wanted = condition
      ? (await admin.query<{ t: string }>(`select ${row} as t from ${name} t where firm_id = $1 and ${condition}`, [firmId])).rows
      : [];
    if (condition && name !== 'steno.user_presence') expect(wanted.length, `${name} has rows to see`).toBeGreaterThan(0);
    await asClient();
    await line.query('savepoint look');
    const seen = await line.query<{ t: string }>(`select ${row} as t from ${name} t`).then(
      ({ rows }) => rows,
      (error: unknown) => {
        if ((error as { code?: string }).code === '42501') return [];
        throw error;
      },
    );
    await line.query('rollback to savepoint look');
    const [was, is] = [new Set(wanted.map(({ t }) => t)), new Set(seen.map(({ t }) => t))];
    const more = [...is].filter((t) => !was.has(t)).length;
    const less = [...was].filter((t) => !is.has(t)).length;
    if (more + less > 0) found.push(`${name}: ${String(more)} too many, ${String(less)} missing`);
  }
  return found;
}

/** With changes of the administrator's that are undone. Partitions and machinery are looked at too. */
async function guestSees(changes: string[] = []): Promise<string[]> {
  await admin.query('begin');
  try {
    for (const change of changes) await admin.query(change);
    await admin.query(`select set_config('app.session_token', $1, true)`, [tokens.Guest]);
    return await differences(
      admin,
      async () => void (await admin.query('reset session authorization')),
      async () => void (await admin.query('set local session authorization steno_client')),
    );
  } finally {
    await admin.query('rollback');
    await admin.query('reset session authorization');
  }
}

describe('a guest', () => {
  test('[R6] sees, of every table, what her rooms let her and nothing else', async () => {
    expect(await guestSees()).toEqual([]);
  });

  const without: Record<string, [change: string, table: RegExp]> = {
    'rooms without taking part': [
      `alter policy room_read on steno.room using (firm_id = (select auth.current_firm_id()))`,
      /^steno\.room: [1-9]/,
    ],
    'seats without taking part': [
      `alter policy room_participant_read on steno.room_participant using (firm_id = (select auth.current_firm_id()))`,
      /^steno\.room_participant: [1-9]/,
    ],
    'messages without taking part': [
      `alter policy message_read on steno.message using (firm_id = (select auth.current_firm_id()))`,
      /^steno\.message: [1-9]/,
    ],
    'attachments without the message': [
      `alter policy message_attachment_read on steno.message_attachment using (firm_id = (select auth.current_firm_id()) and room_id in (select auth.my_rooms('chat:message:read')))`,
      /^steno\.message_attachment: [1-9]/,
    ],
    'files without the attachment': [
      `alter policy blob_attached on steno.blob using (firm_id = (select auth.firm_for('chat:guest:attend')))`,
      /^steno\.blob: [1-9]/,
    ],
    'people of other rooms': [
      `alter policy user_companions on steno."user" using (firm_id = (select auth.firm_for('chat:guest:attend')))`,
      /^steno\."user": [1-9]/,
    ],
    'a permission too many': [`insert into steno.role_permission values ('Guest', 'matter:record:read')`, /^steno\.matter: [1-9]/],
    'a table without a policy': [
      `create table steno.bare as select firm_id from steno.firm; grant select on steno.bare to steno_client`,
      /^steno\.bare: [1-9]/,
    ],
    'nothing at all': [`alter policy message_read on steno.message using (false)`, /^steno\.message: 0 too many, [1-9]/],
  };
  test.each(Object.entries(without))('[R6] control: %s is found', async (_, [change, expected]) => {
    expect((await guestSees([change])).filter((found) => expected.test(found))).toHaveLength(1);
  });

  test('has the files of what she sees, and no other file', async () => {
    for (const [messageId, hash] of Object.entries(files)) {
      const { rows } = await admin.query(`select from steno.message where message_id = $1 and deleted_at is null and ${herMessages}`, [
        messageId,
      ]);
      const isHers = rows.length > 0;
      expect((await world.as('Guest').files.get(hash, 'postgres', 0)) !== null).toBe(isHers);
      expect((await world.as('Guest').files.find(hash)) !== null).toBe(isHers);
    }
    await expect(sendFile(world.as('Guest').files, Buffer.from('x'))).rejects.toMatchObject({ error: { code: 'forbidden' } });
  });

  test('sees the room while she is muted, and no longer once she leaves', async () => {
    const room = aRoom({ is_private: true });
    const hersThere = seat(room.entityId, 'Guest');
    await done('Attorney', room, hersThere, message('Attorney', room.entityId));
    const sees = () => count('Guest', `steno.message where room_id = '${room.entityId}'`);
    expect(await sees()).toBe(1);
    await done('Attorney', changing(hersThere, { status: 'muted' }));
    expect(await sees()).toBe(1);
    await done('Guest', changing(hersThere, { status: 'left' }));
    expect(await sees()).toBe(0);
  });
});

async function count(role: Role, what: string): Promise<number> {
  const line = await world.client();
  await line.query(`select set_config('app.session_token', $1, false)`, [tokens[role]]);
  return (await line.query<{ n: number }>(`select count(*)::int as n from ${what}`)).rows[0]?.n ?? -1;
}

describe('people of the firm', () => {
  test('see the rooms that are open to all and the private ones they take part in; who observes sees every one', async () => {
    const seen = async (role: Role): Promise<number[]> => {
      const of = `room_id = '${secret.entityId}'`;
      const tables = ['room', 'room_participant', 'message', 'message_attachment', 'robot_interaction'].map(
        (table) => `steno.${table} where ${of}`,
      );
      return Promise.all([...tables, `steno.escalation where source_room_id = '${secret.entityId}'`].map((what) => count(role, what)));
    };
    expect(await seen('Attorney')).toEqual([1, 1, 4, 3, 1, 1]);
    expect(await seen('Admin')).toEqual([1, 1, 4, 3, 1, 1]);
    expect(await seen('Paralegal')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await seen('Viewer')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await count('Viewer', `steno.message where room_id = '${open.entityId}'`)).toBe(5);
    expect(await count('Viewer', `steno.message where room_id = '${barred.entityId}'`)).toBe(4);
  });

  test('who joins a private room without its history sees what came after; in an open room there is nothing to hide', async () => {
    await done(
      'Attorney',
      seat(recent.entityId, 'Paralegal', { can_see_history: false }),
      seat(barred.entityId, 'Paralegal', { can_see_history: false }),
    );
    await done('Attorney', message('Attorney', recent.entityId));
    expect(await count('Paralegal', `steno.message where room_id = '${recent.entityId}'`)).toBe(1);
    expect(await count('Paralegal', `steno.message where room_id = '${barred.entityId}'`)).toBe(4);
  });

  test('each sees who is there; what she set for herself only she writes', async () => {
    await done('Paralegal', inserting('user_presence', { display_name: 'Pat', current_status: 'online' }, me.Paralegal));
    expect(await world.pushed('Attorney', inserting('user_presence', { current_status: 'online' }, me.Viewer))).toEqual(['forbidden']);
    expect(await count('Viewer', `steno.user_presence where user_id = '${me.Paralegal}' and last_seen_at <= now()`)).toBe(1);
    expect(await count('Guest', 'steno.user_presence')).toBe(0);
    await done('Guest', inserting('user_presence', { current_status: 'online' }, me.Guest));
    expect(await count('Guest', 'steno.user_presence')).toBe(1);
  });

  test('history is the Admin’s to read', async () => {
    expect(await count('Admin', 'steno.message_history')).toBeGreaterThan(0);
    for (const role of ['Attorney', 'Guest'] as const) expect(await count(role, 'steno.message_history')).toBe(0);
  });
});
