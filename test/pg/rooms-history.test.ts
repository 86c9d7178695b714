import { beforeAll, describe, expect, test } from 'vitest';
import { keepPartitions } from '../../src/main/admin/partitions.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { must } from '../support/laptop.ts';
import { inserting } from '../support/mutations.ts';
import { aRoom, changing, createRoomWorld } from '../support/room-world.ts';

/* History tables keep what rows said; messages and their history lie by month. */
const world = await createRoomWorld();
const { admin, firms, me, pushed, done, refusal, message, seat } = world;
const firmId = firms.one.firmId;
const tables = ['user', 'room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation'];
const room = aRoom();

beforeAll(() => done('Attorney', room));

const columnsOf = async (table: string): Promise<string[]> => {
  const { rows } = await admin.query<{ line: string }>(
    `select concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull) as line from pg_attribute where attrelid = format('steno.%I', $1::text)::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  return rows.map(({ line }) => line);
};
async function missingIn(table: string): Promise<string[]> {
  const kept = await columnsOf(`${table}_history`);
  return (await columnsOf(table)).filter((column) => !kept.includes(column));
}

describe('history', () => {
  test.each(tables)('of %s has every column of it, and when, how and by whom it was changed', async (table) => {
    expect(await missingIn(table)).toEqual([]);
    const own = ['history_id uuid t', 'changed_at timestamp with time zone t', 'operation_type text t', 'changed_by uuid f'];
    expect((await columnsOf(`${table}_history`)).filter((column) => own.includes(column))).toEqual(own);
    expect(await columnsOf(`${table}_history`)).toHaveLength((await columnsOf(table)).length + own.length);
  });

  test('control: a column that a migration added to one of the two is found', async () => {
    await admin.query('begin');
    await admin.query('alter table steno.room add column topic text');
    expect(await missingIn('room')).toEqual(['topic text f']);
    await admin.query('rollback');
  });

  test('a column added to both at different places is kept under its name', async () => {
    await admin.query('begin');
    await admin.query('alter table steno.room add column topic text; alter table steno.room_history add column topic text');
    await admin.query(`update steno.room set topic = 'Limits', name = 'Other' where room_id = $1`, [room.entityId]);
    await admin.query(`update steno.room set topic = null where room_id = $1`, [room.entityId]);
    const { rows } = await admin.query(
      'select topic, name, operation_type from steno.room_history where room_id = $1 order by topic nulls first',
      [room.entityId],
    );
    expect(rows).toEqual([
      { topic: null, name: 'Rivera', operation_type: 'UPDATE' },
      { topic: 'Limits', name: 'Other', operation_type: 'UPDATE' },
    ]);
    await admin.query('rollback');
  });

  test('has one row for each row a statement changed or deleted, by the person behind the token, and none for reading marks', async () => {
    const rooms = [aRoom(), aRoom(), aRoom()];
    const ids = rooms.map(({ entityId }) => entityId);
    await done('Attorney', ...rooms);
    const kept = async (table: string): Promise<unknown[]> =>
      (
        await admin.query<{ op: string; by: string | null; n: number }>(
          `select operation_type as op, changed_by as by, count(*)::int as n from steno.${table}_history where room_id = any ($1) group by 1, 2 order by 1 desc, 2`,
          [ids],
        )
      ).rows;
    await done('Attorney', ...rooms.map((each) => changing(each, { name: 'Other' })));
    await admin.query(`update steno.room set name = 'Again' where room_id = any ($1)`, [ids]);
    await admin.query(`update steno.room set revision = revision + 1 where room_id = any ($1)`, [ids]);
    await admin.query(`update steno.room_participant set last_read_at = now() where room_id = any ($1)`, [ids]);
    expect(await kept('room_participant')).toEqual([]);
    await admin.query('delete from steno.room where room_id = any ($1)', [ids]);
    expect(await kept('room')).toEqual([
      { op: 'UPDATE', by: me.Attorney, n: 3 },
      { op: 'UPDATE', by: null, n: 3 },
      { op: 'DELETE', by: null, n: 3 },
    ]);
    expect(await kept('room_participant')).toEqual([{ op: 'DELETE', by: null, n: 3 }]);
  });

  test('is changed by nobody; rows go when their time is over, and not before', async () => {
    await admin.query(`update steno."user" set last_name = last_name || 'x' where firm_id = $1`, [firmId]);
    await done('Attorney', changing(room, { name: 'Changed' }));
    for (const table of ['user_history', 'room_history']) {
      expect(await refusal(`update steno.${table} set changed_by = null`)).toBe('append_only');
      expect(await refusal(`delete from steno.${table}`)).toBe('append_only');
      expect(await refusal(`truncate steno.${table}`)).toMatch(/not truncated/);
      const keeping = `insert into steno.${table} select (jsonb_populate_record(h, jsonb_build_object('history_id', gen_random_uuid(), 'changed_at', now() - interval '%'))).* from steno.${table} h limit 1;
        delete from steno.${table} where changed_at < now() - interval '1 year'`;
      expect(await refusal(keeping.replace('%', '83 months'))).toBe('append_only');
      expect(await refusal(keeping.replace('%', '85 months'))).toBe('done');
      // the tables' owner is not the history's
      expect(await refusal(`set local role steno_owner; alter table steno.${table} disable trigger all`)).toMatch(/must be owner/);
      expect(await refusal(`set local role steno_owner; delete from steno.${table}`)).toMatch(/permission denied/);
    }
  });
});

describe('months', () => {
  const monthOf = async (id: string) =>
    (await admin.query<{ p: string }>('select tableoid::regclass::text as p from steno.message where message_id = $1', [id])).rows[0]?.p;
  const now = new Date();
  const thisMonth = `${String(now.getUTCFullYear())}_${String(now.getUTCMonth() + 1).padStart(2, '0')}`;

  test('a message lies in the month of the server’s clock, and so does its history', async () => {
    const said = message('Attorney', room.entityId);
    await done('Attorney', said, changing(said, { content: 'y' }));
    expect(await monthOf(said.entityId)).toBe(`steno.message_${thisMonth}`);
    const { rows } = await admin.query<{ p: string }>(
      'select tableoid::regclass::text as p from steno.message_history where message_id = $1',
      [said.entityId],
    );
    expect(rows).toEqual([{ p: `steno.message_history_${thisMonth}` }]);
    expect(await pushed('Attorney', message('Attorney', room.entityId, { created_at: '2001-01-01T00:00:00Z' }))).toEqual(['unknown_field']);
  });

  test('a month that is missing is named, whoever asks', async () => {
    const old = `insert into steno.message (firm_id, message_id, room_id, content, created_at) values ($1, $2, $3, 'x', '2001-01-01')`;
    await expect(admin.query(old, [firmId, freshId(), room.entityId])).rejects.toThrow('no partition of relation "message" found');
    await admin.query('begin');
    await admin.query(`alter table steno.message detach partition steno.message_${thisMonth}`);
    await admin.query(`alter table steno.message_${thisMonth} rename to message_lost`);
    const { rows } = await admin.query<{ reply: unknown }>('select app.push($1, $2) as reply', [
      await world.tokenFor('one', 'Attorney'),
      JSON.stringify([message('Attorney', room.entityId)]),
    ]);
    expect(rows[0]?.reply).toMatchObject({ verdicts: [{ verdict: 'rejected', reason: 'no_partition' }] });
    await admin.query('rollback');
  });

  test('a month past its time is detached; what answers to it, its files and its robots stay, and its ids are taken', async () => {
    await admin.query(`call steno.make_partitions('message', (now() - interval '30 months')::date, null)`);
    const old = freshId();
    await admin.query(
      `insert into steno.message (firm_id, message_id, room_id, sender_id, content, created_at) values ($1, $2, $3, $4, 'x', now() - interval '30 months')`,
      [firmId, old, room.entityId, me.Attorney],
    );
    const answer = message('Attorney', room.entityId, { reply_to_message_id: old });
    await done('Attorney', answer);
    await done(
      'Paralegal',
      seat(room.entityId, 'Paralegal'),
      inserting('robot_interaction', { room_id: room.entityId, message_id: old, robot_id: 'a', request_data: {} }),
    );
    const work = must(await keepPartitions(admin, { dryRun: false })).find(({ table }) => table === 'message');
    expect(work?.detached.filter(({ rows }) => rows > 0)).toHaveLength(1);
    expect(await monthOf(old)).toBeUndefined();
    const { rows } = await admin.query('select reply_to_message_id as to from steno.message where message_id = $1', [answer.entityId]);
    expect(rows).toEqual([{ to: old }]);
    expect(await pushed('Attorney', message('Attorney', room.entityId, {}, old))).toEqual(['duplicate']);
    expect((await admin.query('select from steno.robot_interaction where message_id = $1', [old])).rowCount).toBe(1);
  });
});
