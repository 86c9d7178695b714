import type { IsolationReport } from './isolation.ts';

/** The report as a page that IT can file. */
export function reportText(report: IsolationReport): string {
  const { server, tried, breaches, findings, notTested, control } = report;
  const list = (items: string[]): string[] => (items.length === 0 ? ['  none'] : items.map((item) => `  ${item}`));
  return [
    'STENO: CAN ONE FIRM REACH ANOTHER FIRM’S ROWS?',
    '',
    `Verdict          ${report.verdict.toUpperCase()}`,
    `Database         ${server.database}, Postgres ${server.version}, Steno schema ${String(server.schemaVersion)}`,
    `Tested           ${report.startedAt}`,
    `Control          planted: ${control.planted}. It was ${control.found ? 'found' : 'NOT FOUND: this run proves nothing'}.`,
    '',
    `Every table was reached for on the login that laptops use, by ${String(tried.attackers.length)} attackers who know the database password and`,
    `every id: ${String(tried.attempts)} attempts on ${String(tried.tables.length)} tables (select, copy, a leaking predicate, insert, update, delete, truncate,`,
    `lock, trigger, policy). ${String(tried.functions)} functions and ${String(tried.pushes)} pushes were asked about rows that are there and rows that are not;`,
    `the answers must not differ. ${String(tried.catalogQuestions)} questions were put to the catalog. All of it was rolled back.`,
    '',
    'Breaches',
    ...list(breaches.map(({ attacker, table, how }) => `${attacker} on ${table}: ${how}`)),
    '',
    'Open in the catalog',
    ...list(findings.map(({ what, found }) => `${what}: ${found}`)),
    '',
    'Not tested (no row of the victim could be made)',
    ...list(notTested),
    '',
    'Attackers',
    ...list(tried.attackers),
    '',
    'Tables',
    ...list(tried.tables),
  ].join('\n');
}
