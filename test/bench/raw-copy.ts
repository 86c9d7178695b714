import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { columnNames } from '../../src/main/sync/snapshot/source.ts';

/** The rows and columns that a first sync brings, as an administrator's COPY sends them, read in this process and not kept. Returns how many. */
export async function createRawCopy(
  admin: pg.Client,
  firmId: string,
  connection: FirmConnection,
  token: string,
): Promise<() => Promise<number>> {
  const remote = createPostgresRemote(connection, token);
  const source = remote.snapshot();
  const { entities } = await source.plan();
  await source.close();
  await remote.close();
  const copies = entities.map((entity) => {
    const [, ...known] = columnNames(entity);
    const columns = [entity.id, ...known].map((name) => pg.escapeIdentifier(name)).join(', ');
    return `copy (select ${columns} from steno.${pg.escapeIdentifier(entity.table)} where firm_id = ${pg.escapeLiteral(firmId)}) to stdout`;
  });
  return async () => {
    let rows = 0;
    for (const sql of copies) {
      const copying = admin.query(copyTo(sql));
      for await (const chunk of copying) void (chunk as Buffer).length;
      rows += copying.rowCount;
    }
    return rows;
  };
}
