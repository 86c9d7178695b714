import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LetterId } from '../../../src/shared/ids.ts';
import type { Attendance, PresenceState } from '../../../src/shared/presence.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { createPresence, type Presence } from '../../../src/main/sync/presence.ts';
import { RemoteError, type PresenceLine } from '../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { aLetterAt, place } from '../../support/presence-contract.ts';
import { createVirtualTimers, type VirtualTimers } from '../../support/virtual-timers.ts';

const server = createFakeServer();
let firm: FakeFirm;
let time: VirtualTimers;
let letterId: LetterId;
let running: Presence[];

beforeEach(async () => {
  firm = server.addFirm();
  time = createVirtualTimers();
  firm.live.now = time.now;
  letterId = LetterId.parse(await aLetterAt(server.signIn(firm, 'Attorney')));
  running = [];
});
afterEach(async () => {
  const over = Promise.all(running.map((each) => each.stop()));
  await time.pass(2_000);
  await over;
});

function aLaptop(change: Partial<PresenceLine> = {}) {
  const line: PresenceLine = { ...server.signIn(firm, 'Attorney').presence, ...change };
  const calls = { set: vi.fn(line.set), of: vi.fn(line.of), clear: vi.fn(line.clear) };
  const shown: unknown[] = [];
  const presence = createPresence({
    line: { ...line, ...calls },
    now: time.now,
    timers: time,
    onPeople: (of, people) => shown.push([of, people.length]),
    onActivity: () => undefined,
  });
  presence.setLine(true);
  running.push(presence);
  return {
    presence,
    calls,
    shown,
    be: (state: PresenceState, mark: string | null = null, window = 'w') => presence.attend(window, looking(state, mark)),
    sees: () => presence.peopleIn(letterId).map(({ state, place: at }) => [state, at]),
  };
}
const looking = (state: PresenceState, mark: string | null = null): Attendance => ({
  isVisible: state !== 'away',
  isOnBattery: false,
  at: { letterId, state, place: mark === null ? null : place(mark) },
});
const elsewhere: Attendance = { isVisible: true, isOnBattery: false, at: null };

test('who opens a letter is seen by who is in it, and goes with the tab', async () => {
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  await time.pass(1_000);
  b.be('editing', 'b1');
  await time.pass(500);
  expect([a.sees(), b.sees()]).toEqual([[['editing', place('b1')]], [['reading', null]]]);
  expect(a.presence.activity()).toMatchObject({ isShared: true });
  b.presence.attend('w', elsewhere);
  await time.pass(500);
  expect([a.sees(), b.sees()]).toEqual([[], []]);
  expect(a.shown).toEqual([
    [letterId, 1],
    [letterId, 0],
  ]);
});

test('a moving cursor is told at most four times a second, and where it stops always', async () => {
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  b.be('editing', 'start');
  await time.pass(2_000);
  const before = b.calls.set.mock.calls.length;
  for (let n = 0; n < 500; n += 1) {
    b.be('editing', String(n));
    await time.pass(20);
  }
  expect(b.calls.set.mock.calls.length - before).toBeLessThanOrEqual(40);
  expect(b.calls.set.mock.calls.length - before).toBeGreaterThan(20);
  expect(a.calls.of.mock.calls.length).toBeLessThanOrEqual(50);
  await time.pass(500);
  expect(a.sees()).toEqual([['editing', place('499')]]);
});

test('who is alone says that she is there every five seconds, however much she moves', async () => {
  const a = aLaptop();
  for (let n = 0; n < 300; n += 1) {
    a.be('editing', String(n));
    await time.pass(100);
  }
  expect(a.calls.set.mock.calls.length).toBeLessThanOrEqual(7);
  expect(a.calls.of.mock.calls.length).toBeLessThanOrEqual(1); // once it listens: what was said before
  // who then comes in sees where she is by now
  const b = aLaptop();
  b.be('reading');
  await time.pass(1_000);
  expect(b.sees()).toEqual([['editing', place('299')]]);
});

test('two windows of a person are one, with what does most and the place that moved last; closing one leaves the other', async () => {
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  b.be('editing', 'first', 'w1');
  b.be('away', 'second', 'w2');
  await time.pass(1_000);
  expect(a.sees()).toEqual([['editing', place('second')]]);
  b.presence.attend('w2', null);
  await time.pass(1_000);
  expect(a.sees()).toEqual([['editing', place('first')]]);
  expect(b.calls.clear).not.toHaveBeenCalled();
  b.presence.attend('w1', null);
  await time.pass(1_000);
  expect(a.sees()).toEqual([]);
  expect(b.presence.activity()).toMatchObject({ isHidden: true });
});

test('without the line nobody is shown from that moment and nobody asked; with it everybody is back', async () => {
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  b.be('reading');
  await time.pass(1_000);
  a.presence.setLine(false);
  expect(a.sees()).toEqual([]);
  const asked = a.calls.set.mock.calls.length + a.calls.of.mock.calls.length;
  await time.pass(60_000);
  expect(a.calls.set.mock.calls.length + a.calls.of.mock.calls.length).toBe(asked);
  expect(b.sees()).toEqual([]); // no ghost on the other side either
  a.presence.setLine(true);
  await time.pass(1_000);
  expect([a.sees(), b.sees()]).toEqual([[['reading', null]], [['reading', null]]]);
});

test('an answer that fails shows nobody until one comes; control: the row alone would still be alive', async () => {
  let isBroken = false;
  const real = server.signIn(firm, 'Attorney').presence;
  const fail = (): Promise<never> => Promise.reject(new RemoteError({ code: 'offline', reason: 'x' }));
  const a = aLaptop({
    ...real,
    set: (...of) => (isBroken ? fail() : real.set(...of)),
    of: (...of) => (isBroken ? fail() : real.of(...of)),
  });
  const b = aLaptop();
  a.be('reading');
  b.be('reading');
  await time.pass(1_000);
  expect(a.sees()).toHaveLength(1);
  isBroken = true;
  await time.pass(5_000);
  expect(a.sees()).toEqual([]);
  expect((await real.of(letterId))?.people).toHaveLength(1);
  isBroken = false;
  await time.pass(6_000);
  expect(a.sees()).toHaveLength(1);
});

test('behind a pooler the letter is looked at once a second while others are in it, every five when not', async () => {
  firm.live.hasNotices = false;
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  await time.pass(20_000);
  expect(a.calls.set.mock.calls.length + a.calls.of.mock.calls.length).toBeLessThanOrEqual(5);
  b.be('reading', 'b1');
  await time.pass(5_500);
  expect(a.sees()).toHaveLength(1);
  b.be('editing', 'b2');
  await time.pass(1_500);
  expect(a.sees()).toEqual([['editing', place('b2')]]);
});

test('who leaves and comes back at once stays', async () => {
  const [a, b] = [aLaptop(), aLaptop()];
  a.be('reading');
  b.be('reading');
  await time.pass(1_000);
  b.presence.attend('w', elsewhere);
  b.be('reading');
  await time.pass(1_000);
  expect(a.sees()).toHaveLength(1);
  await time.pass(4_000);
  expect(a.sees()).toHaveLength(1);
});

test('a letter the firm does not have yet is nobody’s concern', async () => {
  const a = aLaptop();
  a.presence.attend('w', { ...elsewhere, at: { letterId: LetterId.parse(freshId()), state: 'reading', place: null } });
  await time.pass(20_000);
  expect(a.calls.set.mock.calls.length).toBeLessThanOrEqual(5);
  expect(a.shown).toEqual([]);
});

test('closing waits for the farewell, and no longer than a second', async () => {
  const [a, b] = [aLaptop(), aLaptop({ clear: () => new Promise(() => undefined) })];
  a.be('reading');
  b.be('reading');
  await time.pass(1_000);
  await Promise.all([a.presence.stop(), time.pass(200)]);
  await time.pass(500);
  expect([a.calls.clear.mock.calls.length, b.sees()]).toEqual([1, []]);
  let isOver = false;
  const over = b.presence.stop().then(() => (isOver = true));
  await time.pass(900);
  expect(isOver).toBe(false);
  await time.pass(200);
  await over;
});
