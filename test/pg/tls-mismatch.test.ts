import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { explain } from '../../src/shared/errors.ts';
import { ok } from '../../src/shared/result.ts';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { SyncLoop } from '../../src/main/sync/loop.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { aLoop } from '../support/a-loop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { firmsOwn, impostor, localhostCertificate, neighbour, startTlsFront, type Identity } from '../support/tls-front.ts';

const world = await createPgWorld();
let identity: Identity = firmsOwn;
/** What the server at the firm's address was trusted with after the handshake. */
let told = 0;
const proxy = await startFaultProxy({
  host: '127.0.0.1',
  port: await startTlsFront(
    world.database,
    (bytes) => (told += bytes.length),
    () => identity,
  ),
});
const secure: FirmConnection = { ...world.connection, host: 'localhost', port: proxy.port, tls: 'verify', tlsRoot: localhostCertificate };
const waitLong = { timeout: 20_000, interval: 20 };

/** From now on somebody else answers at the firm's address. */
function present(next: Identity): void {
  identity = next;
  proxy.reset();
  proxy.weather({});
  told = 0;
}

let laptop: TestLaptop;
let loop: SyncLoop;
let token: string;
beforeEach(async () => {
  present(firmsOwn);
  laptop = makeLaptop();
  token = await world.tokenFor('one', 'Attorney', laptop.deviceId);
  loop = aLoop(laptop, createPostgresRemote(secure, token));
});
afterEach(async () => {
  await loop.stop();
  laptop.store.close();
});

function write(title: string): void {
  must(laptop.write((change) => ok({ done: change.insert('matter', { matterId: freshId(), title, status: 'Open' }) })));
  loop.nudge();
}
const atFirm = async (title: string): Promise<number> =>
  (await world.admin.query('select from steno.matter where title = $1', [title])).rowCount ?? 0;
const settled = (): Promise<void> => vi.waitFor(() => expect(loop.status()).toMatchObject({ phase: 'synced', waiting: 0 }), waitLong);

test.each([
  ['the firm’s name, by another authority', impostor],
  ['the firm’s authority, for another name', neighbour],
])('%s: nothing is sent, what was written stays, the status says why, and with the right one it goes on by itself', async (name, other) => {
  write(`Before ${name}`);
  await settled();
  expect(told).toBeGreaterThan(300);
  const rows = rowsOf(laptop.store, 'matter').size;

  present(other);
  write(`Confidential ${name}`);
  await vi.waitFor(() => expect(loop.status().problem).not.toBeNull(), waitLong);
  await vi.waitFor(() => expect(loop.status()).toMatchObject({ phase: 'stopped', waiting: 1 }), waitLong);
  // asked once more, and by somebody who types a password
  await loop.now();
  const door = createPostgresDoor(secure);
  const input = { firmSlug: 'one', email: 'a@one.example', password: 'Confidential word', deviceId: laptop.deviceId, deviceName: 'x' };
  await expect(door.signIn(input)).rejects.toMatchObject({ error: { code: 'provider_failed' } });
  await door.close();

  const { problem } = loop.status();
  const { title, advice } = explain(problem ?? { code: 'internal', reference: 'none' });
  expect(`${title} ${advice}`).toMatch(/certificate failed\. .*nothing was sent.*do not go on over this network/);
  expect(proxy.came().toServer).toBeGreaterThan(0); // it did greet
  expect(told).toBe(0); // not a byte after the handshake
  for (const secret of ['Confidential', token, 'steno_client']) expect(proxy.overheard().includes(secret)).toBe(false);
  expect(outboxOf(laptop.store)).toMatchObject([{ entity: 'matter', state: 'waiting' }]);
  expect(rowsOf(laptop.store, 'matter').size).toBe(rows + 1);
  expect(await atFirm(`Confidential ${name}`)).toBe(0);

  present(firmsOwn);
  await settled(); // nobody asked
  expect(loop.status().problem).toBeNull();
  expect(await atFirm(`Confidential ${name}`)).toBe(1);
});

test('control: a laptop that trusted the impostor’s authority would have told it all', async () => {
  present(impostor);
  const fooled = createPostgresRemote({ ...secure, tlsRoot: impostor.cert }, token);
  await fooled.greet();
  await fooled.close();
  expect(told).toBeGreaterThan(300);
});
