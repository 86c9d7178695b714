import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of sample cases that lie beside the project (STENO_SHARED names another place). Fails where it is missing. */
export function sampleFolder(name: string): string {
  const shared = process.env['STENO_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');
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
