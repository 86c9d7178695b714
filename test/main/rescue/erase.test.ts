import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import type { Host } from '../../../src/main/host/host.ts';
import { accountFiles } from '../../../src/main/rescue/account-files.ts';
import { eraseCopy, type EraseInput } from '../../../src/main/rescue/erase.ts';
import { readJournal } from '../../../src/main/rescue/journal.ts';
import { readRescue } from '../../../src/main/rescue/read-rescue.ts';
import { makeRecoveryKey } from '../../../src/main/rescue/seal.ts';
import { keepSealedKey, openSealedKey } from '../../../src/main/rescue/sealed-key.ts';
import { writeRescue } from '../../../src/main/rescue/write-rescue.ts';
import { exportFile, laptopPolicy } from '../../../src/main/store/schema.ts';
import { openStore } from '../../../src/main/store/store.ts';
import type { Erased } from '../../../src/main/sync/laptop-line.ts';
import { RemoteError } from '../../../src/main/sync/remote.ts';
import { makeHost } from '../../support/fake-host.ts';
import { makeLaptop, must, storeKey } from '../../support/laptop.ts';
import { leaveWork } from '../../support/unsynced-work.ts';

const key = await makeRecoveryKey();
const accountKey = 'ab'.repeat(16);
const other = 'cd'.repeat(16);

/** A machine with two accounts; the first has work that its firm does not have. */
async function machine({ recoveryKey = key.publicKey, hasWork = true }: { recoveryKey?: string | null; hasWork?: boolean } = {}) {
  const host = makeHost(() => Date.UTC(2026, 0, 2, 12));
  for (const account of [accountKey, other]) {
    const files = accountFiles(host, account);
    await mkdir(files.folder, { recursive: true });
    const laptop = makeLaptop(files.store);
    if (account === accountKey) {
      laptop.store.db.insert(laptopPolicy).values({ only: 1, recoveryKey }).run();
      if (hasWork) leaveWork(laptop);
      await mkdir(host.paths.exports);
      for (const path of [join(host.paths.exports, 'Demand DRAFT.docx'), join(host.paths.data, 'elsewhere.docx')]) {
        await writeFile(path, 'x');
        laptop.store.db.insert(exportFile).values({ exportId: path, path }).run();
      }
      await writeFile(join(host.paths.exports, 'of a colleague.docx'), 'x');
    }
    laptop.store.close();
    await writeFile(files.place, 'here');
    if (recoveryKey !== null) await keepSealedKey(files.sealedKey, { accountKey: account, storeKey, publicKey: recoveryKey });
    await host.secrets.set(files.storeKeySecret, storeKey);
    await host.secrets.set(files.sessionSecret, `token of ${account}`);
    await host.secrets.set(files.assistantKeys, `keys of ${account}`);
  }
  await writeFile(join(host.paths.data, 'steno.log'), 'x');
  const told: Erased[] = [];
  const input = (over: Partial<EraseInput> = {}): EraseInput => ({
    ...{ host, accountKey, place: 'here' },
    tell: (report) => Promise.resolve(void told.push(report)),
    ...over,
  });
  return { host, files: accountFiles(host, accountKey), told, input };
}
type Machine = Awaited<ReturnType<typeof machine>>;

async function rescued({ host }: Machine): Promise<number> {
  const isFolder = statSync(host.paths.rescue, { throwIfNoEntry: false })?.isDirectory() === true;
  const names = isFolder ? readdirSync(host.paths.rescue).filter((name) => name.endsWith('.age')) : [];
  const [name] = names;
  if (names.length > 1) throw new Error(`more than one rescue file: ${names.join()}`);
  if (name === undefined) return 0;
  const read = await readRescue(join(host.paths.rescue, name), key.secret);
  return read.ok ? read.value.changes.length : 0;
}

/** Whether the work can still be had: from the copy and its key, from a rescue file, or from a locked copy. */
async function isWorkSafe(on: Machine): Promise<boolean> {
  if ((await on.host.secrets.get(on.files.storeKeySecret)) !== null && existsSync(on.files.store)) {
    const opened = openStore(on.files.store, storeKey);
    if (!opened.ok) return false;
    const { n } = opened.value.raw.prepare('select count(*) as n from outbox').get() as { n: number };
    opened.value.close();
    if (n === 5) return true;
  }
  if ((await rescued(on)) === 5) return true;
  for (const folder of [on.files.folder, ...sealedCopies(on.host)]) {
    const opened = await openSealedKey(join(folder, 'store.escrow'), key.secret);
    if (opened.ok && opened.value === storeKey && existsSync(join(folder, 'steno.db'))) return true;
  }
  return false;
}

function sealedCopies(host: Host): string[] {
  const folder = join(host.paths.data, 'sealed');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

async function expectErased({ host, files }: Machine, isRead = true): Promise<void> {
  expect([existsSync(files.folder), existsSync(join(host.paths.data, 'steno.log'))]).toEqual([false, false]);
  const secrets = [files.storeKeySecret, files.sessionSecret, files.lastSessionSecret, files.assistantKeys];
  for (const name of secrets) expect(await host.secrets.get(name), name).toBeNull();
  // which exports were its own stands in the copy: where that could not be read they are left
  expect(readdirSync(host.paths.exports)).toEqual([...(isRead ? [] : ['Demand DRAFT.docx']), 'of a colleague.docx']);
  expect(existsSync(join(host.paths.data, 'elsewhere.docx'))).toBe(true);
  // the other account of this laptop is as it was
  const others = accountFiles(host, other);
  must(openStore(others.store, (await host.secrets.get(others.storeKeySecret)) ?? '')).close();
  expect(await host.secrets.get(others.sessionSecret)).toBe(`token of ${other}`);
  expect(await host.secrets.get(others.assistantKeys)).toBe(`keys of ${other}`);
}

test('[S24] what the firm does not have is in a sealed file; copy, key, token, exports and log are gone; the firm is told', async () => {
  const on = await machine();
  const journal = await eraseCopy(on.input());
  expect(journal).toMatchObject({ step: 'done', exports: [], report: { rescue: 'file', changes: 5, files: 1, unreadable: 0 } });
  expect(journal.rescuePath).toMatch(/2026-01-02 \d{6} abababab key [0-9A-F]{4}-[0-9A-F]{4}\.age$/);
  expect(await rescued(on)).toBe(5);
  expect(on.told).toEqual([{ rescue: 'file', changes: 5, files: 1 }]);
  await expectErased(on);
});

test('with nothing unsynced no file is written; without a recovery key the work is lost, and the firm hears how much', async () => {
  const idle = await machine({ hasWork: false });
  expect((await eraseCopy(idle.input())).report).toEqual({ rescue: 'nothing', changes: 0, files: 0, unreadable: 0 });
  expect(existsSync(idle.host.paths.rescue)).toBe(false);
  await expectErased(idle);
  const poor = await machine({ recoveryKey: null });
  expect((await eraseCopy(poor.input())).report).toMatchObject({ rescue: 'lost', changes: 5, files: 1 });
  expect(poor.told).toEqual([{ rescue: 'lost', changes: 5, files: 1 }]);
  await expectErased(poor);
});

test('where the file cannot be written the locked copy itself is kept, without its key', async () => {
  const on = await machine();
  await writeFile(on.host.paths.rescue, 'a file where the folder should be');
  const journal = await eraseCopy(on.input());
  expect(journal.report).toMatchObject({ rescue: 'sealed_store', changes: 5, files: 1 });
  expect(sealedCopies(on.host)).toEqual([journal.keptPath]);
  expect(await isWorkSafe(on)).toBe(true);
  await expectErased(on);
});

test('[S26] a copy whose key is gone, or of which nothing can be read, is kept locked where its key is sealed', async () => {
  const keyless = await machine();
  await keyless.host.secrets.delete(keyless.files.storeKeySecret);
  expect((await eraseCopy(keyless.input())).report).toMatchObject({ rescue: 'sealed_store', unreadable: 1 });
  await expectErased(keyless, false);
  const damaged = await machine();
  await writeFile(damaged.files.store, Buffer.alloc(8192, 7));
  expect((await eraseCopy(damaged.input())).report).toMatchObject({ rescue: 'sealed_store' });
  await expectErased(damaged, false);
});

test('a copy that another Steno has open is left alone, with words, and erased the next time', async () => {
  const on = await machine();
  const elsewhere = must(openStore(on.files.store, storeKey));
  expect(await eraseCopy(on.input())).toMatchObject({ step: 'rescuing', problem: { code: 'conflict' } });
  expect([await on.host.secrets.get(on.files.storeKeySecret), existsSync(on.files.store)]).toEqual([storeKey, true]);
  elsewhere.close();
  expect(await eraseCopy(on.input())).toMatchObject({ step: 'done', problem: null, report: { rescue: 'file' } });
  await expectErased(on);
});

test('a firm that cannot be reached is told at a later start, and what is gone is gone already', async () => {
  const on = await machine();
  const offline = (): Promise<void> => Promise.reject(new RemoteError({ code: 'offline', reason: 'x' }));
  expect(await eraseCopy(on.input({ tell: offline }))).toMatchObject({ step: 'telling' });
  expect([existsSync(on.files.folder), await on.host.secrets.get(on.files.lastSessionSecret)]).toEqual([false, `token of ${accountKey}`]);
  expect(await eraseCopy(on.input())).toMatchObject({ step: 'done' });
  expect(on.told).toEqual([{ rescue: 'file', changes: 5, files: 1 }]);
  await expectErased(on);
});

class Crash extends Error {}

/** Every place where the run can end between two steps, found by a run that ends at none. */
async function checkpoints(over: Parameters<typeof machine>[0], spoil: (on: Machine) => Promise<void>): Promise<string[]> {
  const on = await machine(over);
  await spoil(on);
  const names: string[] = [];
  await eraseCopy(on.input({ checkpoint: (name) => void names.push(name) }));
  return names;
}

describe.each<[string, Parameters<typeof machine>[0], (on: Machine) => Promise<void>]>([
  ['into a file', {}, () => Promise.resolve()],
  ['as a locked copy', {}, (on) => writeFile(on.host.paths.rescue, 'x')],
])('a crash anywhere, the work rescued %s', (_what, over, spoil) => {
  test('[S24] leaves the work safe, and the next start ends what was begun', async () => {
    const names = await checkpoints(over, spoil);
    expect(names.length).toBeGreaterThanOrEqual(7);
    for (const at of names.keys()) {
      const on = await machine(over);
      await spoil(on);
      let seen = 0;
      const checkpoint = (): void => {
        if (seen++ === at) throw new Crash();
      };
      await expect(eraseCopy(on.input({ checkpoint }))).rejects.toThrow(Crash);
      expect(await isWorkSafe(on), `after ${names[at] ?? ''}`).toBe(true);
      if (names.indexOf('key removed') <= at) expect(await on.host.secrets.get(on.files.storeKeySecret), names[at]).toBeNull();
      await eraseCopy(on.input());
      expect(await readJournal(on.host, accountKey)).toMatchObject({ step: 'done' });
      expect(on.told.at(-1)).toMatchObject({ changes: 5, files: 1 });
      expect(await isWorkSafe(on)).toBe(true);
      await expectErased(on);
    }
  });
});

test('[S24] control: a rescue that only says it was written is found to have lost the work', async () => {
  const on = await machine();
  await eraseCopy(on.input({ rescue: () => Promise.resolve(ok({ changes: 5, files: 1, unreadable: 0 })) }));
  expect(await isWorkSafe(on)).toBe(false);
});

test('a disk that gives back something else is noticed before anything goes: the locked copy is kept', async () => {
  const on = await machine();
  const cutOff = async function* (path: string): AsyncGenerator<Uint8Array> {
    yield (await readFile(path)).subarray(0, -1);
  };
  const journal = await eraseCopy(on.input({ rescue: (input) => writeRescue({ ...input, readBack: cutOff }) }));
  expect(journal.report?.rescue).toBe('sealed_store');
  expect(await isWorkSafe(on)).toBe(true);
  await expectErased(on);
});
