import { createHash } from 'node:crypto';
import pg from 'pg';
import { freshId } from '../../src/main/host/ids.ts';
import type { ForeignKey, TableShape } from './catalog.ts';
import type { Ids, RowCases } from './rows/row-case.ts';

type Row = Record<string, unknown>;

/** The ids of one set of rows. The same table asked twice gives the same id. */
export function makeIds(word: string, number: number, firm = freshId()): Ids {
  const known = new Map<string, string>();
  const id = (table: string): string => {
    const found = known.get(table) ?? freshId();
    known.set(table, found);
    return found;
  };
  return { firm, id, word, hash: createHash('sha256').update(word).digest('hex'), number: 1000 + number };
}

const insertOf = (table: TableShape, row: Row): string => {
  const columns = Object.keys(row).map(pg.escapeIdentifier).join(', ');
  return `insert into ${table.sql} (${columns}) select ${columns} from jsonb_populate_record(null::${table.sql}, $1)`;
};
/** Parents before children. */
function inOrder(tables: TableShape[]): TableShape[] {
  const ordered: TableShape[] = [];
  let left = tables;
  while (left.length > 0) {
    const ready = left.filter(({ foreignKeys, sql }) =>
      foreignKeys.every(({ parent }) => parent === sql || !left.some((other) => other.sql === parent)),
    );
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${left.map(({ name }) => name).join(', ')}`);
    ordered.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

/** One valid row in every table for this set, triggers and all; a row that is there already (a trigger's, a seed) does as well. */
export async function fill(client: pg.Client, tables: TableShape[], cases: RowCases, ids: Ids): Promise<void> {
  for (const table of inOrder(tables.filter(({ name }) => cases[name]))) {
    const found = cases[table.name];
    for (const row of found ? [...(found.also?.(ids) ?? []), found.valid(ids)] : []) {
      await client.query(`${insertOf(table, row)} on conflict do nothing`, [JSON.stringify(row)]).catch((error: unknown) => {
        throw new Error(`the valid row of ${table.name} is refused: ${String(error)}`);
      });
    }
  }
}

interface Refusal {
  code: string;
  constraint: string | undefined;
  column: string | undefined;
  words: string;
}

/** What refuses this statement, or null; nothing of it stays done. */
async function refusalOf(client: pg.Client, before: string[], statement: string, parameters: string[]): Promise<Refusal | null> {
  await client.query('savepoint trial');
  try {
    for (const each of before) await client.query(each);
    const { rowCount } = await client.query(statement, parameters);
    return rowCount === 0 ? { code: 'none', constraint: undefined, column: undefined, words: 'no row was touched' } : null;
  } catch (error) {
    const { code = '', constraint, column, message, detail } = error as pg.DatabaseError;
    return { code, constraint, column, words: `${message} ${detail ?? ''}` };
  } finally {
    await client.query('rollback to savepoint trial');
  }
}

const said = (refusal: Refusal | null): string => (refusal ? `${refusal.code} ${refusal.words}` : 'accepted');
/** Statements that take a table's foreign keys away, its own and those that point to it, but for one. */
async function droppingForeignKeys(client: pg.Client, table: string, but = ''): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement from pg_constraint
     where contype = 'f' and conparentid = 0 and (conrelid = $1::regclass or confrelid = $1::regclass) and not (conrelid = $1::regclass and conname = $2)`,
    [table, but],
  );
  return rows.map(({ statement }) => statement);
}

/** A value of that type that no row has. */
function unheardOf(type: string): string {
  return type === 'uuid' ? freshId() : createHash('sha256').update(freshId()).digest('hex');
}

/**
 * Tries everything that may refuse a row of this table: each broken case by its CHECK and nothing else, each NOT NULL, foreign key and
 * unique index. Returns what went otherwise, in words. Runs in an open transaction over rows that `fill` left for `own` and `foreign`.
 */
export async function tryTable(
  client: pg.Client,
  table: TableShape,
  cases: RowCases,
  sets: { own: Ids; foreign: Ids; third: Ids },
): Promise<string[]> {
  const found = cases[table.name];
  if (!found) return ['no case in test/support/rows'];
  const complaints: string[] = [];
  const valid = found.valid(sets.own);
  const where = table.key.map((column) => `t.${pg.escapeIdentifier(column)} = k.${pg.escapeIdentifier(column)}`).join(' and ');
  const key = JSON.stringify(valid);
  const own = await client.query<{ row: Row }>(
    `select to_jsonb(t) as row from ${table.sql} t, jsonb_populate_record(null::${table.sql}, $1) k where ${where}`,
    [key],
  );
  const row = own.rows[0]?.row;
  if (!row) return ['its valid row is not there, or does not name its whole key'];

  const changing = (change: Row, before: string[] = []): Promise<Refusal | null> => {
    const columns = Object.keys(change).map(pg.escapeIdentifier).join(', ');
    const statement = `update ${table.sql} t set (${columns}) = (select ${columns} from jsonb_populate_record(null::${table.sql}, $1)) from jsonb_populate_record(null::${table.sql}, $2) k where ${where}`;
    return refusalOf(client, before, statement, [JSON.stringify(change), key]);
  };

  // a row that others point to cannot change its key, whatever the check says
  const alone = (await droppingForeignKeys(client, table.sql)).filter((statement) => !statement.startsWith(`alter table ${table.sql} `));
  for (const check of table.checks) {
    const broken = found.broken[check];
    if (!broken) {
      complaints.push(`${check} has no broken case`);
      continue;
    }
    const change = typeof broken === 'function' ? broken(sets.own) : broken;
    const refusal = await changing(change);
    if (refusal?.code !== '23514' || refusal.constraint !== check) complaints.push(`${check}: ${said(refusal)}`);
    const without = await changing(change, [...alone, `alter table ${table.sql} drop constraint ${pg.escapeIdentifier(check)}`]);
    if (without) complaints.push(`${check} is not the only thing its case breaks: ${said(without)}`);
  }
  for (const name of Object.keys(found.broken)) if (!table.checks.includes(name)) complaints.push(`there is no check ${name}`);

  for (const column of table.notNull) {
    const refusal = await changing({ [column]: null });
    const isNullRefused = refusal?.code === '23502' && refusal.column === column;
    if (!isNullRefused && !table.partitionedBy.includes(column)) complaints.push(`${column} null: ${said(refusal)}`);
  }

  for (const foreignKey of table.foreignKeys) complaints.push(...(await tryForeignKey(client, table, foreignKey, sets.foreign, changing)));

  for (const { name, names, columns } of table.uniques) {
    // wider than the primary key, it only serves foreign keys: the primary key always refuses first
    const isWiderKey = columns.length > table.key.length && table.key.every((column) => columns.includes(column));
    if (isWiderKey) continue;
    const third = table.name === 'firm' ? sets.third : { ...sets.third, firm: sets.own.firm };
    const again = { ...found.valid(third), ...Object.fromEntries(columns.map((column) => [column, row[column]])) };
    const refusal = await refusalOf(client, [], insertOf(table, again), [JSON.stringify(again)]);
    if (refusal?.code !== '23505' || !names.includes(refusal.constraint ?? '')) complaints.push(`${name}: ${said(refusal)}`);
  }
  return complaints;
}

/** A parent that nobody has and another firm's parent must be refused in the same words. */
async function tryForeignKey(
  client: pg.Client,
  table: TableShape,
  foreignKey: ForeignKey,
  foreign: Ids,
  changing: (change: Row, before: string[]) => Promise<Refusal | null>,
): Promise<string[]> {
  // those that share a column with it would answer in its place, and checks before it
  const checks = table.checks.map((check) => `alter table ${table.sql} drop constraint ${pg.escapeIdentifier(check)}`);
  const others = [...checks, ...(await droppingForeignKeys(client, table.sql, foreignKey.name))];
  const pointing = foreignKey.columns.flatMap((column, n) =>
    column === 'firm_id' && foreignKey.columns.length > 1
      ? []
      : [{ column, type: foreignKey.types[n] ?? '', to: foreignKey.parentColumns[n] ?? '' }],
  );
  const tryWith = async (change: Row): Promise<string> => {
    const refusal = await changing(change, others);
    if (refusal?.code !== '23503' || refusal.constraint !== foreignKey.name) return `not refused: ${said(refusal)}`;
    return Object.values(change).reduce<string>((words, value) => words.replaceAll(String(value), '?'), refusal.words);
  };

  const nobodys = await tryWith(Object.fromEntries(pointing.map(({ column, type }) => [column, unheardOf(type)])));
  if (nobodys.startsWith('not refused')) return [`${foreignKey.name}: ${nobodys}`];
  if (!foreignKey.parentIsFirms || pointing.some(({ column }) => column === 'firm_id')) return [];
  const theirs = await client.query<Row>(
    `select ${pointing.map(({ to }) => pg.escapeIdentifier(to)).join(', ')} from ${foreignKey.parent} where firm_id = $1 limit 1`,
    [foreign.firm],
  );
  const parent = theirs.rows[0];
  if (!parent) return [`${foreignKey.name}: the other firm has no row to point to`];
  const answer = await tryWith(Object.fromEntries(pointing.map(({ column, to }) => [column, parent[to]])));
  return answer === nobodys ? [] : [`${foreignKey.name} tells another firm's row from none: ${answer} / ${nobodys}`];
}
