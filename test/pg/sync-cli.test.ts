import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { syncCommands } from '../../src/main/cli/sync-commands.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createNodeHost } from '../../src/main/host/node-host.ts';
import { accountKeyOf } from '../../src/main/session/session.ts';
import { openSettings } from '../../src/main/setup/settings.ts';
import { localAccount, syncState } from '../../src/main/store/schema.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import { createWrite } from '../../src/main/sync/outbox.ts';
import type { Finding } from '../../src/main/sync/doctor/decide.ts';
import { ok } from '../../src/shared/result.ts';
import { must, storeKey } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { runCommand, type RanCommand } from '../support/run-command.ts';
import { startTlsFront, strangeCertificate } from '../support/tls-front.ts';

const world = await createPgWorld();
const email = 'attorney@one.example';
const accountKey = accountKeyOf('one', email);
const dataDir = mkdtempSync(join(tmpdir(), 'steno-sync-cli-'));
const storePath = join(dataDir, 'stores', accountKey, 'steno.db');
const env = { STENO_DATA_DIR: dataDir, STENO_KEYCHAIN: 'off' };

/** A computer on which an attorney signed in once. */
beforeAll(async () => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  mkdirSync(join(dataDir, 'stores', accountKey), { recursive: true });
  const deviceId = freshId();
  const host = await createNodeHost({ kind: 'cli', dataDir });
  await host.secrets.set(`store-key:${accountKey}`, storeKey);
  await host.secrets.set(`session:${accountKey}`, await world.tokenFor('one', 'Attorney', deviceId));
  const { password, ...connection } = world.connection;
  await (await openSettings(host)).save({ connection }, password);
  await host.workers.stop();
  const account = {
    ...{ userId: world.firms.one.userIds.Attorney, firmId: world.firms.one.firmId, firmName: 'Firm one', firmSlug: 'one' },
    email,
  };
  withStore((store) => {
    store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId, feedHead: 0 }).run();
    store.db
      .insert(localAccount)
      .values({ only: 1, account: { ...account, firstName: 'A', lastName: 'B', role: 'Attorney' }, verifier: 'x', verifiedAt: 0 })
      .run();
    const write = createWrite({ store, userId: account.userId, now: () => Date.now(), newId: freshId, onCommitted: () => undefined });
    must(write((change) => ok({ done: change.insert('matter', { matterId: freshId(), title: 'Rivera', status: 'Open' }) })));
  });
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true, force: true });
});

function withStore<T>(work: (store: Store) => T): T {
  const store = must(openStore(storePath, storeKey));
  try {
    return work(store);
  } finally {
    store.close();
  }
}
const steno = (name: string, ...words: string[]): Promise<RanCommand> => runCommand(syncCommands[`sync ${name}`], words);
async function findings(): Promise<{ code: number; of: (check: string) => Finding | undefined }> {
  const ran = await steno('doctor');
  const { findings: all } = must(ran.outcome) as { findings: Finding[] };
  return { code: ran.code, of: (check) => all.find((finding) => finding.check === check) };
}

test('status tells what waits; now sends it; status tells that nothing does', async () => {
  expect(await steno('status')).toMatchObject({ code: 0, outcome: { value: { waiting: 1, deadLetters: 0, lastSyncedAt: null } } });
  const sent = await steno('now');
  expect(sent).toMatchObject({ code: 0, outcome: { value: { phase: 'synced', waiting: 0 } } });
  const after = await steno('status', '--firm', 'one', '--email', email);
  expect(after).toMatchObject({ code: 0, outcome: { value: { waiting: 0 } } });
  expect(after.said).toMatch(/^Steno is not open .*Last synced .*sent to the firm: 0 changes, 0 files\./s);
  expect((await world.admin.query(`select from steno.matter where title = 'Rivera'`)).rowCount).toBe(1);
});

test('a Steno that was killed left its socket: the copy itself is looked at', async () => {
  const program = fileURLToPath(new URL('../support/control-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dirname(storePath)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(dirname(storePath), 'control.json'))).toBe(true);
  expect(await steno('status')).toMatchObject({ code: 0, outcome: { value: { app: null } } });
  expect(await steno('now')).toMatchObject({ code: 0 });
});

test('the doctor finds a healthy computer healthy', async () => {
  const { code, of } = await findings();
  expect(code).toBe(0);
  for (const check of ['key', 'store', 'server', 'clock', 'line', 'session', 'feed', 'outbox', 'refused'])
    expect(of(check), check).toMatchObject({ state: 'ok' });
  // a server on this machine, reached without encryption
  expect(of('certificate')).toMatchObject({ state: 'ask' });
});

test('a Steno that is open and does not answer: its copy is left alone, the rest is looked at; status and now say so in words', async () => {
  const store = must(openStore(storePath, storeKey));
  try {
    const [{ code, of }, ...asked] = await Promise.all([findings(), steno('status'), steno('now')]);
    expect([code, of('store')?.state, of('server')?.state]).toEqual([0, 'ask', 'ok']);
    for (const ran of asked)
      expect(ran).toMatchObject({ outcome: { error: { code: 'conflict', reason: expect.stringContaining('did not answer') } } });
  } finally {
    store.close();
  }
});

test('a certificate of somebody else, a session that ended and a server that is gone: each is named, with what to do', async () => {
  const settings = join(dataDir, 'settings.json');
  const whole = readFileSync(settings, 'utf8');
  const change = (to: object): void => {
    const parsed = JSON.parse(whole) as { connection: object };
    writeFileSync(settings, JSON.stringify({ ...parsed, connection: { ...parsed.connection, ...to } }));
  };
  try {
    const port = await startTlsFront(world.connection);
    change({ host: 'localhost', port, tls: 'verify', tlsRoot: strangeCertificate });
    const strange = await findings();
    expect(strange).toMatchObject({ code: 1 });
    expect(strange.of('server')).toMatchObject({
      state: 'bad',
      says: expect.stringContaining('certificate'),
      todo: expect.stringContaining('do not go on over this network'),
    });
    expect(await steno('now')).toMatchObject({ code: 1, outcome: { error: { code: 'provider_failed' } } });
    change({ port: 1 });
    const gone = await findings();
    expect([gone.code, gone.of('server')?.state]).toEqual([0, 'ask']);
    expect(await steno('now')).toMatchObject({ code: 1, outcome: { error: { code: 'offline' } } });
  } finally {
    writeFileSync(settings, whole);
  }
  await world.admin.query(`update auth.session set revoked_at = now()`);
  const ended = await findings();
  expect([ended.code, ended.of('session')?.state]).toEqual([1, 'bad']);
});

test('a damaged page and a lost key: the copy is not touched, and the words say what is safe', async () => {
  const whole = readFileSync(storePath);
  const damaged = Buffer.from(whole);
  damaged.fill(7, 20 * 4096); // behind what opening it reads
  writeFileSync(storePath, damaged);
  const hurt = await findings();
  expect(hurt.code).toBe(1);
  expect(hurt.of('store')).toMatchObject({ state: 'bad', todo: expect.stringMatching(/Copy its folder to a safe place/) });
  writeFileSync(storePath, whole);
  const host = await createNodeHost({ kind: 'cli', dataDir });
  await host.secrets.delete(`store-key:${accountKey}`);
  await host.workers.stop();
  const keyless = await findings();
  expect([keyless.code, keyless.of('key')?.state]).toEqual([1, 'bad']);
  expect(await steno('status')).toMatchObject({ code: 1, outcome: { error: { code: 'corrupt' } } });
  expect(readFileSync(storePath).equals(whole)).toBe(true);
});

test('which account: the address is enough; one that is not here, and a firm alone, are told apart in words', async () => {
  // found, and its key is gone since the last test
  expect(await steno('status', '--email', email.toUpperCase())).toMatchObject({ outcome: { error: { code: 'corrupt' } } });
  const reasonOf = async (...words: string[]): Promise<string> => {
    const { outcome, code } = await steno('status', ...words);
    expect(code).toBe(1);
    return !outcome.ok && 'reason' in outcome.error ? outcome.error.reason : '';
  };
  expect(await reasonOf('--email', 'nobody@one.example')).toMatch(/nobody@one.example has not signed in at the firm “one”/);
  expect(await reasonOf('--email', email, '--firm', 'two')).toMatch(/at the firm “two” on this computer/);
  expect(await reasonOf('--firm', 'one')).toMatch(/add --email/);
  mkdirSync(join(dataDir, 'stores', 'f'.repeat(32)));
  writeFileSync(join(dataDir, 'stores', 'f'.repeat(32), 'steno.db'), '');
  expect(await reasonOf()).toMatch(/2 accounts signed in on this computer: say which with --email/);
  const empty = mkdtempSync(join(tmpdir(), 'steno-sync-cli-'));
  try {
    vi.stubEnv('STENO_DATA_DIR', empty);
    expect(await reasonOf()).toMatch(/Nobody has signed in to Steno on this computer yet. Open Steno, sign in once/);
  } finally {
    vi.stubEnv('STENO_DATA_DIR', dataDir);
    rmSync(empty, { recursive: true });
  }
});
