import { beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result.ts';
import { freshId } from '../../../../src/main/host/ids.ts';
import { createInbox } from '../../../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, mergeLetterUpdates } from '../../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../../src/main/sync/letter-edit.ts';
import { hasNoCopy, pullOnce } from '../../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../../src/main/sync/push.ts';
import { RemoteError, type Remote } from '../../../../src/main/sync/remote.ts';
import { takeFirstLook } from '../../../../src/main/sync/snapshot/first-look.ts';
import { allRows, copyInto, rowCount } from '../../../support/copying.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { hideFrom } from '../../../support/fake-snapshot.ts';
import { pushMatters, type FilledMatter } from '../../../support/firm-with-matters.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../../support/laptop.ts';
import { aMatter, patching } from '../../../support/mutations.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let colleague: Remote;

beforeEach(() => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  colleague = server.signIn(firm, 'Attorney');
  return () => laptop.store.close();
});

const look = (through = remote.snapshot()): Promise<void> =>
  takeFirstLook(
    laptop.store,
    through,
    () => 1,
    () => undefined,
  );
const rename = (id: string, title: string): void =>
  void must(laptop.write((change) => ok({ done: change.patch('matter', id, { title }) })));
const matterRow = (id: string) => rowsOf(laptop.store, 'matter').get(id);
const first = async (): Promise<FilledMatter> => {
  const [matter] = await pushMatters(colleague, 1);
  if (!matter) throw new Error('none was made');
  return matter;
};
async function pullAll(): Promise<void> {
  while ((await pullOnce(laptop.store, remote, () => 0)).more);
}

test('[S10] the fifty matters last worked on are there, each with all of it but its pages; the store still has no copy', async () => {
  const old = await first();
  await colleague.push(Array.from({ length: 60 }, (_, n) => aMatter(`Matter ${String(n)}`)));
  const filled = await pushMatters(colleague, 2);
  await look();
  const here = rowsOf(laptop.store, 'matter');
  expect(here.size).toBe(50);
  expect(here.has(old.matterId)).toBe(false);
  expect(filled.every(({ matterId }) => here.has(matterId))).toBe(true);
  const counts = ['document', 'fact', 'bill_line', 'letter', 'letter_update', 'page'].map((entity) => rowsOf(laptop.store, entity).size);
  expect(counts).toEqual([2, 4, 2, 2, 2, 0]);
  expect(hasNoCopy(laptop.store)).toBe(true);
  // a letter of the oldest is worked on: that counts as well
  await colleague.push([patching('letter', old.letterId, 1, { title: 'Worked on' })]);
  await look();
  expect(matterRow(old.matterId)).toBeDefined();
});

test('[S10] all matters are listed at once, and a letter appears once all its text is there', async () => {
  await pushMatters(colleague, 30);
  const steps: { matters: number; letters: number; withText: number }[] = [];
  const sizeOf = (entity: string): number => rowsOf(laptop.store, entity).size;
  const look = (): void => {
    const written = new Set([...rowsOf(laptop.store, 'letter_update').values()].map((row) => row['letter_id']));
    const withText = [...rowsOf(laptop.store, 'letter').keys()].filter((id) => written.has(id)).length;
    steps.push({ matters: sizeOf('matter'), letters: sizeOf('letter'), withText });
  };
  await takeFirstLook(laptop.store, remote.snapshot(), () => 1, look);
  expect(steps[0]).toEqual({ matters: 30, letters: 0, withText: 0 });
  expect(steps.length).toBeGreaterThan(2);
  expect(steps.every(({ matters, letters, withText }) => matters === 30 && withText === letters)).toBe(true);
  expect(steps.at(-1)?.letters).toBe(30);
});

test('[S10] a look that is cut short has the list, or nothing, and letters with their text only; the next one brings the rest', async () => {
  await pushMatters(colleague, 30);
  const cutAfter = (rows: number) => ({
    ...remote.snapshot(),
    latest: async (...[most, also, take, onListed]: Parameters<ReturnType<Remote['snapshot']>['latest']>) => {
      let left = rows;
      const cutting = (change: Parameters<typeof take>[0]): void => {
        if ((left -= 1) < 0) throw new RemoteError({ code: 'offline', reason: 'cut' });
        take(change);
      };
      await remote.snapshot().latest(most, also, cutting, onListed);
    },
  });
  const sizeOf = (entity: string): number => rowsOf(laptop.store, entity).size;
  await expect(look(cutAfter(20))).rejects.toMatchObject({ error: { code: 'offline' } });
  expect(sizeOf('matter')).toBe(0);
  await expect(look(cutAfter(180))).rejects.toMatchObject({ error: { code: 'offline' } });
  expect([sizeOf('matter'), sizeOf('letter') > 0, sizeOf('letter') < 30]).toEqual([30, true, true]);
  expect(sizeOf('letter_update')).toBeGreaterThanOrEqual(sizeOf('letter'));
  laptop.reopen();
  await look();
  expect([sizeOf('matter'), sizeOf('letter'), sizeOf('letter_update')]).toEqual([30, 30, 30]);
});

test('[S10] the copy that is published is the firm whole: nothing of the first look is left that it does not have', async () => {
  const [gone] = [await first(), ...(await pushMatters(colleague, 3))];
  await look();
  firm.rows.get('matter')?.delete(gone.matterId);
  firm.feed.push({ entity: 'matter', entityId: gone.matterId });
  const fresh = makeLaptop();
  await copyInto(fresh.store, remote);
  await copyInto(laptop.store, remote);
  expect(allRows(laptop.store)).toEqual(allRows(fresh.store));
  expect(hasNoCopy(laptop.store)).toBe(false);
  fresh.store.close();
});

describe.each(['by taking the place of the store', 'by what differs'])('what is changed in a first look, published %s', (way) => {
  beforeEach(() => {
    if (way === 'by what differs')
      laptop.store.raw.prepare(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`).run();
  });

  test('[S8][S10] it was made on the revision that was seen: it survives, and collides with what a colleague wrote meanwhile', async () => {
    const [mine, both] = [await first(), await first()];
    await look();
    rename(mine.matterId, 'Mine');
    rename(both.matterId, 'Mine too');
    await colleague.push([patching('matter', both.matterId, 1, { title: 'Theirs', case_reference: 'T-1' })]);
    await copyInto(laptop.store, remote);
    expect(matterRow(mine.matterId)).toMatchObject({ title: 'Mine', revision: 1 });
    expect(matterRow(both.matterId)).toMatchObject({ title: 'Mine too', case_reference: 'T-1', revision: 2 });
    expect(outboxOf(laptop.store).map(({ base_revision: base }) => base)).toEqual([1, 1]);
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    await pullAll();
    expect([matterRow(mine.matterId)?.['title'], matterRow(both.matterId)?.['title']]).toEqual(['Mine', 'Theirs']);
    const inbox = createInbox({ store: laptop.store, write: laptop.write, userId: laptop.userId, onDecided: () => undefined });
    expect(inbox.conflicts()).toHaveLength(1);
  });

  test('[S10] what is sent while the rows are fetched is there when they are published', async () => {
    const { matterId, letterId } = await first();
    await look();
    const updateId = freshId();
    const bodyOf = (): Uint8Array =>
      mergeLetterUpdates(
        [...rowsOf(laptop.store, 'letter_update').values()].map((row) => Buffer.from(String(row['payload']).slice(2), 'hex')),
      );
    const sendUntil = async (): Promise<boolean> => {
      rename(matterId, 'Sent meanwhile');
      const payload = Buffer.from(insertParagraph(bodyOf(), '', 'Typed meanwhile.'));
      must(laptop.write((change) => ok({ done: change.insert('letter_update', { updateId, letterId, payload }) })));
      return (await pushWaiting(laptop.store, remote)).did === 'pushed';
    };
    await copyInto(laptop.store, remote, { sendUntil });
    expect(outboxOf(laptop.store)).toEqual([]);
    expect(matterRow(matterId)).toMatchObject({ title: 'Sent meanwhile', revision: 2 });
    expect(rowsOf(laptop.store, 'letter_update').get(updateId)).toMatchObject({ revision: 1 });
    expect(JSON.stringify(blocksFromLetterBody(bodyOf()))).toContain('Typed meanwhile.');
  });
});

test('[S10] a second look brings what is now, with unsent changes on top, and takes away what is gone', async () => {
  const [kept, gone] = [await first(), await first()];
  await look();
  const made = freshId();
  must(laptop.write((change) => ok({ done: change.insert('matter', { matterId: made, title: 'Made here', status: 'Open' }) })));
  rename(kept.matterId, 'Mine');
  firm.rows.get('matter')?.delete(gone.matterId);
  await colleague.push([patching('matter', kept.matterId, 1, { case_reference: 'T-1' })]);
  await look();
  expect(matterRow(kept.matterId)).toMatchObject({ title: 'Mine', case_reference: 'T-1', revision: 2 });
  expect([matterRow(gone.matterId), matterRow(made)?.['title']]).toEqual([undefined, 'Made here']);
  expect(outboxOf(laptop.store).map(({ base_revision: base }) => base)).toEqual([0, 1]);
});

test('[S10] a matter that was shown stays while it is there, however many others were worked on since', async () => {
  const { matterId } = await first();
  await look();
  await colleague.push(Array.from({ length: 55 }, () => aMatter()));
  await look();
  expect(matterRow(matterId)).toBeDefined();
  expect(rowsOf(laptop.store, 'matter').size).toBe(51);
});

test('[S10][S30] what its user may no longer see goes with the next look', async () => {
  await pushMatters(colleague, 2);
  await look();
  expect(rowsOf(laptop.store, 'fact').size).toBe(4);
  hideFrom(firm, (await remote.whoami()).userId, ['fact']);
  await look();
  expect(rowsOf(laptop.store, 'fact').size).toBe(0);
  expect(rowsOf(laptop.store, 'matter').size).toBe(2);
});

test('control: a look that moved the cursor would pass for a copy, and the rest of the firm would never come', async () => {
  await pushMatters(colleague, 3);
  await colleague.push(Array.from({ length: 55 }, () => aMatter()));
  await look();
  const { view, head } = await remote.pull(0, 1);
  laptop.store.raw.prepare('update sync_state set cursor = ?, view = ?').run(head, view);
  await pullAll();
  const fresh = makeLaptop();
  await copyInto(fresh.store, remote);
  expect([hasNoCopy(laptop.store), rowCount(laptop.store) < rowCount(fresh.store)]).toEqual([false, true]);
  fresh.store.close();
});
