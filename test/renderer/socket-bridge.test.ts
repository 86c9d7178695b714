import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSocketBridge } from '../../src/renderer/socket-bridge.ts';
import type { LineState } from '../../src/renderer/line.ts';
import { FakeSocket } from './fake-socket.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const sockets: FakeSocket[] = [];
  const reports: LineState[] = [];
  const bridge = createSocketBridge(
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    { report: (state) => reports.push(state) },
  );
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  return { bridge, sockets, reports, last };
}

test('a call made before the socket opens waits and is sent once', async () => {
  const { bridge, last } = start();
  const answer = bridge.call('sync.now', {});
  expect(last().sent).toEqual([]);
  last().onopen?.();
  expect(last().sent).toEqual([{ id: 1, call: 'sync.now', input: {} }]);
  last().receive({ id: 1, outcome: { ok: true, value: 'done' } });
  await expect(answer).resolves.toEqual({ ok: true, value: 'done' });
});

test('answers find their calls in any order', async () => {
  const { bridge, last } = start();
  last().onopen?.();
  const first = bridge.call('matters.list', {});
  const second = bridge.call('sync.conflicts', {});
  last().receive({ id: 2, outcome: { ok: true, value: ['second'] } });
  last().receive({ id: 1, outcome: { ok: true, value: ['first'] } });
  await expect(first).resolves.toEqual({ ok: true, value: ['first'] });
  await expect(second).resolves.toEqual({ ok: true, value: ['second'] });
});

test('calls in flight when the socket closes come back as offline and are not sent again', async () => {
  const { bridge, sockets, last } = start();
  last().onopen?.();
  const answer = bridge.call('letters.finalize', { letterId: '00000000-0000-4000-8000-000000000001' });
  last().onclose?.();
  const outcome = await answer;
  expect(outcome).toMatchObject({ ok: false, error: { code: 'core_gone' } });
  await vi.advanceTimersByTimeAsync(300);
  expect(sockets).toHaveLength(2);
  last().onopen?.();
  expect(last().sent).toEqual([]);
});

test('it reconnects ever more slowly, at most every five seconds, and says so', async () => {
  const { sockets, reports, last } = start();
  const waits = [250, 500, 1000, 2000, 4000, 5000, 5000];
  for (const [index, wait] of waits.entries()) {
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(sockets).toHaveLength(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(index + 2);
  }
  expect(reports.at(-1)).toEqual({ connected: false, failures: waits.length });
  last().onopen?.();
  expect(reports.at(-1)).toEqual({ connected: true, failures: 0 });
});

test('a call made while disconnected is sent by the next socket that opens', async () => {
  const { bridge, last } = start();
  last().onopen?.();
  last().onclose?.();
  const answer = bridge.call('matters.list', {});
  await vi.advanceTimersByTimeAsync(250);
  last().onopen?.();
  expect(last().sent.map(({ call }) => call)).toEqual(['matters.list']);
  last().receive({ id: last().sent[0]?.id ?? 0, outcome: { ok: true, value: [] } });
  await expect(answer).resolves.toEqual({ ok: true, value: [] });
});

test('a subscription outlives the socket and ends when asked', async () => {
  const { bridge, last } = start();
  const heard: string[] = [];
  const end = bridge.on('setup.progress', ({ text }) => heard.push(text));
  last().onopen?.();
  last().receive({ event: 'setup.progress', payload: { text: 'one' } });
  last().onclose?.();
  await vi.advanceTimersByTimeAsync(250);
  last().onopen?.();
  last().receive({ event: 'setup.progress', payload: { text: 'two' } });
  end();
  last().receive({ event: 'setup.progress', payload: { text: 'three' } });
  expect(heard).toEqual(['one', 'two']);
});

test('a late message of a socket that was given up is not heard', async () => {
  const { bridge, sockets } = start();
  const heard: string[] = [];
  bridge.on('setup.progress', ({ text }) => heard.push(text));
  const [old] = sockets;
  old?.onopen?.();
  old?.onclose?.();
  old?.receive({ event: 'setup.progress', payload: { text: 'late' } });
  await vi.advanceTimersByTimeAsync(250);
  expect(heard).toEqual([]);
});
