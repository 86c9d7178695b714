import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explain } from '../../../src/shared/errors.ts';
import { ok, type Outcome } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { localMigrations, migrateStore } from '../../../src/main/store/migrate.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { hasFile, keepFile, readFile } from '../../../src/main/sync/files/kept-files.ts';
import type { SyncLoop } from '../../../src/main/sync/loop.ts';
import { aLoop } from '../../support/a-loop.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, storeKey, type TestLaptop } from '../../support/laptop.ts';
import { aMatter } from '../../support/mutations.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { createVirtualTimers, type VirtualTimers } from '../../support/virtual-timers.ts';

const program = fileURLToPath(new URL('../../support/failing-disk-process.ts', import.meta.url));
const disk = mountSmallDisk(20_000_000);
const server = createFakeServer();
let folder: string;
let laptop: TestLaptop;
let firm: FakeFirm;
let time: VirtualTimers;
let loop: SyncLoop | null;

beforeEach(() => {
  disk.free();
  folder = join(disk.folder, freshId());
  mkdirSync(folder);
  laptop = makeLaptop(join(folder, 'steno.db'));
  laptop.store.raw.pragma('synchronous = full');
  firm = server.addFirm();
  time = createVirtualTimers();
  loop = null;
});
afterEach(async () => {
  disk.free();
  await loop?.stop();
  laptop.store.close();
  rmSync(folder, { recursive: true });
});

const add = (title: string): Outcome<{ added: boolean }> =>
  laptop.write((change) => ok({ added: change.insert('matter', { matterId: freshId(), title, status: 'Open' }) }));
const titles = (): unknown[] => [...rowsOf(laptop.store, 'matter').values()].map(({ title }) => title).sort();
const isWhole = (): boolean => laptop.store.raw.pragma('integrity_check', { simple: true }) === 'ok';
/** Changes until the disk takes no more; the titles that were acknowledged. */
function addUntilFull(): string[] {
  const kept: string[] = [];
  for (let n = 0; n < 5_000; n += 1) {
    const title = `${String(n).padStart(4, '0')} ${'x'.repeat(200)}`;
    const outcome = add(title);
    if (outcome.ok) kept.push(title);
    else {
      expect(outcome.error).toMatchObject({ code: 'full', reason: expect.stringMatching(/saved before is safe.*Free some disk space/) });
      expect(explain(outcome.error).title).toContain('no room left');
      return kept;
    }
  }
  throw new Error('the disk is never full');
}
const full = { problem: { code: 'full' } };

test('[S1] writes on a full disk are refused in words; what was acknowledged is there, now and after a restart; with room it goes on', () => {
  disk.fill(1_000_000);
  const kept = addUntilFull();
  expect(kept.length).toBeGreaterThan(10);
  expect(add('again')).toMatchObject({ ok: false, error: { code: 'full' } });
  expect(titles()).toEqual(kept);
  expect(outboxOf(laptop.store)).toHaveLength(kept.length);
  expect(isWhole()).toBe(true);
  disk.free();
  must(add('with room'));
  laptop.reopen();
  expect(titles()).toEqual([...kept, 'with room'].sort());
  expect(outboxOf(laptop.store)).toHaveLength(kept.length + 1);
  expect(isWhole()).toBe(true);
});

test('[S1] a full disk at a restart: the store opens and reads, or says in words that there is no room', () => {
  disk.fill(300_000);
  const kept = addUntilFull();
  disk.fill();
  laptop.store.close();
  const opened = openStore(laptop.path, storeKey);
  if (!opened.ok) expect(opened.error).toMatchObject({ code: 'full' });
  else opened.value.close();
  disk.free();
  laptop.reopen();
  expect(titles()).toEqual(kept);
  expect(isWhole()).toBe(true);
});

function startLoop(): SyncLoop {
  loop = aLoop(laptop, server.signIn(firm, 'Attorney', laptop.deviceId), { now: time.now, timers: time });
  return loop;
}

test('[S10] a copy that does not fit stops syncing with words, only what was shown first is here, and it goes on by itself when there is room', async () => {
  await server.signIn(firm, 'Attorney').push(Array.from({ length: 600 }, (_, n) => aMatter(`${String(n)} ${'x'.repeat(250)}`)));
  disk.fill(200_000);
  startLoop();
  await time.pass(1_000);
  expect(loop?.status()).toMatchObject({ phase: 'stopped', ...full });
  expect(laptop.store.raw.prepare('select cursor, view from sync_state').get()).toEqual({ cursor: 0, view: null });
  expect(rowsOf(laptop.store, 'matter').size).toBeLessThanOrEqual(50);
  expect(isWhole()).toBe(true);
  await time.pass(60_000);
  expect(loop?.status()).toMatchObject({ phase: 'stopped', ...full });
  disk.free();
  await time.pass(20_000);
  expect(loop?.status()).toMatchObject({ phase: 'synced', problem: null });
  expect(rowsOf(laptop.store, 'matter').size).toBe(600);
});

test('[S3] verdicts that cannot be written down leave the outbox as it is; they come again, and nothing is applied twice', async () => {
  const kept = Array.from({ length: 300 }, (_, n) => {
    const title = `${String(n).padStart(4, '0')} ${'x'.repeat(200)}`;
    must(add(title));
    return title;
  });
  laptop.reopen(); // its log is written into the store, so that settling needs room of its own
  disk.fill();
  startLoop();
  await time.pass(1_000);
  expect(loop?.status()).toMatchObject({ phase: 'stopped', waiting: 300, ...full });
  expect(firm.rows.get('matter')?.size).toBe(300); // they had arrived
  expect(isWhole()).toBe(true);
  disk.free();
  await time.pass(20_000);
  expect(loop?.status()).toMatchObject({ phase: 'synced', waiting: 0, problem: null });
  expect([...firm.judged.values()].every((times) => times === 1)).toBe(true);
  expect(titles()).toEqual(kept);
});

test('a file that does not fit is not half there', () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const keep = (): Outcome<object> =>
    laptop.store.transaction((db) => {
      keepFile(db, hash, bytes, 0);
      return ok({});
    });
  disk.fill(1_000_000);
  expect(keep()).toMatchObject({ ok: false, error: { code: 'full' } });
  expect(hasFile(laptop.store, hash)).toBe(false);
  expect(isWhole()).toBe(true);
  disk.free();
  must(keep());
  expect(readFile(laptop.store, hash)?.length).toBe(bytes.length);
});

test('control: without its transaction the file is half there', () => {
  const bytes = Buffer.alloc(3_000_000, 8);
  const hash = createHash('sha256').update(bytes).digest('hex');
  disk.fill(1_000_000);
  expect(() => keepFile(laptop.store.db, hash, bytes, 0)).toThrow();
  expect(hasFile(laptop.store, hash)).toBe(true);
});

test('a migration that does not fit leaves the store at a whole earlier version, says so, and is done when there is room', () => {
  const path = join(folder, 'old.db');
  const migrations = localMigrations();
  const old = new Database(path);
  old.pragma("cipher = 'sqlcipher'");
  old.pragma(`key = "x'${storeKey}'"`);
  must(migrateStore(old, migrations, 1));
  old.exec(`insert into matter (matter_id, title, status, revision, created_at, updated_at) values ('m', 'kept', 'Open', 0, 0, 0)`);
  old.close();
  disk.fill(20_000);
  const refused = openStore(path, storeKey);
  expect(refused).toMatchObject({ ok: false, error: { code: 'full', reason: expect.stringContaining('saved before is safe') } });
  disk.free();
  const store = must(openStore(path, storeKey));
  expect(store.raw.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
  expect(rowsOf(store, 'matter').get('m')).toMatchObject({ title: 'kept' });
  expect(store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
  store.close();
});

test('[S1] a disk that fails in the middle of a write: the words say so, what was acknowledged is there, and it goes on when the disk does', () => {
  laptop.store.close();
  // no file may grow beyond this; Steno is told the same as by a disk that breaks (SQLITE_IOERR)
  const limited = ['-c', 'ulimit -f 4000; exec "$0" "$@"', process.execPath, program, laptop.path, storeKey];
  const lines = execFileSync('/bin/sh', limited, { encoding: 'utf8' }).trim().split('\n');
  const end: unknown = JSON.parse(lines.pop() ?? '{}');
  expect(end).toMatchObject({
    error: { code: 'provider_failed', reason: expect.stringMatching(/saved before is safe\. Check the disk/) },
    integrity: 'ok',
  });
  expect(lines.length).toBeGreaterThan(10);
  laptop.reopen();
  expect(titles()).toEqual(lines);
  expect(outboxOf(laptop.store)).toHaveLength(lines.length);
  expect(isWhole()).toBe(true);
  must(add('on a good disk'));
});
