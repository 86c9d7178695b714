import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshId } from '../../../../src/main/host/ids.ts';
import { findKept, hasFile, readFile, unconfirmedFiles } from '../../../../src/main/sync/files/kept-files.ts';
import { makeRoom } from '../../../../src/main/sync/files/storage.ts';
import type { FirmFiles } from '../../../../src/main/sync/files/firm-files.ts';
import { RemoteError } from '../../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { faultyFiles } from '../../../support/faulty-files.ts';
import { keepOn } from '../../../support/files.ts';
import { carryOnce, nameFile, openFiles, type FilesSeat } from '../../../support/files-seat.ts';
import { makeLaptop, must, type TestLaptop } from '../../../support/laptop.ts';

const server = createFakeServer();
let firm: FakeFirm;
let remote: FirmFiles;
let laptop: TestLaptop;
beforeEach(() => {
  firm = server.addFirm();
  remote = server.signIn(firm, 'Paralegal').files;
  laptop = makeLaptop();
});
afterEach(() => laptop.store.close());

/** Files of 300 MB by their names only: the budget goes by what the store says of them. */
const large = 300_000_000;
function pretendLarge(hash: string): void {
  laptop.store.raw.prepare('update blob set size_bytes = ? where content_hash = ?').run(large, hash);
}
/** Some files that the firm has, the first opened longest ago. */
async function confirmed(count: number): Promise<string[]> {
  const hashes = Array.from({ length: count }, () => keepOn(laptop, randomBytes(100)));
  await carryOnce(openFiles(laptop, remote));
  expect(unconfirmedFiles(laptop.store)).toEqual([]);
  hashes.forEach(pretendLarge);
  return hashes;
}
const here = (hashes: string[]): boolean[] => hashes.map((hash) => hasFile(laptop.store, hash));

describe('the budget', () => {
  test('[S23] files opened longest ago go first, and only as many as have to; opened again, they come back', async () => {
    const hashes = await confirmed(5);
    expect(readFile(laptop.store, hashes[0] ?? '')).not.toBeNull();
    const seat = openFiles(laptop, remote, { lockedBudgetGb: 1 });
    await carryOnce(seat);
    expect(here(hashes)).toEqual([true, false, false, true, true]);
    expect(seat.files.storage()).toMatchObject({ usedBytes: 3 * large, budgetGb: 1, problem: null });
    expect((await seat.files.fetch(hashes[1] ?? '')).ok).toBe(true);
  });

  test('[S23] a file that the firm has not confirmed is never given back', async () => {
    const mine = keepOn(laptop, randomBytes(100));
    const refusing: FirmFiles = { ...remote, begin: () => Promise.reject(new RemoteError({ code: 'forbidden', what: 'x', reason: 'x' })) };
    const hashes = await confirmed(2); // these lines are whole, so `mine` is there as well
    laptop.store.raw.prepare('update blob set uploaded = 0 where content_hash = ?').run(mine);
    firm.files.delete(mine);
    pretendLarge(mine);
    laptop.store.raw.prepare('update blob set size_bytes = 2000000000 where content_hash = ?').run(mine);
    const seat = openFiles(laptop, refusing, { lockedBudgetGb: 1 });
    await carryOnce(seat);
    expect(here([mine, ...hashes])).toEqual([true, false, false]);
    expect(seat.files.storage()).toMatchObject({ unconfirmedCount: 1, unconfirmedBytes: 2_000_000_000 });
  });

  test('[S23] what the firm has lost since is not given back but sent again', async () => {
    const hashes = await confirmed(5);
    firm.files.clear(); // restored from a backup of before
    expect(must(await makeRoom({ store: laptop.store, firm: remote, budgetGb: 0, busy: [], neededBytes: 0 }))).toMatchObject({
      isRoom: false,
    });
    expect(here(hashes)).toEqual([true, true, true, true, true]);
    expect(unconfirmedFiles(laptop.store)).toHaveLength(5);
    hashes.forEach((hash) => laptop.store.raw.prepare('update blob set size_bytes = 100 where content_hash = ?').run(hash));
    await carryOnce(openFiles(laptop, remote));
    expect([...firm.files.values()].every(({ isComplete }) => isComplete)).toBe(true);
    expect(firm.files.size).toBe(5);
  });

  test('[S23] control: gone by the budget alone, that file is lost', async () => {
    const [only = ''] = await confirmed(1);
    firm.files.clear();
    must(await makeRoom({ store: laptop.store, firm: remote, budgetGb: 0, busy: [], neededBytes: 0, asksTheFirm: false }));
    expect(hasFile(laptop.store, only)).toBe(false);
    expect(await openFiles(laptop, remote).files.fetch(only)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('[S23] a file that nobody has hashed as a whole goes only from a laptop that sent it or read it back', async () => {
    const unhashed = createFakeServer({ files: { mostHashedBytes: 10 } });
    firm = unhashed.addFirm();
    remote = unhashed.signIn(firm, 'Paralegal').files;
    const [sent = '', told = ''] = await confirmed(2);
    laptop.store.raw.prepare('update blob set is_proved = 0 where content_hash = ?').run(told);
    await carryOnce(openFiles(laptop, remote, { lockedBudgetGb: 1 }));
    expect(must(await makeRoom({ store: laptop.store, firm: remote, budgetGb: 0, busy: [], neededBytes: 0 }))).toMatchObject({
      isRoom: false,
    });
    expect(here([sent, told])).toEqual([false, true]);
  });

  test('[S23] without a line nothing goes', async () => {
    const hashes = await confirmed(5);
    const away: FirmFiles = { ...remote, states: () => Promise.reject(new RemoteError({ code: 'offline', reason: 'x' })) };
    await carryOnce(openFiles(laptop, away, { lockedBudgetGb: 1 }));
    expect(here(hashes)).toEqual([true, true, true, true, true]);
  });

  test('is the person’s to set, unless the firm has set it', async () => {
    const own = openFiles(laptop, remote);
    expect(own.files.storage()).toMatchObject({ budgetGb: 20, isLocked: false });
    must(own.files.setBudget(3));
    await own.files.idle();
    expect(openFiles(laptop, remote).files.storage()).toMatchObject({ budgetGb: 3, isLocked: false });
    const locked = openFiles(laptop, remote, { lockedBudgetGb: 7 });
    expect(locked.files.storage()).toMatchObject({ budgetGb: 7, isLocked: true });
    expect(locked.files.setBudget(3)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

test('[S20] each run asks once about all files, and what the firm has lost since is sent again', async () => {
  const hashes = await confirmed(3);
  firm.files.delete(hashes[1] ?? ''); // it was restored from a backup of before
  hashes.forEach((hash) => laptop.store.raw.prepare('update blob set size_bytes = 100 where content_hash = ?').run(hash));
  const line = faultyFiles(remote, ['request_lost']);
  const seat = openFiles(laptop, line.files);
  await carryOnce(seat);
  await carryOnce(seat);
  await carryOnce(seat);
  expect(line.calls.filter((call) => call === 'states')).toHaveLength(2);
  expect(line.calls.filter((call) => call.startsWith('put'))).toHaveLength(1);
  expect(unconfirmedFiles(laptop.store)).toEqual([]);
});

test('[S23] what is given back leaves the disk', async () => {
  const hash = keepOn(laptop, randomBytes(40_000_000));
  const seat = openFiles(laptop, remote, { lockedBudgetGb: 1 });
  await carryOnce(seat);
  const pages = (): number => Number(laptop.store.raw.pragma('page_count', { simple: true }));
  const before = pages();
  laptop.store.raw.prepare('update blob set size_bytes = 2000000000').run();
  await carryOnce(seat);
  expect(hasFile(laptop.store, hash)).toBe(false);
  expect(pages()).toBeLessThan(before / 2);
});

describe('a pinned matter', () => {
  const matterId = freshId();
  let contents: Buffer[];
  let hashes: string[];
  let seat: FilesSeat;
  beforeEach(async () => {
    const other = makeLaptop();
    contents = Array.from({ length: 3 }, () => randomBytes(1000));
    hashes = contents.map((bytes) => keepOn(other, bytes));
    await carryOnce(openFiles(other, remote));
    other.store.close();
    for (const bytes of contents) nameFile(laptop, bytes, matterId);
    seat = openFiles(laptop, remote);
  });

  test('[S23] its files come by themselves, those that are added later too, and stay', async () => {
    await carryOnce(seat);
    expect(here(hashes)).toEqual([false, false, false]);
    must(seat.files.pin(matterId, true));
    await seat.files.idle();
    expect(here(hashes)).toEqual([true, true, true]);
    hashes.forEach(pretendLarge);
    const others = await confirmed(3);
    await carryOnce(openFiles(laptop, remote, { lockedBudgetGb: 1 }));
    expect(here(hashes)).toEqual([true, true, true]);
    expect(here(others)).toEqual([false, false, false]);
    expect(seat.files.storage()).toMatchObject({ pinnedMatters: 1, pinnedBytes: 3 * large });
    // control: unpinned they are as any other
    must(seat.files.pin(matterId, false));
    await carryOnce(openFiles(laptop, remote, { lockedBudgetGb: 1 }));
    hashes.forEach((hash) => expect(findKept(laptop.store, hash) === undefined || usedGb() <= 1).toBe(true));
  });
  const usedGb = (): number => seat.files.storage().usedBytes / 1e9;

  test('[S23] does not fill the disk, nor more than the budget, and says so', async () => {
    const full = openFiles(laptop, remote, { freeBytes: 999_999_999 });
    must(full.files.pin(matterId, true));
    await full.files.idle();
    expect(here(hashes)).toEqual([false, false, false]);
    expect(full.files.storage().problem).toMatchObject({ code: 'full', reason: expect.stringContaining('free some disk space') });
    // opened, it comes all the same
    expect((await full.files.fetch(hashes[0] ?? '')).ok).toBe(true);
    laptop.store.raw.prepare('update document set file_size = 2000000000 where content_hash <> ?').run(hashes[0]);
    const small = openFiles(laptop, remote, { lockedBudgetGb: 1 });
    await carryOnce(small);
    expect(here(hashes)).toEqual([true, false, false]);
    expect(small.files.storage().problem).toMatchObject({ code: 'full', reason: expect.stringContaining('unpin a matter') });
  });

  test('what a person stopped does not come by itself until the matter is pinned again', async () => {
    seat.files.want(hashes[0] ?? '', 1000);
    must(await seat.files.cancel(hashes[0] ?? ''));
    laptop.store.raw.prepare('insert into matter_pin values (?, 0)').run(matterId);
    await carryOnce(seat);
    expect(here(hashes)).toEqual([false, true, true]);
    must(seat.files.pin(matterId, false));
    must(seat.files.pin(matterId, true));
    await seat.files.idle();
    expect(here(hashes)).toEqual([true, true, true]);
  });
});

test('[S23] a disk that is full while a file comes is said; nothing is lost, and it comes when there is room', async () => {
  const other = makeLaptop();
  const bytes = randomBytes(3_000_000);
  const hash = keepOn(other, bytes);
  await carryOnce(openFiles(other, remote));
  other.store.close();
  const kept = keepOn(laptop, randomBytes(10));
  const pages = Number(laptop.store.raw.pragma('page_count', { simple: true }));
  laptop.store.raw.pragma(`max_page_count = ${String(pages + 200)}`);
  const seat = openFiles(laptop, remote);
  expect(await seat.files.fetch(hash)).toMatchObject({ ok: false, error: { code: 'full' } });
  expect(hasFile(laptop.store, kept)).toBe(true);
  laptop.store.raw.pragma(`max_page_count = ${String(pages + 100_000)}`);
  expect((await seat.files.fetch(hash)).ok).toBe(true);
});
