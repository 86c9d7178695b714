import { expect, test } from 'vitest';
import type { FromCoreProcess, ToCoreProcess } from '../../../src/main/host/electron/core-messages.ts';
import { keepCore, type CoreKeeper } from '../../../src/main/host/electron/core-keeper.ts';
import type { CoreProcess } from '../../../src/main/host/electron/core-process.ts';
import type { FromCore } from '../../../src/shared/ipc/bridge.ts';

interface FakeCore extends CoreProcess {
  got: ToCoreProcess[];
  say(message: FromCoreProcess): void;
  end(): void;
}

function setUp(): { cores: FakeCore[]; keeper: CoreKeeper; seen: FromCore[]; gaveUp: () => boolean; latest: () => FakeCore } {
  const cores: FakeCore[] = [];
  const seen: FromCore[] = [];
  let gaveUp = false;
  const start = (): FakeCore => {
    let take: (message: FromCoreProcess) => void = () => undefined;
    let react: (code: number | null) => void = () => undefined;
    const got: ToCoreProcess[] = [];
    const core: FakeCore = {
      got,
      send: (message) => void got.push(message),
      onMessage: (listener) => (take = listener),
      onExit: (listener) => (react = listener),
      kill: () => react(null),
      say: (message) => take(message),
      end: () => react(1),
    };
    cores.push(core);
    return core;
  };
  const keeper = keepCore({ start, answer: () => Promise.resolve('/case'), onGiveUp: () => (gaveUp = true) });
  const latest = () => {
    const core = cores.at(-1);
    if (!core) throw new Error('no core was started');
    return core;
  };
  return { cores, keeper, seen, gaveUp: () => gaveUp, latest };
}
const call = (id: number) => ({ id, call: 'setup.state', input: {} });

test('calls made before core is ready wait, in order', () => {
  const { keeper, latest, seen } = setUp();
  const line = keeper.connect({ key: 'w', send: (message) => void seen.push(message) });
  line.take(call(1));
  line.take(call(2));
  expect(latest().got).toEqual([]);
  latest().say({ type: 'ready' });
  expect(latest().got.map((message) => (message.type === 'call' ? message.message.id : message.type))).toEqual(['connect', 1, 2]);
});

test('a crash: unanswered calls come back as lost, answered ones do not, and the window is joined to the next core under the same key', () => {
  const { cores, keeper, latest, seen } = setUp();
  const line = keeper.connect({ key: 'w', send: (message) => void seen.push(message) });
  latest().say({ type: 'ready' });
  line.take(call(1));
  line.take(call(2));
  latest().say({ type: 'message', line: 1, message: { id: 1, outcome: { ok: true, value: 1 } } });
  latest().end();
  expect(seen).toMatchObject([
    { id: 1, outcome: { ok: true } },
    { id: 2, outcome: { ok: false, error: { code: 'core_gone' } } },
  ]);
  expect(cores).toHaveLength(2);
  line.take(call(3));
  latest().say({ type: 'ready' });
  expect(latest().got).toMatchObject([
    { type: 'connect', windowKey: 'w' },
    { type: 'call', message: { id: 3 } },
  ]);
  latest().say({ type: 'message', line: 1, message: { event: 'late', payload: {} } });
  expect(seen).toHaveLength(2);
});

test('a core that keeps crashing is given up', () => {
  const { cores, latest, gaveUp } = setUp();
  for (let crash = 0; crash < 5; crash += 1) latest().end();
  expect([cores.length, gaveUp()]).toEqual([6, false]);
  latest().end();
  expect([cores.length, gaveUp()]).toEqual([6, true]);
});

test('stop waits for core to end, and ends it when it does not', async () => {
  const polite = setUp();
  polite.latest().say({ type: 'ready' });
  const stopped = polite.keeper.stop(60_000);
  expect(polite.latest().got).toEqual([{ type: 'stop' }]);
  polite.latest().end();
  await stopped;
  expect(polite.cores).toHaveLength(1);

  const stuck = setUp();
  stuck.latest().say({ type: 'ready' });
  await stuck.keeper.stop(10);
  expect(stuck.cores).toHaveLength(1);
});

test('a question of core is answered to the core that asked', async () => {
  const { latest } = setUp();
  latest().say({ type: 'ready' });
  latest().say({ type: 'ask', question: 4, ask: { what: 'chooseFolder' } });
  await Promise.resolve();
  await Promise.resolve();
  expect(latest().got).toEqual([{ type: 'answer', question: 4, value: '/case' }]);
});
