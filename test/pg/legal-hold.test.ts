import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { createFullFirm } from '../support/firm-in-use.ts';
import { inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firmId = firms.one.firmId;
const { idOf, pushed, change, refusal } = await createFullFirm(world);
const matterId = idOf('matter');
const pushedBy = async (...push: Parameters<typeof pushed>): Promise<string> => (await pushed(...push)).join();
const holding = (legal_hold: boolean): Mutation =>
  change('matter', { legal_hold, legal_hold_reason: legal_hold ? 'Counsel asked to keep everything.' : null });

/** Tables whose rows go when a matter goes, and those that files lie in. */
async function tablesOfMatter(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `with recursive below as (
       select 'steno.matter'::regclass as oid
       union select k.conrelid from pg_constraint k join below b on k.confrelid = b.oid and k.contype = 'f' and k.confdeltype = 'c' and k.conparentid = 0)
     select c.relname as name from below join pg_class c using (oid) order by 1`,
  );
  return [...rows.map(({ name }) => name), 'blob', 'blob_chunk'];
}

test('an attorney puts the hold and lifts it; a paralegal and a viewer do neither, nor is a matter born held by them', async () => {
  expect(await pushedBy('Viewer', holding(true))).toBe('forbidden');
  expect(await pushedBy('Paralegal', holding(true))).toBe('hold_needs_attorney');
  expect(await pushedBy('Paralegal', inserting('matter', { title: 'x', legal_hold: true, legal_hold_reason: 'x' }))).toBe(
    'hold_needs_attorney',
  );
  expect(await pushedBy('Attorney', change('matter', { legal_hold: true, legal_hold_reason: null }))).toBe('invalid');
  expect(await pushedBy('Attorney', holding(true))).toBe('applied');
  const held = await admin.query(
    'select legal_hold, legal_hold_by, legal_hold_at is not null as at from steno.matter where matter_id = $1',
    [matterId],
  );
  expect(held.rows).toEqual([{ legal_hold: true, legal_hold_by: firms.one.userIds.Attorney, at: true }]);
  expect(await pushedBy('Paralegal', holding(false))).toBe('hold_needs_attorney');
  expect(await pushedBy('Admin', holding(false))).toBe('applied');
  const lifted = await admin.query(
    'select legal_hold, legal_hold_reason, legal_hold_by, legal_hold_at from steno.matter where matter_id = $1',
    [matterId],
  );
  expect(lifted.rows).toEqual([{ legal_hold: false, legal_hold_reason: null, legal_hold_by: null, legal_hold_at: null }]);
});

test('while a matter is held nothing in it is deleted, marked as deleted, moved or emptied, by the administrator neither', async () => {
  expect(await pushedBy('Attorney', holding(true))).toBe('applied');
  const tables = await tablesOfMatter();
  expect(tables.length).toBeGreaterThanOrEqual(21);
  for (const table of tables) expect(await refusal(`delete from steno.${table} where firm_id = '${firmId}'`), table).toBe('legal_hold');
  const { rows } = await admin.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'steno' and column_name = 'deleted_at' and table_name = any ($1)`,
    [tables],
  );
  for (const { name } of rows) {
    const isFrozen = ['letter_update', 'letter_version', 'demand_letter_archive', 'correction'].includes(name);
    const found = await refusal(`update steno.${name} set deleted_at = now() where firm_id = '${firmId}'`);
    expect(isFrozen ? ['legal_hold', 'append_only'] : ['legal_hold'], name).toContain(found);
  }
  expect(await refusal(`delete from steno.firm where firm_id = '${firmId}'`)).toBe('legal_hold');
  await pushedBy('Admin', inserting('matter', { title: 'Another' }));
  const elsewhere = `(select matter_id from steno.matter where firm_id = '${firmId}' and matter_id <> '${matterId}' limit 1)`;
  for (const table of ['source_document', 'fact', 'bill_line', 'stated_total', 'demand_letter', 'contract'])
    expect(await refusal(`update steno.${table} set matter_id = ${elsewhere} where firm_id = '${firmId}'`), table).toBe('legal_hold');
  const finished = `update steno.ai_refinement set status = 'Failed', error_message = 'x' where firm_id = '${firmId}'`;
  const removal = `update steno.ai_refinement set instruction = null, input_content = null, details_removed_at = now() where firm_id = '${firmId}'`;
  expect(await refusal(`${finished}; ${removal}`)).toBe('legal_hold');
  // work goes on
  expect(await pushedBy('Paralegal', change('matter', { title: 'Renamed' }))).toBe('applied');
});

test('a login that cannot see the matter is not let past a hold it cannot see', async () => {
  const token = await world.tokenFor('one', 'Attorney');
  await admin.query(
    `update auth.session set scopes = '{evidence:document:read,evidence:document:write}' where token_hash = sha256(convert_to($1, 'UTF8'))`,
    [token],
  );
  const moved = change('document', { matter_id: freshId() });
  const { rows } = await admin.query<{ reply: { verdicts: unknown[] } }>('select app.push($1, $2) as reply', [
    token,
    JSON.stringify([moved]),
  ]);
  expect(rows[0]?.reply.verdicts).toMatchObject([{ verdict: 'rejected', reason: 'legal_hold' }]);
});

test('once lifted, all of it can go; control: it was the hold’s triggers that kept it', async () => {
  const gone = `delete from steno.matter where matter_id = '${matterId}'`;
  expect(await refusal(gone)).toBe('legal_hold');
  expect(await refusal(`alter table steno.matter disable trigger matter_held; ${gone}`)).toBe('done');
  expect(await pushedBy('Admin', holding(false))).toBe('applied');
  expect(await refusal(gone)).toBe('done');
  expect(await refusal(`delete from steno.firm where firm_id = '${firmId}'`)).toBe('done');
});
