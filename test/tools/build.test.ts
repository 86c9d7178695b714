import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildMain } from '../../tools/build.ts';

const root = await mkdtemp(join(tmpdir(), 'steno-build-'));
afterAll(() => rm(root, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

test('a bundle finds its workers beside it and its files where they were', async () => {
  await write({
    'migrations/0001.sql': 'SELECT 1;',
    'src/main/core.ts': `
      import { readFileSync } from 'node:fs';
      import { start } from './ingest/ingest.ts';
      const folder = new URL('../../migrations/', import.meta.url);
      console.log(readFileSync(new URL('0001.sql', folder), 'utf8'), await start());`,
    'src/main/ingest/ingest.ts': `
      import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      export const start = async (): Promise<unknown> => (await once(new Worker(new URL('./page-worker.ts', import.meta.url)), 'message'))[0];`,
    'src/main/ingest/page-worker.ts': `
      import { parentPort } from 'node:worker_threads';
      const text: string = 'from the worker';
      parentPort?.postMessage(text);`,
  });
  const outDir = join(root, 'out/main');
  await buildMain({ outDir, core: join(root, 'src/main/core.ts') });
  expect((await readdir(outDir)).filter((name) => !name.startsWith('chunk'))).toEqual([
    'core.js',
    'electron.js',
    'ingest-page-worker.js',
    'preload.cjs',
  ]);
  expect(execFileSync(process.execPath, [join(outDir, 'core.js')], { encoding: 'utf8' }).trim()).toBe('SELECT 1; from the worker');
});

test('the preload is one CommonJS script that needs nothing but Electron', async () => {
  const text = await readFile(join(root, 'out/main/preload.cjs'), 'utf8');
  expect([...text.matchAll(/require\(([^)]*)\)/g)].map((found) => found[1])).toEqual(['"electron"']);
  expect(text).not.toMatch(/^import /m);
});

test('an address that bundling would break stops the build', async () => {
  await write({ 'src/main/core.ts': 'console.log(import.meta.dirname);' });
  await expect(buildMain({ outDir: join(root, 'out/main'), core: join(root, 'src/main/core.ts') })).rejects.toThrow(/survives bundling/);
});
