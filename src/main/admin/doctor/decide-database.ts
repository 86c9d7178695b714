import { neededExtensions } from '../preflight.ts';
import { fine, type Finding, type Limits } from './finding.ts';
import type { DatabaseMeasures } from './measure-tables.ts';

const some = (names: string[]): string => names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${String(names.length - 5)} more` : '');

/** Pure: what the measures of a database mean. */
export function decideDatabase(m: DatabaseMeasures, extensions: string[], limits: Limits): Finding[] {
  return [
    schema(m),
    extension(m, extensions),
    rowSecurity(m),
    ...partitions(m, limits),
    slowQueries(m, limits),
    cache(m, limits),
    ...indexes(m, limits),
    ...bloat(m, limits),
  ];
}

function schema({ schema: { version, newest, drift } }: DatabaseMeasures): Finding {
  const value = `${String(version)} of ${String(newest)}`;
  const finding = (level: Finding['level'], sentence: string, todo: string): Finding => ({ check: 'schema', level, value, sentence, todo });
  if (version > newest)
    return finding('bad', 'It was migrated by a newer Steno; laptops with this one do not sync.', 'Use the newer Steno.');
  if (drift.length > 0)
    return finding('bad', `${some(drift)} ran with another text than this Steno carries.`, 'Find out who changed it before anything else.');
  if (version < newest)
    return finding(
      'warn',
      `${String(newest - version)} steps wait; laptops with this Steno do not sync.`,
      'steno admin backup, then steno admin migrate.',
    );
  return fine('schema', value, 'The database is as this Steno expects it.');
}

function extension({ schema: { version } }: DatabaseMeasures, extensions: string[]): Finding {
  const missing = version === 0 ? [] : neededExtensions.filter((name) => !extensions.includes(name));
  if (missing.length === 0) return fine('extensions', extensions.join(', '), 'What Steno needs is there.');
  return {
    check: 'extensions',
    level: 'bad',
    value: `without ${missing.join(', ')}`,
    sentence: 'Sign-in or search fails.',
    todo: missing.map((name) => `create extension ${name} schema public;`).join(' '),
  };
}

function rowSecurity({ openTables }: DatabaseMeasures): Finding {
  if (openTables.length === 0) return fine('row security', 'forced', 'Every table of firms is behind it.');
  return {
    check: 'row security',
    level: 'bad',
    value: some(openTables),
    sentence: 'One firm can read another’s rows there.',
    todo: openTables
      .map((name) => `alter table ${name} enable row level security; alter table ${name} force row level security;`)
      .join(' '),
  };
}

function partitions({ partitioned }: DatabaseMeasures, limits: Limits): Finding[] {
  return partitioned.map(({ name, monthsAhead }): Finding => {
    const value = `${name}: ${monthsAhead < 0 ? 'none for this month' : `${String(monthsAhead)} months ahead`}`;
    if (monthsAhead >= limits.monthsAhead) return fine('partitions', value, 'Rows of the coming months have their place.');
    const level = monthsAhead < 1 ? 'bad' : 'warn';
    const sentence = 'In a month without its partition every change is refused.';
    return {
      check: 'partitions',
      level,
      value,
      sentence,
      todo: `call steno.make_partitions('${name.split('.')[1] ?? name}', now()::date, null);`,
    };
  });
}

function slowQueries({ slowStatements }: DatabaseMeasures, { slowMs }: Limits): Finding {
  const check = 'slow queries';
  if (slowStatements === null)
    return {
      check,
      level: 'warn',
      value: 'not measured',
      sentence: 'pg_stat_statements is not there, so nobody knows which statements take long.',
      todo: 'Add pg_stat_statements to shared_preload_libraries, restart, then: create extension pg_stat_statements;',
    };
  if (slowStatements.length === 0) return fine(check, 'none', `No statement takes more than ${String(slowMs)} ms on average.`);
  const value = slowStatements
    .map(({ id, start, calls, meanMs }) => `${String(Math.round(meanMs))} ms x ${String(calls)} (${id}) ${start}`)
    .join('; ');
  return {
    check,
    level: 'warn',
    value,
    sentence: `These take more than ${String(slowMs)} ms on average.`,
    todo: 'Look at each with explain (analyze, buffers); report it if it is Steno’s own.',
  };
}

function cache({ cache: { hits, reads } }: DatabaseMeasures, { cacheHitRate }: Limits): Finding {
  const all = hits + reads;
  const rate = all === 0 ? 1 : hits / all;
  const value = `${(100 * rate).toFixed(1)}%`;
  if (all < 10_000) return fine('cache hit rate', value, 'Too little was read yet to say.');
  if (rate >= cacheHitRate) return fine('cache hit rate', value, 'Reads are answered from memory.');
  return {
    check: 'cache hit rate',
    level: 'warn',
    value,
    sentence: `Below ${String(100 * cacheHitRate)}%: too much is read from the disk.`,
    todo: 'Raise shared_buffers (a quarter of the memory), or give the server more.',
  };
}

function indexes({ indexes: all, statisticsDays }: DatabaseMeasures, { unusedAfterDays }: Limits): Finding[] {
  const invalid = all.filter(({ isValid }) => !isValid).map(({ name }) => name);
  const unused = all.filter(({ scans, isNeeded, isValid }) => scans === 0 && !isNeeded && isValid).map(({ name }) => name);
  const findings: Finding[] = [];
  if (invalid.length > 0)
    findings.push({
      check: 'invalid indexes',
      level: 'bad',
      value: some(invalid),
      sentence: 'They cost writes and answer nothing.',
      todo: invalid.map((name) => `reindex index concurrently ${name};`).join(' '),
    });
  if (unused.length === 0) return [...findings, fine('unused indexes', 'none', 'Every index is read.')];
  if (statisticsDays < unusedAfterDays)
    return [
      ...findings,
      fine('unused indexes', `${some(unused)}, so far`, `Reads are counted for ${statisticsDays.toFixed(1)} days only: too early to say.`),
    ];
  const sentence = `Nothing read them in ${String(Math.round(statisticsDays))} days.`;
  return [
    ...findings,
    {
      check: 'unused indexes',
      level: 'warn',
      value: some(unused),
      sentence,
      todo: 'Report those that Steno made; drop those that somebody added.',
    },
  ];
}

function bloat({ tables }: DatabaseMeasures, { deadShare, deadRows }: Limits): Finding[] {
  const findings: Finding[] = [];
  for (const { name, live, dead, vacuumedAgeMs } of tables) {
    if (dead < deadRows || dead < deadShare * live) continue;
    const vacuumed = vacuumedAgeMs === null ? 'never vacuumed' : `vacuumed ${String(Math.round(vacuumedAgeMs / 3_600_000))} h ago`;
    const level = dead > live && dead >= 100 * deadRows ? 'bad' : 'warn';
    const sentence = 'Dead rows make it larger and slower than it need be.';
    findings.push({
      check: 'bloat',
      level,
      value: `${name}: ${String(dead)} dead of ${String(live + dead)}, ${vacuumed}`,
      sentence,
      todo: `vacuum (analyze) ${name};`,
    });
  }
  const blind = tables.filter(({ live, isAnalyzed }) => live >= deadRows && !isAnalyzed).map(({ name }) => name);
  if (blind.length > 0)
    findings.push({
      check: 'never analyzed',
      level: 'warn',
      value: some(blind),
      sentence: 'The planner guesses about them.',
      todo: 'analyze;',
    });
  return findings.length > 0 ? findings : [fine('bloat', 'none', 'Vacuum keeps up with changes.')];
}
