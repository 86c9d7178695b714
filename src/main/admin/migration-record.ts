import type pg from 'pg';
import type { AppError } from '../../shared/errors.ts';

export interface ServerMigration {
  version: number;
  name: string;
  up: string;
  down: string;
  checksum: string;
}

/** A step that ran on a server, as it is recorded there. */
export interface RecordedMigration {
  version: number;
  name: string;
  checksum: string;
}

/**
 * The steps that ran on this server; none where Steno never was. Asks pg_class as a table: to_regclass answers from a cache that does not
 * hear of what another administrator committed while this transaction waited for its turn.
 */
export async function readRecorded(admin: pg.Client): Promise<RecordedMigration[]> {
  const found = await admin.query<{ there: boolean }>(
    "select exists (select from pg_class where relname = 'steno_migration' and relnamespace = 'public'::regnamespace) as there",
  );
  if (found.rows[0]?.there !== true) return [];
  const { rows } = await admin.query<RecordedMigration>('select version, name, checksum from public.steno_migration order by version');
  return rows;
}

/** Why a database with this record is not ours to change; null when it is. */
export function refuseRecord(recorded: RecordedMigration[], migrations: ServerMigration[]): AppError | null {
  const newest = migrations.at(-1)?.version ?? 0;
  const there = recorded.at(-1)?.version ?? 0;
  if (there > newest) {
    const reason = `It is at version ${String(there)}; this Steno knows ${String(newest)}. Use the newer Steno that migrated it. Nothing was changed.`;
    return { code: 'unsupported', what: 'the database', reason };
  }
  const changed = recorded.find((row) => migrations.find((m) => m.version === row.version)?.checksum !== row.checksum);
  if (!changed) return null;
  const reason = `Migration ${changed.name} ran there with another text than this Steno carries. Nothing was changed; compare the two before going on.`;
  return { code: 'conflict', what: 'the database', reason };
}
