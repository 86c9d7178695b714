import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';

export interface ServerMigration {
  version: number;
  name: string;
  up: string;
  down: string;
  checksum: string;
}

export function serverMigrations(): ServerMigration[] {
  const folder = new URL('../../../migrations/server/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.*(?<!\.down)\.sql$/.test(file))
    .sort()
    .map((file) => {
      const up = readFileSync(new URL(file, folder), 'utf8');
      const down = readFileSync(new URL(file.replace(/\.sql$/, '.down.sql'), folder), 'utf8');
      return {
        version: Number(file.slice(0, 4)),
        name: file.replace(/\.sql$/, ''),
        up,
        down,
        checksum: createHash('sha256').update(up).digest('hex'),
      };
    });
}

/**
 * Brings the firm's database to `target` (default: the newest), one transaction a step under a lock, so that two administrators
 * cannot run it at once and a failure leaves a whole version. Errors: unsupported (the database is newer than this app),
 * conflict (a migration that ran here is not the one we carry), forbidden (not a superuser).
 */
export async function migrateServer(
  admin: pg.Client,
  migrations: ServerMigration[],
  options: { target?: number; dryRun?: boolean; onStep?: (name: string) => void } = {},
): Promise<Outcome<{ from: number; to: number; steps: string[] }>> {
  await admin.query('select pg_advisory_lock(727336001)');
  try {
    const exists =
      (await admin.query<{ there: boolean }>("select to_regclass('public.steno_migration') is not null as there")).rows[0]?.there === true;
    if (!exists && !options.dryRun)
      await admin.query(
        'create table if not exists public.steno_migration (version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
      );
    const done = !exists
      ? []
      : (
          await admin.query<{ version: number; name: string; checksum: string }>(
            'select version, name, checksum from public.steno_migration order by version',
          )
        ).rows;
    const newest = migrations.at(-1)?.version ?? 0;
    const from = done.at(-1)?.version ?? 0;
    if (from > newest) {
      const reason = `It is at version ${String(from)}; this Steno knows ${String(newest)}. Use the newer Steno that migrated it. Nothing was changed.`;
      return err({ code: 'unsupported', what: 'the database', reason });
    }
    const changed = done.find((row) => migrations.find((m) => m.version === row.version)?.checksum !== row.checksum);
    if (changed) {
      const reason = `Migration ${changed.name} ran there with another text than this Steno carries. Nothing was changed; compare the two before going on.`;
      return err({ code: 'conflict', what: 'the database', reason });
    }
    const to = options.target ?? newest;
    const up = to >= from;
    const steps = up
      ? migrations.filter((m) => m.version > from && m.version <= to)
      : migrations.filter((m) => m.version <= from && m.version > to).reverse();
    if (!options.dryRun) {
      for (const step of steps) {
        options.onStep?.(step.name);
        await runStep(admin, step, up);
      }
    }
    return ok({ from, to, steps: steps.map((step) => step.name) });
  } catch (error) {
    // insufficient_privilege: creating roles and acting as each of them takes a superuser
    if ((error as { code?: string }).code !== '42501') throw error;
    const reason =
      'The user in the address must be a superuser of this Postgres. Steps that finished stay; the one that failed was undone.';
    return err({ code: 'forbidden', what: 'the database', reason });
  } finally {
    await admin.query('select pg_advisory_unlock(727336001)').catch(() => undefined);
  }
}

async function runStep(admin: pg.Client, step: ServerMigration, up: boolean): Promise<void> {
  await admin.query('begin');
  try {
    await admin.query(up ? step.up : step.down);
    await admin.query('reset role');
    if (up)
      await admin.query('insert into public.steno_migration (version, name, checksum) values ($1, $2, $3)', [
        step.version,
        step.name,
        step.checksum,
      ]);
    else await admin.query('delete from public.steno_migration where version = $1', [step.version]);
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}
