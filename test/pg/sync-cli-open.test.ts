import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createUser } from '../../src/main/admin/firm.ts';
import { revokeSessions } from '../../src/main/admin/people.ts';
import { syncCommands } from '../../src/main/cli/sync-commands.ts';
import type { Host } from '../../src/main/host/host.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createNodeHost } from '../../src/main/host/node-host.ts';
import type { Finding } from '../../src/main/sync/doctor/decide.ts';
import { startApp, type TestApp, type TestWindow } from '../support/app-on-laptop.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { runCommand, type RanCommand } from '../support/run-command.ts';

const world = await createPgWorld();
const { admin } = world;
const password = 'correct horse battery';
const [ada, ben] = ['ada@one.example', 'ben@one.example'];
const dataDir = mkdtempSync(join(tmpdir(), 'steno-cli-open-'));
const env = { STENO_DATA_DIR: dataDir, STENO_KEYCHAIN: 'off' };
let host: Host;
let app: TestApp;
let window: TestWindow;

/** Steno is open with Ada's account. */
beforeAll(async () => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  for (const email of [ada, ben])
    must(await createUser(admin, 'one', { email, firstName: 'A', lastName: 'B', role: 'Attorney', password }));
  host = await createNodeHost({ kind: 'browser' });
  app = await startApp(host, world.connection);
  window = app.window('one');
  await enter(window, ada);
  await window.call('sync.now', {});
});
afterAll(async () => {
  await app.stop();
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true, force: true });
});

const enter = (of: TestWindow, email: string) => of.call('session.signIn', { firmSlug: 'one', email, password });
const steno = (name: string, ...words: string[]): Promise<RanCommand> => runCommand(syncCommands[`sync ${name}`], words);
async function makeMatter(of: TestWindow, title: string): Promise<void> {
  const folder = join(dataDir, freshId());
  mkdirSync(folder);
  await of.call('matters.create', { folder, title });
}
const atFirm = async (title: string): Promise<number> =>
  (await admin.query('select from steno.matter where title = $1', [title])).rowCount ?? 0;
/** The firm takes no pushes meanwhile. */
async function withoutPushes(work: () => Promise<void>): Promise<void> {
  await admin.query('alter function app.push_lines(text, text) rename to push_away');
  try {
    await work();
  } finally {
    await admin.query('alter function app.push_away(text, text) rename to push_lines');
  }
}
const statesOf = (ran: RanCommand): Record<string, string> =>
  Object.fromEntries((must(ran.outcome) as { findings: Finding[] }).findings.map(({ check, state }) => [check, state]));

test('while Steno is open: status shows what waits and why, now sends it and waits for the end, status shows that nothing waits', async () => {
  await withoutPushes(async () => {
    await makeMatter(window, 'Rivera');
    const held = await steno('now');
    expect(held).toMatchObject({ code: 1, outcome: { error: { code: expect.any(String) } } });
    const ran = await steno('status');
    expect(ran).toMatchObject({ code: 0, outcome: { value: { waiting: 1, app: { phase: 'stopped', problem: {} } } } });
    expect(ran.said).toMatch(/^Steno is open with this account: syncing has stopped\.\n.*sent to the firm: 1 change, 0 files\./s);
    expect(ran.said).not.toContain('Rivera');
    expect(await atFirm('Rivera')).toBe(0);
  });
  expect(await steno('now')).toMatchObject({ code: 0, said: 'synced', outcome: { value: { phase: 'synced', waiting: 0, problem: null } } });
  expect(await atFirm('Rivera')).toBe(1);
  const after = await steno('status', '--email', ada);
  expect(after).toMatchObject({ code: 0, outcome: { value: { waiting: 0, app: { phase: 'synced', problem: null } } } });
});

test('now waits for the end of the round, and tells meanwhile how far it is', async () => {
  await admin.query('begin; lock table steno.matter in share mode');
  let isOver = false;
  try {
    await makeMatter(window, 'Held up');
    const progress: string[] = [];
    const input = { rest: [], options: {}, flags: new Set<string>(), dryRun: false, json: false, say: () => undefined };
    const ran = syncCommands['sync now']?.run({ ...input, progress: (text) => void progress.push(text) });
    void ran?.then(() => (isOver = true));
    await vi.waitFor(() => expect(progress).toEqual(['syncing, 1 wait']), { timeout: 10_000 });
    expect(isOver).toBe(false);
    await admin.query('commit');
    expect(await ran).toMatchObject({ ok: true, value: { phase: 'synced', waiting: 0 } });
  } finally {
    await admin.query('rollback');
  }
  expect(await atFirm('Held up')).toBe(1);
});

test('a process of its own is answered the same', async () => {
  const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'sync', 'status', '--json'], { env: { ...process.env, ...env } });
  expect(JSON.parse(stdout)).toEqual(must((await steno('status')).outcome));
});

test('two accounts are open: each is answered by its own; one of them must be named', async () => {
  const other = app.window('two');
  await enter(other, ben);
  expect(await steno('status')).toMatchObject({ code: 1, outcome: { error: { code: 'invalid_input' } } });
  await withoutPushes(async () => {
    await makeMatter(other, 'Ben’s');
    const waiting = async (email: string) => (must((await steno('status', '--email', email)).outcome) as { waiting: number }).waiting;
    expect([await waiting(ada), await waiting(ben)]).toEqual([0, 1]);
  });
  expect(await steno('now', '--email', ben)).toMatchObject({ code: 0 });
  expect(await atFirm('Ben’s')).toBe(1);
});

test('signed out, the copy itself is looked at; the doctor finds the same either way, but for the session', async () => {
  const open = await steno('doctor', '--email', ben);
  expect([open.code, statesOf(open)['store'], statesOf(open)['session']]).toEqual([0, 'ok', 'ok']);
  await app.window('two').call('session.signOut', {});
  expect(await steno('status', '--email', ben)).toMatchObject({ code: 0, outcome: { value: { app: null } } });
  const { session, feed: _, ...closed } = statesOf(await steno('doctor', '--email', ben));
  expect(session).toBe('ask');
  expect(statesOf(open)).toMatchObject(closed);
});

test('a revoked laptop answers nobody any more', async () => {
  const other = app.window('two');
  await enter(other, ben);
  must(await revokeSessions(admin, 'one', ben, { deviceId: null, erase: true }));
  await steno('now', '--email', ben); // it hears of it in this round, if it did not before
  await other.until(
    'the copy to be erased',
    () => other.call('setup.state', {}),
    ({ lostCopies }) => lostCopies.some(({ state }) => state === 'done'),
  );
  expect(await steno('status', '--email', ben)).toMatchObject({ code: 1, outcome: { error: { code: 'invalid_input' } } });
  expect(await steno('status')).toMatchObject({ code: 0, outcome: { value: { app: { phase: 'synced' } } } });
});
