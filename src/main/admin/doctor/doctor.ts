import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { explainDatabaseError } from '../database-error.ts';
import type { ServerMigration } from '../migration-record.ts';
import { refuseOldServer } from '../preflight.ts';
import { decideDatabase } from './decide-database.ts';
import { decideLoad } from './decide-load.ts';
import { decideSettings } from './decide-settings.ts';
import { defaultLimits, type Finding, type Limits } from './finding.ts';
import { measureServer } from './measure-server.ts';
import { measureDatabase } from './measure-tables.ts';

export interface Examination {
  level: Finding['level'];
  findings: Finding[];
}

const order = ['bad', 'warn', 'ok'] as const;

/** Looks at a server and its database, changes nothing; the worst first. Errors: unsupported (an old server), forbidden, offline. */
export async function examine(
  admin: pg.Client,
  migrations: ServerMigration[],
  limits: Limits = defaultLimits,
): Promise<Outcome<Examination>> {
  try {
    const asked = await admin.query<{ number: number; version: string }>(
      "select current_setting('server_version_num')::integer as number, current_setting('server_version') as version",
    );
    const [is] = asked.rows;
    const old = refuseOldServer({ versionNumber: is?.number ?? 0, version: is?.version ?? '' });
    if (old) return err(old);
    // one moment's view, and statistics as they are now rather than as this session first saw them
    await admin.query('begin read only');
    await admin.query("set local stats_fetch_consistency = 'none'; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'");
    const server = await measureServer(admin);
    const database = await measureDatabase(admin, migrations, limits.slowMs);
    const found = [...decideSettings(server), ...decideLoad(server, limits), ...decideDatabase(database, server.extensions, limits)];
    const findings = order.flatMap((level) => found.filter((finding) => finding.level === level));
    return ok({ level: findings[0]?.level ?? 'ok', findings });
  } catch (error) {
    const explained = explainDatabaseError(error, 'the examination', 'Nothing was changed.');
    if (!explained) throw error;
    return err(explained);
  } finally {
    await admin.query('rollback').catch(() => undefined);
  }
}
