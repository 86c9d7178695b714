import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok, type Outcome } from '../../../../src/shared/result.ts';
import { askOpenSteno } from '../../../../src/main/sync/control/ask.ts';
import type { ControlRecord } from '../../../../src/main/sync/control/address.ts';
import { mostReplyBytes, type Ask } from '../../../../src/main/sync/control/protocol.ts';
import { openControlSocket, type ControlSocket } from '../../../../src/main/sync/control/socket.ts';
import { silentLog } from '../../../support/silent-log.ts';

const program = fileURLToPath(new URL('../../../support/control-process.ts', import.meta.url));
const status = {
  ...{ phase: 'synced', waiting: 3, inFlight: 0, conflicts: 0, deadLetters: 0, proposals: 0 },
  ...{ lastSyncedAt: null, offlineSince: null, problem: null, restored: null },
} as const;

let root: string;
let folder: string;
let asked: Ask[];
let answer: (ask: Ask, signal: AbortSignal) => Promise<Outcome<unknown>>;
let open: ControlSocket[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steno-c-'));
  folder = join(root, 'a');
  mkdirSync(folder, { mode: 0o700 });
  asked = [];
  answer = () => Promise.resolve(ok(status));
  open = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const control of open) await control.close();
  rmSync(root, { recursive: true });
});

interface Over {
  folder?: string;
  isToken?: (shown: string, token: string) => boolean;
}
async function start(over: Over = {}): Promise<ControlSocket> {
  const control = openControlSocket({
    ...{ folder, log: silentLog, ...over },
    answer(ask, signal) {
      asked.push(ask);
      return answer(ask, signal);
    },
  });
  open.push(control);
  await control.opened;
  return control;
}
const recordOf = (of = folder): ControlRecord => JSON.parse(readFileSync(join(of, 'control.json'), 'utf8')) as ControlRecord;
const modeOf = (path: string): number => lstatSync(path).mode & 0o777;
const lineFor = (over: object = {}): string => `${JSON.stringify({ version: 1, token: recordOf().token, ask: 'now', ...over })}\n`;

/** Says something and hears until the end. */
async function say(words: string | Buffer, address = recordOf().address): Promise<string> {
  const socket = connect(address);
  socket.on('error', () => undefined); // cut off: what was heard until then counts
  socket.write(words);
  let heard = '';
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()));
  await once(socket, 'close');
  return heard;
}

test('a question is answered; the record and the socket are for their owner alone, and gone after the end', async () => {
  const control = await start();
  expect(await askOpenSteno(folder, 'now')).toEqual(ok(status));
  const { address } = recordOf();
  expect(address).toBe(join(folder, 'control.sock'));
  expect([modeOf(join(folder, 'control.json')), modeOf(address), modeOf(folder)]).toEqual([0o600, 0o600, 0o700]);
  await control.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(await askOpenSteno(folder, 'now')).toBe('nobody');
});

test.each<[string, () => string | Buffer]>([
  ['a wrong token', () => lineFor({ token: 'a'.repeat(64) })],
  ['no token', () => lineFor({ token: undefined })],
  ['a question that there is not', () => lineFor({ ask: 'erase' })],
  ['more than was asked for', () => lineFor({ path: '/etc' })],
  ['another version', () => lineFor({ version: 2 })],
  ['no JSON', () => 'GET / HTTP/1.1\r\n\r\n'],
  ['JSON of another shape', () => '[1]\n'],
  ['bytes that are no text', () => Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
  ['a line without an end', () => 'x'.repeat(1_001)],
  ['a good line that is too long', () => `${' '.repeat(1_000)}${lineFor()}`],
])('%s is told nothing, and nobody is asked', async (_name, words) => {
  await start();
  expect(await say(words())).toBe('');
  expect(asked).toEqual([]);
  expect(await askOpenSteno(folder, 'now')).toEqual(ok(status));
});

test('control: without the token check a wrong token is answered', async () => {
  await start({ isToken: () => true });
  expect(JSON.parse(await say(lineFor({ token: 'a'.repeat(64) })))).toEqual(ok(status));
});

test('a line that comes byte by byte is one line; a second question on it ends it', async () => {
  await start();
  const socket = connect(recordOf().address);
  const ended = once(socket, 'data');
  for (const byte of lineFor()) socket.write(byte);
  expect(JSON.parse(String((await ended)[0]))).toEqual(ok(status));
  socket.destroy();
  const signals: AbortSignal[] = [];
  answer = (_ask, signal) => {
    signals.push(signal);
    return once(signal, 'abort').then(() => ok({}));
  };
  const twice = connect(recordOf().address);
  twice.on('error', () => undefined);
  twice.write(lineFor());
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  twice.write(lineFor());
  await once(twice, 'close');
  expect(asked).toEqual(['now', 'now']);
  await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true)); // who asked has gone
});

test('who says nothing is let go of, and holds up nobody for longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await start();
    const idle = [0, 1, 2, 3].map(() => connect(recordOf().address));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect(await askOpenSteno(folder, 'now')).toBe('silent'); // four are the most
    const closed = Promise.all(idle.map((socket: Socket) => once(socket.resume(), 'close')));
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;
    await vi.waitFor(async () => expect(await askOpenSteno(folder, 'now')).toEqual(ok(status)));
  } finally {
    vi.useRealTimers();
  }
});

test('closing ends what is under way at once', async () => {
  answer = (_ask, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over'))));
  const control = await start();
  const answered = askOpenSteno(folder, 'doctor');
  await vi.waitFor(() => expect(asked).toEqual(['doctor']));
  await control.close();
  expect(await answered).toBe('silent');
});

test('a bug is a reference, an answer beyond any measure is none', async () => {
  await start();
  answer = () => Promise.reject(new Error('Rivera'));
  expect(await askOpenSteno(folder, 'now')).toEqual({ ok: false, error: { code: 'internal', reference: 'ref' } });
  answer = () => Promise.resolve(ok('x'.repeat(mostReplyBytes)));
  expect(await askOpenSteno(folder, 'now')).toBe('silent');
  answer = () => Promise.resolve(ok({ another: 'app' }));
  expect(await askOpenSteno(folder, 'now')).toMatchObject({ error: { code: 'unsupported', reason: /another version/ } });
});

test('killed: what it left is in nobody’s way, wherever it lay', async () => {
  const deep = join(root, 'd'.repeat(120));
  mkdirSync(deep, { mode: 0o700 });
  for (const where of [folder, deep]) {
    const child = spawn(process.execPath, [program, where], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const dead = recordOf(where);
    expect(existsSync(dead.address)).toBe(true);
    expect(await askOpenSteno(where, 'now')).toBe('nobody');
    const control = await start({ folder: where });
    expect(recordOf(where).token).not.toBe(dead.token);
    expect(await askOpenSteno(where, 'now')).toEqual(ok(status));
    await control.close();
    expect([readdirSync(where), existsSync(dead.address)]).toEqual([[], false]);
    if (where === deep) expect(existsSync(dirname(dead.address))).toBe(false);
  }
});

test('a folder too deep for a socket: it lies in a new folder of this user alone, which goes with it', async () => {
  const runtime = join(root, 'r');
  mkdirSync(runtime, { mode: 0o700 });
  vi.stubEnv('XDG_RUNTIME_DIR', runtime);
  const deep = join(root, 'd'.repeat(120));
  mkdirSync(deep, { mode: 0o700 });
  const control = await start({ folder: deep });
  const { address } = recordOf(deep);
  expect(address).toMatch(new RegExp(`^${runtime}/steno-[A-Za-z0-9]{6}/control.sock$`));
  expect([modeOf(address), modeOf(dirname(address))]).toEqual([0o600, 0o700]);
  expect(await askOpenSteno(deep, 'now')).toEqual(ok(status));
  await control.close();
  expect([readdirSync(deep), readdirSync(runtime)]).toEqual([[], []]);
});

test('two accounts have each their own', async () => {
  const other = join(root, 'b');
  mkdirSync(other, { mode: 0o700 });
  await start();
  const control = await start({ folder: other });
  await control.close();
  expect(await askOpenSteno(folder, 'now')).toEqual(ok(status));
  expect(await askOpenSteno(other, 'now')).toBe('nobody');
});

test('a record, a folder or a socket that others could have put there is not asked', async () => {
  await start();
  const { address } = recordOf();
  for (const path of [join(folder, 'control.json'), address, folder]) {
    const mode = modeOf(path);
    chmodSync(path, mode | 0o022);
    expect(await askOpenSteno(folder, 'now')).toBe('nobody');
    chmodSync(path, mode);
  }
  const other = join(root, 'b');
  mkdirSync(other, { mode: 0o700 });
  symlinkSync(join(folder, 'control.json'), join(other, 'control.json'));
  expect(await askOpenSteno(other, 'now')).toBe('nobody');
  expect(asked).toEqual([]);
});

test('somebody else’s socket is not shown the token', async () => {
  await start();
  const stranger = vi.spyOn(process, 'getuid').mockReturnValue(12_345);
  expect(await askOpenSteno(folder, 'now')).toBe('nobody');
  stranger.mockRestore();
  expect(asked).toEqual([]);
});

test('what a record names is deleted only where it was made here', async () => {
  const precious = join(root, 'control.sock');
  writeFileSync(precious, 'kept');
  writeFileSync(join(folder, 'control.json'), JSON.stringify({ version: 1, address: precious, token: 'a'.repeat(64) }), { mode: 0o600 });
  await start();
  expect(readFileSync(precious, 'utf8')).toBe('kept');
});
