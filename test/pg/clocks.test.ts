import { afterEach, expect, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { SyncLoop } from '../../src/main/sync/loop.ts';
import { createWrite, type Change, type Write } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLoop } from '../support/a-loop.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const tenYearsMs = 10 * 365.25 * 86_400_000;

interface Desk {
  laptop: TestLaptop;
  write: Write;
  loop: SyncLoop;
}
const open: Desk[] = [];
/** Only for the control. */
let isClockBelieved = false;
afterEach(async () => {
  for (const { loop, laptop } of open.splice(0)) {
    await loop.stop();
    laptop.store.close();
  }
});

/** A laptop whose clock is off by so much, for whoever asks it. */
async function sitDown(aheadMs: number): Promise<Desk> {
  const laptop = makeLaptop();
  const now = (): number => Math.floor(Date.now() + aheadMs);
  const { store, userId } = laptop;
  const line = await world.connect('one', 'Attorney', laptop.deviceId);
  const seen = aheadMs > 0 ? 1_000_000 : 0;
  const believing: Remote = { ...line, push: (batch) => line.push(batch.map((mutation) => ({ ...mutation, baseRevision: seen }))) };
  const loop = aLoop(laptop, isClockBelieved ? believing : line, { now });
  const desk = { laptop, loop, write: createWrite({ store, userId, now, newId: freshId, onCommitted: () => undefined }) };
  open.push(desk);
  return desk;
}
const change = ({ write }: Desk, work: (change: Change) => boolean): void =>
  expect(must(write((it) => ok({ isDone: work(it) })))).toEqual({ isDone: true });
/** A round each, in this order, until nobody has anything new. */
async function syncAll(...desks: Desk[]): Promise<void> {
  for (const { loop } of [...desks, ...desks]) {
    await loop.now();
    expect(loop.status()).toMatchObject({ waiting: 0, problem: null });
  }
}

/** The same story on clocks that are off by this: everything the firm holds in the end, but for ids and times. */
async function story(...aheadMs: [number, number, number]): Promise<unknown> {
  const [early, late, right] = [await sitDown(aheadMs[0]), await sitDown(aheadMs[1]), await sitDown(aheadMs[2])];
  const matterId = freshId();
  change(early, (it) => it.insert('matter', { matterId, title: 'First', status: 'Open' }));
  await syncAll(early, late, right);
  change(late, (it) => it.patch('matter', matterId, { title: 'Second' }));
  await syncAll(late, early, right);
  change(early, (it) => it.patch('matter', matterId, { title: 'Third' }));
  await syncAll(early, late, right);
  // apart: both change the title, one the reference as well
  change(late, (it) => it.patch('matter', matterId, { title: 'Late' }));
  change(early, (it) => it.patch('matter', matterId, { title: 'Early', caseReference: 'E-1' }));
  await syncAll(late, early, right);
  for (const { laptop } of [early, late, right]) expect(outboxOf(laptop.store)).toEqual([]);
  const shown = [early, late, right].map(({ laptop }) => {
    const conflicts = [...rowsOf(laptop.store, 'conflict').values()].filter((row) => row['entity_id'] === matterId);
    return { matter: rowsOf(laptop.store, 'matter').get(matterId), conflicts };
  });
  expect(shown[1]).toEqual(shown[0]);
  expect(shown[2]).toEqual(shown[0]);
  const { matter, conflicts } = shown[0] ?? { matter: undefined, conflicts: [] };
  expect(Math.abs(Date.parse(String(matter?.['updated_at'])) - Date.now())).toBeLessThan(600_000); // the firm's clock
  return {
    matter: { title: matter?.['title'], reference: matter?.['case_reference'], revision: matter?.['revision'] },
    conflicts: conflicts.map(({ proposed, current, state }) => ({ proposed, current, state })),
  };
}

test('[S11] clocks ten years behind, ten years ahead and right: the same final state as on right ones, nothing refused', async () => {
  const onRightClocks = await story(0, 0, 0);
  expect(onRightClocks).toEqual({
    matter: { title: 'Late', reference: 'E-1', revision: 5 },
    conflicts: [{ proposed: { title: 'Early' }, current: { title: 'Late' }, state: 'open' }],
  });
  expect(await story(tenYearsMs, -tenYearsMs, 0)).toEqual(onRightClocks);
  expect(await story(-tenYearsMs, tenYearsMs, 0)).toEqual(onRightClocks);
});

test('[S11] control: where a change of a later clock counts as made on what is newest, the final state hangs on the clocks', async () => {
  isClockBelieved = true;
  expect(await story(tenYearsMs, -tenYearsMs, 0)).not.toEqual(await story(-tenYearsMs, tenYearsMs, 0));
});
