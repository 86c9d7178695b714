import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const [hers, his] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
const matter = aMatter();
const paper = inserting('document', { matter_id: matter.entityId, file_name: 'a', relative_path: 'a', file_type: 'x', file_size: 1, content_hash: 'a'.repeat(64) }); // prettier-ignore
await hers.push([matter, paper]);
const place = { matter_id: matter.entityId, document_id: paper.entityId, page: 1, start_offset: 0, end_offset: 9, quote: 'x' };
const amounts = { billed_cents: 100, adjusted_cents: 0, paid_cents: 40 };
const rows: Record<string, Mutation['patch']> = {
  fact: { ...place, kind: 'claim_number', value: 'A-1', normal: 'a-1', confidence: 90, method: 'rule:x' },
  bill_line: { ...place, ...amounts, line_order: 0, provider: 'Mercy', description: 'x', method: 'rule:x', confidence: 90 },
};
const added = async (entity: string): Promise<string> => {
  const mutation = inserting(entity, rows[entity] ?? {});
  await hers.push([mutation]);
  return mutation.entityId;
};
async function patched(entity: string, id: string, by: typeof hers, ...patches: Mutation['patch'][]): Promise<void> {
  for (const patch of patches) {
    const { rows: found } = await admin.query<{ revision: number }>(`select revision from steno.${entity} where ${entity}_id = $1`, [id]);
    const [verdict] = await by.push([patching(entity, id, found[0]?.revision ?? 0, patch)]);
    expect(verdict).toMatchObject({ verdict: 'applied' });
  }
}
const corrected = (value: string, more: Mutation['patch'] = {}): Mutation['patch'] => ({
  value,
  normal: value.toLowerCase(),
  state: 'corrected',
  ...more,
});
const readValue = async (id: string): Promise<unknown> =>
  (await admin.query<{ read_value: unknown }>('select read_value from steno.fact where fact_id = $1', [id])).rows[0]?.read_value;

test('the firm keeps what was read, whoever corrects it and how often, and laptops are told', async () => {
  const id = await added('fact');
  await patched('fact', id, hers, { state: 'approved' });
  expect(await readValue(id)).toBe(null);
  const { position } = await his.pull(0, 1000);
  await patched('fact', id, hers, corrected('A-2'));
  await patched('fact', id, his, corrected('A-3'));
  expect(await readValue(id)).toBe('A-1');
  const { changes } = await his.pull(position, 1000);
  expect(changes.find(({ entityId }) => entityId === id)?.row).toMatchObject({ value: 'A-3', read_value: 'A-1' });
});

test('nobody can say that something else was read', async () => {
  const id = await added('fact');
  await patched('fact', id, hers, corrected('A-2', { read_value: 'B-9' }), { read_value: 'B-9' }, { read_value: null, confidence: 91 });
  expect(await readValue(id)).toBe('A-1');
  const untouched = await added('fact');
  await patched('fact', untouched, hers, { read_value: 'B-9' });
  expect(await readValue(untouched)).toBe(null);
});

test('nor bring it along with a new row', async () => {
  const mutation = inserting('fact', { ...rows['fact'], read_value: 'B-9' });
  await hers.push([mutation]);
  expect(await readValue(mutation.entityId)).toBe(null);
  await patched('fact', mutation.entityId, his, corrected('A-2'));
  expect(await readValue(mutation.entityId)).toBe('A-1');
});

test('also where many are corrected at once', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => added('fact')));
  const verdicts = await hers.push(ids.map((id) => patching('fact', id, 1, corrected('A-2', { read_value: 'B-9' }))));
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(ids.map(() => 'applied'));
  expect(await Promise.all(ids.map(readValue))).toEqual(ids.map(() => 'A-1'));
});

test('of a bill line its provider and amounts', async () => {
  const id = await added('bill_line');
  const read = async (): Promise<unknown> =>
    (await admin.query<{ read_values: unknown }>('select read_values from steno.bill_line where bill_line_id = $1', [id])).rows[0]?.read_values; // prettier-ignore
  await patched('bill_line', id, hers, { problem: 'look' });
  expect(await read()).toBe(null);
  await patched(
    'bill_line',
    id,
    hers,
    { billed_cents: 90, state: 'corrected', read_values: { billed_cents: 7 } },
    { provider: 'Harbor', state: 'corrected' },
  );
  expect(await read()).toEqual({ provider: 'Mercy', ...amounts });
});

test('control: without the trigger a laptop says what it likes', async () => {
  await admin.query('alter table steno.fact disable trigger fact_read_value');
  try {
    const id = await added('fact');
    await patched('fact', id, hers, corrected('A-2', { read_value: freshId() }));
    expect(await readValue(id)).not.toBe('A-1');
  } finally {
    await admin.query('alter table steno.fact enable trigger fact_read_value');
  }
});
