import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShapes } from '../support/catalog.ts';
import { fill, makeIds, tryTable } from '../support/constraint-trial.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { rowCases } from '../support/rows/every-table.ts';

/*
 * Everything in the schema that can refuse a row, tried on a row that is whole otherwise. The list of tables and constraints is the
 * catalog's, so what a migration adds without a case fails here. Triggers are switched off: test/pg/transitions.test.ts has those.
 */
const { admin } = await createPgWorld();
const shapes = await readShapes(admin);
const sets = { own: makeIds('first', 1), foreign: makeIds('second', 2), third: makeIds('third', 3) };

async function fillBoth(): Promise<void> {
  await fill(admin, shapes, rowCases, sets.own);
  await fill(admin, shapes, rowCases, sets.foreign);
}

beforeAll(async () => {
  await fillBoth();
  await admin.query(shapes.map(({ sql }) => `alter table ${sql} disable trigger user`).join(';'));
  await admin.query('begin');
  await fillBoth(); // again, for rows that triggers had taken away at the commit
});
afterAll(() => admin.query('rollback'));

test.each(shapes.map(({ name }) => name))('%s refuses what it must, by the constraint that says so', async (name) => {
  const table = shapes.find((shape) => shape.name === name);
  expect(table && (await tryTable(admin, table, rowCases, sets))).toEqual([]);
});

test('the catalog was read: there is something to refuse', () => {
  expect(shapes.length).toBeGreaterThanOrEqual(30);
  expect(shapes.flatMap(({ checks }) => checks).length).toBeGreaterThanOrEqual(75);
  expect(shapes.flatMap(({ foreignKeys }) => foreignKeys).length).toBeGreaterThanOrEqual(45);
  expect(Object.keys(rowCases).sort()).toEqual(shapes.map(({ name }) => name).sort());
});

test('control: a table and a check without a case, a case that breaks nothing or too much, and a key without the firm are found', async () => {
  await admin.query('savepoint planted');
  await admin.query(`
    create table steno.planted (firm_id uuid not null references steno.firm, id uuid not null, amount int not null check (amount > 0),
      other int not null check (other > 0), user_id uuid, primary key (firm_id, id));
    create unique index user_everywhere on steno."user" (user_id);
    alter table steno.planted add constraint planted_user foreign key (user_id) references steno."user" (user_id);`);
  const table = (await readShapes(admin)).find(({ name }) => name === 'planted');
  if (!table) throw new Error('the planted table is not in the catalog');
  const complaints = async (broken: Record<string, Record<string, unknown>>): Promise<string[]> => {
    const cases = { ...rowCases, planted: { valid: plantedRow, broken } };
    await fill(admin, [table], cases, sets.own);
    return tryTable(admin, table, cases, sets);
  };
  expect(await tryTable(admin, table, rowCases, sets)).toEqual(['no case in test/support/rows']);
  expect(await complaints({ planted_amount_check: { amount: 1 }, planted_other_check: { other: 0, amount: 0 } })).toEqual([
    'planted_amount_check: accepted',
    expect.stringContaining('planted_other_check: 23514'),
    expect.stringContaining('planted_other_check is not the only thing its case breaks'),
    expect.stringContaining("planted_user tells another firm's row from none: not refused: accepted"),
  ]);
  expect(await complaints({ planted_amount_check: { amount: 0 } })).toContain('planted_other_check has no broken case');
  await admin.query('rollback to savepoint planted');
});

const plantedRow = (ids: typeof sets.own) => ({ firm_id: ids.firm, id: ids.id('planted'), amount: 1, other: 1, user_id: ids.id('user') });
