import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Debian's own Python: another one on the path does not see Debian's packages. */
export const debianPython = '/usr/bin/python3';

function hasSwift(): boolean {
  return (
    existsSync(debianPython) && ['proxy', 'account', 'container', 'object'].every((kind) => existsSync(`/usr/bin/swift-${kind}-server`))
  );
}

/** The test files that need an S3-compatible store, where there is none; `npm test` names them. On CI there has to be one. */
export function withoutSwift(): string[] {
  if (process.env['CI'] || hasSwift()) return [];
  return globSync('test/**/*.test.ts', { cwd: root }).filter((file) => /s3-server\.ts'/.test(readFileSync(join(root, file), 'utf8')));
}
