import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { aRoom, createRoomWorld } from '../support/room-world.ts';

/*
 * A room of 10,000 messages among two thousand other rooms (P14). What is insisted on is the plan: who the caller is is asked once, her rooms are
 * hashed once, and the room's own index is read. Times are `npm run bench`'s business.
 */
const world = await createRoomWorld();
const { admin, firms, me, done, seat } = world;
const firmId = firms.one.firmId;
const room = aRoom();
const lines = {} as Record<Role, pg.Client>;

beforeAll(async () => {
  await done('Attorney', room, seat(room.entityId, 'Guest', { can_see_history: true }), seat(room.entityId, 'Paralegal'));
  await admin.query(
    `insert into steno.room (firm_id, room_id, is_private) select $1, gen_random_uuid(), n % 3 = 0 from generate_series(1, 2000) n`,
    [firmId],
  );
  await admin.query(
    `insert into steno.message (firm_id, message_id, room_id, sender_id, content, message_type, robot_id, is_robot_visible_to_guests, delivery_status, created_at)
     select $1, gen_random_uuid(), r.room_id, $3, repeat('word ', 20), case when n % 10 = 0 then 'robot' else 'chat' end, 'a', n % 20 = 0, 'delivered', now() - n * interval '1 millisecond'
     from (select $2::uuid as room_id, generate_series(1, 10000) as n union all select room_id, generate_series(1, 10) from steno.room where firm_id = $1 and room_id <> $2) r (room_id, n)`,
    [firmId, room.entityId, me.Attorney],
  );
  await admin.query(
    `insert into steno.room_participant (firm_id, participant_id, room_id, user_id) select r.firm_id, gen_random_uuid(), r.room_id, u.user_id
     from steno.room r join steno."user" u using (firm_id) where r.firm_id = $1 and r.room_id <> $2 and u.role in ('Admin', 'Attorney', 'Paralegal')`,
    [firmId, room.entityId],
  );
  await admin.query('reset session_replication_role');
  await admin.query('analyze steno.message; analyze steno.room; analyze steno.room_participant');
  for (const role of ['Viewer', 'Admin', 'Guest'] as const) {
    lines[role] = await world.client();
    await lines[role].query(`select set_config('app.session_token', $1, false)`, [await world.tokenFor('one', role)]);
  }
}, 120_000);

const queries = {
  latest: {
    sql: `select * from steno.message where room_id = '${room.entityId}' order by created_at desc limit 50`,
    index: /room_id_created_at_idx|message_room_idx/,
  },
  whole: {
    sql: `select message_id, sender_id, message_type, content, deleted_at, created_at::text from steno.message where room_id = '${room.entityId}' order by created_at`,
    index: /room_id_created_at_idx|message_room_idx/,
  },
  participants: {
    sql: `select p.*, u.first_name from steno.room_participant p join steno."user" u using (firm_id, user_id) where p.room_id = '${room.entityId}' and p.status in ('active', 'muted')`,
    index: /room_participant_(room_idx|firm_id_room_id_user_id_key)/,
  },
};

async function planOf(line: pg.Client, sql: string): Promise<string> {
  const { rows } = await line.query<Record<'QUERY PLAN', string>>(`explain (analyze, costs off, timing off) ${sql}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
describe.each(['Viewer', 'Admin', 'Guest'] as const)('[P14] %s', (role) => {
  test.each(Object.entries(queries))('%s', async (_, { sql, index }) => {
    const plan = await planOf(lines[role], sql);
    expect(plan).toContain('InitPlan');
    expect(plan).toMatch(/hashed SubPlan/);
    expect(plan).toMatch(index);
    // months that are empty may be
    expect(plan).not.toMatch(/Seq Scan on (message_\d|room).*actual rows=[1-9]/);
  });
});

test('[P14] control: a policy that asks for each row is seen', async () => {
  await admin.query('begin');
  await admin.query(
    `alter policy message_read on steno.message using (firm_id = auth.current_firm_id() and exists (select from auth.my_rooms('chat:message:read') r where r = message.room_id))`,
  );
  await admin.query(`select set_config('app.session_token', $1, true)`, [await tokenOf(lines.Viewer)]);
  await admin.query('set local session authorization steno_client');
  expect(await planOf(admin, queries.latest.sql)).not.toContain('InitPlan');
  await admin.query('rollback');
});

async function tokenOf(line: pg.Client): Promise<string> {
  return (await line.query<{ token: string }>(`select current_setting('app.session_token') as token`)).rows[0]?.token ?? '';
}
