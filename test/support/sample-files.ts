import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const shared = resolve(root, process.env['STENO_SHARED'] ?? '../shared');

/** Whether the folder of sample cases lies beside the project (STENO_SHARED names another place). */
export function hasSampleFiles(): boolean {
  return existsSync(join(shared, 'data'));
}

/**
 * The test files to leave out of a run where the sample cases are not there: those that read them. `npm test` names the number;
 * where the folder is there nothing is left out, and a case missing in it fails.
 */
export function withoutSampleFiles(): string[] {
  if (hasSampleFiles()) return [];
  return globSync('test/**/*.test.ts', { cwd: root }).filter((file) =>
    /sample-(files|pages)\.ts'/.test(readFileSync(join(root, file), 'utf8')),
  );
}

export function sampleFolder(name: string): string {
  const folder = join(shared, 'data', name);
  if (!existsSync(folder)) {
    throw new Error(
      `The sample files are missing: no folder data/${name} in ../shared beside the project. Put it there or set STENO_SHARED.`,
    );
  }
  return folder;
}

/** A sample file's bytes in a buffer of their own. */
export function sampleBytes(name: string, path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(sampleFolder(name), path)));
}
