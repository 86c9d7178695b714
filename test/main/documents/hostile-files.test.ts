import net from 'node:net';
import dns from 'node:dns';
import { afterAll, expect, test, vi } from 'vitest';
import { WorkerKilled } from '../../../src/main/host/host.ts';
import { createWorkers } from '../../../src/main/host/node-workers.ts';
import { runReader } from '../../../src/main/host/readers.ts';
import type { ReadDocument, ReadText } from '../../../src/main/documents/read/reading.ts';
import { read } from '../../../src/main/documents/read/read-worker.ts';
import type { Outcome } from '../../../src/shared/result.ts';
import { deepDocx, hostileFiles } from '../../support/hostile-files.ts';

const pool = createWorkers();
afterAll(() => pool.stop());
const worker = new URL('../../../src/main/documents/read/read-worker.ts', import.meta.url);
const budget = { timeoutMs: 60_000, memoryMb: 512 };
const megabyte = 1024 * 1024;

const files = await hostileFiles();

/** For a person: a whole sentence or more, without the words of a programmer. */
function isForPeople(reason: string): boolean {
  return /^[A-Z].{20,}[.]$/.test(reason) && !/undefined|null|NaN|Error|exception|stack|parse|buffer|invalid|0x|[{}[\]_]/.test(reason);
}

test.for(files)('[R10] $name', { timeout: 90_000 }, async ({ name, bytes, reason }) => {
  const before = process.memoryUsage().rss;
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  try {
    const outcome = await pool.run<object, Outcome<ReadDocument>>(
      worker,
      'read',
      { bytes: bytes.slice(), fileName: `Medical/${name}` },
      budget,
    );
    if (reason === null) expect(outcome).toMatchObject({ ok: true });
    else {
      if (outcome.ok || !('reason' in outcome.error)) throw new Error('was read, or has no reason');
      expect(outcome.error.reason).toMatch(reason);
      expect(isForPeople(outcome.error.reason)).toBe(true);
    }
    expect((most - before) / megabyte).toBeLessThan(512);
  } catch (error) {
    if (!(error instanceof WorkerKilled)) throw error;
    throw new Error(`the reader died of it: ${error.cause}`, { cause: error });
  } finally {
    clearInterval(looking);
  }
});

// each takes some 430 MB: without the purse both together took 820
test('[R10] files that are read at the same time take together what one may take', { timeout: 240_000 }, async () => {
  const readers = createWorkers();
  const bytes = deepDocx(400_000);
  const before = process.memoryUsage().rss;
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  const readOne = (name: string, content: Uint8Array): Promise<string> =>
    runReader<object, Outcome<ReadText>>(readers, {
      module: worker,
      task: 'read',
      input: () => ({ bytes: content.slice(), fileName: name }),
      sizeBytes: content.length,
      timeoutMs: 120_000,
    }).then(
      (outcome) => (outcome.ok ? 'read' : 'refused'),
      (error: unknown) => (error instanceof WorkerKilled ? error.cause : String(error)),
    );
  try {
    const plain = files.find(({ name }) => name === 'really.docx')?.bytes ?? new Uint8Array();
    const [first, second, third] = await Promise.all([readOne('a.docx', bytes), readOne('b.docx', bytes), readOne('c.pdf', plain)]);
    expect([first, second].filter((one) => one !== 'refused' && one !== 'memory')).toEqual([]);
    expect(third).toBe('read');
    expect((most - before) / megabyte).toBeLessThan(512);
  } finally {
    clearInterval(looking);
    await readers.stop();
  }
});

test('[R10] the words of a programmer are no reason', () => {
  expect(isForPeople('RangeError: Maximum call stack size exceeded, while parsing.')).toBe(false);
  expect(isForPeople('cut off')).toBe(false);
});

test('[R10] nothing is asked of the network, whatever a file names', { timeout: 120_000 }, async () => {
  const asked: string[] = [];
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket) {
    asked.push('socket');
    return this;
  });
  vi.spyOn(dns, 'lookup').mockImplementation(() => void asked.push('name'));
  vi.stubGlobal('fetch', () => Promise.reject(new Error(`fetched ${String(asked.push('fetch'))}`)));
  try {
    for (const { name, bytes } of files.filter(({ bytes: { length } }) => length < megabyte))
      await read({ bytes: bytes.slice(), fileName: name });
    expect(asked).toEqual([]);
    net.connect(9, '127.0.0.1').destroy();
    expect(asked).toEqual(['socket']);
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  }
});
