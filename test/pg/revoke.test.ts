import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addEscrowKey, setLaptopPolicy } from '../../src/main/admin/escrow.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { listDevices, readmitDevice, resetPassword, revokeSessions, setActive } from '../../src/main/admin/people.ts';
import type { Host } from '../../src/main/host/host.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { accountFiles } from '../../src/main/rescue/account-files.ts';
import { readRescue } from '../../src/main/rescue/read-rescue.ts';
import { makeRecoveryKey } from '../../src/main/rescue/seal.ts';
import { accountKeyOf } from '../../src/main/session/session.ts';
import { openStore } from '../../src/main/store/store.ts';
import { ok } from '../../src/shared/result.ts';
import type { LostCopy } from '../../src/shared/session.ts';
import { startApp, type TestApp, type TestWindow } from '../support/app-on-laptop.ts';
import { makeHost } from '../support/fake-host.ts';
import { must, testFolder } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const key = await makeRecoveryKey();
const password = 'correct horse battery';
const rich = { ...world.connection, firmSlug: 'rich' };
const poor = { ...world.connection, firmSlug: 'poor' };
await admin.query('update auth.policy set account_attempts = 1000');

beforeAll(async () => {
  for (const slug of ['rich', 'poor']) must(await createFirm(admin, { name: `The ${slug}`, slug }, []));
  must(await addEscrowKey(admin, 'rich', key.publicKey, { rotate: false, save: () => Promise.resolve(ok({})) }));
});

let apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps) await app.stop();
  apps = [];
});

let people = 0;
interface Person {
  email: string;
  firmSlug: string;
  password: string;
  accountKey: string;
}
async function somebody(firmSlug = 'rich'): Promise<Person> {
  const email = `p${String((people += 1))}@${firmSlug}.example`;
  must(await createUser(admin, firmSlug, { email, firstName: 'Ada', lastName: 'Adams', role: 'Attorney', password }));
  return { email, firmSlug, password, accountKey: accountKeyOf(firmSlug, email) };
}
async function start(host: Host, connection = rich): Promise<TestApp> {
  const app = await startApp(host, connection);
  apps.push(app);
  return app;
}
async function stop(app: TestApp): Promise<void> {
  apps = apps.filter((each) => each !== app);
  await app.stop();
}
const enter = (window: TestWindow, { email, firmSlug }: Person) => window.call('session.signIn', { email, firmSlug, password });
const lostCopies = async (window: TestWindow): Promise<LostCopy[]> => (await window.call('setup.state', {})).lostCopies;
const untilDone = (window: TestWindow): Promise<LostCopy[]> =>
  window.until(
    'the copy to be erased',
    () => lostCopies(window),
    (copies) => copies.length > 0 && copies.every(({ state }) => state === 'done'),
  );
const untilTold = async (person: Person) => {
  for (;;) {
    const device = await deviceOf(person);
    if (device.erasedAt) return device;
  }
};
const revoke = async (person: Person) => must(await revokeSessions(admin, person.firmSlug, person.email, { deviceId: null, erase: true }));
const deviceOf = async (person: Person) => {
  const [device] = must(await listDevices(admin, person.firmSlug, person.email));
  if (!device) throw new Error('no device');
  return device;
};
/** A matter that the firm does not have: made after the firm was told no more. */
async function makeMatter(window: TestWindow, title: string): Promise<void> {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  await window.call('matters.create', { folder, title });
}
const hasCopy = (host: Host, { accountKey }: Person): boolean => existsSync(accountFiles(host, accountKey).folder);
async function titlesRescued(host: Host): Promise<unknown[]> {
  const names = existsSync(host.paths.rescue) ? readdirSync(host.paths.rescue) : [];
  const titles: unknown[] = [];
  for (const name of names)
    for (const { mutation } of must(await readRescue(join(host.paths.rescue, name), key.secret)).changes)
      titles.push(mutation.patch['title']);
  return titles;
}

/** All that was done is at the firm; nobody has told the laptop yet. */
async function revokedAfterSignOut(): Promise<{ ada: Person; host: Host; window: TestWindow }> {
  const ada = await somebody();
  const host = makeHost();
  const app = await start(host);
  const window = app.window('one');
  await enter(window, ada);
  await makeMatter(window, 'At the firm');
  await window.call('sync.now', {});
  await window.call('session.signOut', {});
  await revoke(ada);
  return { ada, host, window };
}

describe('a revoked laptop', () => {
  test('[S24] saves what the firm does not have, erases its copy at the next contact, tells the firm, and says so in every window', async () => {
    const [ada, john] = [await somebody(), await somebody()];
    const host = makeHost();
    const app = await start(host);
    const [one, two, johns] = [app.window('one'), app.window('two'), app.window('johns')];
    await enter(one, ada);
    await enter(two, ada);
    await enter(johns, john);
    await one.call('sync.now', {});
    await revoke(ada);
    await makeMatter(one, 'Never at the firm');
    const [copy] = await untilDone(two);
    expect(copy).toMatchObject({ why: 'revoked', rescue: 'file', changes: 1, files: 0, unreadable: 0, accountKey: ada.accountKey });
    expect(copy?.path).toContain(host.paths.rescue);
    for (const window of [one, two]) expect((await window.call('setup.state', {})).session).toBeNull();
    expect(await one.ask('matters.list', {})).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    expect(await titlesRescued(host)).toEqual(['Never at the firm']);
    expect(hasCopy(host, ada)).toBe(false);
    const files = accountFiles(host, ada.accountKey);
    await untilTold(ada);
    await one.until(
      'the token to go',
      () => host.secrets.get(files.lastSessionSecret),
      (token) => token === null,
    );
    for (const secret of [files.storeKeySecret, files.sessionSecret, files.lastSessionSecret])
      expect(await host.secrets.get(secret)).toBeNull();
    expect(await deviceOf(ada)).toMatchObject({ erasedAt: expect.any(Date), unsyncedChanges: 1, unsyncedFiles: 0, rescue: 'file' });
    // the colleague on the same laptop works on
    await makeMatter(johns, 'John’s own');
    expect(await johns.call('sync.now', {})).toMatchObject({ phase: 'synced', waiting: 0 });
    expect(await deviceOf(john)).toMatchObject({ erasedAt: null, liveSessions: 1 });
    await one.call('setup.noteLostCopy', { accountKey: ada.accountKey });
    expect(await lostCopies(one)).toEqual([]);
  });

  test('that was switched off meanwhile does so at its next start, before anybody signs in', async () => {
    const ada = await somebody();
    const host = makeHost();
    const app = await start(host);
    await enter(app.window('one'), ada);
    await app.window('one').call('sync.now', {});
    await stop(app);
    await revoke(ada);
    const again = await start(host);
    expect(await untilDone(again.window('one'))).toMatchObject([{ rescue: 'nothing', changes: 0 }]);
    expect(hasCopy(host, ada)).toBe(false);
    expect(await untilTold(ada)).toMatchObject({ rescue: 'nothing' });
    expect(await again.window('one').ask('session.signIn', { ...ada })).toMatchObject({ ok: false, error: { code: 'revoked' } });
  });

  test('[S24] whose copy a command of Steno reads at the moment erases it as soon as that has ended', async () => {
    const { ada, host, window } = await revokedAfterSignOut();
    const files = accountFiles(host, ada.accountKey);
    const held = must(openStore(files.store, (await host.secrets.get(files.storeKeySecret)) ?? ''));
    expect(await window.ask('session.signIn', { ...ada })).toMatchObject({ ok: false, error: { code: 'revoked' } });
    expect(await lostCopies(window)).toMatchObject([{ state: 'waiting', problem: { code: 'conflict' } }]);
    expect(hasCopy(host, ada)).toBe(true);
    held.close();
    await untilDone(window);
    expect(hasCopy(host, ada)).toBe(false);
    await untilTold(ada);
  });

  test.each([
    ['signed out', async (window: TestWindow) => void (await window.call('session.signOut', {}))],
    [
      'given a new password',
      async (_window: TestWindow, { email }: Person) => void must(await resetPassword(admin, 'rich', email, 'another password')),
    ],
  ])('is told even where its person was %s before', async (_what, before) => {
    const ada = await somebody();
    const host = makeHost();
    const app = await start(host);
    const window = app.window('one');
    await enter(window, ada);
    await before(window, ada);
    await stop(app);
    await revoke(ada);
    await untilDone((await start(host)).window('one'));
    expect(hasCopy(host, ada)).toBe(false);
    await untilTold(ada);
  });

  test('hears it at the sign-in as well, and may come back when IT has found it: its copy comes from the firm', async () => {
    const { ada, host, window } = await revokedAfterSignOut();
    expect(await window.ask('session.signIn', { ...ada })).toMatchObject({ ok: false, error: { code: 'revoked' } });
    expect(hasCopy(host, ada)).toBe(false);
    const { deviceId } = await deviceOf(ada);
    expect(must(await readmitDevice(admin, 'rich', ada.email, deviceId))).toEqual({ wasErased: true });
    expect(await readmitDevice(admin, 'rich', ada.email, deviceId)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await enter(window, ada);
    await window.call('sync.now', {});
    expect((await window.call('matters.list', {})).map(({ title }) => title)).toContain('At the firm');
    expect(await lostCopies(window)).toEqual([]);
  });

  test('[S25] that reaches another server than its own tells it nothing and erases nothing', async () => {
    const ada = await somebody();
    const host = makeHost();
    const app = await start(host);
    await enter(app.window('one'), ada);
    await app.window('one').call('setup.connectFirm', { ...rich, host: 'localhost' });
    await stop(app);
    await revoke(ada);
    const elsewhere = await start(host, { ...rich, host: 'localhost' });
    const john = await somebody();
    await enter(elsewhere.window('two'), john);
    expect(await lostCopies(elsewhere.window('one'))).toEqual([]);
    await stop(elsewhere);
    expect(hasCopy(host, ada)).toBe(true);
    expect(await deviceOf(ada)).toMatchObject({ erasedAt: null });
  });
});

describe('a firm without a recovery key', () => {
  test('has its people told before; a revoked laptop erases all the same, and the firm hears what was lost', async () => {
    const ada = await somebody('poor');
    const host = makeHost();
    const app = await start(host, poor);
    const window = app.window('one');
    expect(await enter(window, ada)).toMatchObject({ warnsOfNoRecovery: true });
    await window.call('session.noteNoRecovery', {});
    expect((await window.call('setup.state', {})).session).toMatchObject({ warnsOfNoRecovery: false });
    await window.call('session.signOut', {});
    expect(await enter(window, ada)).toMatchObject({ warnsOfNoRecovery: false });
    await window.call('sync.now', {});
    await revoke(ada);
    await makeMatter(window, 'Lost');
    expect(await untilDone(window)).toMatchObject([{ rescue: 'lost', changes: 1, path: null }]);
    expect(existsSync(host.paths.rescue)).toBe(false);
    expect(await untilTold(ada)).toMatchObject({ rescue: 'lost', unsyncedChanges: 1 });
  });
});

describe('a session that ended', () => {
  test.each([
    ['revoked', async (ada: Person) => void must(await revokeSessions(admin, 'rich', ada.email, { deviceId: null, erase: false }))],
    [
      'over',
      async (ada: Person) =>
        void (await admin.query(
          `update auth.session s set expires_at = now() from steno."user" u where u.user_id = s.user_id and u.email = $1`,
          [ada.email],
        )),
    ],
  ])('(%s) erases nothing: the work waits and goes with the next sign-in, in every window', async (_what, end) => {
    const ada = await somebody();
    const host = makeHost();
    const app = await start(host);
    const [one, two] = [app.window('one'), app.window('two')];
    await enter(one, ada);
    await enter(two, ada);
    await one.call('sync.now', {});
    await end(ada);
    await makeMatter(one, 'Waits');
    await one.until(
      'the session to be over',
      () => one.call('sync.status', {}),
      ({ problem }) => problem?.code === 'unauthenticated',
    );
    expect(await one.call('sync.status', {})).toMatchObject({ phase: 'stopped', waiting: 1 });
    // one window signs in again, and the other goes on with it
    await enter(one, ada);
    expect(await one.call('sync.now', {})).toMatchObject({ phase: 'synced', waiting: 0 });
    expect((await two.call('matters.list', {})).map(({ title }) => title)).toContain('Waits');
    expect(await lostCopies(one)).toEqual([]);
  });
});

describe('somebody who was switched off', () => {
  test('keeps the copy where the firm says nothing, and erases it where the firm wants that', async () => {
    const ada = await somebody();
    const host = makeHost();
    const app = await start(host);
    const window = app.window('one');
    await enter(window, ada);
    await window.call('sync.now', {});
    expect(must(await setActive(admin, 'rich', ada.email, false))).toEqual({ erases: false });
    await makeMatter(window, 'Waits');
    await window.until(
      'the session to be over',
      () => window.call('sync.status', {}),
      ({ problem }) => problem?.code === 'unauthenticated',
    );
    expect(hasCopy(host, ada)).toBe(true);
    await stop(app);
    must(await setLaptopPolicy(admin, 'rich', { eraseDeactivated: true }));
    try {
      expect(must(await setActive(admin, 'rich', ada.email, false))).toEqual({ erases: true });
      expect(await untilDone((await start(host)).window('one'))).toMatchObject([{ rescue: 'file', changes: 1 }]);
      expect(await titlesRescued(host)).toEqual(['Waits']);
      await untilTold(ada);
    } finally {
      must(await setLaptopPolicy(admin, 'rich', { eraseDeactivated: false }));
    }
    // back again: nothing hinders her
    must(await setActive(admin, 'rich', ada.email, true));
    const [again] = apps;
    await enter(again?.window('two') ?? window, ada);
    expect(await deviceOf(ada)).toMatchObject({ erasedAt: null });
  });
});
