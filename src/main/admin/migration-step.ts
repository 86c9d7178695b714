import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { readRecorded, refuseRecord, type ServerMigration } from './migration-record.ts';

export type MigrationDirection = 'up' | 'down';

export interface MigrationOptions {
  target?: number;
  dryRun?: boolean;
  /** How long a step waits for a table that others use; a busy server must not queue up behind it for ever. */
  lockTimeoutMs?: number;
  onStep?: (name: string) => void;
  onWait?: () => void;
}

// Belongs to the transaction, so that it ends with it: however the run ends, and whichever of a pooler's connections it was on.
const migrationLock = 727336001;
const defaultLockTimeoutMs = 15_000;

/**
 * One step in a transaction of its own, unless another administrator was quicker. Errors: unsupported or conflict when the database is no
 * longer where this run left it. Throws what the server says; the step is undone then.
 */
export async function runStep(
  admin: pg.Client,
  step: ServerMigration,
  direction: MigrationDirection,
  migrations: ServerMigration[],
  options: MigrationOptions,
): Promise<Outcome<{ did: boolean }>> {
  await admin.query('begin');
  try {
    await takeLock(admin, options);
    const recorded = await readRecorded(admin);
    const at = recorded.at(-1)?.version ?? 0;
    const before = migrations[migrations.indexOf(step) - 1]?.version ?? 0;
    const [expected, after] = direction === 'up' ? [before, step.version] : [step.version, before];
    const refusal = refuseRecord(recorded, migrations);
    if (refusal ?? at !== expected) {
      await admin.query('rollback');
      if (refusal) return err(refusal);
      const isDone = direction === 'up' ? at >= after : at <= after;
      return isDone ? ok({ did: false }) : err({ code: 'conflict', what: 'the database', reason: otherWay(at) });
    }
    options.onStep?.(step.name);
    const lockTimeoutMs = options.lockTimeoutMs ?? defaultLockTimeoutMs;
    await admin.query(`set local lock_timeout = ${String(lockTimeoutMs)}`);
    await admin.query(direction === 'up' ? step.up : step.down);
    await admin.query('reset role');
    await record(admin, step, direction);
    await admin.query('commit');
    return ok({ did: true });
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** A role's or a server's limits are meant for people's queries: a long step would die of them, a waiting administrator too. */
async function takeLock(admin: pg.Client, options: MigrationOptions): Promise<void> {
  await admin.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 0');
  const { rows } = await admin.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [migrationLock]);
  if (rows[0]?.free === true) return;
  options.onWait?.();
  await admin.query('select pg_advisory_xact_lock($1)', [migrationLock]);
}

async function record(admin: pg.Client, step: ServerMigration, direction: MigrationDirection): Promise<void> {
  if (direction === 'down') {
    await admin.query('delete from public.steno_migration where version = $1', [step.version]);
    return;
  }
  await admin.query(
    'create table if not exists public.steno_migration (version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
  );
  await admin.query('insert into public.steno_migration (version, name, checksum) values ($1, $2, $3)', [
    step.version,
    step.name,
    step.checksum,
  ]);
}

function otherWay(at: number): string {
  return `Somebody else took it to version ${String(at)} meanwhile. Steps that finished stay; nothing is half done. Agree on who goes where, then run it again.`;
}
