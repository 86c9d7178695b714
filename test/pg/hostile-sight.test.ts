import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { inserting, patching } from '../support/mutations.ts';
import { aRoom, createRoomWorld } from '../support/room-world.ts';

/* What a colleague with a raw line sees of what is not hers, in the rows that tell of it. */
const world = await createRoomWorld();
const { admin, as, done, seat } = world;

const rowsSeen = async (role: 'Attorney' | 'Paralegal' | 'Viewer' | 'Admin', sql: string): Promise<unknown[]> => {
  const token = await world.tokenFor('one', role);
  const line = await world.client();
  await line.query('begin');
  await line.query(`select set_config('app.session_token', $1, true)`, [token]);
  const { rows } = await line.query<Record<string, unknown>>(sql);
  await line.query('rollback');
  return rows;
};

test('[S30] two words for a private room are seen by the two who said them, not by who may not enter', async () => {
  const room = aRoom({ is_private: true, description: 'first' });
  await done('Attorney', room, seat(room.entityId, 'Admin', { role: 'moderator' }));
  await as('Attorney').push([patching('room', room.entityId, 1, { description: 'We settle at 40,000' })]);
  const [collided] = await as('Admin').push([patching('room', room.entityId, 1, { description: 'We settle at 30,000' })]);
  expect(collided).toMatchObject({ verdict: 'conflict' });
  const sql = `select proposed from steno.conflict where entity = 'room'`;
  expect(await rowsSeen('Admin', sql)).toHaveLength(1);
  expect(await rowsSeen('Attorney', sql)).toHaveLength(1);
  for (const role of ['Paralegal', 'Viewer'] as const) {
    expect(await rowsSeen(role, sql)).toEqual([]);
    const { changes } = await as(role).pull(0, 1000);
    expect(changes.filter(({ entity, row }) => entity === 'conflict' && row !== null)).toEqual([]);
  }
  // control: as it was before, everybody read it
  await admin.query(`alter policy conflict_read on steno.conflict using (firm_id = (select auth.firm_for('conflict:inbox:read')))`);
  expect(await rowsSeen('Viewer', sql)).toEqual([{ proposed: { description: 'We settle at 30,000' } }]);
});

test('[S13] handing back lifts no counter out of reach, however often it is asked', async () => {
  const matterId = freshId();
  const ana = as('Attorney');
  await ana.push([
    { mutationId: freshId(), entity: 'matter', entityId: matterId, op: 'insert', baseRevision: 0, patch: { title: 'x', status: 'Open' } },
  ]);
  await admin.query('update steno.matter set revision = 999500 where matter_id = $1', [matterId]);
  const lift = () => ({ ...patching('matter', matterId, 1, { title: freshId() }), revision: 2_000_000_000 });
  for (let n = 0; n < 5; n += 1) expect(await ana.handBack([lift()])).toMatchObject([{ verdict: 'merged' }]);
  const { rows } = await admin.query<{ revision: number }>('select revision from steno.matter where matter_id = $1', [matterId]);
  expect(rows[0]?.revision).toBeLessThan(1_001_100);
});

test('[S12] what somebody proposes who may no longer write stops nobody’s outbox, whatever is in it: accepting it is refused, the rest goes', async () => {
  const userId = world.me.Paralegal;
  const role = async (name: string): Promise<void> =>
    void (await admin.query('update steno."user" set role = $2 where user_id = $1', [userId, name]));
  const late = [inserting('letter', {}), inserting('matter', { revision: 1_000_000 }), inserting('fact', { firm_id: 'x', value: 'y' })];
  await role('Viewer');
  const refused = await as('Paralegal').push(late);
  await role('Paralegal');
  expect(refused).toMatchObject(late.map(({ mutationId }) => ({ verdict: 'rejected', reason: 'forbidden', proposal: mutationId })));
  const after = inserting('matter', { title: 'After them', status: 'Open' });
  const accepting = late.map(({ mutationId }) => patching('proposal', mutationId, 1, { state: 'accepted' }));
  expect(await as('Attorney').push([...accepting, after])).toMatchObject([
    { verdict: 'rejected', reason: 'invalid' },
    { verdict: 'rejected', reason: 'unknown_field' },
    { verdict: 'rejected', reason: 'unknown_field' },
    { verdict: 'applied' },
  ]);
  const dismissing = late.map(({ mutationId }) => patching('proposal', mutationId, 1, { state: 'dismissed' }));
  expect(await as('Attorney').push(dismissing)).toMatchObject(late.map(() => ({ verdict: 'applied' })));
});
