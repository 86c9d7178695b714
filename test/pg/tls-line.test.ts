import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { RemoteError } from '../../src/main/sync/remote.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { localhostCertificate, startTlsFront, strangeCertificate } from '../support/tls-front.ts';

const world = await createPgWorld();
/** What a server was trusted with after it had proved to be the firm's. */
let told = 0;
const proxy = await startFaultProxy({
  host: '127.0.0.1',
  port: await startTlsFront(world.database, (bytes) => void (told += bytes.length)),
});
const secure: FirmConnection = { ...world.connection, host: 'localhost', port: proxy.port, tls: 'verify', tlsRoot: localhostCertificate };
const token = await world.tokenFor('one', 'Attorney');

beforeEach(() => {
  told = 0;
  proxy.weather({});
});

/** Tries to push and to sign in; what each was told. */
async function attempts(connection: FirmConnection): Promise<string[]> {
  const remote = createPostgresRemote(connection, token);
  const door = createPostgresDoor(connection);
  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: unknown) => {
        if (!(error instanceof RemoteError)) throw error;
        return `${error.error.code}: ${'reason' in error.error ? error.error.reason : ''}`;
      },
    );
  const ends = [
    await outcome(remote.push([aMatter('Confidential title')])),
    await outcome(
      door.signIn({ firmSlug: 'one', email: 'a@one.example', password: 'Confidential word', deviceId: token.slice(32), deviceName: 'x' }),
    ),
  ];
  await remote.close();
  await door.close();
  return ends;
}
const secrets = ['steno_client', 'Confidential', token];
const readable = (): string[] => secrets.filter((secret) => proxy.overheard().includes(secret));

test('over TLS a push arrives, and nobody on the line reads a word of it', async () => {
  const remote = createPostgresRemote(secure, token);
  expect(await remote.push([aMatter('Confidential title')])).toMatchObject([{ verdict: 'applied' }]);
  await remote.close();
  expect(told).toBeGreaterThan(300);
  expect(proxy.came().toServer).toBeGreaterThan(told);
  expect(readable()).toEqual([]);
});

test.each<[string, Partial<FirmConnection>]>([
  ['another authority', { tlsRoot: strangeCertificate }],
  ['an authority that this machine does not know', { tlsRoot: null }],
  ['a certificate for another name', { host: '127.0.0.1' }],
])('%s: the server is told nothing at all, and the words say not to go on', async (_name, change) => {
  for (const end of await attempts({ ...secure, ...change }))
    expect(end).toMatch(/^provider_failed: .*nothing was sent.*do not go on over this network/);
  expect(proxy.came().toServer).toBeGreaterThan(0); // it did ask
  expect(told).toBe(0);
  expect(readable()).toEqual([]);
});

test('a server that offers no TLS is asked for it, in eight bytes, and told nothing', async () => {
  let heard = 0;
  const plain = createServer((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.length;
      socket.write('N');
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  afterAll(() => plain.close());
  const port = (plain.address() as { port: number }).port;
  for (const end of await attempts({ ...secure, port })) expect(end).not.toBe('done');
  expect(heard).toBe(16); // two lines
});

test('control: without TLS the same line reads along', async () => {
  const open = await startFaultProxy(world.database);
  const remote = createPostgresRemote({ ...world.connection, port: open.port }, token);
  await remote.push([aMatter('Confidential title')]);
  await remote.close();
  expect(secrets.filter((secret) => open.overheard().includes(secret))).toEqual(secrets);
});

test('[S3] a TLS line that is cut anywhere, during its handshake too: the push arrives once', async () => {
  const remote = createPostgresRemote(secure, token);
  const batch = [aMatter()];
  let cuts = 0;
  for (let bytes = 0; bytes < 4_000; bytes += 250) {
    for (const way of ['toServer', 'toClient'] as const) {
      proxy.weather({ cutAfter: { way, bytes } });
      await remote.push(batch).catch((error: unknown) => expect(error).toMatchObject({ error: { code: 'offline' } }));
      cuts += proxy.cuts();
    }
  }
  expect(cuts).toBeGreaterThan(8);
  proxy.weather({});
  expect(await remote.push(batch)).toMatchObject([{ verdict: 'applied', revision: 1 }]);
  await remote.close();
});
