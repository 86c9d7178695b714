import { expect, test } from 'vitest';
import { contract } from '../../../src/shared/ipc/contract.ts';
import { ok } from '../../../src/shared/result.ts';
import { createServe, type OpenHandlers, type SeatHandlers } from '../../../src/main/ipc/serve.ts';

interface Window {
  seat: string | null;
}
type Calls = { name: string; input: unknown; seat: string | null }[];

/** Handlers that write down what reached them and answer with `value`. */
function recording(value: unknown) {
  const calls: Calls = [];
  const names: string[] = [];
  const answer = (name: string, seated: boolean) => (input: unknown, seat: unknown) => {
    calls.push({ name, input, seat: seated ? (seat as string) : null });
    return ok(value);
  };
  const table = (seated: boolean) => new Proxy({}, { get: (_target, name: string) => (names.push(name), answer(name, seated)) }) as unknown;
  const bugs: string[] = [];
  const serve = createServe<string, Window>({
    open: table(false) as OpenHandlers<Window>,
    seated: table(true) as SeatHandlers<string, Window>,
    seatOf: (window) => window.seat,
    log: { info: () => undefined, bug: (event) => (bugs.push(event), 'ref-1') },
  });
  return { serve, calls, bugs };
}

const outside: Window = { seat: null };
const inside: Window = { seat: 'elena' };

test('every call that the contract opens to anyone is served without a seat, every other is refused', async () => {
  for (const [name, procedure] of Object.entries(contract)) {
    const { serve, calls } = recording({});
    const sample = procedure.input.safeParse({}).success ? {} : null;
    if (sample === null) continue;
    const outcome = await serve(outside, name, sample);
    if (procedure.access === 'anyone') expect(calls.map((call) => call.name)).toEqual([name]);
    else {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
      expect(calls).toEqual([]);
    }
  }
});

test('the seat comes from the window, whatever the payload says', async () => {
  const { serve, calls } = recording([]);
  await serve(inside, 'matters.list', { seat: 'mallory', accountKey: 'mallory' });
  expect(calls).toEqual([{ name: 'matters.list', input: {}, seat: 'elena' }]);
});

test('an unknown call, also one that every object has, is refused', async () => {
  const { serve, calls } = recording({});
  for (const name of ['letters.shred', 'constructor', '__proto__', 'toString']) {
    expect(await serve(inside, name, {})).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  }
  expect(calls).toEqual([]);
});

test('an input of another shape never reaches a handler', async () => {
  const { serve, calls } = recording({});
  const bad: [string, unknown][] = [
    ['letters.open', {}],
    ['letters.open', { letterId: 'letter-1' }],
    ['letters.edit', { letterId: '01a1fc70-cebb-755e-8991-1628d3b1cc61', update: 'not base64 !' }],
    ['documents.page', { documentId: '01a1fc70-cebb-755e-8991-1628d3b1cc61', page: -1, widthPx: 800 }],
    ['facts.correctBillLine', { billLineId: '01a1fc70-cebb-755e-8991-1628d3b1cc61', billedCents: 10.5 }],
    ['matters.create', null],
    ['matters.create', { folder: '' }],
  ];
  for (const [name, input] of bad) expect(await serve(inside, name, input)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  expect(calls).toEqual([]);
});

test('a handler that throws or answers in another shape is our bug: a reference for the user, nothing of the cause', async () => {
  const wrongShape = recording({ secret: 'client text' });
  const outcome = await wrongShape.serve(inside, 'matters.list', {});
  expect(outcome).toEqual({ ok: false, error: { code: 'internal', reference: 'ref-1' } });
  expect(wrongShape.bugs).toEqual(['call matters.list']);
});
