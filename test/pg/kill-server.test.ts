import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, inject, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import type { SyncLoop } from '../../src/main/sync/loop.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { aLoop } from '../support/a-loop.ts';
import { brokenPromises } from '../support/broken-promises.ts';
import { aDesk, typeAt, type Desk } from '../support/desk.ts';
import { createMortalServer, type MortalServer } from '../support/kill/mortal-server.ts';
import { makeLaptop, must, outboxOf, type TestLaptop } from '../support/laptop.ts';
import { seeded } from '../sim/random.ts';

const rounds = Number(process.env['STENO_KILL_SERVER_ROUNDS'] ?? (inject('postgresMajor') === null ? 5 : 2));
const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);

interface Busy {
  laptop: TestLaptop;
  desk: Desk;
  kept: string[];
  loop: SyncLoop;
  type(): void;
}
const open: Busy[] = [];
afterEach(async () => {
  for (const { loop, laptop } of open.splice(0)) {
    await loop.stop();
    laptop.store.close();
  }
});

async function sitDown(server: MortalServer): Promise<Busy> {
  const laptop = makeLaptop();
  const desk = aDesk(laptop.deviceId);
  const { token } = await server.signIn(laptop.deviceId);
  const kept: string[] = [];
  const loop = aLoop(laptop, createPostgresRemote(server.connection, token));
  let n = 0;
  const busy: Busy = {
    laptop,
    desk,
    kept,
    loop,
    type() {
      const before = outboxOf(laptop.store).length;
      must(laptop.write((change) => ok({ done: typeAt(desk, change, (n += 1)) })));
      for (const { mutation_id: id } of outboxOf(laptop.store).slice(before)) kept.push(id);
      loop.nudge();
    },
  };
  open.push(busy);
  return busy;
}

/** Types on all laptops until so much time has gone by. */
async function typeFor(desks: Busy[], ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    for (const busy of desks) busy.type();
    await wait(3);
  }
}
const drained = (busy: Busy): Promise<void> =>
  expect.poll(() => busy.loop.now(), { timeout: 30_000 }).toMatchObject({ phase: 'synced', waiting: 0, deadLetters: 0 });
const brokenOf = (server: MortalServer, { desk, laptop, kept }: Busy): Promise<string[]> =>
  server.admin((client) => brokenPromises(client, desk, laptop.store, kept));

test(
  '[S3][S9] a server killed at any moment of pushes: what it had accepted is there once, what it had not comes again',
  { timeout: 60_000 + rounds * 20_000 },
  async () => {
    const random = seeded(seed);
    const server = await createMortalServer(inject('postgresMajor'));
    const desks = [await sitDown(server), await sitDown(server)];
    for (let round = 0; round < rounds; round += 1) {
      await typeFor(desks, 50 + random() * 250);
      await server.kill();
      await typeFor(desks, 20);
      await server.start();
      for (const busy of desks) await drained(busy);
      for (const busy of desks) expect(await brokenOf(server, busy), `STENO_SEED=${String(seed)}, round ${String(round)}`).toEqual([]);
    }
    expect(desks.map(({ kept }) => kept.length).every((count) => count > rounds)).toBe(true);
  },
);

test(
  '[S13] control: a server that answers before its commit is on disk loses what it had accepted, until the laptop hands it back',
  { timeout: 60_000 },
  async () => {
    const server = await createMortalServer(inject('postgresMajor'), { synchronous_commit: 'off', wal_writer_delay: '10s' });
    const busy = await sitDown(server);
    busy.type();
    await drained(busy);
    await server.admin((client) => client.query('checkpoint'));
    busy.type();
    busy.type();
    await drained(busy);
    await server.kill();
    await server.start();
    expect(await brokenOf(server, busy)).toContainEqual(expect.stringMatching(/acknowledged changes are lost/));
    // the laptop notices that the server went back, and hands it all back
    await drained(busy);
    expect(await brokenOf(server, busy)).toEqual([]);
  },
);
