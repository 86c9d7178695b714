import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result.ts';
import type { SyncStatus } from '../../../../src/shared/sync.ts';
import { freshId } from '../../../../src/main/host/ids.ts';
import type { SyncLoop } from '../../../../src/main/sync/loop.ts';
import { RemoteError, type Remote } from '../../../../src/main/sync/remote.ts';
import { draftPathOf } from '../../../../src/main/sync/snapshot/draft.ts';
import type { Published } from '../../../../src/main/sync/snapshot/publish.ts';
import { stageSnapshot } from '../../../../src/main/sync/snapshot/stage.ts';
import { createCopier } from '../../../../src/main/sync/snapshot/take.ts';
import { aLoop } from '../../../support/a-loop.ts';
import { allRows, copyInto } from '../../../support/copying.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { compactFakeFeed, hideFrom } from '../../../support/fake-snapshot.ts';
import { pushMatters, type FilledMatter } from '../../../support/firm-with-matters.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../../support/laptop.ts';
import { aMatter, patching } from '../../../support/mutations.ts';
import { createVirtualTimers, type VirtualTimers } from '../../../support/virtual-timers.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let colleague: Remote;
let matters: FilledMatter[];
let time: VirtualTimers;
let loop: SyncLoop | null = null;
let copies: Published[];
let seen: SyncStatus[];

/** How a copy is published: in the store's place, or into it where the user's files make it too large to be replaced. */
const ways = ['by taking the place of the store', 'by what differs'];
const enlarge = (): void =>
  void laptop.store.raw.prepare(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`).run();

beforeEach(async () => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  colleague = server.signIn(firm, 'Attorney');
  time = createVirtualTimers(1_000_000);
  [copies, seen] = [[], []];
  matters = await pushMatters(colleague, 3);
});
afterEach(async () => {
  await loop?.stop();
  loop = null;
  laptop.store.close();
});

function start(line = remote): SyncLoop {
  loop = aLoop(laptop, line, {
    now: time.now,
    timers: time,
    copier: createCopier(laptop.store, (order) => stageSnapshot({ ...order, rangeRows: 3, source: line.snapshot() })),
    onStatus: (status) => void seen.push(status),
    onCopied: (published) => void copies.push(published),
  });
  return loop;
}
async function stop(): Promise<void> {
  await loop?.stop();
  loop = null;
}
const matterAt = (n: number): FilledMatter => {
  const matter = matters[n];
  if (!matter) throw new Error('no such matter');
  return matter;
};
const matterRow = (id: string) => rowsOf(laptop.store, 'matter').get(id);
const rename = (id: string, title: string): void =>
  void must(laptop.write((change) => ok({ done: change.patch('matter', id, { title }) })));
const remove = (id: string): void => {
  firm.rows.get('matter')?.delete(id);
  firm.feed.push({ entity: 'matter', entityId: id });
};
/** Every page of the file as the key opens it, those that are free too. */
const fileText = (): string => laptop.store.raw.serialize().toString('latin1');
async function asTheFirmHasIt(): Promise<ReturnType<typeof allRows>> {
  const fresh = makeLaptop();
  await copyInto(fresh.store, remote);
  const rows = allRows(fresh.store);
  fresh.store.close();
  return rows;
}

test('[S10] a first sync ends with the firm whole, says what it is about until then, and once that all is new', async () => {
  await colleague.push(Array.from({ length: 60 }, () => aMatter()));
  expect(await start().now()).toMatchObject({ phase: 'synced', isPartial: false, copy: null });
  expect(allRows(laptop.store)).toEqual(await asTheFirmHasIt());
  expect(copies).toMatchObject([{ isAll: true }]);
  const during = seen.filter(({ copy }) => copy);
  expect(during.every(({ isPartial, phase, copy }) => isPartial === true && phase === 'syncing' && copy?.why === 'first')).toBe(true);
  expect(during.length).toBeGreaterThan(5);
  expect(seen.filter(({ copy, isPartial }) => !copy && isPartial === false).length).toBeGreaterThan(0);
});

test('[S10] without a line before the rest is here it says so, keeps what was shown, and goes on where it stopped', async () => {
  let left = 12;
  const breaking: Remote = {
    ...remote,
    snapshot() {
      const source = remote.snapshot();
      return {
        ...source,
        read: (range, take) =>
          source.read(range, (values, unknown) => {
            if ((left -= 1) < 0) throw new RemoteError({ code: 'offline', reason: 'cut' });
            take(values, unknown);
          }),
      };
    },
  };
  expect(await start(breaking).now()).toMatchObject({ phase: 'offline', isPartial: true, copy: null });
  expect(rowsOf(laptop.store, 'matter').size).toBe(3);
  expect(existsSync(draftPathOf(laptop.path))).toBe(true);
  rename(matterAt(0).matterId, 'Written meanwhile');
  left = Infinity;
  seen = [];
  await time.pass(60_000);
  expect(loop?.status()).toMatchObject({ phase: 'synced', isPartial: false, waiting: 0 });
  expect(seen.some(({ copy }) => copy?.isResumed === true)).toBe(true);
  expect(matterRow(matterAt(0).matterId)).toMatchObject({ title: 'Written meanwhile', revision: 2 });
});

test('[S10] the rest is fetched while the matters last worked on come; until all of those are here nothing is sent and nothing published', async () => {
  const [looked, fetched] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()];
  let sent = 0;
  const slow: Remote = {
    ...remote,
    push(batch) {
      sent += batch.length;
      return remote.push(batch);
    },
    snapshot() {
      const source = remote.snapshot();
      return {
        ...source,
        async latest(...look) {
          await source.latest(...look);
          await looked.promise;
        },
        async pull(...page) {
          const came = await source.pull(...page);
          fetched.resolve(null);
          return came;
        },
      };
    },
  };
  const ended = start(slow).now();
  await fetched.promise;
  rename(matterAt(0).matterId, 'Written meanwhile');
  loop?.nudge();
  await time.pass(30_000);
  expect([sent, copies.length, loop?.status().waiting, loop?.status().isPartial]).toEqual([0, 0, 1, true]);
  looked.resolve(null);
  expect(await ended).toMatchObject({ phase: 'synced', isPartial: false, waiting: 0 });
  expect([sent, copies.length]).toEqual([1, 1]);
  expect(matterRow(matterAt(0).matterId)).toMatchObject({ title: 'Written meanwhile', revision: 2 });
});

describe.each(ways)('published %s', (way) => {
  beforeEach(async () => {
    if (way === 'by what differs') enlarge();
    await start().now();
    copies = [];
  });

  test('[S6] months away and below the feed’s floor: what went is gone, what was written here goes to the firm', async () => {
    await stop();
    const [gone, renamed, kept] = [matterAt(0), matterAt(1), matterAt(2)];
    rename(kept.matterId, 'Mine');
    rename(renamed.matterId, 'Mine too');
    const made = freshId();
    must(laptop.write((change) => ok({ done: change.insert('matter', { matterId: made, title: 'Made here', status: 'Open' }) })));
    remove(gone.matterId);
    await colleague.push([patching('matter', renamed.matterId, 1, { case_reference: 'T-1' })]);
    compactFakeFeed(firm, firm.feed.length);
    expect(firm.floor).toBeGreaterThan(0);
    expect(await start().now()).toMatchObject({ phase: 'synced', waiting: 0, deadLetters: 0, problem: null });
    expect(copies).toHaveLength(1);
    expect(seen.some(({ copy, isPartial }) => copy?.why === 'away' && isPartial === false)).toBe(true);
    expect([matterRow(gone.matterId), firm.rows.get('matter')?.has(gone.matterId)]).toEqual([undefined, false]);
    expect(matterRow(renamed.matterId)).toMatchObject({ title: 'Mine too', case_reference: 'T-1' });
    expect([matterRow(kept.matterId)?.['title'], matterRow(made)?.['title']]).toEqual(['Mine', 'Made here']);
    expect(allRows(laptop.store)).toEqual(await asTheFirmHasIt());
  });

  test('[S30] out of sight is out of the file: no page of it holds the words any more; in sight again they are back', async () => {
    const { userId } = await remote.whoami();
    expect(fileText()).toContain('er 1.pdf');
    hideFrom(firm, userId, ['document', 'page']);
    expect(await loop?.now()).toMatchObject({ phase: 'synced', problem: null });
    expect(copies).toHaveLength(1);
    expect(rowsOf(laptop.store, 'document').size).toBe(0);
    expect(fileText()).not.toContain('er 1.pdf');
    expect(fileText()).toContain('Matter 1');
    hideFrom(firm, userId, []);
    expect(await loop?.now()).toMatchObject({ phase: 'synced' });
    expect(rowsOf(laptop.store, 'document').size).toBe(3);
    expect(allRows(laptop.store)).toEqual(await asTheFirmHasIt());
  });

  test('[S30] [S12] what was written before the rows went out of sight is for the firm to judge', async () => {
    await stop();
    rename(matterAt(1).matterId, 'Written before');
    hideFrom(firm, (await remote.whoami()).userId, ['matter']);
    expect(await start().now()).toMatchObject({ phase: 'synced', waiting: 0 });
    expect(rowsOf(laptop.store, 'matter').size).toBe(0);
    expect(firm.rows.get('matter')?.get(matterAt(1).matterId)?.row['title']).toBe('Written before');
    expect(outboxOf(laptop.store)).toEqual([]);
  });
});

test('control: a laptop that takes no heed of the floor keeps what the firm has no more', async () => {
  await start().now();
  await stop();
  remove(matterAt(0).matterId);
  compactFakeFeed(firm, firm.feed.length);
  await start({ ...remote, pull: async (after, most) => ({ ...(await remote.pull(after, most)), floor: 0 }) }).now();
  expect([copies.length, matterRow(matterAt(0).matterId)?.['title']]).toEqual([1, 'Matter 0']);
});

test('control: without secure deletion the words of rows that went stay in the file’s free pages', async () => {
  enlarge();
  await start().now();
  laptop.store.raw.pragma('secure_delete = off');
  hideFrom(firm, (await remote.whoami()).userId, ['document', 'page']);
  await loop?.now();
  expect(rowsOf(laptop.store, 'document').size).toBe(0);
  expect(fileText()).toContain('er 1.pdf');
});
