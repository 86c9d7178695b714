import { expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { anchorOnce, handBackAll, isAnchorDue } from '../../../src/main/sync/anchor.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { backUp, restore } from '../../support/fake-recovery.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../support/laptop.ts';

const server = createFakeServer();

interface Seat {
  laptop: TestLaptop;
  remote: Remote;
}
function office(count: number) {
  const firm = server.addFirm();
  const seats: Seat[] = Array.from({ length: count }, () => {
    const laptop = makeLaptop();
    return { laptop, remote: server.signIn(firm, 'Attorney', laptop.deviceId) };
  });
  const [ana, ben] = seats;
  if (!ana || !ben) throw new Error('an office of two');
  return { firm, ana, ben, seats };
}
async function round({ laptop: { store }, remote }: Seat): Promise<{ restored: number | null; left: number }> {
  const { restored } = await anchorOnce(store, remote);
  const { left } = await handBackAll(store, remote);
  while ((await pushWaiting(store, remote)).did === 'pushed');
  for (let more = true; more;) {
    const page = await pullOnce(store, remote, () => 0);
    if (page.wentBack) await anchorOnce(store, remote, true);
    more = page.more;
  }
  return { restored, left };
}
function newMatter({ laptop }: Seat, title: string): string {
  const matterId = freshId();
  must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title, status: 'Open' }) })));
  return matterId;
}
const retitle = ({ laptop }: Seat, id: string, title: string): void =>
  void must(laptop.write((change) => ok({ is: change.patch('matter', id, { title }) })));
const titleAt = ({ laptop }: Seat, id: string): unknown => rowsOf(laptop.store, 'matter').get(id)?.['title'];

test('[S13] a server restored from a backup gets back what it had confirmed since, once', async () => {
  const { firm, ana, ben } = office(2);
  const kept = newMatter(ana, 'In the backup');
  await round(ana);
  const backup = backUp(firm);
  const lost = newMatter(ana, 'After the backup');
  retitle(ana, kept, 'Renamed after it');
  await round(ana);
  await round(ben);
  restore(firm, backup);
  expect(firm.rows.get('matter')?.has(lost)).toBe(false);
  expect((await round(ana)).restored).toBe(3);
  expect(firm.rows.get('matter')?.get(lost)?.row['title']).toBe('After the backup');
  expect(firm.rows.get('matter')?.get(kept)?.row['title']).toBe('Renamed after it');
  expect(outboxOf(ana.laptop.store)).toEqual([]);
  expect((await round(ana)).restored).toBeNull();
  await round(ben);
  expect([titleAt(ben, lost), titleAt(ben, kept)]).toEqual(['After the backup', 'Renamed after it']);
});

test('[S13] found also where others have pushed meanwhile and the feed has grown past this laptop’s cursor', async () => {
  const { firm, ana, ben } = office(2);
  newMatter(ana, 'First');
  await round(ana);
  await round(ben);
  const backup = backUp(firm);
  const lost = newMatter(ana, 'Lost');
  await round(ana);
  restore(firm, backup);
  for (let n = 0; n < 5; n += 1) {
    newMatter(ben, `Ben ${String(n)}`);
    await round(ben);
  }
  // control: the feed alone does not tell
  expect((await ana.remote.pull(Number.MAX_SAFE_INTEGER, 1)).head).toBeGreaterThan(3);
  expect((await round(ana)).restored).not.toBeNull();
  expect(firm.rows.get('matter')?.has(lost)).toBe(true);
});

test('[S13] a change confirmed a moment before the crash, that no head was remembered after, is found by its id', async () => {
  const { firm, ana } = office(2);
  newMatter(ana, 'First');
  await round(ana);
  await round(ana); // its head is remembered
  const backup = backUp(firm);
  const lost = newMatter(ana, 'Confirmed, never anchored');
  while ((await pushWaiting(ana.laptop.store, ana.remote)).did === 'pushed');
  expect(isAnchorDue(ana.laptop.store)).toBe(true);
  restore(firm, backup);
  await round(ana);
  expect(firm.rows.get('matter')?.has(lost)).toBe(true);
});

test('[S13] whoever hands back first: the later change stands, or both are in the inbox', async () => {
  const { firm, ana, ben } = office(2);
  const id = newMatter(ana, 'First');
  await round(ana);
  await round(ben);
  const backup = backUp(firm);
  retitle(ana, id, 'Ana');
  await round(ana);
  await round(ben);
  retitle(ben, id, 'Ben, who saw Ana’s');
  await round(ben);
  await round(ana);
  restore(firm, backup);
  await round(ben);
  await round(ana);
  expect(firm.rows.get('matter')?.get(id)?.row['title']).toBe('Ben, who saw Ana’s');
  const proposed = [...(firm.rows.get('conflict')?.values() ?? [])].map(({ row }) => (row['proposed'] as { title: string }).title);
  expect(proposed).toEqual(['Ana']);
});

test('[S13] what belongs to a colleague’s row waits until that colleague has handed it back', async () => {
  const { firm, ana, ben } = office(2);
  newMatter(ben, 'Before');
  await round(ben);
  const backup = backUp(firm);
  const id = newMatter(ana, 'Ana’s matter');
  await round(ana);
  await round(ben);
  retitle(ben, id, 'as Ben calls it');
  await round(ben);
  restore(firm, backup);
  expect((await round(ben)).left).toBe(1);
  expect(outboxOf(ben.laptop.store)).toMatchObject([{ entity_id: id, state: 'waiting' }]);
  const other = newMatter(ben, 'Ben goes on meanwhile');
  await round(ben);
  expect(firm.rows.get('matter')?.has(other)).toBe(true);
  await round(ana);
  expect((await round(ben)).left).toBe(0);
  expect(firm.rows.get('matter')?.get(id)?.row['title']).toBe('as Ben calls it');
});

test('[S13] control: a laptop that forgets what was confirmed cannot hand it back', async () => {
  const { firm, ana } = office(2);
  const backup = backUp(firm);
  const lost = newMatter(ana, 'Lost');
  await round(ana);
  ana.laptop.store.raw.exec('delete from acknowledged');
  restore(firm, backup);
  await round(ana);
  expect(firm.rows.get('matter')?.has(lost) ?? false).toBe(false);
});

test('[S7] a change that the firm’s database does not understand yet waits, with what lies behind it; the rest goes', async () => {
  const { firm, ana } = office(2);
  const [a, b] = [newMatter(ana, 'A'), newMatter(ana, 'B')];
  await round(ana);
  firm.misunderstands = (entity, fields) => entity === 'matter' && fields.includes('case_reference');
  must(ana.laptop.write((change) => ok({ is: change.patch('matter', a, { caseReference: 'new' }) })));
  retitle(ana, a, 'A behind it');
  retitle(ana, b, 'B goes');
  const push = async () => pushWaiting(ana.laptop.store, ana.remote, (await ana.remote.greet()).understands);
  while ((await push()).did === 'pushed');
  expect(outboxOf(ana.laptop.store).map(({ entity_id: id }) => id)).toEqual([a, a]);
  expect(firm.rows.get('matter')?.get(b)?.row['title']).toBe('B goes');
  firm.misunderstands = () => false; // the firm's server was updated
  while ((await push()).did === 'pushed');
  expect(firm.rows.get('matter')?.get(a)?.row).toMatchObject({ title: 'A behind it', case_reference: 'new' });
});
