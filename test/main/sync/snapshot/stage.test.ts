import { existsSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Store } from '../../../../src/main/store/store.ts';
import { pullOnce } from '../../../../src/main/sync/pull.ts';
import { RemoteError, type Remote } from '../../../../src/main/sync/remote.ts';
import { draftPathOf } from '../../../../src/main/sync/snapshot/draft.ts';
import type { SnapshotSource, TakeRow } from '../../../../src/main/sync/snapshot/source.ts';
import { allRows, copyInto, rowCount } from '../../../support/copying.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { hideFrom } from '../../../support/fake-snapshot.ts';
import { pushMatters } from '../../../support/firm-with-matters.ts';
import { makeLaptop } from '../../../support/laptop.ts';
import { aMatter, patching } from '../../../support/mutations.ts';

const server = createFakeServer();
let firm: FakeFirm;
let remote: Remote;
let colleague: Remote;

beforeEach(() => {
  firm = server.addFirm();
  remote = server.signIn(firm, 'Attorney');
  colleague = server.signIn(firm, 'Attorney');
});

/** The same firm read by the feed alone. */
async function byTheFeed(): Promise<Record<string, unknown>> {
  const laptop = makeLaptop();
  while ((await pullOnce(laptop.store, remote, () => 0)).more);
  const rows = allRows(laptop.store);
  laptop.store.close();
  return rows;
}

/** A source that breaks off after so many rows, in the middle of whatever it was bringing. */
function breaking(source: SnapshotSource, rowsLeft: { n: number }): SnapshotSource {
  return {
    ...source,
    async read(range, take) {
      const counting: TakeRow = (values, unknown) => {
        if (rowsLeft.n === 0) throw new RemoteError({ code: 'offline', reason: 'cut' });
        rowsLeft.n -= 1;
        take(values, unknown);
      };
      return source.read(range, counting);
    },
  };
}

test('[S10] a first copy is the firm as the feed would have brought it, in one piece', async () => {
  await pushMatters(colleague, 7);
  const laptop = makeLaptop();
  const { progress } = await copyInto(laptop.store, remote);
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  const state = laptop.store.raw.prepare('select cursor, view from sync_state').get();
  expect(state).toEqual({ cursor: firm.feed.length, view: (await remote.pull(0, 1)).view });
  expect(progress.at(-1)).toEqual({ done: 63, total: 63, isResumed: false });
  expect(existsSync(draftPathOf(laptop.path))).toBe(false);
  // and it goes on by the feed
  await colleague.push([aMatter('Later')]);
  expect(await pullOnce(laptop.store, remote, () => 0)).toMatchObject({ more: false, stale: null });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S10] until it is published nothing of it is in the store', async () => {
  await pushMatters(colleague, 3);
  const laptop = makeLaptop();
  const seen: number[] = [];
  await copyInto(laptop.store, remote, { onProgress: () => void seen.push(rowCount(laptop.store)) });
  expect(new Set(seen)).toEqual(new Set([0]));
  expect(rowCount(laptop.store)).toBe(27);
  laptop.store.close();
});

test('[S10] control: rows fetched straight into the store are seen half there', async () => {
  await pushMatters(colleague, 3);
  const laptop = makeLaptop();
  const seen: number[] = [];
  for (let more = true; more;) {
    ({ more } = await pullOnce(laptop.store, { pull: (after) => remote.pull(after, 4) }, () => 0));
    seen.push(rowCount(laptop.store));
  }
  expect(seen.some((rows) => rows > 0 && rows < 27)).toBe(true);
  laptop.store.close();
});

test('[S6] what happens at the firm while rows are read is in the copy', async () => {
  const [first, second] = await pushMatters(colleague, 4);
  const laptop = makeLaptop();
  let reads = 0;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    async read(range, take) {
      reads += 1;
      if (reads === 4)
        await colleague.push([patching('matter', first?.matterId ?? '', 1, { title: 'Renamed meanwhile' }), aMatter('New meanwhile')]);
      if (reads === 8) {
        firm.rows.get('matter')?.delete(second?.matterId ?? '');
        firm.feed.push({ entity: 'matter', entityId: second?.matterId ?? '' });
      }
      return source.read(range, take);
    },
  });
  await copyInto(laptop.store, remote, { through });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S10] wherever the line is cut, what was fetched is not fetched again, and the person is told that it goes on', async () => {
  await pushMatters(colleague, 5);
  const laptop = makeLaptop();
  const fetched: string[] = [];
  const recorded = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    read: (range, take) =>
      source.read(range, (values, unknown) => {
        take(values, unknown);
        fetched.push(`${range.entity.entity} ${String(values[0])}`);
      }),
  });
  let cuts = 0;
  for (let isDone = false; !isDone; cuts += 1) {
    const left = { n: 4 };
    const through = (source: SnapshotSource): SnapshotSource => breaking(recorded(source), left);
    isDone = await copyInto(laptop.store, remote, { through }).then(
      ({ progress }) => {
        expect(progress[0]).toMatchObject({ isResumed: true });
        return true;
      },
      (error: unknown) => {
        expect(error).toMatchObject({ error: { code: 'offline' } });
        return false;
      },
    );
  }
  expect(cuts).toBeGreaterThan(9);
  expect(fetched).toHaveLength(45);
  expect(new Set(fetched).size).toBe(45);
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S10] a crash of the app costs no more than the range it died in', async () => {
  await pushMatters(colleague, 4);
  const laptop = makeLaptop();
  let reads = 0;
  const dying = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    async read(range, take) {
      reads += 1;
      const rows = await source.read(range, take);
      if (reads % 4 === 0) throw new Error('the app died here'); // nothing of this range was committed
      return rows;
    },
  });
  for (let isDone = false; !isDone;) {
    isDone = await copyInto(laptop.store, remote, { through: dying }).then(
      () => true,
      () => false,
    );
    laptop.reopen();
  }
  expect(reads).toBeLessThan(40);
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S6] [S10] a crash while what happened meanwhile is read, or your own work is sent meanwhile: no row is fetched twice', async () => {
  await pushMatters(colleague, 4);
  const laptop = makeLaptop();
  let [rows, pages] = [0, 0];
  const dying = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    async read(range, take) {
      const came = await source.read(range, take);
      rows += came;
      if (rows > 20 && rows - came <= 20) await pushMatters(colleague, 2); // of matters there are all by now: these come with the feed
      return came;
    },
    async pull(after, most) {
      if ((pages += 1) === 3) throw new Error('the app died here');
      return source.pull(after, most);
    },
  });
  await expect(copyInto(laptop.store, remote, { through: dying })).rejects.toThrow('died here');
  laptop.reopen();
  const before = rows;
  const sendUntil = async (fetched: Promise<unknown>): Promise<boolean> => {
    await fetched;
    await pushMatters(colleague, 1);
    return true;
  };
  const { progress } = await copyInto(laptop.store, remote, { through: dying, sendUntil });
  expect([before > 40, rows]).toEqual([true, before]);
  expect(progress[0]).toEqual({ done: before, total: before, isResumed: true });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S10] a crash when the copy is a store already, but for its name: the next one begins anew', async () => {
  await pushMatters(colleague, 4);
  const laptop = makeLaptop();
  const died: Store = {
    ...laptop.store,
    become() {
      throw new Error('the app died here');
    },
  };
  await expect(copyInto(died, remote)).rejects.toThrow('died here');
  laptop.reopen();
  await copyInto(laptop.store, remote);
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S30] what the user may see changes while rows are read: nothing of what was read before is published', async () => {
  await pushMatters(colleague, 4);
  const { userId } = await remote.whoami();
  const laptop = makeLaptop();
  let reads = 0;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    read: (range, take) => {
      reads += 1;
      if (reads === 6) hideFrom(firm, userId, ['fact', 'bill_line']);
      return source.read(range, take);
    },
  });
  await copyInto(laptop.store, remote, { through });
  expect(allRows(laptop.store)['fact']).toEqual({});
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('[S30] permissions that go while one range is read, and are back with the next, leave no hole', async () => {
  await pushMatters(colleague, 6);
  const { userId } = await remote.whoami();
  const laptop = makeLaptop();
  let flips = 0;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    async read(range, take) {
      const isFlipped = range.entity.entity === 'fact' && flips < 3;
      if (!isFlipped) return source.read(range, take);
      flips += 1;
      hideFrom(firm, userId, ['fact']);
      try {
        return await source.read(range, take);
      } finally {
        hideFrom(firm, userId, []);
      }
    },
  });
  const published = await copyInto(laptop.store, remote, { through }).catch((error: unknown) => error);
  // three times was too often: it says so, and nothing of it is there
  expect(published).toMatchObject({ error: { code: 'offline' } });
  expect(rowCount(laptop.store)).toBe(0);
  await copyInto(laptop.store, remote, { through });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('a draft that is not one any more, or of another key, is thrown away and made anew', async () => {
  await pushMatters(colleague, 2);
  const { writeFileSync } = await import('node:fs');
  const laptop = makeLaptop();
  writeFileSync(draftPathOf(laptop.path), 'not a database at all');
  await copyInto(laptop.store, remote);
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test(
  'whichever page of a draft is damaged, it is fetched anew at the latest with the next try, and nothing of the damage is published',
  { timeout: 120_000 },
  async () => {
    await pushMatters(colleague, 2);
    const { readFileSync, writeFileSync } = await import('node:fs');
    const wanted = await byTheFeed();
    const pageBytes = 4096;
    const begun = makeLaptop();
    const left = { n: 8 };
    await copyInto(begun.store, remote, { through: (source) => breaking(source, left) }).catch(() => undefined);
    const draft = readFileSync(draftPathOf(begun.path));
    begun.store.close();
    const pages = draft.length / pageBytes;
    expect(pages).toBeGreaterThan(20);
    let outcomes = { again: 0, atOnce: 0 };
    for (let page = 0; page < pages; page += 3) {
      const laptop = makeLaptop();
      const damaged = Buffer.from(draft);
      damaged.fill(7, page * pageBytes + 100, page * pageBytes + 200);
      writeFileSync(draftPathOf(laptop.path), damaged);
      const first = await copyInto(laptop.store, remote).then(
        () => null,
        (error: unknown) => error,
      );
      if (first !== null) {
        expect(first, String(page)).toMatchObject({ error: { code: 'corrupt' } });
        await copyInto(laptop.store, remote);
      }
      outcomes = first === null ? { ...outcomes, atOnce: outcomes.atOnce + 1 } : { ...outcomes, again: outcomes.again + 1 };
      expect(allRows(laptop.store), String(page)).toEqual(wanted);
      laptop.store.close();
    }
    expect(outcomes.atOnce).toBeGreaterThan(0);
  },
);

test('a server that was restored from a backup makes what was fetched before useless', async () => {
  await pushMatters(colleague, 3);
  const laptop = makeLaptop();
  const left = { n: 10 };
  await expect(copyInto(laptop.store, remote, { through: (source) => breaking(source, left) })).rejects.toMatchObject({
    error: { code: 'offline' },
  });
  firm.feed.splice(5);
  for (const [, table] of firm.rows) for (const id of [...table.keys()].slice(1)) table.delete(id);
  await copyInto(laptop.store, remote);
  expect(Object.keys(allRows(laptop.store)['matter'] ?? {})).toHaveLength(1);
  laptop.store.close();
});

test('stopping is heard between two ranges, and the next start goes on', async () => {
  await pushMatters(colleague, 4);
  const laptop = makeLaptop();
  const stop = new AbortController();
  const onProgress = vi.fn(({ done }: { done: number }) => {
    if (done >= 9) stop.abort();
  });
  await expect(copyInto(laptop.store, remote, { onProgress, signal: stop.signal })).rejects.toMatchObject({ error: { code: 'cancelled' } });
  const { progress } = await copyInto(laptop.store, remote);
  expect(progress[0]).toMatchObject({ isResumed: true });
  expect(progress[0]?.done).toBeGreaterThanOrEqual(9);
  laptop.store.close();
});

test('a firm that cannot be reached at all is said to be that, and the next try begins', async () => {
  await pushMatters(colleague, 1);
  const laptop = makeLaptop();
  let isUp = false;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    plan: () => (isUp ? source.plan() : Promise.reject(new RemoteError({ code: 'offline', reason: 'down' }))),
  });
  await expect(copyInto(laptop.store, remote, { through })).rejects.toMatchObject({ error: { code: 'offline' } });
  isUp = true;
  await copyInto(laptop.store, remote, { through });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});

test('a server that says there is more and brings nothing is not asked for ever', async () => {
  await pushMatters(colleague, 2);
  const laptop = makeLaptop();
  let pulls = 0;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    async pull(after, most) {
      pulls += 1;
      if (pulls > 20) throw new Error('asked for ever');
      return { ...(await source.pull(after, most)), more: true };
    },
  });
  await copyInto(laptop.store, remote, { through });
  expect(allRows(laptop.store)).toEqual(await byTheFeed());
  laptop.store.close();
});
