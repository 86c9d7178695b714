import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import type { FirmConnection } from '../../../shared/setup.ts';
import { checkSchema } from '../handshake.ts';
import { toRemoteError } from '../pg-errors.ts';
import { newClient } from '../pg-line.ts';
import { FeedPage, RemoteError, speaks, type Speaks } from '../remote.ts';
import { createCopyReader, type FieldKind } from './copy-binary.ts';
import { selectLatest, selectWithin } from './latest-select.ts';
import { selectRows } from './row-select.ts';
import { FirmEntity, OutOfView, Standing, type RowRange, type SnapshotPlan, type SnapshotSource, type TakeRow } from './source.ts';

/** Until connected, until let in; a call may take its time as long as the line is not silent: rows are many, and counting them takes long. */
const limits = { connectMs: 5_000, greetMs: 30_000, callMs: 0, silenceMs: 60_000 };

/**
 * The firm's Postgres read in bulk: COPY under the caller's policies, on a line of its own, so that pushes do not stand behind it. Each range is one transaction
 * of one moment, which looks what the caller may see before it reads; a transaction pooler may stand between. A replica that is far enough brings the rows.
 */
export function createPostgresSource(connection: FirmConnection, token: string, spoken: Speaks = speaks): SnapshotSource {
  const primary = createReader(connection, token, spoken, false);
  let replica = connection.replica ? createReader({ ...connection, ...connection.replica }, token, spoken, true) : null;

  /** What the replica brings of a range. Its troubles are nobody's: it is left alone from then on, and the primary goes on behind its last row. */
  async function readFromReplica(range: RowRange, take: TakeRow): Promise<{ rows: number; isWhole: boolean; last: string | null }> {
    let rows = 0;
    let last = range.after;
    const counting: TakeRow = (values, unknown) => {
      take(values, unknown);
      rows += 1;
      last = String(values[0]);
    };
    try {
      const read = await replica?.read(range, counting);
      return { rows, isWhole: typeof read === 'number', last };
    } catch {
      await replica?.close();
      replica = null;
      return { rows, isWhole: false, last };
    }
  }

  async function planOver(on: pg.Client): Promise<SnapshotPlan> {
    const { rows } = await on.query<{ plan: { entities: unknown } }>('select app.snapshot($1, true) as plan', [token]);
    return { ...Standing.parse(rows[0]?.plan), entities: FirmEntity.array().parse(rows[0]?.plan.entities) };
  }
  /** What travels is the same for as long as this source lasts: a look is over in a moment. */
  let entities: Promise<FirmEntity[]> | null = null;
  async function entitiesOver(on: pg.Client): Promise<FirmEntity[]> {
    const asked = (entities ??= planOver(on).then((plan) => plan.entities));
    asked.catch(() => (entities = null));
    return asked;
  }

  return {
    plan: () => primary.run(planOver),
    count: async (counted, seen) => orBehind(await primary.count(counted, seen)),
    async read(range, take) {
      const brought = replica ? await readFromReplica(range, take) : { rows: 0, isWhole: false, last: range.after };
      if (brought.isWhole) return brought.rows;
      const rows = await primary.read({ ...range, after: brought.last, most: range.most - brought.rows }, take);
      return brought.rows + orBehind(rows);
    },
    pull: (after, most) =>
      primary.run(async (on) => {
        const { rows } = await on.query<{ page: unknown }>('select app.pull($1, $2, $3) as page', [token, after, most]);
        return FeedPage.parse(rows[0]?.page);
      }),
    prepare: () => primary.run(async (on) => void (await entitiesOver(on))),
    latest: (most, also, take, onListed) =>
      primary.run(async (on) => {
        const known = await entitiesOver(on);
        await on.query('begin isolation level repeatable read, read only');
        await on.query('select app.snapshot($1, false)', [token]);
        const takeAll = (sql: string, onChange = take): Promise<void> =>
          copyOut(on, sql, ['text', 'text', 'text'], ([entity, entityId, row]) =>
            onChange(Change.parse({ entity, entityId, row: JSON.parse(String(row)) as unknown })),
          );
        const matterIds: string[] = [];
        await takeAll(selectLatest(known, most, z.array(z.uuid()).parse(also)), (change) => {
          matterIds.push(change.entityId);
          take(change);
        });
        onListed();
        await takeAll(selectWithin(known, z.array(z.uuid()).parse(matterIds)));
        await on.query('commit');
      }),
    async close() {
      await replica?.close();
      await primary.close();
    },
  };
}

interface Reader {
  run<T>(work: (on: pg.Client) => Promise<T>): Promise<T>;
  count(entities: readonly FirmEntity[], seen: Pick<RowRange, 'view' | 'atLeast'>): Promise<number[] | 'not there'>;
  /** 'not there': its feed has not come to where the range has to be read. */
  read(range: RowRange, take: TakeRow): Promise<number | 'not there'>;
  close(): Promise<void>;
}

/** `follows`: a replica, which is believed only while it is one. */
function createReader(connection: FirmConnection, token: string, spoken: Speaks, follows: boolean): Reader {
  let client: pg.Client | null = null;
  let connecting: Promise<pg.Client> | null = null;
  let isClosed = false;

  async function connected(): Promise<pg.Client> {
    if (client) return client;
    if (isClosed) throw cancelled();
    // somebody may have begun to
    connecting ??= connect().finally(() => (connecting = null));
    return connecting;
  }

  async function connect(): Promise<pg.Client> {
    const fresh = newClient(connection, limits);
    const forget = (): void => void (client = client === fresh ? null : client);
    fresh.on('error', forget).on('end', forget);
    try {
      await fresh.connect();
      await checkSchema(fresh, spoken);
      if (isClosed) throw cancelled(); // meanwhile
    } catch (error) {
      fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    return fresh;
  }

  async function run<T>(work: (on: pg.Client) => Promise<T>): Promise<T> {
    let used: pg.Client | null = null;
    try {
      used = await connected();
      return await work(used);
    } catch (error) {
      // whatever it was in the middle of
      if (used && client === used) client = null;
      used?.end().catch(() => undefined);
      throw error instanceof OutOfView ? error : toRemoteError(error);
    }
  }

  /** One moment of the database, seen by the caller: the setting made by app.snapshot lasts as long as the transaction. */
  async function inSight<T>(on: pg.Client, work: (standing: Standing) => Promise<T>): Promise<T> {
    await on.query('begin isolation level repeatable read, read only');
    const { rows } = await on.query<{ standing: unknown }>('select app.snapshot($1, false) as standing', [token]);
    const done = await work(Standing.parse(rows[0]?.standing));
    await on.query('commit');
    return done;
  }

  /** A replica may be behind, or believe in another view, and is left alone then; of the primary the former is trouble, the latter the end of what was fetched. */
  function isThere({ head, view, isReplica }: Standing, wanted: Pick<RowRange, 'view' | 'atLeast'>): boolean {
    if (head < wanted.atLeast || (follows && (!isReplica || view !== wanted.view))) return false;
    if (view !== wanted.view) throw new OutOfView();
    return true;
  }

  return {
    run,
    count: (counted, seen) =>
      run((on) =>
        inSight(on, async (standing) => {
          if (!isThere(standing, seen)) return 'not there';
          const { rows } = await on.query<string[]>({
            text: `select ${counted.map(({ table }) => `(select count(*) from steno."${table}")`).join(', ')}`,
            rowMode: 'array',
          });
          return (rows[0] ?? []).map(Number);
        }),
      ),
    read: (range, take) =>
      run((on) => inSight(on, async (standing) => (isThere(standing, range) ? copyRows(on, range, take) : 'not there'))),
    async close() {
      isClosed = true;
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
}

async function copyRows(on: pg.Client, { entity, after, most }: RowRange, take: TakeRow): Promise<number> {
  const { sql, kinds, hasUnknown } = selectRows(on, entity, after, most);
  let rows = 0;
  await copyOut(on, sql, kinds, (values) => {
    rows += 1;
    if (!hasUnknown) take(values, null);
    else {
      const unknown = values.at(-1) ?? null;
      take(values.slice(0, -1), unknown === null ? null : String(unknown));
    }
  });
  return rows;
}

async function copyOut(on: pg.Client, sql: string, kinds: FieldKind[], onRow: Parameters<typeof createCopyReader>[1]): Promise<void> {
  const reader = createCopyReader(kinds, onRow);
  for await (const chunk of on.query(copyTo(`copy (${sql}) to stdout (format binary)`))) reader.read(chunk as Buffer);
  if (!reader.isDone()) throw new Error('Connection ended within the rows');
}

function orBehind<T>(answer: T | 'not there'): T {
  if (answer === 'not there')
    throw new RemoteError({ code: 'offline', reason: 'The firm’s server is not as far as it was. Steno tries again.' });
  return answer;
}

const cancelled = (): RemoteError => new RemoteError({ code: 'cancelled', what: 'syncing' });
const Change = FeedPage.shape.changes.element;
