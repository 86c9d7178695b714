import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { createWorkers } from '../../../../src/main/host/node-workers.ts';

const pool = createWorkers({ maxWorkers: 1 });
afterAll(() => pool.stop());
const module = new URL('../../../../src/main/documents/ocr/ocr-worker.ts', import.meta.url);
const budget = { timeoutMs: 60_000, memoryMb: 384 };

/** Threads of this process that others go before; only Linux has such. */
function niceThreads(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').filter((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]) > 0; // the 19th field; names may hold spaces
  });
}

test('the thread that recognises text lets all others go first, and it alone', { timeout: 60_000 }, async () => {
  const before = getPriority();
  expect(niceThreads()).toEqual([]);
  await pool.run(module, 'classify', { path: 'a.txt', mediaType: 'text/plain', text: 'a' }, budget);
  expect(niceThreads()).toEqual([]);
  const white = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  const bytes = new Uint8Array(white);
  expect(await pool.run(module, 'ocrPage', { bytes, mediaType: 'image/png', page: 1 }, budget)).toMatchObject({ ok: true });
  expect(niceThreads()).toHaveLength(process.platform === 'linux' ? 1 : 0);
  expect(getPriority()).toBe(before);
});
