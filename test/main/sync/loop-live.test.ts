import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import type { SyncLoop } from '../../../src/main/sync/loop.ts';
import { attended, type NoticeBudget } from '../../../src/main/sync/pace.ts';
import { RemoteError, type Remote } from '../../../src/main/sync/remote.ts';
import { aLoop } from '../../support/a-loop.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { markCopied } from '../../support/fake-snapshot.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../../support/laptop.ts';
import { aMatter } from '../../support/mutations.ts';
import { createVirtualTimers, type VirtualTimers } from '../../support/virtual-timers.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let colleague: Remote;
let loop: SyncLoop;
let time: VirtualTimers;

beforeEach(() => {
  firm = server.addFirm();
  laptop = makeLaptop();
  markCopied(laptop.store);
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  colleague = server.signIn(firm, 'Attorney');
  time = createVirtualTimers();
});
afterEach(async () => {
  await loop.stop();
  laptop.store.close();
});

/** Counts what the firm is asked. `listen`: how its notices come; behind a pooler by default. */
function start(
  change: Partial<Remote> = { listen: pooled },
  budget?: NoticeBudget,
): Record<'pulls' | 'questions' | 'lines' | 'reconnects', number> {
  const asked = { pulls: 0, questions: 0, lines: 0, reconnects: 0 };
  const line: Remote = { ...remote, ...change };
  loop = aLoop(
    laptop,
    {
      ...line,
      pull: (after, most) => ((asked.pulls += 1), line.pull(after, most)),
      feedHead: () => ((asked.questions += 1), line.feedHead()),
      listen: (onPush, signal) => ((asked.lines += 1), line.listen(onPush, signal)),
      reconnect: () => void (asked.reconnects += 1),
    },
    { now: time.now, timers: time, ...(budget && { budget }) },
  );
  return asked;
}
const pooled = (): Promise<never> => Promise.reject(new RemoteError({ code: 'unsupported', what: 'notices', reason: 'x' }));
const offline = (): Promise<never> => Promise.reject(new RemoteError({ code: 'offline', reason: 'x' }));
const here = (): number => rowsOf(laptop.store, 'matter').size;
/** How long until what a colleague pushes now is here, to a quarter of a second. */
async function untilHere(): Promise<number> {
  const before = here();
  const from = time.now();
  await colleague.push([aMatter()]);
  while (here() === before) {
    if (time.now() - from > 100_000) throw new Error('it never came');
    await time.pass(250);
  }
  return time.now() - from;
}

test('without notices a colleague’s change is here in a second while there is news, in five when there was lately, in fifteen when not', async () => {
  start();
  await time.pass(1_000);
  expect(await untilHere()).toBeLessThanOrEqual(1_250);
  await time.pass(60_000);
  expect(await untilHere()).toBeLessThanOrEqual(5_250);
  await time.pass(360_000);
  expect(await untilHere()).toBeLessThanOrEqual(15_250);
});

test('the firm is asked a cheap question, a whole round is made once a minute, and no line is asked for more often', async () => {
  const asked = start();
  await time.pass(600_000);
  expect(asked.questions).toBeGreaterThan(60);
  expect(asked.questions).toBeLessThan(110);
  expect(asked.pulls).toBeGreaterThanOrEqual(8);
  expect(asked.pulls).toBeLessThanOrEqual(11);
  expect(asked.lines).toBe(asked.pulls);
});

test('the question writes nothing to the disk, and the person still sees when the firm was last asked', async () => {
  start();
  await time.pass(2_000);
  const written = (): unknown => laptop.store.raw.prepare('select total_changes() as n').get();
  const [before, at] = [written(), loop.status().lastSyncedAt ?? 0];
  await time.pass(20_000);
  expect(written()).toEqual(before);
  expect(loop.status().lastSyncedAt).toBeGreaterThan(at + 15_000);
});

test('a hidden window asks once a minute, on battery a step slower; who comes back, or is joined, does not wait', async () => {
  const asked = start();
  await time.pass(5_000);
  loop.setActivity({ ...attended, isHidden: true });
  await time.pass(2_000);
  const before = asked.questions;
  await time.pass(50_000);
  expect(asked.questions).toBe(before);
  await colleague.push([aMatter()]);
  loop.setActivity({ ...attended, isOnBattery: true });
  await time.pass(1);
  expect(here()).toBe(1);
  await time.pass(400_000);
  expect(await untilHere()).toBeLessThanOrEqual(60_250);
  await time.pass(400_000);
  loop.setActivity({ ...attended, isShared: true });
  expect(await untilHere()).toBeLessThanOrEqual(1_250);
});

test('without a line nobody’s coming back ends the backoff, the network’s does', async () => {
  const asked = start({ pull: offline, feedHead: offline, greet: offline, listen: pooled });
  const greet = vi.fn(offline);
  await loop.stop();
  start({ greet, listen: pooled });
  await time.pass(60_000);
  const before = greet.mock.calls.length;
  loop.setActivity({ ...attended, isHidden: true });
  loop.setActivity({ ...attended, isShared: true });
  await time.pass(1);
  expect(greet.mock.calls.length).toBe(before);
  loop.reconnect();
  await time.pass(1);
  expect(greet.mock.calls.length).toBe(before + 1);
  expect(asked.pulls).toBe(0);
});

test('after a sleep of the machine the old line is given up and the firm asked, at the next look at the clock', async () => {
  firm.live.now = time.now;
  const asked = start({ listen: () => new Promise(() => undefined) });
  loop.setActivity({ ...attended, isHidden: true });
  await time.pass(3_000);
  await colleague.push([aMatter()]);
  time.oversleep(8 * 3_600_000);
  await time.pass(5_000);
  expect([asked.reconnects, here()]).toEqual([1, 1]);
  await time.pass(120_000);
  expect(asked.reconnects).toBe(1);
});

test('control: as long a time in which the timers ran is no sleep', async () => {
  const asked = start();
  await time.pass(8 * 3_600_000);
  expect(asked.reconnects).toBe(0);
});

test('a laptop’s own push, noticed before it pulls, is no reason for a second round', async () => {
  const asked = start({});
  await time.pass(10);
  expect(asked.pulls).toBeLessThanOrEqual(2); // the round, and what was pushed before it listened
  const before = asked.pulls;
  await colleague.push([aMatter()]);
  await time.pass(10);
  expect([asked.pulls - before, here()]).toEqual([1, 1]);
});

test('a clock that is set back ten years delays nothing', async () => {
  let shift = 0;
  const now = time.now;
  time.now = () => now() - shift;
  const asked = start();
  await time.pass(3_000);
  shift = 10 * 365 * 86_400_000;
  await time.pass(1_000);
  expect(await untilHere()).toBeLessThanOrEqual(15_250);
  const before = asked.questions;
  await time.pass(300_000);
  expect(asked.questions - before).toBeLessThan(100);
});

test('[S16] whatever notices are lost and lines cut: all is here within 75 seconds', async () => {
  const seed = Number(process.env['STENO_SEED'] ?? Date.now());
  const step = fc.record({ pushes: fc.nat({ max: 2 }), isHeard: fc.boolean(), isCut: fc.boolean(), restMs: fc.nat({ max: 90_000 }) });
  let [lost, missing] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.boolean(), async (steps, isHidden) => {
      firm = server.addFirm();
      laptop.store.close();
      laptop = makeLaptop();
      markCopied(laptop.store);
      remote = server.signIn(firm, 'Attorney', laptop.deviceId);
      colleague = server.signIn(firm, 'Attorney');
      time = createVirtualTimers();
      let isHeard = true;
      let cut = (): void => undefined;
      start({
        listen: (onPush, signal) =>
          Promise.race([
            remote.listen(() => {
              if (isHeard) onPush();
            }, signal),
            new Promise<never>((_, reject) => (cut = () => void offline().catch(reject))),
          ]),
      });
      loop.setActivity({ ...attended, isHidden });
      let pushed = 0;
      for (const one of steps) {
        isHeard = one.isHeard;
        for (let n = 0; n < one.pushes; n += 1) await colleague.push([aMatter()]);
        pushed += one.pushes;
        if (one.isCut) cut();
        await time.pass(0);
        if (!isHeard && one.pushes > 0) lost += 1;
        missing += pushed - here(); // control: it is not the notices that bring these
        await time.pass(one.restMs);
      }
      await time.pass(75_000);
      expect(here()).toBe(pushed);
      await loop.stop();
    }),
    { seed, numRuns: 60 },
  );
  expect(lost).toBeGreaterThan(20);
  expect(missing).toBeGreaterThan(10);
});

/** Somebody says NOTIFY each millisecond; `each` is what else happens then. */
async function storm(ms: number, budget?: NoticeBudget, each: (at: number) => Promise<void> | void = () => undefined): Promise<number> {
  let notify = (): void => undefined;
  const asked = start({ listen: (onPush, signal) => ((notify = onPush), remote.listen(onPush, signal)) }, budget);
  await time.pass(10);
  const before = asked.pulls;
  for (let at = 0; at < ms; at += 1) {
    notify();
    await each(at);
    await time.pass(1);
  }
  return asked.pulls - before;
}

test('[S16] who says NOTIFY without end drives thirty rounds at once, then four a second; after a calm a notice is answered at once again', async () => {
  const rounds = await storm(10_000);
  expect(rounds).toBeGreaterThanOrEqual(60);
  expect(rounds).toBeLessThanOrEqual(72);
  await time.pass(10_000);
  await colleague.push([aMatter()]);
  await time.pass(0);
  expect(here()).toBe(1);
});

test('[S16] control: without a measure each notice drives a round', async () => {
  expect(await storm(2_000, { waitMs: () => 0, spend: () => undefined })).toBeGreaterThan(1_900);
});

test('[S16] in a storm of notices a colleague’s change is here in a quarter of a second, and what is written or asked for here waits for nothing', async () => {
  let [pushedAt, cameAt] = [0, 0];
  await storm(3_000, undefined, async (at) => {
    if (at === 2_000) {
      await colleague.push([aMatter()]);
      pushedAt = at;
    }
    if (cameAt === 0 && here() === 1) cameAt = at;
    if (at < 2_900) return;
    must(laptop.write((change) => ok({ done: change.insert('matter', { matterId: freshId(), title: 'Mine', status: 'Open' }) })));
    loop.nudge();
    await time.pass(0);
    expect(loop.status().waiting).toBe(0);
    let isOver = false;
    void loop.now().then(() => (isOver = true));
    await time.pass(0);
    expect(isOver).toBe(true);
  });
  expect(cameAt - pushedAt).toBeGreaterThan(0);
  expect(cameAt - pushedAt).toBeLessThanOrEqual(251);
});

test('[S16] twenty changes a second of a colleague’s are each here at once, for as long as she likes', async () => {
  start({});
  await time.pass(10);
  for (let n = 1; n <= 600; n += 1) {
    await colleague.push([aMatter()]);
    await time.pass(0);
    expect(here()).toBe(n);
    await time.pass(50);
  }
});

test('[S16] who pushes without end drives 25 rounds a second, and all of it comes', async () => {
  const rounds = await storm(10_000, undefined, async (at) => {
    if (at % 5 === 0) await colleague.push([aMatter()]);
  });
  expect(rounds).toBeLessThanOrEqual(450);
  await time.pass(1_000);
  expect(here()).toBe(2_000);
});
