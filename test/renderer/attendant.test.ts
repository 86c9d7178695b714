import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LetterId, UserId } from '../../src/shared/ids.ts';
import type { Bridge } from '../../src/shared/ipc/bridge.ts';
import type { Attendance, PersonHere } from '../../src/shared/presence.ts';
import { createAttendant } from '../../src/renderer/presence/attendant.ts';

const letterId = LetterId.parse('00000000-0000-4000-8000-000000000001');
const other = LetterId.parse('00000000-0000-4000-8000-000000000002');
const elena: PersonHere = {
  userId: UserId.parse('00000000-0000-4000-8000-000000000003'),
  firstName: 'Elena',
  lastName: 'Pardo',
  state: 'reading',
  place: null,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aWindow() {
  const told: Attendance[] = [];
  const listeners = new Set<(event: { letterId: LetterId; people: PersonHere[] }) => void>();
  const core = { works: true, here: [] as PersonHere[] };
  const bridge = {
    call: (_name: string, attendance: Attendance) => {
      if (!core.works) return Promise.resolve({ ok: false, error: { code: 'core_gone', reason: 'x' } });
      told.push(attendance);
      const at = attendance.at;
      return Promise.resolve({ ok: true, value: at && { letterId: at.letterId, people: core.here } });
    },
    on: (_name: string, listener: (event: { letterId: LetterId; people: PersonHere[] }) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Bridge;
  const signs = { visible: true, onBattery: false };
  let move = (): void => undefined;
  const attendant = createAttendant(bridge, {
    isVisible: () => signs.visible,
    isOnBattery: () => signs.onBattery,
    subscribe(listener) {
      move = listener;
      return () => undefined;
    },
  });
  return {
    attendant,
    told,
    core,
    signs,
    listeners,
    move: () => move(),
    last: () => told.at(-1)?.at,
    tell: (people: PersonHere[], of = letterId) => {
      for (const listener of listeners) listener({ letterId: of, people });
    },
  };
}

test('near in the matter, reading in the letter, editing while typing and ten seconds after', async () => {
  const { attendant, last } = aWindow();
  attendant.start();
  expect(last()).toBeNull();
  attendant.goTo(letterId);
  expect(last()).toEqual({ letterId, state: 'near', place: null });
  attendant.read(true);
  expect(last()?.state).toBe('reading');
  attendant.typed();
  await vi.advanceTimersByTimeAsync(100);
  expect(last()?.state).toBe('editing');
  await vi.advanceTimersByTimeAsync(8_000);
  expect(last()?.state).toBe('editing');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(last()?.state).toBe('reading');
  attendant.read(false);
  attendant.goTo(null);
  expect(last()).toBeNull();
});

test('away when hidden, and after two minutes without a key or the mouse; back with the first move', async () => {
  const { attendant, last, signs, move } = aWindow();
  attendant.start();
  attendant.goTo(letterId);
  attendant.read(true);
  await vi.advanceTimersByTimeAsync(119_000);
  expect(last()?.state).toBe('reading');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(last()?.state).toBe('away');
  move();
  expect(last()?.state).toBe('reading');
  signs.visible = false;
  move();
  expect(last()?.state).toBe('away');
});

test('a selection that is dragged is told ten times a second at most, and the last of it always', async () => {
  const { attendant, told, last } = aWindow();
  attendant.start();
  attendant.goTo(letterId);
  attendant.read(true);
  const before = told.length;
  for (let n = 0; n < 100; n += 1) {
    attendant.stand(`A.${String(n)}`);
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(told.length - before).toBeLessThanOrEqual(12);
  expect(last()?.place).toBe('A.99');
});

test('who is here comes from core, for the letter on screen only, and goes when core cannot be asked', async () => {
  const { attendant, core, tell, told } = aWindow();
  attendant.start();
  core.here = [elena];
  attendant.goTo(letterId);
  await vi.advanceTimersByTimeAsync(0);
  expect(attendant.doings()).toMatchObject([{ firstName: 'Elena', state: 'reading', section: null }]);
  tell([{ ...elena, state: 'editing' }]);
  tell([], other);
  attendant.setSections(new Map([[elena.userId, 'Damages']]));
  expect(attendant.doings()).toMatchObject([{ state: 'editing', section: 'Damages' }]);
  const shown = attendant.doings();
  tell([{ ...elena, state: 'editing', place: 'A.B' }]);
  expect(attendant.doings()).toBe(shown); // a caret that moves draws no list anew
  core.works = false;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(attendant.doings()).toEqual([]);
  core.works = true;
  const before = told.length;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(told.length).toBeGreaterThan(before);
  expect(attendant.doings()).toHaveLength(1);
  attendant.goTo(other);
  expect(attendant.doings()).toEqual([]);
});

test('a window that closes says farewell and tells nothing more', async () => {
  const { attendant, told, last, listeners } = aWindow();
  const stop = attendant.start();
  attendant.goTo(letterId);
  stop();
  expect(last()).toBeNull();
  const before = told.length;
  attendant.typed();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([told.length, listeners.size]).toEqual([before, 0]);
});
