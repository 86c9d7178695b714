import { createHash } from 'node:crypto';
import type { Store } from '../../../src/main/store/store.ts';

/** All rows of all tables in one hash: two stores with the same one hold the same. */
export function digestOf({ raw }: Store): string {
  const hash = createHash('sha256');
  const tables = raw
    .prepare(`select name from sqlite_schema where type = 'table' and sql not like 'create virtual%' order by name`)
    .pluck();
  for (const table of tables.all() as string[]) {
    for (const row of raw.prepare(`select * from "${table}"`).raw().iterate()) hash.update(JSON.stringify([table, row]));
  }
  return hash.digest('hex');
}
