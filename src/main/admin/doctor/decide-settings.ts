import { fine, type Finding } from './finding.ts';
import type { ServerMeasures } from './measure-server.ts';

/** The newest minor releases known when this was written; whatever is older lacks fixes for certain. */
const knownMinors: Record<number, number> = { 15: 18, 16: 14, 17: 10, 18: 4 };

/** Pure: what a server's version, settings and roles mean. */
export function decideSettings(m: ServerMeasures): Finding[] {
  return [version(m), ...durability(m), tls(m), ...logging(m), ...roles(m)];
}

function version({ versionNumber }: ServerMeasures): Finding {
  const [major, minor] = [Math.floor(versionNumber / 10_000), versionNumber % 10_000];
  const value = `${String(major)}.${String(minor)}`;
  const newest = knownMinors[major];
  if (major < 15)
    return { check: 'version', level: 'bad', value, sentence: 'Steno needs Postgres 15 or newer.', todo: 'Upgrade the server.' };
  if (newest === undefined || minor >= newest) return fine('version', value, 'No newer minor release is known to this Steno.');
  const sentence = `Minor release ${String(major)}.${String(newest)} is out, with fixes this server lacks.`;
  return { check: 'version', level: 'warn', value, sentence, todo: 'Install the minor release and restart; no migration is needed.' };
}

function durability({ settings }: ServerMeasures): Finding[] {
  const must = (name: string, why: string): Finding => {
    const value = settings[name] ?? '';
    if (value !== 'off') return fine(name, value, 'As it must be.');
    return { check: name, level: 'bad', value, sentence: why, todo: `alter system set ${name} = on; then reload.` };
  };
  const checksums = settings['data_checksums'] ?? '';
  return [
    must('fsync', 'A power cut destroys the database.'),
    must('full_page_writes', 'A power cut can leave torn pages that nothing repairs.'),
    must('synchronous_commit', 'A crash loses changes that laptops were told are safe, and they will not send them again.'),
    must('autovacuum', 'Tables only grow, and in the end the server stops to save itself from wraparound.'),
    checksums === 'on'
      ? fine('data_checksums', checksums, 'Damaged pages are noticed when they are read.')
      : {
          check: 'data_checksums',
          level: 'warn',
          value: checksums,
          sentence: 'A page that the disk damaged is handed out as if it were right.',
          todo: 'Stop the server, run pg_checksums --enable on its data directory, start it.',
        },
  ];
}

function tls({ settings, isLoopbackOnly }: ServerMeasures): Finding {
  if (settings['ssl'] === 'on') return fine('tls', 'on', 'Laptops connect encrypted.');
  if (isLoopbackOnly) return fine('tls', 'off', 'The server listens on this machine only.');
  return {
    check: 'tls',
    level: 'bad',
    value: 'off',
    sentence: 'Client data crosses the network in the clear, and laptops of the firm refuse to connect.',
    todo: 'Set ssl, ssl_cert_file and ssl_key_file, and hostssl in pg_hba.conf.',
  };
}

function logging({ settings }: ServerMeasures): Finding[] {
  const slow = Number(settings['log_min_duration_statement'] ?? -1);
  const logsText = slow >= 0 || (settings['log_statement'] ?? 'none') !== 'none';
  const findings: Finding[] = [];
  if (slow >= 0) findings.push(fine('slow query log', `${String(slow)} ms`, 'Slow statements are logged.'));
  else
    findings.push({
      check: 'slow query log',
      level: 'warn',
      value: 'off',
      sentence: 'Statements that take long leave no trace.',
      todo: "alter system set log_min_duration_statement = '1s'; alter system set log_parameter_max_length = 0; then reload.",
    });
  if (logsText && settings['log_parameter_max_length'] !== '0')
    findings.push({
      check: 'client text in the log',
      level: 'bad',
      value: `log_parameter_max_length = ${settings['log_parameter_max_length'] ?? ''}`,
      sentence: 'Logged statements carry their values: session tokens and text of letters stand in the server log.',
      todo: 'alter system set log_parameter_max_length = 0; then reload, and remove the old logs.',
    });
  return findings;
}

function roles({ roles: known }: ServerMeasures): Finding[] {
  const findings: Finding[] = [];
  for (const { name, canLogin, powers, settings } of known) {
    const isClient = name === 'steno_client';
    const wrong = [...powers, ...(canLogin && !isClient ? ['can log in'] : [])];
    if (wrong.length > 0)
      findings.push({
        check: 'roles',
        level: 'bad',
        value: `${name}: ${wrong.join(', ')}`,
        sentence: 'Row security does not hold against it.',
        todo: `alter role ${name} nosuperuser nobypassrls nocreaterole nocreatedb noreplication${isClient ? '' : ' nologin'};`,
      });
    if (settings.length > 0)
      findings.push({
        check: 'roles',
        level: 'warn',
        value: `${name}: ${settings.map((setting) => setting.split('=')[0]).join(', ')}`,
        sentence: 'Somebody set this for every session of the role.',
        todo: `If it was not meant: alter role ${name} reset all;`,
      });
  }
  return findings.length > 0 ? findings : [fine('roles', String(known.length), 'Steno’s roles have no more powers than they need.')];
}
