import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { provision, type Provisioned } from '../../src/main/cli/admin-provision-command.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { signIn } from '../../src/main/session/session.ts';
import { readFirmFile } from '../../src/main/setup/firm-file-text.ts';
import { openSettings } from '../../src/main/setup/settings.ts';
import { createSetup } from '../../src/main/setup/setup.ts';
import { createPostgresDoor } from '../../src/main/sync/postgres.ts';
import { probeServer } from '../../src/main/sync/probe.ts';
import { explain } from '../../src/shared/errors.ts';
import type { Outcome } from '../../src/shared/result.ts';
import { makeHost } from '../support/fake-host.ts';
import { must, testFolder } from '../support/laptop.ts';
import { clientPassword } from '../support/postgres-template.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { localhostCertificate, startTlsFront, strangeCertificate } from '../support/tls-front.ts';

const world = await createPgWorld();
const { admin, connection, database } = world;
const person = { firmSlug: 'third', email: 'ada@third.example', password: 'correct horse battery' };
await createFirm(admin, { name: 'Third & Sons', slug: 'third' }, []);
await createUser(admin, 'third', { ...person, firstName: 'Ada', lastName: 'Adams', role: 'Attorney' });
const url = `postgres://${database.user}:${encodeURIComponent(database.password)}@${database.host}:${String(database.port)}/${database.database}`;

const fresh = (name: string): string => join(testFolder(), `${freshId()}-${name}`);
const base = { url, slug: 'third', host: connection.host, port: String(connection.port), database: connection.database };

/** The command with its options; what it said is in `said`. */
async function run(
  change: Record<string, string> = {},
  { password = clientPassword, dryRun = false, flags = [] as string[] } = {},
): Promise<{ outcome: Outcome<Provisioned>; options: { key: string; out: string }; said: string }> {
  const options = { ...base, key: fresh('firm.key'), out: fresh('third.steno'), ...change };
  let said = '';
  const input = { options, flags: new Set(flags), dryRun, say: (text: string) => void (said += text) };
  return { outcome: await provision(input, () => Promise.resolve(password)), options, said };
}

function words(outcome: Outcome<unknown>): string {
  if (outcome.ok) return 'done';
  const { title, advice } = explain(outcome.error);
  return `${title} ${advice}`;
}

test('from the command to a signed-in laptop', async () => {
  const { outcome, options, said } = await run({ 'offline-days': '3', 'file-budget-gb': '5', days: '30' });
  const { fingerprint } = must(outcome);
  for (const path of [options.key, options.out]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(said).toContain(`A new signing key was made: ${options.key}`);
  expect(said).toContain(fingerprint);
  expect(said + JSON.stringify(outcome)).not.toContain(clientPassword);

  const text = await readFile(options.out, 'utf8');
  const host = makeHost();
  const settings = await openSettings(host);
  const { firmFiles } = createSetup({ host, settings, templates: [] });
  expect(must(await firmFiles.view(text))).toMatchObject({ firmName: 'Third & Sons', firmSlug: 'third', fingerprint, trust: 'first' });
  must(await firmFiles.connect(text, false));
  expect(settings.read().options).toEqual({ offlineSignInDays: 3, fileBudgetGb: 5 });
  const at = await settings.connection();
  if (!at) throw new Error('the connection must be kept');
  const opened = must(await signIn({ host, connection: at, laptopId: freshId(), openStoreOf: () => null }, person));
  opened.store.close();
});

test('a key that is there is used again; nothing that is there is written over', async () => {
  const first = await run();
  const before = await readFile(first.options.key, 'utf8');
  const second = await run({ key: first.options.key });
  expect(must(second.outcome)).toMatchObject({ fingerprint: must(first.outcome).fingerprint, newKey: null });
  expect(await readFile(first.options.key, 'utf8')).toBe(before);
  expect(words((await run({ out: first.options.out })).outcome)).toMatch(/--out: There is such a file/);
  await writeFile(`${first.options.out}.txt`, 'no key');
  expect(words((await run({ key: `${first.options.out}.txt` })).outcome)).toMatch(/--key could not be used.*Ed25519/);
  expect(words((await run({ key: `${first.options.key}.pub` })).outcome)).toMatch(/--key could not be used.*Ed25519/);
});

test.each<[string, Record<string, string>, { password?: string }, RegExp]>([
  ['an unknown firm', { slug: 'nobody' }, {}, /firm "nobody" is not here/],
  ['a wrong password', {}, { password: 'not that one at all' }, /password on standard input.*client-password/],
  ['no password', {}, { password: '' }, /Give the password/],
  ['an unknown database', { database: 'nowhere' }, {}, /--database could not be used.*nowhere/],
  ['a port where nothing answers', { port: '1' }, {}, /Nothing answers at.*port 1/],
  ['a file that is no certificate', { 'tls-root': import.meta.filename }, {}, /--tls-root could not be used/],
  ['a port that is none', { port: 'x' }, {}, /--port/],
  ['a budget that is none', { 'file-budget-gb': '0.5' }, {}, /--file-budget-gb/],
  ['days that are none', { 'offline-days': '31' }, {}, /--offline-days/],
  ['an administrator without the tables', { url: url.replace(database.database, 'postgres') }, {}, /no Steno tables/],
])('%s: said in words, and nothing is written', async (_name, change, secret, expected) => {
  const { outcome, options } = await run(change, secret);
  expect(words(outcome)).toMatch(expected);
  expect([existsSync(options.key), existsSync(options.out)]).toEqual([false, false]);
});

test('a firm that was closed gets no file', async () => {
  await createFirm(admin, { name: 'Closed', slug: 'closed' }, []);
  await admin.query(`update steno.firm set is_active = false where firm_slug = 'closed'`);
  expect(words((await run({ slug: 'closed' })).outcome)).toContain('is not here');
});

test('--dry-run checks everything and writes nothing; --no-check writes what cannot be reached from here', async () => {
  const dry = await run({}, { dryRun: true });
  expect(must(dry.outcome)).toMatchObject({ newKey: dry.options.key, checked: true });
  expect([existsSync(dry.options.key), existsSync(dry.options.out)]).toEqual([false, false]);
  expect(words((await run({}, { dryRun: true, password: 'not that one at all' })).outcome)).toContain('client-password');
  const unchecked = await run({ host: 'steno.firm.invalid' }, { flags: ['no-check'] });
  expect(must(unchecked.outcome).checked).toBe(false);
  const file = must(readFirmFile(await readFile(unchecked.options.out, 'utf8'), Date.now()));
  expect(file.connection).toMatchObject({ host: 'steno.firm.invalid', tls: 'verify', tlsRoot: null });
});

test('with a TLS root the server must prove itself: the right authority passes, another or none does not', async () => {
  const port = String(await startTlsFront(connection));
  const root = fresh('root.pem');
  await writeFile(root, localhostCertificate);
  const { outcome, options } = await run({ host: 'localhost', port, 'tls-root': root });
  must(outcome);
  const { connection: written } = must(readFirmFile(await readFile(options.out, 'utf8'), Date.now()));
  expect(written).toMatchObject({ tls: 'verify', tlsRoot: localhostCertificate });
  const strange = fresh('strange.pem');
  await writeFile(strange, strangeCertificate);
  expect(words((await run({ host: 'localhost', port, 'tls-root': strange })).outcome)).toMatch(/certificate of localhost/);
  expect(await probeServer({ ...connection, ...written, tlsRoot: null })).toMatchObject({ error: { code: 'provider_failed' } });
  // a server that offers no TLS at all
  expect(words((await run({ 'tls-root': root })).outcome)).toMatch(/offers no TLS/);
});

test('--replica stands in the file', async () => {
  const { outcome, options } = await run({ replica: 'reader.firm.invalid:5433' }, { flags: ['no-check'] });
  must(outcome);
  expect(must(readFirmFile(await readFile(options.out, 'utf8'), Date.now())).connection.replica).toEqual({
    host: 'reader.firm.invalid',
    port: 5433,
  });
});

test('a hundred laptops connect in one morning: connecting is no sign-in attempt', async () => {
  await admin.query('update auth.policy set account_attempts = 2, address_attempts = 3');
  for (let laptop = 0; laptop < 10; laptop += 1) must(await probeServer(connection));
  // control: sign-ins of an account that cannot exist are counted, and stop at the limit
  const door = createPostgresDoor(connection);
  const attempt = () =>
    door.signIn({ firmSlug: 'third', email: 'probe@invalid.example', password: 'x', deviceId: freshId(), deviceName: 'x' });
  await attempt();
  await attempt();
  await expect(attempt()).rejects.toMatchObject({ error: { code: 'rate_limited' } });
  await door.close();
});
