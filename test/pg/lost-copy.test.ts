import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { addEscrowKey } from '../../src/main/admin/escrow.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { accountFiles } from '../../src/main/rescue/account-files.ts';
import { withStoreRescue } from '../../src/main/rescue/open-store-rescue.ts';
import { readRescue } from '../../src/main/rescue/read-rescue.ts';
import { makeRecoveryKey } from '../../src/main/rescue/seal.ts';
import { accountKeyOf } from '../../src/main/session/session.ts';
import { openStore } from '../../src/main/store/store.ts';
import { explain } from '../../src/shared/errors.ts';
import { ok } from '../../src/shared/result.ts';
import type { LostCopy } from '../../src/shared/session.ts';
import { startApp, type TestApp, type TestWindow } from '../support/app-on-laptop.ts';
import { flipBit, pagesOf } from '../support/damage.ts';
import { makeHost } from '../support/fake-host.ts';
import { must, testFolder } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const key = await makeRecoveryKey();
const password = 'correct horse battery';
await admin.query('update auth.policy set account_attempts = 1000');
let apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps) await app.stop();
  apps = [];
});

/** Somebody whose laptop has twenty matters of the firm, and one that the firm does not have; the app is stopped. */
async function laptopOf(kind: 'rich' | 'poor') {
  const slug = `${kind}-${freshId().slice(-8)}`;
  must(await createFirm(admin, { name: slug, slug }, []));
  if (kind === 'rich') must(await addEscrowKey(admin, slug, key.publicKey, { rotate: false, save: () => Promise.resolve(ok({})) }));
  const email = `${freshId()}@${slug}.example`;
  must(await createUser(admin, slug, { email, firstName: 'Ada', lastName: 'Adams', role: 'Attorney', password }));
  const host = makeHost();
  const connection = { ...world.connection, firmSlug: slug };
  const signIn = { firmSlug: slug, email, password };
  const files = accountFiles(host, accountKeyOf(slug, email));
  const start = async (): Promise<TestWindow> => {
    const app = await startApp(host, connection);
    apps.push(app);
    return app.window('one');
  };
  const stop = async (): Promise<void> => {
    for (const app of apps.splice(0)) await app.stop();
  };
  const window = await start();
  await window.call('session.signIn', signIn);
  for (let n = 0; n < 20; n += 1) await makeMatter(window, `Matter ${String(n)} ${'x'.repeat(200)}`);
  await window.call('sync.now', {});
  // the server is away while the last one is made: its push is refused as a whole
  await admin.query('alter function app.push_lines(text, text) rename to push_away');
  await makeMatter(window, 'Not at the firm');
  // a push that was sent and not yet read would find the function back at its place
  await window.until(
    'the push to be refused',
    () => window.call('sync.status', {}),
    ({ problem }) => problem !== null,
  );
  await stop();
  await admin.query('alter function app.push_away(text, text) rename to push_lines');
  return { host, files, signIn, connection, start, stop };
}
async function makeMatter(window: TestWindow, title: string): Promise<void> {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  await window.call('matters.create', { folder, title });
}
const titles = async (window: TestWindow): Promise<string[]> => (await window.call('matters.list', {})).map(({ title }) => title);
const lostCopies = async (window: TestWindow): Promise<LostCopy[]> => (await window.call('setup.state', {})).lostCopies;
const words = async (window: TestWindow, signIn: object): Promise<string> => {
  const outcome = await window.ask('session.signIn', signIn as never);
  return outcome.ok ? 'in' : `${explain(outcome.error).title} ${explain(outcome.error).advice}`;
};
const atFirm = async (slug: string, title: string): Promise<number> =>
  (await admin.query('select from steno.matter join steno.firm using (firm_id) where firm_slug = $1 and title = $2', [slug, title]))
    .rowCount ?? 0;

test('[S26] [R14] the key is gone: said in words; its user starts afresh, and IT brings back what the firm did not have', async () => {
  const { host, files, signIn, start } = await laptopOf('rich');
  await host.secrets.delete(files.storeKeySecret);
  const window = await start();
  const said = await words(window, signIn);
  expect(said).toMatch(
    /key to this laptop’s copy is gone from its keychain.*brought back by your IT with the firm’s recovery key.*start afresh/s,
  );
  expect(said).toContain(files.folder);
  expect(existsSync(files.store)).toBe(true);
  await window.call('session.signIn', { ...signIn, startAfresh: true });
  await window.call('sync.now', {});
  expect(await titles(window)).toHaveLength(20);
  const [copy] = await lostCopies(window);
  expect(copy).toMatchObject({ why: 'afresh', state: 'done', rescue: 'sealed_store' });
  const rescued = await withStoreRescue(copy?.path ?? '', key.secret, 0, (path, secret) => readRescue(path, secret));
  expect(must(rescued).changes.map(({ mutation }) => mutation.patch['title'])).toEqual(['Not at the firm']);
});

test('[R14] the key is gone and the firm has no recovery key: its user was told before, and now that the work stays locked', async () => {
  const { host, files, signIn, start } = await laptopOf('poor');
  const secret = (await host.secrets.get(files.storeKeySecret)) ?? '';
  await host.secrets.delete(files.storeKeySecret);
  const window = await start();
  expect(await words(window, signIn)).toMatch(
    /Should the keychain come back, so does the copy.*your firm has no recovery key.*start afresh/s,
  );
  // it came back
  await host.secrets.set(files.storeKeySecret, secret);
  await window.call('session.signIn', signIn);
  expect(await titles(window)).toContain('Not at the firm');
});

test('[S27] pages of the copy are damaged: words, not a crash; what was done goes to the firm once, and the rest comes from it', async () => {
  const { host, files, signIn, start } = await laptopOf('rich');
  const storeKey = (await host.secrets.get(files.storeKeySecret)) ?? '';
  const store = must(openStore(files.store, storeKey));
  const pages = pagesOf(store).filter(({ name, kind }) => name === 'matter' && kind === 'leaf');
  store.close();
  expect(pages.length).toBeGreaterThan(0);
  for (const { page } of pages) flipBit(files.store, page);
  const window = await start();
  await window.call('session.signIn', signIn);
  const refused = await window.ask('matters.list', {});
  expect(refused.ok ? 'read' : `${explain(refused.error).title} ${explain(refused.error).advice}`).toMatch(
    /copy is damaged.*saves what can be read.*Sign in again/s,
  );
  const [copy] = await window.until(
    'the copy to be repaired',
    () => lostCopies(window),
    (copies) => copies.some(({ state }) => state === 'done'),
  );
  expect(copy).toMatchObject({ why: 'damaged', rescue: 'file', changes: 1 });
  expect((await window.call('setup.state', {})).session).toBeNull();
  await window.call('session.signIn', signIn);
  await window.call('sync.now', {});
  expect((await titles(window)).sort()).toHaveLength(21);
  expect(await atFirm(signIn.firmSlug, 'Not at the firm')).toBe(1);
  const [name] = readdirSync(host.paths.rescue);
  expect(must(await readRescue(join(host.paths.rescue, name ?? ''), key.secret)).changes).toHaveLength(1);
});

test('a page is damaged that only sync reads: sync notices, and does the same', async () => {
  const { host, files, signIn, start } = await laptopOf('rich');
  const store = must(openStore(files.store, (await host.secrets.get(files.storeKeySecret)) ?? ''));
  const hit = pagesOf(store).filter(({ name }) => name === 'outbox_entity_idx' || name === 'acknowledged' || name === 'audit_event');
  store.close();
  for (const { page } of hit) flipBit(files.store, page);
  const window = await start();
  await window.call('session.signIn', signIn);
  await window.until(
    'the copy to be repaired',
    () => lostCopies(window),
    (copies) => copies.some(({ why, state }) => why === 'damaged' && state === 'done'),
  );
  await window.call('session.signIn', signIn);
  await window.call('sync.now', {});
  expect(await titles(window)).toHaveLength(21);
});

test('[S27] a page is damaged that is read while the account is opened: it is closed and repaired, and opens without a restart', async () => {
  const { host, files, signIn, start } = await laptopOf('rich');
  const store = must(openStore(files.store, (await host.secrets.get(files.storeKeySecret)) ?? ''));
  const hit = pagesOf(store).filter(({ name, kind }) => name === 'case_folder' && kind === 'leaf');
  store.close();
  expect(hit.length).toBeGreaterThan(0);
  for (const { page } of hit) flipBit(files.store, page);
  const window = await start();
  expect(await words(window, signIn)).toMatch(/copy is damaged.*saves what can be read.*Sign in again/s);
  expect(await lostCopies(window)).toMatchObject([{ why: 'damaged', state: 'done', changes: 1 }]);
  await window.call('session.signIn', signIn);
  await window.call('sync.now', {});
  expect(await titles(window)).toHaveLength(21);
});

test('an account that cannot be opened because of a bug is closed again; once that is mended it opens without a restart', async () => {
  const { host, files, signIn, start } = await laptopOf('rich');
  const storeKey = (await host.secrets.get(files.storeKeySecret)) ?? '';
  const renameTable = (from: string, to: string): void => {
    const store = must(openStore(files.store, storeKey));
    store.raw.exec(`alter table ${from} rename to ${to}`);
    store.close();
  };
  renameTable('case_folder', 'away');
  const window = await start();
  expect(await window.ask('session.signIn', signIn)).toMatchObject({ ok: false, error: { code: 'internal' } });
  renameTable('away', 'case_folder');
  await window.call('session.signIn', signIn);
  expect(await titles(window)).toHaveLength(21);
  // control: a store that somebody has open could not have been opened here
  expect(openStore(files.store, storeKey)).toMatchObject({ ok: false, error: { code: 'conflict' } });
});

test('nothing of the copy can be read: said in words; it is put aside, whole, and a new one comes from the firm', async () => {
  const { files, signIn, start } = await laptopOf('rich');
  const bytes = await readFile(files.store);
  bytes.fill(7, 0, 8192);
  await writeFile(files.store, bytes);
  const window = await start();
  expect(await words(window, signIn)).toMatch(/This laptop’s copy is damaged\..*start afresh/s);
  await window.call('session.signIn', { ...signIn, startAfresh: true });
  await window.call('sync.now', {});
  expect(await titles(window)).toHaveLength(20);
  const [copy] = await lostCopies(window);
  expect(await readFile(join(copy?.path ?? '', 'steno.db'))).toEqual(bytes);
});

test('offline a copy that does not open says to connect; starting afresh needs the firm', async () => {
  const { host, files, signIn, connection, start, stop } = await laptopOf('rich');
  const window = await start();
  await window.call('session.signIn', signIn);
  await stop();
  await host.secrets.delete(files.storeKeySecret);
  const app = await startApp(host, connection);
  apps.push(app);
  await admin.query('alter function app.sign_in(text, text, text, uuid, text) rename to sign_in_away');
  try {
    expect(await words(app.window('one'), { ...signIn, startAfresh: true })).not.toBe('in');
    expect(existsSync(files.store)).toBe(true);
  } finally {
    await admin.query('alter function app.sign_in_away(text, text, text, uuid, text) rename to sign_in');
  }
});
