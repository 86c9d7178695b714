import { describe, expect, test } from 'vitest';
import { entityShape } from '../../src/main/sync/entities.ts';
import { rebase, type Mutation } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { makeLaptop, rowsOf } from '../support/laptop.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

/* Somebody with a laptop's login and a role that may write, who sends what no other laptop can store: one such row would stop the feed of all of them. */
const world = await createPgWorld();
const { admin } = world;
const mallory = await world.connect('one', 'Paralegal');
const reader = await world.connect('one', 'Viewer');

const matter = aMatter();
const letter = aLetter(matter.entityId);
type Fields = Mutation['patch'];
const aFile = { file_name: 'a.pdf', file_size: 1, content_hash: 'ab'.repeat(32) };
const aDocument = (more: Fields = {}): Mutation =>
  inserting('document', { matter_id: matter.entityId, relative_path: 'a.pdf', file_type: 'pdf', ...aFile, ...more });
const document = aDocument();
const onPage = { matter_id: matter.entityId, document_id: document.entityId, page: 1, start_offset: 0, end_offset: 0, quote: '' };
const aBill = (more: Fields): Mutation =>
  inserting('bill_line', {
    ...onPage,
    line_order: 0,
    provider: 'p',
    description: 'd',
    billed_cents: 1,
    paid_cents: 1,
    method: 'm',
    confidence: 1,
    ...more,
  });
const anExport = (more: Fields): Mutation => inserting('export', { letter_id: letter.entityId, export_format: 'pdf', ...aFile, ...more });
const draft = (more: Fields): Mutation =>
  inserting('letter', { matter_id: matter.entityId, title: 'x', letter_date: '2024-06-01', ...more });
const deep = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], []);
await mallory.push([matter, letter, document]);

const tooMuch: [string, () => Mutation][] = [
  ['a moment without end', () => anExport({ exported_at: 'infinity' })],
  ['a year of five digits', () => anExport({ exported_at: '12024-01-01' })],
  ['a time before Christ', () => aDocument({ uploaded_at: '0044-03-15 BC' })],
  ['more bytes than JavaScript counts', () => aDocument({ file_size: '9223372036854775807' })],
  ['more cents than JavaScript counts', () => aBill({ billed_cents: '-9223372036854775808' })],
  ['a day without end', () => draft({ letter_date: 'infinity' })],
  ['a day of service before Christ', () => aBill({ service_from: '0044-03-15 BC' })],
];

describe.each(tooMuch)('%s', (_, make) => {
  test('[S4] is refused as its author’s own to mend; what came with it goes through', async () => {
    const [before, after] = [aMatter(), aMatter()];
    expect(await mallory.push([before, make(), after])).toMatchObject([
      { verdict: 'applied' },
      { verdict: 'rejected', reason: 'invalid' },
      { verdict: 'applied' },
    ]);
    expect(await mallory.push([make()])).toMatchObject([{ verdict: 'rejected', reason: 'invalid' }]);
  });
});

test('[S4] JSON deeper than JavaScript can write is refused, in a row, in a patch and where it would have been a proposal', async () => {
  const [gone, other] = [draft({}), draft({})];
  await mallory.push([gone, other]);
  await admin.query('update steno.demand_letter set deleted_at = now() where letter_id in ($1, $2)', [gone.entityId, other.entityId]);
  const cases: [Mutation, string][] = [
    [draft({ metadata: deep(150) }), 'invalid'],
    [patching('letter', letter.entityId, 1, { metadata: deep(150) }), 'invalid'],
    [patching('letter', gone.entityId, 1, { title: deep(150) }), 'not_found'],
  ];
  for (const [sent, reason] of cases)
    expect(await mallory.push([sent, aMatter(), aMatter()])).toMatchObject([
      { verdict: 'rejected', reason },
      { verdict: 'applied' },
      { verdict: 'applied' },
    ]);
  const proposed = async (): Promise<number | null> => (await admin.query('select 1 from steno.proposal')).rowCount;
  expect(await proposed()).toBe(0);
  await mallory.push([patching('letter', other.entityId, 1, { title: deep(90) })]); // control
  expect(await proposed()).toBe(1);
  expect(await mallory.push([draft({ metadata: deep(90) })])).toMatchObject([{ verdict: 'applied' }]); // control
});

test('[S4] a change larger than a page of the feed may be is refused, and no patches make a row of such a size', async () => {
  // what has no limit of its own; sizes.test.ts has the rest
  const versionOf = (size: number): Mutation =>
    inserting('letter_version', {
      letter_id: letter.entityId,
      content: `\\x${'00'.repeat(size)}`,
      letter_values: {},
      change_summary: 'x',
      is_major: false,
    });
  expect(await mallory.push([versionOf(21_500_000), aMatter()])).toMatchObject([
    { verdict: 'rejected', reason: 'invalid' },
    { verdict: 'applied' },
  ]);
  expect(await mallory.push([versionOf(8_000_000)])).toMatchObject([{ verdict: 'applied' }]); // control
  // what a letter says of its template has a limit since 0033, by a patch too
  const one = draft({});
  const patchOf = (size: number): Mutation => patching('letter', one.entityId, 1, { metadata: { x: 'x'.repeat(size) } });
  expect(await mallory.push([one, patchOf(1_100_000), patchOf(900_000)])).toMatchObject([
    { verdict: 'applied' },
    { verdict: 'rejected', reason: 'invalid' },
    { verdict: 'fenced' },
  ]);
  expect(await mallory.push([patchOf(900_000)])).toMatchObject([{ verdict: 'applied' }]); // control
}, 60_000);

test('[S7] where such rows are at the firm all the same, a laptop puts aside what it cannot store, and its feed goes on', async () => {
  const { head } = await reader.pull(Number.MAX_SAFE_INTEGER, 1);
  await admin.query(`alter table steno.export drop constraint export_portable_check; alter table steno.source_document drop constraint source_document_portable_check;
    alter table steno.bill_line drop constraint bill_line_portable_check;
    alter table steno.demand_letter drop constraint demand_letter_portable_check`);
  const bad = [
    anExport({ exported_at: 'infinity' }),
    aDocument({ file_size: '9223372036854775807' }),
    aBill({ billed_cents: '-9223372036854775808' }),
  ];
  const deepLetter = draft({});
  const after = aMatter('After them');
  await mallory.push([...bad, deepLetter, after]);
  await admin.query(`update steno.demand_letter set metadata = (repeat('[', 6000) || repeat(']', 6000))::jsonb where letter_id = $1`, [
    deepLetter.entityId,
  ]);
  const laptop = makeLaptop();
  const page = await reader.pull(head ?? 0, 200);
  await pullOnce(laptop.store, { pull: () => Promise.resolve(page) }, () => 0);
  expect(rowsOf(laptop.store, 'matter').has(after.entityId)).toBe(true);
  expect(rowsOf(laptop.store, 'export').size).toBe(0);
  const parked = laptop.store.raw.prepare('select entity_id from parked').pluck().all();
  expect(parked).toEqual(expect.arrayContaining([...bad, deepLetter].map(({ entityId }) => entityId)));
  // control: each of them would have stopped it
  for (const { entityId } of [...bad, deepLetter]) {
    const change = page.changes.find((one) => one.entityId === entityId);
    const shape = entityShape(change?.entity ?? '');
    if (!change || !shape) throw new Error('it did not come');
    expect(() => rebase(laptop.store, shape, entityId, change.row), change.entity).toThrow();
  }
});
