import { existsSync } from 'node:fs';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { defaultTemplates } from '../../src/main/templates/default-templates.ts';
import { accountFiles } from '../../src/main/rescue/account-files.ts';
import { accountKeyOf } from '../../src/main/session/session.ts';
import { blocksFromLetterBody } from '../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../src/main/sync/letter-edit.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { draftPathOf } from '../../src/main/sync/snapshot/draft.ts';
import { DocumentId, LetterId } from '../../src/shared/ids.ts';
import type { EventName } from '../../src/shared/ipc/events.ts';
import { startApp, type TestApp } from '../support/app-on-laptop.ts';
import { makeHost } from '../support/fake-host.ts';
import { pushMatters } from '../support/firm-with-matters.ts';
import { must } from '../support/laptop.ts';
import { aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const password = 'correct horse battery';
await admin.query('update auth.policy set account_attempts = 1000');
let apps: TestApp[] = [];
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  for (const close of closers.splice(0)) await close();
});

/** A firm with a colleague at work in it and somebody who signs in on a new laptop. */
async function aFirm() {
  const slug = `f-${freshId().slice(-8)}`;
  const firm = must(await createFirm(admin, { name: slug, slug }, [...defaultTemplates]));
  const person = async (name: string): Promise<string> => {
    const email = `${name.toLowerCase()}@${slug}.example`;
    must(await createUser(admin, slug, { email, firstName: name, lastName: 'Adams', role: 'Attorney', password }));
    return email;
  };
  const [mine, theirs] = [await person('Ada'), await person('Bert')];
  const connection = { ...world.connection, firmSlug: slug };
  const door = createPostgresDoor(connection);
  const session = await door.signIn({ firmSlug: slug, email: theirs, password, deviceId: freshId(), deviceName: 'x' });
  await door.close();
  const colleague: Remote = createPostgresRemote(connection, session?.token ?? '');
  closers.push(() => colleague.close());
  const host = makeHost();
  const files = accountFiles(host, accountKeyOf(slug, mine));
  const start = async (): Promise<TestApp> => {
    const app = await startApp(host, connection);
    apps.push(app);
    return app;
  };
  return { firm, colleague, files, start, signIn: { firmSlug: slug, email: mine, password } };
}

/** Nobody can read pages until it is let go: a copy gets no further than to count them, a first look does not need them. */
async function holdPages(): Promise<() => Promise<void>> {
  const holder = new pg.Client(world.database);
  await holder.connect();
  await holder.query('begin; lock table steno.document_page in access exclusive mode');
  const letGo = async (): Promise<void> => void (await holder.query('rollback').catch(() => undefined));
  closers.push(async () => {
    await letGo();
    await holder.end();
  });
  return letGo;
}

test('[S10] a first sign-in: fifty matters before the rest, what is typed in them meanwhile is kept, then all at once in every window', async () => {
  const { colleague, files, start, signIn } = await aFirm();
  await colleague.push(Array.from({ length: 60 }, (_, n) => aMatter(`Matter ${String(n)}`)));
  const filled = await pushMatters(colleague, 3);
  const letterId = LetterId.parse(filled[1]?.letterId);
  const letGo = await holdPages();
  const app = await start();
  const heard: Record<string, EventName[]> = { one: [], two: [] };
  const [one, two] = ['one', 'two'].map((key) => app.window(key, (event) => heard[key]?.push(event)));
  if (!one || !two) throw new Error('no windows');
  await one.call('session.signIn', signIn);
  await two.call('session.signIn', signIn);

  const rows = await one.until(
    'the first matters, and what lies in them',
    () => one.call('matters.list', {}),
    (listed) => listed.length === 50 && filled.every((matter) => listed.some(({ letterId: id }) => id === matter.letterId)),
  );
  expect(await two.call('sync.status', {})).toMatchObject({
    isPartial: true,
    phase: 'syncing',
    copy: { why: 'first' },
    lastSyncedAt: null,
  });
  expect(heard['one']).not.toContain('sync.copied');
  expect(rows.find(({ matterId }) => matterId === filled[0]?.matterId)).toMatchObject({ documentCount: 1, clientName: 'Value 0' });
  // work goes on in what is there, and reaches the firm
  const opened = await two.call('letters.open', { letterId });
  const typed = insertParagraph(new Uint8Array(Buffer.from(opened.body, 'base64')), '', 'Typed before the rest was here.');
  await two.call('letters.edit', { letterId, update: Buffer.from(typed).toString('base64') });
  await two.call('letters.setDemand', { letterId, demandCents: 123_400 });
  await one.until(
    'the firm to have them',
    () => one.call('sync.status', {}),
    ({ waiting }) => waiting === 0,
  );
  await expect.poll(() => existsSync(draftPathOf(files.store)), { timeout: 10_000 }).toBe(true);

  await letGo();
  const after = await one.until(
    'the copy',
    () => one.call('sync.status', {}),
    ({ phase }) => phase === 'synced',
  );
  expect(after).toMatchObject({ isPartial: false, copy: null, waiting: 0, problem: null });
  expect([heard['one'], heard['two']].map((events) => events?.filter((event) => event === 'sync.copied').length)).toEqual([1, 1]);
  expect(await two.call('matters.list', {})).toHaveLength(63);
  const now = await two.call('letters.open', { letterId });
  expect(now).toMatchObject({ demandCents: 123_400 });
  const text = (body: string): string => JSON.stringify(blocksFromLetterBody(new Uint8Array(Buffer.from(body, 'base64'))));
  expect(text(now.body)).toContain('Typed before the rest was here.');
  const page = await two
    .call('documents.page', { documentId: DocumentId.parse(filled[0]?.documentId), page: 2, widthPx: 100 })
    .catch(String);
  expect(page).toMatchObject({ pageCount: 2 });
  expect(existsSync(draftPathOf(files.store))).toBe(false);

  // what was opened before the file was another goes on: calls, writes, rounds, files, jobs
  await two.call('letters.setDemand', { letterId, demandCents: 500 });
  await colleague.push([aMatter('Later')]);
  await one.until(
    'the later matter',
    () => one.call('matters.list', {}),
    ({ length }) => length === 64,
  );
  expect(await one.call('sync.now', {})).toMatchObject({ phase: 'synced', waiting: 0, problem: null });
  const { rows: atFirm } = await admin.query<{ cents: string }>(
    'select demand_cents as cents from steno.demand_letter where letter_id = $1',
    [letterId],
  );
  expect(atFirm).toEqual([{ cents: '500' }]);
});

test('[S10] Steno is closed while the rest is on its way: the first matters and what was written in them are there again, offline too, and the copy goes on', async () => {
  const { colleague, start, signIn } = await aFirm();
  const filled = await pushMatters(colleague, 3);
  const letterId = LetterId.parse(filled[2]?.letterId);
  const letGo = await holdPages();
  const app = await start();
  const window = app.window('one');
  await window.call('session.signIn', signIn);
  await window.until(
    'the first matters, and what lies in them',
    () => window.call('matters.list', {}),
    (listed) => listed.length === 3 && listed.every(({ letterId: id }) => id !== null),
  );
  apps = [];
  await window.call('letters.setDemand', { letterId, demandCents: 77_700 });
  await app.stop();
  const again = (await start()).window('one');
  await again.call('session.signIn', signIn);
  expect(await again.call('matters.list', {})).toHaveLength(3);
  expect(await again.call('letters.open', { letterId })).toMatchObject({ demandCents: 77_700 });
  await again.until(
    'the firm to be asked',
    () => again.call('sync.status', {}),
    ({ copy }) => copy?.why === 'first',
  );
  await letGo();
  await again.until(
    'the copy',
    () => again.call('sync.status', {}),
    ({ phase, isPartial, waiting }) => phase === 'synced' && isPartial === false && waiting === 0,
  );
  expect(await again.call('letters.open', { letterId })).toMatchObject({ demandCents: 77_700 });
});

test('[S30] [S6] a role is lost and given again: rows go and come in every window, and what was not sent stays', async () => {
  const { firm, colleague, start, signIn } = await aFirm();
  const filled = await pushMatters(colleague, 2);
  const app = await start();
  const copies: EventName[] = [];
  const window = app.window('one', (event) => void (event === 'sync.copied' && copies.push(event)));
  await window.call('session.signIn', signIn);
  await window.until(
    'the copy',
    () => window.call('sync.status', {}),
    ({ phase }) => phase === 'synced',
  );
  expect([copies.length, (await window.call('matters.list', {})).length]).toEqual([1, 2]);
  const setRole = (role: string) =>
    admin.query(`update steno."user" set role = $3 where firm_id = $1 and email = $2`, [firm.firmId, signIn.email, role]);
  await setRole('Guest');
  await window.until(
    'the matters to go',
    () => window.call('matters.list', {}),
    ({ length }) => length === 0,
  );
  const shown = await window.ask('letters.open', { letterId: LetterId.parse(filled[0]?.letterId) });
  expect(shown.ok).toBe(false);
  await setRole('Attorney');
  await window.until(
    'the matters to come',
    () => window.call('matters.list', {}),
    ({ length }) => length === 2,
  );
  expect(copies).toHaveLength(3);
});
