import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import type { Host } from '../../src/main/host/host.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { defaultTemplates } from '../../src/main/templates/default-templates.ts';
import { accountFiles } from '../../src/main/rescue/account-files.ts';
import { accountKeyOf } from '../../src/main/session/session.ts';
import { job, syncState } from '../../src/main/store/schema.ts';
import { openStore } from '../../src/main/store/store.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { explain } from '../../src/shared/errors.ts';
import type { Outcome } from '../../src/shared/result.ts';
import type { SyncStatus } from '../../src/shared/sync.ts';
import { startApp, type TestApp, type TestWindow } from '../support/app-on-laptop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { makeHost } from '../support/fake-host.ts';
import { must, testFolder } from '../support/laptop.ts';
import { aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const world = await createPgWorld();
const disk = mountSmallDisk(40_000_000);
const password = 'correct horse battery';
const firmSlug = 'full';
const [email, colleague] = ['ada@full.example', 'ben@full.example'];
must(await createFirm(world.admin, { name: 'The full', slug: firmSlug }, [...defaultTemplates]));
for (const each of [email, colleague])
  must(await createUser(world.admin, firmSlug, { email: each, firstName: 'A', lastName: 'B', role: 'Attorney', password }));
const proxy = await startFaultProxy(world.database);
const connection = { ...world.connection, firmSlug, port: proxy.port };
await world.admin.query('update auth.policy set account_attempts = 1000');

/** More than what the log of a full disk has left. */
const theirCount = 1_000;
let host: Host;
let app: TestApp;
let window: TestWindow;
/** Ada's laptop, whose data lies on a small disk; her case folders lie elsewhere. */
beforeEach(async () => {
  disk.free();
  proxy.weather({});
  const data = join(disk.folder, freshId());
  mkdirSync(data, { mode: 0o700 });
  host = { ...makeHost(), paths: { data, cache: data, exports: join(data, 'exports'), rescue: join(data, 'rescue') } };
  await start();
  await enter();
  must(await makeMatter('Before'));
  await window.call('sync.now', {});
});
afterEach(async () => {
  disk.free();
  await app.stop();
});

async function start(): Promise<void> {
  app = await startApp(host, connection);
  window = app.window('one');
}
const enter = (): Promise<unknown> => window.call('session.signIn', { firmSlug, email, password });
function makeMatter(title: string): Promise<Outcome<{ matterId: string }>> {
  const folder = join(testFolder(), freshId());
  mkdirSync(folder);
  return window.ask('matters.create', { folder, title });
}
const titles = async (): Promise<string[]> => (await window.call('matters.list', {})).map(({ title }) => title);
const untilStatus = (what: string, holds: (status: SyncStatus) => boolean): Promise<SyncStatus> =>
  window.until(what, () => window.call('sync.status', {}), holds);
const wordsOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'done' : Object.values(explain(outcome.error)).join(' '));
const noRoom = /no room left for Steno's data on this laptop\. What was saved before is safe\. Free some disk space and try again\./;
/** Small changes go into what the log has left. */
async function writeUntilFull(): Promise<string[]> {
  const kept: string[] = [];
  for (let n = 0; n < 500; n += 1) {
    const title = `${String(n)} ${'x'.repeat(200)}`;
    const made = await makeMatter(title);
    if (made.ok) kept.push(title);
    else {
      expect(wordsOf(made)).toMatch(noRoom);
      return kept;
    }
  }
  throw new Error('the disk is never full');
}

test('a full disk: each write says so, all else can be read, sync says so too, and with room all of it goes on by itself', async () => {
  const { matterId } = must(await makeMatter('With a letter'));
  const { letterId } = await window.call('letters.draft', { matterId });
  await window.call('sync.now', {});
  disk.fill();
  const kept = await writeUntilFull();
  const doc = new Y.Doc();
  doc.getXmlFragment('body').push([new Y.XmlElement('paragraph')]);
  const edit = { letterId, update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') };
  expect(wordsOf(await window.ask('letters.edit', edit))).toMatch(noRoom);

  const before = (await titles()).sort();
  expect(before).toEqual(expect.arrayContaining(['With a letter', ...kept]));
  expect(await window.call('letters.open', { letterId })).toMatchObject({ letterId });

  // a colleague goes on working; none of it fits
  const door = createPostgresDoor(connection);
  const theirs = await door.signIn({ firmSlug, email: colleague, password, deviceId: freshId(), deviceName: 'x' });
  const remote = createPostgresRemote(connection, theirs?.token ?? '');
  const verdicts = await remote.push(Array.from({ length: theirCount }, (_, n) => aMatter(`Theirs ${String(n)} ${'y'.repeat(240)}`)));
  expect(verdicts.filter(({ verdict }) => verdict === 'applied')).toHaveLength(theirCount);
  await remote.close();
  await door.close();
  const stopped = await untilStatus(
    'sync to say that there is no room',
    ({ phase, problem }) => phase === 'stopped' && problem?.code === 'full',
  );
  expect(Object.values(explain(stopped.problem ?? { code: 'internal', reference: '' })).join(' ')).toMatch(noRoom);
  expect((await titles()).sort()).toEqual(before);

  disk.free();
  await untilStatus('sync to go on', ({ phase, waiting, problem }) => phase === 'synced' && waiting === 0 && problem === null);
  expect((await titles()).length).toBe(before.length + theirCount);
  must(await makeMatter('With room'));
  expect(await window.ask('letters.edit', edit)).toMatchObject({ ok: true });
});

test('started again on a full disk: it lets its user in without the network, and what is there can be read', async () => {
  await app.stop();
  // as a crash of an older version leaves it: there is something to tidy up, and no room for that
  const files = accountFiles(host, accountKeyOf(firmSlug, email));
  const store = must(openStore(files.store, (await host.secrets.get(files.storeKeySecret)) ?? ''));
  store.db
    .insert(job)
    .values({
      ...{ kind: 'none', dedupeKey: 'x', payload: {}, attempts: 9, state: 'ready' },
      ...{ runAfter: 0, leaseUntil: 1, createdAt: 0 },
    })
    .run();
  store.db.update(syncState).set({ shapes: 'others' }).run();
  store.close();
  await start();
  proxy.weather({ isDown: true });
  disk.fill();
  await enter();
  expect(await titles()).toContain('Before');
  await writeUntilFull();
});

test('started again on a full disk with the network: the sign-in says that there is no room; with room it goes through', async () => {
  await app.stop();
  await start();
  disk.fill();
  expect(wordsOf(await window.ask('session.signIn', { firmSlug, email, password }))).toMatch(noRoom);
  disk.free();
  await enter();
  expect(await titles()).toContain('Before');
});
