import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { openStore } from '../../src/main/store/store.ts';
import { brokenPromises } from '../support/broken-promises.ts';
import { aDesk } from '../support/desk.ts';
import { dyingPoints, type LaptopOrder } from '../support/kill/laptop-order.ts';
import { killAll, startTypingLaptop, type TypingLaptop } from '../support/kill/typing-laptop.ts';
import { must, storeKey, testFolder } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { seeded } from '../sim/random.ts';

/** On the oldest Postgres fewer: what is killed is the laptop. */
const rounds = Number(process.env['STENO_KILL_ROUNDS'] ?? (inject('postgresMajor') === null ? 50 : 10));
const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);

const world = await createPgWorld();
afterAll(killAll);

async function anOrder(switchedOff: Partial<LaptopOrder> = {}): Promise<LaptopOrder> {
  const desk = aDesk();
  return {
    ...desk,
    path: join(testFolder(), `${freshId()}.db`),
    key: storeKey,
    userId: world.firms.one.userIds.Attorney,
    token: await world.tokenFor('one', 'Attorney', desk.deviceId),
    connection: world.connection,
    diesAt: null,
    ...switchedOff,
  };
}

/** Asks for changes as fast as they are kept, until the laptop is dead or says what is wrong. */
async function keepBusy(laptop: TypingLaptop): Promise<void> {
  for (let n = 1; !laptop.isOver(); n += 1) {
    laptop.ask(n);
    await laptop.keeps(1);
  }
}

/** One life: found whole, kept busy, killed at a moment of this seed, or dead by itself at a point of the code. Returns what it said is kept. */
async function live(order: LaptopOrder, afterMs: number | null): Promise<string[]> {
  const laptop = startTypingLaptop(order);
  expect(await laptop.integrity, `seed ${String(seed)}`).toBe('ok');
  const busy = keepBusy(laptop);
  if (afterMs !== null) {
    await wait(afterMs);
    await laptop.kill();
  }
  await busy;
  await laptop.kill();
  return laptop.kept;
}

/** Two last lives in peace: everything reaches the firm, and the laptop shows what the firm has; the second brings what the first has joined. */
async function drain(order: LaptopOrder): Promise<void> {
  for (const _life of [1, 2]) {
    const laptop = startTypingLaptop({ ...order, diesAt: null });
    expect(await laptop.integrity).toBe('ok');
    await laptop.drained();
    await laptop.kill();
  }
}

async function brokenOf(order: LaptopOrder, kept: string[]): Promise<string[]> {
  const store = must(openStore(order.path, storeKey));
  try {
    return await brokenPromises(world.admin, order, store, kept);
  } finally {
    store.close();
  }
}

async function killRounds(order: LaptopOrder, count: number, random: () => number): Promise<string[]> {
  const kept: string[] = [];
  for (let round = 0; round < count; round += 1) {
    const point = round % 3 === 0 ? null : (dyingPoints[Math.floor(random() * dyingPoints.length)] ?? null);
    const diesAt = point === null ? null : { point, nth: 1 + Math.floor(random() * 4) };
    kept.push(...(await live({ ...order, diesAt }, point === null ? random() * 150 : null)));
  }
  await drain(order);
  return kept;
}

test(
  '[S1][S2][S3][S5] a laptop killed at any moment: what was acknowledged is at the firm once, and its store is whole',
  { timeout: 60_000 + rounds * 5_000 },
  async () => {
    const orders = [await anOrder(), await anOrder()];
    await Promise.all(
      orders.map(async (order, n) => {
        const kept = await killRounds(order, Math.ceil(rounds / orders.length), seeded(seed + n));
        expect(kept.length, `STENO_SEED=${String(seed)}`).toBeGreaterThan(rounds);
        expect(await brokenOf(order, kept), `STENO_SEED=${String(seed)}`).toEqual([]);
      }),
    );
  },
);

test('[S2] control: a laptop that forgets its outbox before the verdict loses acknowledged work', { timeout: 60_000 }, async () => {
  const order = await anOrder({ forgetsBeforeVerdict: true });
  const kept = [...(await live({ ...order, diesAt: { point: 'settle: after commit', nth: 2 } }, null))];
  kept.push(...(await live({ ...order, diesAt: { point: 'push: before', nth: 1 } }, null)));
  await drain(order);
  expect(await brokenOf(order, kept)).toContainEqual(expect.stringMatching(/acknowledged changes are lost/));
});

test(
  '[S3] control: a firm that forgets its verdicts applies a change twice that a killed laptop repeats',
  { timeout: 60_000 },
  async () => {
    const order = await anOrder();
    const kept = await live({ ...order, diesAt: { point: 'settle: after commit', nth: 2 } }, null);
    kept.push(...(await live({ ...order, diesAt: { point: 'push: answered', nth: 1 } }, null)));
    await world.admin.query('delete from steno.mutation where device_id = $1', [order.deviceId]);
    await drain(order);
    expect(await brokenOf(order, kept)).toContainEqual(expect.stringMatching(/titles were judged and left revision/));
  },
);
