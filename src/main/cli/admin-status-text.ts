import type { ServerStatus } from '../admin/status.ts';

/** A server's status as a person reads it. */
export function statusText(status: ServerStatus): string {
  const { server, schema, people } = status;
  const pending = schema.pending.length === 0 ? 'nothing pending' : `pending: ${schema.pending.join(', ')}`;
  const drift = schema.drift.length === 0 ? 'no drift' : `DRIFT, other text than this Steno carries: ${schema.drift.join(', ')}`;
  return [
    `Postgres ${server.version}, database ${server.database}, ${bytesText(server.sizeBytes)}, ${server.encoding}, up since ${server.startedAt}${server.isStandby ? ', STANDBY' : ''}`,
    `schema version ${String(schema.version)} of ${String(schema.newest)}, ${pending}, ${drift}`,
    `extensions: ${status.extensions.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    `roles: ${status.roles.map(roleText).join(', ') || 'none of Steno'}`,
    people
      ? `${String(people.firms)} firms, ${String(people.users)} users, ${String(people.devices)} devices in ${String(people.sessions)} live sessions`
      : 'no tables of Steno yet',
    `last backup: not known here, look at its folder; WAL last archived: ${status.lastArchivedAt ?? 'never'}`,
    ...status.tables.map(
      ({ name, sizeBytes, rowsEstimate }) => `${bytesText(sizeBytes).padStart(10)}  ${name}, about ${String(rowsEstimate)} rows`,
    ),
  ].join('\n');
}

function roleText({ name, canLogin, isSuperuser, connections }: ServerStatus['roles'][number]): string {
  const marks = [
    canLogin ? 'login' : 'no login',
    ...(isSuperuser ? ['SUPERUSER'] : []),
    ...(connections > 0 ? [`${String(connections)} connected`] : []),
  ];
  return `${name} (${marks.join(', ')})`;
}

/** 1536 is "1.5 kB". */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 0), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${units[power] ?? ''}`;
}
