import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { err, ok, type Outcome } from '../../shared/result.ts';

export interface LocalMigration {
  version: number;
  name: string;
  up: string;
  down: string;
}

/** The numbered files of migrations/local, each with its way back. */
export function localMigrations(): LocalMigration[] {
  const folder = new URL('../../../migrations/local/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.*(?<!\.down)\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file.replace(/\.sql$/, ''),
      up: readFileSync(fileURLToPath(new URL(file, folder)), 'utf8'),
      down: readFileSync(fileURLToPath(new URL(file.replace(/\.sql$/, '.down.sql'), folder)), 'utf8'),
    }));
}

/**
 * Brings a store to `target` (default: the newest version), up or down, one transaction a step, so that a crash leaves a whole version.
 * A store of a newer app is refused untouched.
 */
export function migrateStore(db: Database.Database, migrations: LocalMigration[], target?: number): Outcome<{ from: number; to: number }> {
  const from = Number(db.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (from > newest) {
    return err({
      code: 'unsupported',
      what: "this laptop's copy",
      reason: `It was last used by a newer Steno (version ${String(from)} of its store; this one knows ${String(newest)}). Update Steno; nothing was changed.`,
    });
  }
  const to = target ?? newest;
  const steps =
    to >= from
      ? migrations.filter((m) => m.version > from && m.version <= to).map((m) => ({ sql: m.up, version: m.version }))
      : migrations
          .filter((m) => m.version <= from && m.version > to)
          .reverse()
          .map((m) => ({ sql: m.down, version: Math.max(0, ...migrations.map(({ version }) => version).filter((v) => v < m.version)) }));
  for (const step of steps) {
    db.transaction(() => {
      db.exec(step.sql);
      db.pragma(`user_version = ${String(step.version)}`);
    })();
  }
  return ok({ from, to });
}
