import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { type AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { explainDatabaseError } from './database-error.ts';
import { readRecorded, refuseRecord, type ServerMigration } from './migration-record.ts';
import { runStep, type MigrationDirection, type MigrationOptions } from './migration-step.ts';
import { checkServer } from './preflight.ts';

export interface MigrationRun {
  from: number;
  to: number;
  /** Those this run did; another administrator may have done the rest. */
  steps: string[];
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
 * Brings the firm's database up to `target` (default: the newest). Each step is one transaction that takes a lock, looks again where the
 * database is, and records itself: two administrators take turns, and whatever interrupts it leaves a whole version and no lock behind,
 * through a transaction pooler too. Errors: unsupported (this server, or the database is newer than this app), forbidden, offline,
 * conflict (a migration that ran here is not the one we carry; a table stayed in use; somebody goes back at the same time).
 */
export function migrateServer(
  admin: pg.Client,
  migrations: ServerMigration[],
  options: MigrationOptions = {},
): Promise<Outcome<MigrationRun>> {
  return go(admin, migrations, 'up', options);
}

/** Goes back to `target` (default: one step), dropping what later versions hold. Safe to interrupt and errors as for migrateServer. */
export function rollbackServer(
  admin: pg.Client,
  migrations: ServerMigration[],
  options: MigrationOptions = {},
): Promise<Outcome<MigrationRun>> {
  return go(admin, migrations, 'down', options);
}

async function go(
  admin: pg.Client,
  migrations: ServerMigration[],
  direction: MigrationDirection,
  options: MigrationOptions,
): Promise<Outcome<MigrationRun>> {
  let doing = 'the check of the server';
  try {
    const server = await checkServer(admin);
    if (!server.ok) return server;
    const recorded = await readRecorded(admin);
    const refusal = refuseRecord(recorded, migrations);
    if (refusal) return err(refusal);
    const from = recorded.at(-1)?.version ?? 0;
    const newest = migrations.at(-1)?.version ?? 0;
    const to = options.target ?? (direction === 'up' ? newest : (recorded.at(-2)?.version ?? 0));
    const wrongWay = refuseTarget(direction, from, to, newest);
    if (wrongWay) return err(wrongWay);
    const ahead = migrations.filter((m) => m.version > Math.min(from, to) && m.version <= Math.max(from, to));
    const planned = direction === 'up' ? ahead : ahead.reverse();
    if (options.dryRun) return ok({ from, to, steps: planned.map(({ name }) => name) });
    const steps: string[] = [];
    for (const step of planned) {
      doing = `step ${step.name}`;
      const ran = await runStep(admin, step, direction, migrations, options);
      if (!ran.ok) return ran;
      if (ran.value.did) steps.push(step.name);
    }
    return ok({ from, to, steps });
  } catch (error) {
    const safe = 'Steps that finished stay, the one under way is undone or whole; nothing is half done.';
    const explained = explainDatabaseError(error, doing, safe);
    if (!explained) throw error;
    return err(explained);
  }
}

function refuseTarget(direction: MigrationDirection, from: number, to: number, newest: number): AppError | null {
  const refuse = (reason: string): AppError => ({ code: 'invalid_input', what: `version ${String(to)}`, reason });
  if (to > newest) return refuse(`This Steno knows versions up to ${String(newest)}. Nothing was changed.`);
  if (direction === 'up' && to < from)
    return refuse(
      `The database is at ${String(from)}. Going back drops what later versions hold: use admin rollback. Nothing was changed.`,
    );
  if (direction === 'down' && to > from)
    return refuse(`The database is at ${String(from)}. Going up is admin migrate. Nothing was changed.`);
  return null;
}
