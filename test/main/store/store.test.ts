import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { err, ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { localMigrations, migrateStore } from '../../../src/main/store/migrate.ts';
import { matter } from '../../../src/main/store/schema.ts';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import { must, storeKey, testFolder } from '../../support/laptop.ts';

const secretText = 'Client Rivera suffered a comminuted fracture';
let folder: string;
let path: string;
beforeEach(() => {
  folder = join(testFolder(), freshId());
  mkdirSync(folder);
  path = join(folder, 'steno.db');
});

const addMatter = (store: Store, title = secretText) =>
  store.transaction((db) => ok({ changes: db.insert(matter).values({ matterId: freshId(), title, status: 'Open' }).run().changes }));
const titles = (store: Store): string[] =>
  store.db
    .select()
    .from(matter)
    .all()
    .map(({ title }) => title);
/** Everything on disk of a store: the file, its log, whatever lies beside it. */
const onDisk = (): Buffer => Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
function withStore<T>(work: (store: Store) => T): T {
  const store = must(openStore(path, storeKey));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

test('nothing a person wrote is readable on the disk, open or closed, and the file is theirs alone', () => {
  withStore((store) => {
    must(addMatter(store));
    expect(onDisk().includes(secretText)).toBe(false);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });
  expect(onDisk().length).toBeGreaterThan(10_000);
  for (const plain of [secretText, 'SQLite format 3', 'create table', storeKey]) expect(onDisk().includes(plain), plain).toBe(false);
  expect(withStore(titles)).toEqual([secretText]);
});

test('control: the same rows without a key are readable', () => {
  const plain = new Database(path);
  plain.exec(`create table matter (title text); insert into matter values ('${secretText}')`);
  plain.close();
  expect(onDisk().includes(secretText)).toBe(true);
  expect(onDisk().includes('SQLite format 3')).toBe(true);
});

test('another key, a damaged file and a file of something else are refused with words, untouched', () => {
  withStore((store) => must(addMatter(store)));
  const refused = { ok: false, error: { code: 'corrupt', reason: expect.stringContaining('Nothing was deleted') } };
  const whole = readFileSync(path);
  expect(openStore(path, 'ab'.repeat(32))).toMatchObject(refused);
  expect(readFileSync(path).equals(whole)).toBe(true);
  expect(withStore(titles)).toEqual([secretText]);
  for (const bytes of [Buffer.from('x'.repeat(8192)), Buffer.concat([Buffer.alloc(4096, 7), whole.subarray(4096)])]) {
    writeFileSync(path, bytes);
    expect(openStore(path, storeKey)).toMatchObject(refused);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }
});

test('a page in which one bit changed is refused, and so is one that was put in the place of another', () => {
  withStore((store) => {
    for (let n = 0; n < 200; n += 1) must(addMatter(store, `${String(n)} ${'x'.repeat(500)}`));
  });
  const whole = readFileSync(path);
  const size = 4096;
  const last = whole.length / size - 1;
  const readAll = (): unknown => {
    const opened = openStore(path, storeKey);
    if (!opened.ok) return opened.error.code;
    try {
      return opened.value.raw.pragma('integrity_check', { simple: true });
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      opened.value.close();
    }
  };
  expect(readAll()).toBe('ok');
  const flipped = Buffer.from(whole);
  flipped.writeUInt8(flipped.readUInt8(last * size + 100) ^ 1, last * size + 100);
  const swapped = Buffer.from(whole);
  whole.copy(swapped, (last - 1) * size, last * size);
  whole.copy(swapped, last * size, (last - 1) * size, last * size);
  for (const bytes of [flipped, swapped]) {
    writeFileSync(path, bytes);
    expect(readAll()).toMatch(/unable to get the page. error code=11|SQLITE_CORRUPT/);
  }
});

test('a store of an earlier Steno, in the format of SQLCipher, is read and written as it is', () => {
  const old = new Database(path);
  old.pragma("cipher = 'sqlcipher'");
  old.pragma(`key = "x'${storeKey}'"`);
  must(migrateStore(old, localMigrations()));
  old.close();
  /** What the cipher keeps of each page: 16 bytes and an HMAC of 64, or a nonce and a tag of 32 each. */
  const reserved = (): unknown => readFileSync(path)[20];
  withStore((store) => must(addMatter(store)));
  expect(withStore(titles)).toEqual([secretText]);
  expect(reserved()).toBe(80);
  expect(onDisk().includes(secretText)).toBe(false);
  rmSync(path);
  withStore((store) => must(addMatter(store)));
  expect(reserved()).toBe(64);
});

test('what is jotted down is there at once and waits for no disk; everything after it does again, also where it failed', () => {
  withStore((store) => {
    const durability = (): unknown => store.raw.pragma('synchronous', { simple: true });
    expect(store.jot(() => [must(addMatter(store)).changes, durability()])).toEqual([1, 1]);
    expect(durability()).toBe(2);
    expect(() =>
      store.jot(() => {
        throw new TypeError('a bug');
      }),
    ).toThrow('a bug');
    expect(durability()).toBe(2);
  });
  expect(withStore(titles)).toEqual([secretText]);
});

test('a second opening is refused while the first is there, and allowed after', () => {
  withStore((store) => {
    expect(openStore(path, storeKey)).toMatchObject({
      ok: false,
      error: { code: 'conflict', reason: expect.stringContaining('already open') },
    });
    must(addMatter(store));
  });
  expect(withStore(titles)).toEqual([secretText]);
});

test('the store of a newer Steno is refused untouched', () => {
  withStore((store) => store.raw.pragma('user_version = 9999'));
  const before = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(openStore(path, storeKey)).toMatchObject({
    ok: false,
    error: { code: 'unsupported', reason: expect.stringContaining('newer Steno') },
  });
  expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before);
});

test('each local migration goes down and up again over rows, to the same schema', () => {
  withStore((store) => {
    const shape = (): unknown =>
      store.raw.prepare(`select type, name, sql from sqlite_master where name not like 'sqlite_%' order by type, name`).all();
    const newest = shape();
    must(addMatter(store));
    const migrations = localMigrations();
    for (const { version } of [...migrations].reverse()) {
      const before = shape();
      expect(migrateStore(store.raw, migrations, version - 1)).toMatchObject({ ok: true });
      expect(migrateStore(store.raw, migrations, version)).toMatchObject({ ok: true });
      expect(shape()).toEqual(before);
      must(addMatter(store));
      expect(migrateStore(store.raw, migrations, version - 1)).toMatchObject({ ok: true });
    }
    expect(shape()).toEqual([]);
    expect(migrateStore(store.raw, migrations)).toEqual({ ok: true, value: { from: 0, to: migrations.at(-1)?.version } });
    expect(shape()).toEqual(newest);
  });
});

test('a migration that fails half way leaves the version before it, whole', () => {
  withStore((store) => {
    const broken = [
      ...localMigrations(),
      { version: 99, name: 'broken', up: 'create table half (a int); insert into nowhere values (1)', down: '' },
    ];
    expect(() => migrateStore(store.raw, broken)).toThrow(/nowhere/);
    expect(store.raw.prepare(`select count(*) from sqlite_master where name = 'half'`).pluck().get()).toBe(0);
    expect(store.raw.pragma('user_version', { simple: true })).toBe(localMigrations().at(-1)?.version);
  });
});

test('[S1] a returned error and a thrown bug undo the transaction; the next one works', () => {
  withStore((store) => {
    const add = (db: Parameters<Parameters<Store['transaction']>[0]>[0]): void =>
      void db.insert(matter).values({ matterId: freshId(), title: 'x', status: 'Open' }).run();
    const refused = store.transaction((db) => {
      add(db);
      return err({ code: 'not_found', what: 'it' });
    });
    expect(refused).toEqual({ ok: false, error: { code: 'not_found', what: 'it' } });
    expect(() =>
      store.transaction((db) => {
        add(db);
        throw new TypeError('a bug');
      }),
    ).toThrow('a bug');
    expect(titles(store)).toEqual([]);
    must(addMatter(store));
    expect(titles(store)).toEqual([secretText]);
  });
});

test('a full disk is an outcome in words; what was there stays whole, and writing works again with room', () => {
  withStore((store) => {
    must(addMatter(store, 'kept'));
    const pages = Number(store.raw.pragma('page_count', { simple: true }));
    store.raw.pragma(`max_page_count = ${String(pages + 1)}`);
    const much = 'x'.repeat(100_000);
    expect(addMatter(store, much)).toMatchObject({
      ok: false,
      error: { code: 'full', reason: expect.stringContaining('What was saved before is safe') },
    });
    expect(titles(store)).toEqual(['kept']);
    expect(store.raw.inTransaction).toBe(false);
    store.raw.pragma('max_page_count = 1000000');
    must(addMatter(store, much));
    expect(store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
  });
  expect(withStore(titles).length).toBe(2);
});

test('a store that may only be read says so', () => {
  withStore((store) => {
    store.raw.pragma('query_only = on');
    expect(addMatter(store)).toMatchObject({ ok: false, error: { code: 'provider_failed' } });
    expect(store.raw.inTransaction).toBe(false);
  });
});

test('[S1] it is as durable as SQLite can be: every commit is flushed', () => {
  withStore((store) => {
    expect(store.raw.pragma('synchronous', { simple: true })).toBe(2);
    expect(store.raw.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.raw.pragma('foreign_keys', { simple: true })).toBe(1);
  });
});
