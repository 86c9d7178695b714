import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The pooler's program, on the path or where Debian puts it, which an ordinary user's path leaves out. */
export function findPgBouncer(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find((program) => existsSync(program)) ?? null;
}

/** The test files to leave out where there is no pooler; `npm test` names them. On CI there has to be one. */
export function withoutPgBouncer(): string[] {
  return process.env['CI'] || findPgBouncer() ? [] : ['test/pg/pooler.test.ts'];
}
