import { fine, levelOf, type Finding, type Limits } from './finding.ts';
import type { ServerMeasures, Session } from './measure-server.ts';

const minutes = (ms: number): string => `${String(Math.round(ms / 60_000))} min`;
const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1e6))} MB`;

/** Pure: what a server's connections, copies elsewhere and age mean. */
export function decideLoad(m: ServerMeasures, limits: Limits): Finding[] {
  return [...connections(m, limits), ...copies(m, limits), archiving(m, limits), wraparound(m, limits)];
}

function connections({ connections: { used, most, idleInTransaction, longestTransaction } }: ServerMeasures, limits: Limits): Finding[] {
  const share: Finding = {
    check: 'connections',
    level: levelOf(used / Math.max(most, 1), limits.connectionShare),
    value: `${String(used)} of ${String(most)}`,
    sentence: 'A signed-in account uses two.',
    todo: 'Raise max_connections, or put a pooler in front.',
  };
  const session = (check: string, found: Session | null, range: [number, number], sentence: string): Finding => {
    if (!found || levelOf(found.ageMs, range) === 'ok') return fine(check, found ? minutes(found.ageMs) : 'none', 'Nothing is held up.');
    const value = `${minutes(found.ageMs)}, pid ${String(found.pid)}, ${found.user}, ${found.application || 'no name'}`;
    return {
      check,
      level: levelOf(found.ageMs, range),
      value,
      sentence,
      todo: `See who it is, then: select pg_terminate_backend(${String(found.pid)});`,
    };
  };
  return [
    share.level === 'ok' ? { ...share, todo: '' } : share,
    session(
      'idle in transaction',
      idleInTransaction,
      limits.idleInTransactionMs,
      'It holds its locks, and vacuum back, while it does nothing.',
    ),
    session('longest transaction', longestTransaction, limits.transactionMs, 'Vacuum cannot remove rows that it might still see.'),
  ];
}

function copies({ standbys, slots }: ServerMeasures, limits: Limits): Finding[] {
  const lag = standbys.map(({ name, lagBytes }): Finding => {
    const level = levelOf(lagBytes, limits.lagBytes);
    const todo = level === 'ok' ? '' : 'Look at the network and at what the standby does.';
    return {
      check: 'replication lag',
      level,
      value: `${name}: ${megabytes(lagBytes)}`,
      sentence: 'What a loss of this server would lose of a standby.',
      todo,
    };
  });
  const held = slots.map(({ name, isActive, isLost, retainedBytes }): Finding => {
    const level = isLost
      ? 'bad'
      : isActive
        ? levelOf(retainedBytes, limits.slotBytes)
        : retainedBytes >= limits.slotBytes[1]
          ? 'bad'
          : 'warn';
    const value = `${name}: ${isLost ? 'lost' : megabytes(retainedBytes)}${isActive ? '' : ', nobody reads it'}`;
    const todo = level === 'ok' ? '' : `Mend its reader, or: select pg_drop_replication_slot('${name}');`;
    return { check: 'replication slot', level, value, sentence: 'WAL is kept for it, in the end until the disk is full.', todo };
  });
  return [...(lag.length > 0 ? lag : [fine('replication lag', 'no standby', 'Nothing streams from here.')]), ...held];
}

function archiving({ settings, archive, standbys }: ServerMeasures, { archiveAgeMs }: Limits): Finding {
  const check = 'WAL archive';
  const bad = (value: string, sentence: string, todo: string): Finding => ({ check, level: 'bad', value, sentence, todo });
  if (settings['archive_mode'] === 'off') {
    if (standbys.some(({ name }) => name === 'pg_receivewal'))
      return fine(check, 'pg_receivewal', 'WAL is received elsewhere as it is written.');
    return bad(
      'off',
      'A loss of this server loses everything since the last backup, not 15 minutes.',
      'Set archive_mode, archive_command and archive_timeout = 300 (docs/operations.md).',
    );
  }
  if (!settings['archive_command'] && !settings['archive_library'])
    return bad('no command', 'Segments pile up and go nowhere.', 'Set archive_command.');
  const timeoutSeconds = Number(settings['archive_timeout'] ?? 0);
  if (timeoutSeconds === 0 || timeoutSeconds * 1000 > archiveAgeMs)
    return bad(
      `archive_timeout = ${String(timeoutSeconds)} s`,
      'On a quiet day hours of work wait in an unfinished segment.',
      'alter system set archive_timeout = 300; then reload.',
    );
  const age = archive.lastArchivedAgeMs;
  if (archive.isFailing)
    return bad(
      `${String(archive.failedCount)} failures`,
      'The last try to archive failed; segments pile up.',
      'Read the server log, run archive_command by hand as the server’s account.',
    );
  if (age === null)
    return {
      check,
      level: 'warn',
      value: 'nothing yet',
      sentence: 'No segment was archived since the server counts.',
      todo: 'select pg_switch_wal(); and look here again.',
    };
  // a server on which nobody writes has nothing to archive
  if (age > archiveAgeMs && (archive.pendingBytes ?? 0) > 65_536)
    return bad(
      `last ${minutes(age)} ago`,
      'More than 15 minutes of work would be lost with this server.',
      'Read the server log for what archive_command says.',
    );
  return fine(check, `last ${minutes(age)} ago`, 'A loss of this server loses 15 minutes at most.');
}

function wraparound({ oldestXidAge }: ServerMeasures, { xidAge }: Limits): Finding {
  const value = `${String(Math.round(oldestXidAge / 1e6))} million transactions`;
  const level = levelOf(oldestXidAge, xidAge);
  if (level === 'ok') return fine('wraparound', value, 'Vacuum keeps up; the server stops at two thousand million.');
  return {
    check: 'wraparound',
    level,
    value,
    sentence: 'The server stops taking writes at two thousand million.',
    todo: 'Find what holds vacuum back (long transactions, slots), then: vacuum (freeze);',
  };
}
