import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { setLaptopPolicy } from '../../src/main/admin/escrow.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import type { Host, Secrets } from '../../src/main/host/host.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createWorkers } from '../../src/main/host/node-workers.ts';
import { keepEnded } from '../../src/main/session/laptop-policy.ts';
import { offlineSignInMs } from '../../src/main/session/offline.ts';
import { accountKeyOf, signIn, type Opened } from '../../src/main/session/session.ts';
import { localAccount, matter } from '../../src/main/store/schema.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { serverSchemaVersion, speaks } from '../../src/main/sync/remote.ts';
import type { Outcome } from '../../src/shared/result.ts';
import { must, testFolder } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { silentLog } from '../support/silent-log.ts';

const world = await createPgWorld();
const { admin } = world;
const password = 'correct horse battery';
const person = { firmSlug: 'third', email: 'ada@third.example' };
const connection = { ...world.connection, firmSlug: 'third' };
await createFirm(admin, { name: 'Third', slug: 'third' }, []);
await createUser(admin, 'third', { email: person.email, firstName: 'Ada', lastName: 'Adams', role: 'Attorney', password });

const accountKey = accountKeyOf(person.firmSlug, person.email);
let now: number;
let kept: Map<string, string>;
let host: Host;
let open: Opened[];

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  kept = new Map();
  open = [];
  const data = join(testFolder(), freshId());
  mkdirSync(data);
  const secrets: Secrets = {
    get: (name) => Promise.resolve(kept.get(name) ?? null),
    set: (name, value) => Promise.resolve(void kept.set(name, value)),
    delete: (name) => Promise.resolve(void kept.delete(name)),
    warning: null,
  };
  const dialogs = { chooseFolder: null, reveal: () => Promise.resolve(false) };
  host = {
    kind: 'test',
    paths: { data, cache: data, exports: data, rescue: join(data, 'rescue') },
    secrets,
    clock: { now: () => now },
    workers: createWorkers(),
    dialogs,
    log: silentLog,
  };
});

/** Signs in and closes the store again, as a restart of the app would. */
async function enter(over: { password?: string; isOffline?: boolean; offlineSignInDays?: number } = {}): Promise<Outcome<Opened>> {
  const port = over.isOffline ? await closedPort() : connection.port;
  const days = over.offlineSignInDays === undefined ? {} : { offlineSignInDays: over.offlineSignInDays };
  const context = { host, connection: { ...connection, port }, laptopId: 'laptop', openStoreOf: () => null, ...days };
  const opened = await signIn(context, { ...person, password: over.password ?? password });
  if (opened.ok) {
    open.push(opened.value);
    opened.value.store.close();
  }
  return opened;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('online: the store is made, its key and the token are in the keychain, the session works at the firm', async () => {
  const opened = must(await enter());
  expect(opened.session).toMatchObject({ signedInOffline: false, account: { firmSlug: 'third', email: person.email, role: 'Attorney' } });
  expect([...kept.keys()].sort()).toEqual([`session:${accountKey}`, `store-key:${accountKey}`]);
  expect(kept.get(`store-key:${accountKey}`)).toMatch(/^[0-9a-f]{64}$/);
  const remote = createPostgresRemote(connection, opened.token ?? '');
  expect((await remote.whoami()).email).toBe(person.email);
  await remote.close();
  const again = must(await enter());
  expect([again.deviceId, kept.get(`store-key:${accountKey}`)]).toEqual([opened.deviceId, kept.get(`store-key:${accountKey}`)]);
});

test('a wrong password leaves nothing behind: no store, no key, no token', async () => {
  expect(await enter({ password: 'wrong horse battery' })).toMatchObject({
    ok: false,
    error: { code: 'unauthenticated', reason: expect.stringContaining('is not right') },
  });
  expect([kept.size, existsSync(join(host.paths.data, 'stores'))]).toEqual([0, false]);
});

test('offline: the last sign-in’s verifier lets its user in, with the token and the rows they had', async () => {
  const online = must(await enter());
  const offline = must(await enter({ isOffline: true }));
  expect(offline).toMatchObject({
    token: online.token,
    deviceId: online.deviceId,
    session: { signedInOffline: true, expiresAt: null, account: { email: person.email } },
  });
});

test('offline with a wrong password, and offline on a laptop never signed in on, are refused with their own words', async () => {
  expect(await enter({ isOffline: true })).toMatchObject({
    ok: false,
    error: { code: 'offline', reason: expect.stringContaining('first sign-in on this laptop needs') },
  });
  expect(kept.size).toBe(0);
  must(await enter());
  expect(await enter({ isOffline: true, password: 'wrong horse battery' })).toMatchObject({
    ok: false,
    error: { code: 'unauthenticated' },
  });
  must(await enter({ isOffline: true })); // the refused one closed the store
});

test('offline for more than seven days is refused, one day less is not; signing in online once mends it', async () => {
  must(await enter());
  now += offlineSignInMs;
  must(await enter({ isOffline: true }));
  now += 1;
  expect(await enter({ isOffline: true })).toMatchObject({
    ok: false,
    error: { code: 'unauthenticated', reason: expect.stringMatching(/more than seven days.*your work here is kept/s) },
  });
  must(await enter());
  must(await enter({ isOffline: true }));
});

test('the firm’s file may say another number of days, and the firm itself a shorter one, or none', async () => {
  must(await enter());
  now += 86_400_000 + 1;
  const refused = await enter({ isOffline: true, offlineSignInDays: 1 });
  expect(refused).toMatchObject({ ok: false, error: { reason: expect.stringContaining('more than a day') } });
  now += offlineSignInMs;
  expect(await enter({ isOffline: true, offlineSignInDays: 8 })).toMatchObject({ ok: false });
  must(await enter({ isOffline: true, offlineSignInDays: 9 }));
  const decide = async (offlineDays: number | null): Promise<void> => {
    must(await setLaptopPolicy(admin, 'third', { offlineDays }));
    must(await enter());
  };
  await decide(2);
  now += 2 * 86_400_000;
  must(await enter({ isOffline: true, offlineSignInDays: 9 }));
  now += 1;
  expect(await enter({ isOffline: true, offlineSignInDays: 9 })).toMatchObject({
    error: { reason: expect.stringContaining('more than 2 days') },
  });
  await decide(0);
  expect(await enter({ isOffline: true, offlineSignInDays: 9 })).toMatchObject({
    error: { reason: expect.stringContaining('does not let its laptops open') },
  });
  await decide(null);
  must(await enter({ isOffline: true }));
});

test('once the firm has said that the session is over, it is asked before the laptop opens again', async () => {
  const context = { host, connection, laptopId: 'laptop', openStoreOf: () => null };
  const { store } = must(await signIn(context, { ...person, password }));
  keepEnded(store, now);
  store.close();
  expect(await enter({ isOffline: true })).toMatchObject({ error: { reason: expect.stringContaining('session at the firm has ended') } });
  must(await enter());
  must(await enter({ isOffline: true }));
});

test('an offline sign-in does not stretch the seven days', async () => {
  must(await enter());
  for (let day = 1; day <= 7; day += 1) {
    now += 86_400_000;
    must(await enter({ isOffline: true }));
  }
  now += 1;
  expect((await enter({ isOffline: true })).ok).toBe(false);
});

test('without its key in the keychain a store is refused, online and offline, and never overwritten', async () => {
  must(await enter());
  const key = kept.get(`store-key:${accountKey}`) ?? '';
  kept.delete(`store-key:${accountKey}`);
  const refused = { ok: false, error: { code: 'copy_lost', why: 'key_gone' } };
  expect(await enter()).toMatchObject(refused);
  expect(await enter({ isOffline: true })).toMatchObject(refused);
  expect(kept.has(`store-key:${accountKey}`)).toBe(false);
  kept.set(`store-key:${accountKey}`, key);
  must(await enter({ isOffline: true }));
});

test('the password is on the laptop only as a slow, salted hash that differs at each sign-in', async () => {
  const verifiers: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    const context = { host, connection, laptopId: 'laptop', openStoreOf: () => null };
    const { store } = must(await signIn(context, { ...person, password }));
    verifiers.push(store.db.select().from(localAccount).get()?.verifier ?? '');
    store.db.insert(matter).values({ matterId: freshId(), title: 'kept', status: 'Open' }).run();
    store.close();
  }
  expect(verifiers[0]).toMatch(/^[0-9a-f]{32}:[0-9a-f]{64}$/);
  expect(verifiers[1]).not.toBe(verifiers[0]);
  expect(verifiers.join()).not.toContain(password);
});

test('a database that is older, newer or empty is refused in words for IT, and sign-in does not fall back to offline', async () => {
  must(await enter());
  const newest = String(serverSchemaVersion);
  const cases: [string, string, RegExp][] = [
    [
      `update public.steno_migration set version = 9999 where version = ${newest}; update public.steno_client set oldest_app = 9998`,
      `update public.steno_migration set version = ${newest} where version = 9999; update public.steno_client set oldest_app = 20`,
      /newer than this app.*Update Steno/s,
    ],
    [
      `update public.steno_migration set version = -version where version >= ${String(speaks.oldest)}`,
      `update public.steno_migration set version = -version where version < 0`,
      /older than this app.*steno admin migrate/s,
    ],
    [
      `alter table public.steno_migration rename to away`,
      `alter table public.away rename to steno_migration`,
      /no Steno tables.*steno admin migrate/s,
    ],
    [
      `revoke select on public.steno_migration from steno_client`,
      `grant select on public.steno_migration to steno_client`,
      /no Steno tables/,
    ],
  ];
  for (const [spoil, mend, reason] of cases) {
    await admin.query(spoil);
    try {
      expect(await enter(), spoil).toMatchObject({ ok: false, error: { code: 'unsupported', reason: expect.stringMatching(reason) } });
    } finally {
      await admin.query(mend);
    }
  }
  must(await enter());
});

test('a closed port is offline, a wrong client password is for IT, a missing database is named', async () => {
  const at = async (change: Partial<typeof connection>): Promise<unknown> => {
    const door = createPostgresDoor({ ...connection, ...change });
    try {
      return await door.signIn({ ...person, password, deviceId: freshId(), deviceName: 'x' });
    } catch (error) {
      return error;
    } finally {
      await door.close();
    }
  };
  expect(await at({ port: await closedPort() })).toMatchObject({
    error: { code: 'offline', reason: expect.stringContaining('kept on this laptop') },
  });
  expect(await at({ password: 'not the client password' })).toMatchObject({
    error: { code: 'provider_failed', reason: expect.stringContaining('new settings file') },
  });
  expect(await at({ database: 'nowhere' })).toMatchObject({
    error: { code: 'provider_failed', reason: expect.stringContaining('is not on it') },
  });
  expect(await at({ host: 'no-such-host.invalid' })).toMatchObject({ error: { code: 'offline' } });
});
