import type { TableVerdict } from '../admin/backup/compare-rows.ts';
import type { DrillReport } from '../admin/backup/drill.ts';

/** What a restore drill found, to print and to file. */
export function drillText(report: DrillReport): string {
  const { backup } = report;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    report.verdict === 'sound' ? 'SOUND: the backup restores.' : 'DAMAGED: do not rely on this backup; take another one now.',
    `${backup.kind} backup of ${backup.database}, Postgres ${backup.server.version}, schema ${String(backup.schemaVersion)}, ${backup.startedAt} to ${backup.finishedAt}`,
    `fingerprint ${report.fingerprint}`,
    ...report.problems.map((problem) => `  ${problem}`),
    ...(report.tables.length > 0 ? [tablesText(report.tables)] : []),
    `answering after ${seconds(report.restoreMs)}, every row compared after ${seconds(report.totalMs)}; the throwaway copy is gone`,
  ].join('\n');
}

/** Tables that are all as recorded in one line, every other one by name. */
export function tablesText(tables: TableVerdict[]): string {
  const equal = tables.filter(({ verdict }) => verdict === 'equal');
  const rows = equal.reduce((sum, table) => sum + table.rows, 0);
  const others = tables.filter(({ verdict }) => verdict !== 'equal');
  return [
    `  ${String(equal.length)} of ${String(tables.length)} tables equal, ${String(rows)} rows`,
    ...others.map(({ table, verdict, comparedRows, reason }) => {
      const word = verdict === 'differs' ? 'DIFFERS' : 'changed meanwhile';
      return `  ${table}: ${word}; ${String(comparedRows)} rows equal; ${reason ?? ''}`;
    }),
  ].join('\n');
}
