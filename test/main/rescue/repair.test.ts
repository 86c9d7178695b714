import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { accountFiles } from '../../../src/main/rescue/account-files.ts';
import { readJournal } from '../../../src/main/rescue/journal.ts';
import { readRescue } from '../../../src/main/rescue/read-rescue.ts';
import { repairCopy, type RepairInput } from '../../../src/main/rescue/repair.ts';
import { makeRecoveryKey } from '../../../src/main/rescue/seal.ts';
import { caseFolder, laptopPolicy } from '../../../src/main/store/schema.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { readFile as readKept } from '../../../src/main/sync/files/kept-files.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import { flipBit, pagesOf, type PageOf } from '../../support/damage.ts';
import { makeHost } from '../../support/fake-host.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, storeKey, testFolder } from '../../support/laptop.ts';
import { leaveWork } from '../../support/unsynced-work.ts';

const key = await makeRecoveryKey();
const accountKey = 'ab'.repeat(16);
const server = createFakeServer();
const firm = server.addFirm();

/** A store in use: rows that the firm has, and work that it does not have, both over many pages. */
let original: string;
let changes: string[];
let pages: PageOf[];
let work: ReturnType<typeof leaveWork>;
let deviceId: string;
beforeAll(async () => {
  original = join(testFolder(), freshId(), 'steno.db');
  await mkdir(join(original, '..'), { recursive: true });
  const laptop = makeLaptop(original);
  ({ deviceId } = laptop);
  const remote = server.signIn(firm, 'Attorney', deviceId);
  const addMatters = (count: number, title: string): void =>
    void must(
      laptop.write(({ insert }) => {
        for (let n = 0; n < count; n += 1)
          insert('matter', { matterId: freshId(), title: `${title} ${String(n)} ${'x'.repeat(150)}`, status: 'Open' });
        return ok({});
      }),
    );
  addMatters(200, 'At the firm');
  while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
  while ((await pullOnce(laptop.store, remote, () => 0)).more);
  addMatters(100, 'Not there yet');
  work = leaveWork(laptop);
  laptop.store.db.insert(laptopPolicy).values({ only: 1, recoveryKey: key.publicKey, seenAt: 7 }).run();
  laptop.store.db.insert(caseFolder).values({ matterId: work.matterId, folder: '/cases/rivera', addedAt: 1 }).run();
  changes = outboxOf(laptop.store).map((row) => row.mutation_id);
  pages = pagesOf(laptop.store);
  laptop.store.close();
});

async function damagedMachine(...damaged: number[]) {
  const host = makeHost(() => Date.UTC(2026, 0, 2, 12));
  const files = accountFiles(host, accountKey);
  await mkdir(files.folder, { recursive: true });
  await cp(original, files.store);
  await writeFile(files.recoveryKey, key.publicKey);
  for (const page of damaged) flipBit(files.store, page);
  await host.secrets.set(files.storeKeySecret, storeKey);
  const input = (over: Partial<RepairInput> = {}): RepairInput => ({ host, accountKey, ...over });
  return { host, files, input };
}
type Machine = Awaited<ReturnType<typeof damagedMachine>>;

/** What is in the new copy's outbox and in the rescue file. */
async function savedOf({ host, files }: Machine): Promise<{ outbox: string[]; file: string[]; unreadable: number }> {
  const store = must(openStore(files.store, storeKey));
  expect(store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
  const outbox = outboxOf(store).map((row) => row.mutation_id);
  store.close();
  const [name] = existsSync(host.paths.rescue) ? readdirSync(host.paths.rescue) : [];
  const read = name === undefined ? null : must(await readRescue(join(host.paths.rescue, name), key.secret));
  return { outbox, file: read?.changes.map(({ mutation }) => mutation.mutationId) ?? [], unreadable: read?.counts.unreadable ?? 0 };
}

test('a sound store comes through whole: work, files, who may open it, folders it watches; the old one is kept', async () => {
  const on = await damagedMachine();
  const journal = must(await repairCopy(on.input()));
  expect(journal).toMatchObject({
    why: 'damaged',
    step: 'done',
    report: { rescue: 'file', changes: changes.length, files: 1, unreadable: 0 },
  });
  expect(await savedOf(on)).toEqual({ outbox: changes, file: changes, unreadable: 0 });
  const store = must(openStore(on.files.store, storeKey));
  expect(store.raw.prepare('select device_id, cursor from sync_state').get()).toEqual({ device_id: deviceId, cursor: 0 });
  expect(store.raw.prepare('select verifier from local_account').get()).toEqual({ verifier: 'x:y' });
  expect(store.raw.prepare('select folder from case_folder').all()).toEqual([{ folder: '/cases/rivera' }]);
  expect(store.raw.prepare('select recovery_key, seen_at from laptop_policy').get()).toEqual({ recovery_key: key.publicKey, seen_at: 7 });
  expect(Buffer.from(readKept(store, work.contentHash) ?? [])).toEqual(work.bytes);
  store.close();
  must(openStore(join(journal.keptPath, 'steno.db'), storeKey)).close();
});

test('[S27] then the firm takes the work once, and gives the rest', async () => {
  const on = await damagedMachine();
  must(await repairCopy(on.input()));
  const store = must(openStore(on.files.store, storeKey));
  const remote = server.signIn(firm, 'Attorney', deviceId);
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
  expect(rowsOf(store, 'matter').size).toBe(301);
  expect(outboxOf(store).map(({ state }) => state)).toEqual(['dead']); // it was refused before
  expect([...firm.judged.values()].every((times) => times === 1)).toBe(true);
  store.close();
});

const isSchema = ({ name }: PageOf): boolean => name === 'sqlite_schema' || name === 'sqlite_master';

test('[S27] [R14] a bit that turned over in a page of any table or index but the outbox costs no work', async () => {
  const last = new Map(pages.filter((page) => !isSchema(page) && page.name !== 'outbox').map((page) => [page.name, page.page]));
  expect(last.size).toBeGreaterThan(40);
  const all = [...last];
  for (let at = 0; at < all.length; at += 6) {
    const hit = all.slice(at, at + 6);
    const on = await damagedMachine(...hit.map(([, page]) => page));
    must(await repairCopy(on.input()));
    const { outbox, file } = await savedOf(on);
    expect({ outbox, file }, hit.map(([name]) => name).join()).toEqual({ outbox: changes, file: changes });
  }
}, 60_000);

test('[S27] [R14] a bit in any page of the outbox costs what stood on that page and nothing else', async () => {
  let lostRows = 0;
  for (const { page, kind } of pages.filter(({ name }) => name === 'outbox')) {
    const on = await damagedMachine(page);
    const { report } = must(await repairCopy(on.input()));
    const saved = await savedOf(on);
    const lost = changes.filter((id) => !saved.outbox.includes(id));
    const where = `${kind} page ${String(page)}`;
    expect(saved.file, where).toEqual(saved.outbox);
    expect(saved.outbox, where).toEqual(changes.filter((id) => !lost.includes(id)));
    expect(report?.unreadable, where).toBeGreaterThan(0);
    if (kind !== 'internal') expect(lost.length, where).toBeLessThanOrEqual(kind === 'leaf' ? 20 : 1);
    lostRows += lost.length;
  }
  expect(lostRows).toBeGreaterThanOrEqual(changes.length); // control: the bits that were flipped mattered
}, 60_000);

test('where the schema itself cannot be read nothing can: said so, and nothing is changed', async () => {
  for (const { page } of pages.filter(isSchema)) {
    const on = await damagedMachine(page);
    expect(await repairCopy(on.input())).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect([existsSync(on.files.store), await readJournal(on.host, accountKey)]).toEqual([true, null]);
  }
}, 60_000);

test('several pages at once, the index of the outbox among them', async () => {
  const of = (name: string): number[] => pages.filter((page) => page.name === name && page.kind === 'leaf').map(({ page }) => page);
  const outbox = of('outbox');
  const on = await damagedMachine(
    ...[outbox[1], outbox[4], outbox[5], of('outbox_entity_idx')[0], of('matter')[0]].filter((page) => page !== undefined),
  );
  must(await repairCopy(on.input()));
  const { outbox: saved } = await savedOf(on);
  expect(saved.length).toBeGreaterThan(changes.length - 60);
  expect(saved.length).toBeLessThan(changes.length);
});

class Crash extends Error {}

describe('a crash while a copy is repaired', () => {
  test('anywhere: the next start goes on, nothing is lost and nothing is there twice', async () => {
    const names: string[] = [];
    must(await repairCopy((await damagedMachine()).input({ checkpoint: (name) => void names.push(name) })));
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const at of names.keys()) {
      const on = await damagedMachine();
      let seen = 0;
      const checkpoint = (): void => {
        if (seen++ === at) throw new Crash();
      };
      await expect(repairCopy(on.input({ checkpoint }))).rejects.toThrow(Crash);
      const journal = must(await repairCopy(on.input()));
      expect(journal.step, names[at]).toBe('done');
      expect(await savedOf(on), names[at]).toEqual({ outbox: changes, file: changes, unreadable: 0 });
      expect(readdirSync(on.files.folder), names[at]).toEqual(['escrow.pub', 'steno.db']);
      expect((await readFile(join(journal.keptPath, 'steno.db'))).length, names[at]).toBe((await readFile(original)).length);
    }
  });
});
