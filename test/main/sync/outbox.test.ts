import { beforeEach, expect, test } from 'vitest';
import { err, ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { matter } from '../../../src/main/store/schema.ts';
import { forget, resend } from '../../../src/main/sync/outbox.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../support/laptop.ts';
import { aMatter, patching } from '../../support/mutations.ts';

const server = createFakeServer();
let firm: FakeFirm;
let a: TestLaptop;
let remoteA: Remote;
let colleague: Remote;

beforeEach(() => {
  firm = server.addFirm();
  a = makeLaptop();
  remoteA = server.signIn(firm, 'Attorney', a.deviceId);
  colleague = server.signIn(firm, 'Attorney');
});

const pull = async (): Promise<void> => {
  while ((await pullOnce(a.store, remoteA, () => 0)).more);
};
const sync = async (): Promise<void> => {
  while ((await pushWaiting(a.store, remoteA)).did === 'pushed');
  await pull();
};
const titleOf = (id: string): unknown => rowsOf(a.store, 'matter').get(id)?.['title'];
function addMatter(title: string): string {
  const matterId = freshId();
  must(a.write((change) => ok({ added: change.insert('matter', { matterId, title, status: 'Open' }) })));
  return matterId;
}
const rename = (matterId: string, title: string): void => {
  expect(must(a.write((change) => ok({ done: change.patch('matter', matterId, { title }) }))).done).toBe(true);
};
async function fromColleague(title = 'Rivera'): Promise<string> {
  const made = aMatter(title);
  await colleague.push([made]);
  await pull();
  return made.entityId;
}

test('[S1] a change that is returned as an error, or throws, leaves neither row nor outbox', () => {
  const matterId = freshId();
  const refused = a.write((change) => {
    change.insert('matter', { matterId, title: 'x', status: 'Open' });
    return err({ code: 'not_found', what: 'the rest of it' });
  });
  expect(refused.ok).toBe(false);
  expect(() =>
    a.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      throw new Error('a bug');
    }),
  ).toThrow('a bug');
  expect([rowsOf(a.store, 'matter').size, outboxOf(a.store).length]).toEqual([0, 0]);
  addMatter('kept');
  expect([rowsOf(a.store, 'matter').size, outboxOf(a.store).length]).toEqual([1, 1]);
});

test('[S1] control: a row written past createWrite has no outbox row', () => {
  a.store.db.insert(matter).values({ matterId: freshId(), title: 'x', status: 'Open' }).run();
  expect(outboxOf(a.store)).toEqual([]);
});

test('[S2] mutations go in the order they were made', async () => {
  const id = addMatter('one');
  for (const title of ['two', 'three', 'four']) rename(id, title);
  await sync();
  expect(titleOf(id)).toBe('four');
  expect(firm.rows.get('matter')?.get(id)?.row['revision']).toBe(4);
});

test('[S4] a refused change takes its words back from the row, keeps them in the outbox, and holds later ones', async () => {
  const id = await fromColleague();
  rename(id, '');
  rename(id, 'Later');
  await sync();
  expect(outboxOf(a.store).map(({ state, reason }) => [state, reason])).toEqual([
    ['dead', 'invalid'],
    ['waiting', null],
  ]);
  expect(titleOf(id)).toBe('Later');
  expect(firm.rows.get('matter')?.get(id)?.row['title']).toBe('Rivera');
  forget(a.store, outboxOf(a.store)[0]?.mutation_id ?? '');
  await sync();
  expect([outboxOf(a.store), titleOf(id), firm.rows.get('matter')?.get(id)?.row['title']]).toEqual([[], 'Later', 'Later']);
});

test('[S4] two refused changes of one field in a row leave the firm’s value, not the first refused one', async () => {
  const id = await fromColleague();
  rename(id, '');
  rename(id, 'x'.repeat(300));
  await sync();
  forget(a.store, outboxOf(a.store)[0]?.mutation_id ?? '');
  await sync();
  expect(titleOf(id)).toBe('Rivera');
});

test('[S4] a refused change that is sent again goes before the later ones, and the row shows the later', async () => {
  const id = await fromColleague();
  await colleague.push([patching('matter', id, 1, { status: 'Closed' })]);
  rename(id, '');
  rename(id, 'Later');
  await sync();
  expect(resend(a.store, outboxOf(a.store)[0]?.mutation_id ?? '', freshId())).toBe(true);
  expect(titleOf(id)).toBe('Later');
  expect(outboxOf(a.store).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
});

test('[S4] a refused insert of a row that the firm has already keeps the firm’s row', async () => {
  const made = aMatter('The firm’s');
  must(a.write((change) => ok({ added: change.insert('matter', { matterId: made.entityId, title: 'Mine', status: 'Open' }) })));
  await colleague.push([made]);
  await pull();
  const demoted = server.signIn(firm, 'Viewer', a.deviceId);
  await pushWaiting(a.store, demoted);
  expect(outboxOf(a.store)[0]).toMatchObject({ state: 'dead', reason: 'forbidden' });
  expect(titleOf(made.entityId)).toBe('The firm’s');
});

test('[S8] a second change on top of an unsent one does not pass for having seen what a colleague wrote meanwhile', async () => {
  const id = await fromColleague();
  rename(id, 'Mine');
  await colleague.push([patching('matter', id, 1, { title: 'Theirs' })]);
  await pull();
  expect(titleOf(id)).toBe('Mine');
  rename(id, 'Mine again');
  await sync();
  expect(titleOf(id)).toBe('Theirs');
  expect([...rowsOf(a.store, 'conflict').values()]).toMatchObject([{ proposed: { title: 'Mine again' }, current: { title: 'Theirs' } }]);
});

test('[S8] a change of a field that was seen is no conflict, whatever else waits on the row', async () => {
  const id = await fromColleague();
  rename(id, 'Mine');
  await colleague.push([patching('matter', id, 1, { case_reference: 'C-1' })]);
  await pull();
  must(a.write((change) => ok({ done: change.patch('matter', id, { caseReference: 'C-2' }) })));
  await sync();
  expect(rowsOf(a.store, 'matter').get(id)).toMatchObject({ title: 'Mine', case_reference: 'C-2' });
  expect(rowsOf(a.store, 'conflict').size).toBe(0);
});

test('[S5] a page and its cursor are applied together or not at all', async () => {
  await colleague.push([aMatter('one'), aMatter('two')]);
  const broken = { ...a.store, transaction: () => err({ code: 'full' as const, what: 'it', reason: 'x' }) };
  await expect(pullOnce(broken, remoteA, () => 0)).rejects.toMatchObject({ error: { code: 'full' } });
  expect([rowsOf(a.store, 'matter').size, a.store.raw.prepare('select cursor from sync_state').pluck().get()]).toEqual([0, 0]);
  await pull();
  expect([rowsOf(a.store, 'matter').size, a.store.raw.prepare('select cursor from sync_state').pluck().get()]).toEqual([2, 2]);
});

test('[S13] a server that is behind what this laptop has seen is noticed, and nothing of it is applied', async () => {
  await fromColleague();
  const behind = server.signIn(server.addFirm(), 'Attorney', a.deviceId);
  expect(await pullOnce(a.store, behind, () => 0)).toMatchObject({ more: true, touched: [], wentBack: true });
});

test('text that Postgres cannot hold (NUL, half a surrogate pair) is kept as replacement characters, at the same length', async () => {
  const id = addMatter('a\u0000b\ud800c');
  expect(titleOf(id)).toBe('a\ufffdb\ufffdc');
  await sync();
  expect(firm.rows.get('matter')?.get(id)?.row['title']).toBe('a\ufffdb\ufffdc');
});
