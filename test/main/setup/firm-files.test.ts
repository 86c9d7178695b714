import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Host } from '../../../src/main/host/host.ts';
import { makeSigningKey } from '../../../src/main/host/signature.ts';
import { createFirmFiles, type FirmFiles } from '../../../src/main/setup/firm-files.ts';
import { openSettings } from '../../../src/main/setup/settings.ts';
import { createSetup } from '../../../src/main/setup/setup.ts';
import { err, ok, type Nothing, type Outcome } from '../../../src/shared/result.ts';
import { makeHost } from '../../support/fake-host.ts';
import { firmFileContent, makeFirmFile, makeTestKey, whileGood } from '../../support/firm-file.ts';
import { must } from '../../support/laptop.ts';

const key = makeTestKey();
const otherKey = makeTestKey();
const file = makeFirmFile(key);
const otherFile = makeFirmFile(otherKey);
let host: Host;

beforeEach(() => {
  vi.unstubAllEnvs();
  host = makeHost(() => whileGood);
});

/** Reads files against a server that answers; `connected` are the hosts that were connected to. */
async function start(answer: Outcome<Nothing> = ok({})): Promise<FirmFiles & { connected: string[] }> {
  const settings = await openSettings(host);
  const connected: string[] = [];
  const files = createFirmFiles({
    host,
    settings,
    async connect({ password, ...connection }, remember) {
      if (!answer.ok) return answer;
      connected.push(connection.host);
      await settings.save({ ...remember, connection }, password);
      return answer;
    },
  });
  return { ...files, connected };
}

test('what a person compares is shown before anything is connected', async () => {
  const files = await start();
  expect(must(await files.view(file))).toEqual({
    firmName: 'Pardo Lane LLP',
    firmSlug: 'pardo-lane',
    server: 'steno.pardolane.example, port 5432',
    issuedAt: firmFileContent.issuedAt,
    expiresAt: firmFileContent.expiresAt,
    fingerprint: key.fingerprint,
    trust: 'first',
    knownFingerprint: null,
  });
  expect(files.connected).toEqual([]);
});

test('the first key that was used is remembered across restarts, and nothing of the password is in the settings', async () => {
  must(await (await start()).connect(file, false));
  const settings = (await openSettings(host)).read();
  expect(settings).toMatchObject({ firmFileKey: key.publicKey, options: { offlineSignInDays: 14 } });
  expect(JSON.stringify(settings)).not.toContain(firmFileContent.connection.password);
  expect(must(await (await start()).view(makeFirmFile(key, { issuedAt: '2026-01-20T00:00:00.000Z' }))).trust).toBe('known');
});

test('looking at a file, or failing to connect by it, is no reason to trust its key', async () => {
  const files = await start(err({ code: 'offline', reason: 'x' }));
  must(await files.view(file));
  expect((await files.connect(file, false)).ok).toBe(false);
  expect(must(await files.view(otherFile)).trust).toBe('first');
});

test('a file of another key is refused until a person says that it is the new one', async () => {
  must(await (await start()).connect(file, false));
  const files = await start();
  expect(must(await files.view(otherFile))).toMatchObject({
    trust: 'changed',
    fingerprint: otherKey.fingerprint,
    knownFingerprint: key.fingerprint,
  });
  expect(await files.connect(otherFile, false)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(files.connected).toEqual([]);
  must(await files.connect(otherFile, true));
  expect(must(await files.view(otherFile)).trust).toBe('known');
  expect(must(await files.view(file)).trust).toBe('changed');
});

test('leaving the firm does not forget whom to trust', async () => {
  must(await (await start()).connect(file, false));
  const settings = await openSettings(host);
  must(await createSetup({ host, settings, templates: [] }).forgetFirm());
  expect(settings.read()).toMatchObject({ connection: null, options: {}, firmFileKey: key.publicKey });
  expect(must(await (await start()).view(otherFile)).trust).toBe('changed');
});

async function pin(pem: string): Promise<void> {
  await writeFile(join(host.paths.data, 'provision.pub'), pem);
}

test('where IT installed a key, only its files are taken, whatever a person says', async () => {
  await pin(key.publicPem);
  const files = await start();
  expect(must(await files.view(file)).trust).toBe('pinned');
  const refused = { ok: false, error: { reason: expect.stringContaining('your IT installed') } };
  expect(await files.view(otherFile)).toMatchObject(refused);
  expect(await files.connect(otherFile, true)).toMatchObject(refused);
  must(await files.connect(file, false));
  // control: without the key that IT installed the same file is taken
  await pin(otherKey.publicPem);
  must(await files.connect(otherFile, false));
});

test('STENO_PROVISION_KEY names the key as well, and one that cannot be read closes the door', async () => {
  const named = join(host.paths.data, 'named.pem');
  vi.stubEnv('STENO_PROVISION_KEY', named);
  const files = await start();
  const unreadable = { ok: false, error: { reason: expect.stringContaining('cannot be read') } };
  expect(await files.view(file)).toMatchObject(unreadable);
  for (const wrong of ['', 'no key', makeSigningKey()]) {
    await writeFile(named, wrong);
    expect(await files.connect(file, true)).toMatchObject(unreadable);
  }
  await writeFile(named, key.publicPem);
  expect(must(await files.view(file)).trust).toBe('pinned');
});

test('where IT installed a key, no server but one on this machine is entered by hand', async () => {
  const { firm, connection } = firmFileContent;
  const elsewhere = { ...connection, firmSlug: firm.slug, host: 'stranger.invalid' };
  const setup = createSetup({ host, settings: await openSettings(host), templates: [] });
  expect((await setup.state()).isManaged).toBe(false);
  await pin(key.publicPem);
  expect((await setup.state()).isManaged).toBe(true);
  expect(await setup.connectFirm(elsewhere)).toMatchObject({ ok: false, error: { what: 'a server entered by hand' } });
  const here = { ...elsewhere, host: '127.0.0.1', port: 1, tls: 'off' as const, tlsRoot: null, replica: null };
  expect(await setup.connectFirm({ ...here, tls: 'verify', replica: { host: 'stranger.invalid', port: 1 } })).toMatchObject({
    error: { what: 'a server entered by hand' },
  });
  expect(await setup.connectFirm(here)).toMatchObject({ ok: false, error: { code: 'offline' } });
});

test('a signed file cannot turn TLS off for a server elsewhere', async () => {
  const setup = createSetup({ host, settings: await openSettings(host), templates: [] });
  const open = makeFirmFile(key, { connection: { ...firmFileContent.connection, tls: 'off' } });
  expect(await setup.firmFiles.connect(open, false)).toMatchObject({ ok: false, error: { what: 'a connection without TLS' } });
});
