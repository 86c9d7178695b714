import { afterEach, expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { parkedRows, replayParked } from '../../../src/main/sync/parked.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { FeedPage, Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../../support/laptop.ts';
import { asOlderApp } from '../../support/older-app.ts';

const server = createFakeServer();
const firm = server.addFirm();
let older: { update(): void } | undefined;
afterEach(() => older?.update());

async function sync({ store }: TestLaptop, remote: Remote): Promise<void> {
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
}
function pair(): { laptop: TestLaptop; remote: Remote }[] {
  return [makeLaptop(), makeLaptop()].map((laptop) => ({ laptop, remote: server.signIn(firm, 'Attorney', laptop.deviceId) }));
}
const newMatter = (laptop: TestLaptop, title: string): string => {
  const matterId = freshId();
  must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title, caseReference: 'R-1', status: 'Open' }) })));
  return matterId;
};
const matterOf = (laptop: TestLaptop, id: string): Record<string, unknown> | undefined => rowsOf(laptop.store, 'matter').get(id);

test('[S7] a column that only the newer app has is kept, renewed, and put in place after the update', async () => {
  const [newer, old] = pair();
  if (!newer || !old) throw new Error('two laptops');
  const id = newMatter(newer.laptop, 'Rivera');
  await sync(newer.laptop, newer.remote);
  older = asOlderApp('matter', { columns: ['case_reference'] });
  await sync(old.laptop, old.remote);
  expect(matterOf(old.laptop, id)).toMatchObject({ title: 'Rivera' });
  expect(matterOf(old.laptop, id)).not.toHaveProperty('case_reference');
  // side by side: the older one changes what it knows
  must(old.laptop.write((change) => ok({ is: change.patch('matter', id, { title: 'Rivera v. BestValue' }) })));
  await sync(old.laptop, old.remote);
  older.update();
  await sync(newer.laptop, newer.remote);
  must(newer.laptop.write((change) => ok({ is: change.patch('matter', id, { caseReference: 'R-2' }) })));
  await sync(newer.laptop, newer.remote);
  expect(matterOf(newer.laptop, id)).toMatchObject({ title: 'Rivera v. BestValue', case_reference: 'R-2' });
  older = asOlderApp('matter', { columns: ['case_reference'] });
  await sync(old.laptop, old.remote);
  old.laptop.reopen();
  replayParked(old.laptop.store);
  expect(parkedRows(old.laptop.store)).toBe(1);
  older.update();
  expect(matterOf(old.laptop, id)).toMatchObject({ case_reference: null }); // control: not by itself
  old.laptop.reopen();
  replayParked(old.laptop.store);
  expect(matterOf(old.laptop, id)).toMatchObject({ title: 'Rivera v. BestValue', case_reference: 'R-2' });
  expect(parkedRows(old.laptop.store)).toBe(0);
});

test('[S7] a value that means nothing here leaves the last one that did; a row that never had one waits whole', async () => {
  const [newer, old] = pair();
  if (!newer || !old) throw new Error('two laptops');
  const known = newMatter(newer.laptop, 'Okafor');
  await sync(newer.laptop, newer.remote);
  await sync(old.laptop, old.remote);
  older = asOlderApp('matter', { values: { status: ['Closed'] } });
  must(newer.laptop.write((change) => ok({ is: change.patch('matter', known, { status: 'Closed', title: 'Okafor, closed' }) })));
  const fresh = freshId();
  must(newer.laptop.write((change) => ok({ is: change.insert('matter', { matterId: fresh, title: 'Only closed', status: 'Closed' }) })));
  while ((await pushWaiting(newer.laptop.store, newer.remote)).did === 'pushed');
  must(old.laptop.write((change) => ok({ is: change.patch('matter', known, { caseReference: 'mine' }) })));
  while ((await pullOnce(old.laptop.store, old.remote, () => 0)).more);
  expect(matterOf(old.laptop, known)).toMatchObject({ status: 'Open', title: 'Okafor, closed', case_reference: 'mine' });
  expect(matterOf(old.laptop, fresh)).toBeUndefined();
  older.update();
  replayParked(old.laptop.store);
  expect(matterOf(old.laptop, known)).toMatchObject({ status: 'Closed', case_reference: 'mine' });
  expect(matterOf(old.laptop, fresh)).toMatchObject({ title: 'Only closed', status: 'Closed' });
  await sync(old.laptop, old.remote);
  expect(matterOf(old.laptop, known)).toEqual(Object.fromEntries(Object.entries(firm.rows.get('matter')?.get(known)?.row ?? {})));
});

test('[S7] a kind of row this app has never heard of is kept, and goes when it goes at the firm', async () => {
  const { store } = makeLaptop();
  const id = freshId();
  const page = (row: Record<string, unknown> | null): Remote =>
    ({
      pull: (): Promise<FeedPage> =>
        Promise.resolve({ position: 1, head: 1, more: false, floor: 0, view: 'v', changes: [{ entity: 'deposition', entityId: id, row }] }),
    }) as unknown as Remote;
  await pullOnce(store, page({ revision: 3, witness: 'Ana' }), () => 0);
  expect(parkedRows(store)).toBe(1);
  await pullOnce(store, page(null), () => 0);
  expect(parkedRows(store)).toBe(0);
});
