import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const [hers, his] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
const nameOf = async (remote: typeof hers): Promise<string> => {
  const { firstName, lastName } = await remote.whoami();
  return `${firstName} ${lastName}`;
};
const [herName, hisName] = [await nameOf(hers), await nameOf(his)];
const matter = aMatter();
await hers.push([matter]);
const person = (document_type: string, kind_why = 'w') => ({ document_type, kind_by: 'person', kind_confidence: 100, kind_why });
const rule = (document_type: string) => ({ document_type, kind_by: 'rule', kind_confidence: 70, kind_why: 'its heading' });

/** The row of a document after each of these said something of it: the first adds it, the others patch. */
async function after(...said: (readonly [remote: typeof hers, patch: Mutation['patch']])[]): Promise<Record<string, unknown>> {
  const id = freshId();
  for (const [n, [remote, patch]] of said.entries()) {
    const file = { file_name: 'a', relative_path: id, file_type: 'x', file_size: 1, content_hash: 'a'.repeat(64) };
    const row = { matter_id: matter.entityId, ...file, ...patch };
    const [verdict] = await remote.push([n === 0 ? inserting('document', row, id) : patching('document', id, n, patch)]);
    expect(verdict).toMatchObject({ verdict: expect.stringMatching(/applied|merged/) as string, revision: n + 1 });
  }
  const { rows } = await admin.query<Record<string, unknown>>('select * from steno.source_document where document_id = $1', [id]);
  return rows[0] ?? {};
}
const insurance = { document_type: 'Insurance', kind_by: 'person', kind_confidence: 100, kind_why: `${herName} said so` };

const alone: Record<string, Mutation['patch']> = {
  'another kind': { document_type: 'Photo' },
  'another kind by a rule': rule('Photo'),
  'how sure it is': { kind_confidence: 3 },
  'why it is': { kind_why: 'Nobody said so' },
  'all that lies around it': { document_type: 'Photo', kind_confidence: 3, kind_why: 'x' },
  'that nothing is known of it': { kind_by: null, document_type: 'Other' },
};
const spoil = (patch: Mutation['patch']) => after([hers, rule('Bill')], [hers, person('Insurance')], [his, { ...patch, page_count: 2 }]);

test.each(Object.entries(alone))('a patch of %s leaves a person’s word, and the rest of it is taken', async (_, patch) => {
  expect(await spoil(patch)).toMatchObject({ ...insurance, page_count: 2 });
});

test('the same in a batch that is judged as a set', async () => {
  const ids = Array.from({ length: 5 }, freshId);
  const file = { matter_id: matter.entityId, file_name: 'a', file_type: 'x', file_size: 1, content_hash: 'a'.repeat(64) };
  await hers.push(ids.map((id) => inserting('document', { ...file, relative_path: id }, id)));
  await hers.push(ids.map((id) => patching('document', id, 1, person('Insurance'))));
  await his.push(ids.map((id) => patching('document', id, 2, { document_type: 'Photo' })));
  const { rows } = await admin.query('select distinct document_type, kind_why from steno.source_document where document_id = any ($1)', [
    ids,
  ]);
  expect(rows).toEqual([{ document_type: 'Insurance', kind_why: insurance.kind_why }]);
});

test('who says anew that it is a person’s word is believed, and named', async () => {
  expect(await after([hers, rule('Bill')], [hers, person('Insurance')], [his, person('Contract', `${herName} said so`)])).toMatchObject({
    ...{ document_type: 'Contract', kind_by: 'person', kind_why: `${hisName} said so` },
  });
  // with the row itself, too; and who says it of what a rule found makes it hers
  expect(await after([his, person('Contract', `${herName} said so`)])).toMatchObject({ kind_why: `${hisName} said so` });
  expect(await after([his, rule('Bill')], [hers, { kind_by: 'person' }])).toMatchObject({
    document_type: 'Bill',
    kind_why: insurance.kind_why,
  });
});

test('what rules say of a document that nobody called anything goes on as before', async () => {
  expect(await after([hers, rule('Bill')], [his, rule('Photo')], [his, { document_type: 'Other' }])).toMatchObject({
    ...rule('Other'),
  });
});

test('an administrator without a session corrects a kind', async () => {
  const { document_id } = await after([hers, person('Insurance')]);
  await admin.query(`update steno.source_document set document_type = 'Bill' where document_id = $1`, [document_id]);
  const { rows } = await admin.query('select document_type, kind_by from steno.source_document where document_id = $1', [document_id]);
  expect(rows).toEqual([{ document_type: 'Bill', kind_by: 'person' }]);
});

test('control: without the rule another kind stands under her name, and her name under another’s word', async () => {
  const both = (word: 'disable' | 'enable') =>
    admin.query(`alter table steno.source_document ${word} trigger source_document_kind, ${word} trigger source_document_kind_new`);
  await both('disable');
  try {
    expect(await spoil({ document_type: 'Photo' })).toMatchObject({ document_type: 'Photo', kind_by: 'person' });
    expect(await after([his, person('Contract', `${herName} said so`)])).toMatchObject({ kind_why: `${herName} said so` });
  } finally {
    await both('enable');
  }
});
