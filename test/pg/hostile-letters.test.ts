import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { joinUpdates } from '../../src/main/sync/join-updates.ts';
import { blocksFromLetterBody, docFrom, letterBodyFromBlocks, mergeLetterUpdates } from '../../src/main/sync/letter-doc.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { makeLaptop, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

/* Letters, and somebody in the firm who may write in them and sends whatever she likes. */
const world = await createPgWorld();
const { admin, firms } = world;
const [attorney, mallory, viewer] = [
  await world.connect('one', 'Attorney'),
  await world.connect('one', 'Paralegal'),
  await world.connect('one', 'Viewer'),
];
const saying = (text: string): Buffer => Buffer.from(letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text }] }]));
const edit = (letterId: string, payload: Buffer, id = freshId()): Mutation =>
  inserting('letter_update', { letter_id: letterId, payload: `\\x${payload.toString('hex')}` }, id);
const garbage = Buffer.from('ff00ff00ff', 'hex');

async function letter(...edits: [by: typeof attorney, payload: Buffer][]): Promise<{ letterId: string; ids: string[] }> {
  const matter = aMatter();
  const made = aLetter(matter.entityId);
  await attorney.push([matter, made]);
  const sent = edits.map(([by, payload]) => ({ by, change: edit(made.entityId, payload) }));
  for (const { by, change } of sent) expect(await by.push([change])).toMatchObject([{ verdict: 'applied' }]);
  return { letterId: made.entityId, ids: sent.map(({ change }) => change.entityId) };
}
const pullAll = async ({ store }: TestLaptop): Promise<void> => {
  while ((await pullOnce(store, viewer, () => 0)).more);
};
const payloads = ({ store }: TestLaptop, letterId: string): Buffer[] =>
  [...rowsOf(store, 'letter_update').values()]
    .filter((row) => row['letter_id'] === letterId)
    .map((row) => Buffer.from(String(row['payload']).slice(2), 'hex'));

test('[S14] bytes that are no update stop nobody: not who pulls when others of the letter are joined, not who joins her own', async () => {
  const { letterId, ids } = await letter([attorney, saying('one')], [attorney, saying('two')], [mallory, garbage], [attorney, garbage]);
  const laptop = makeLaptop();
  await pullAll(laptop);
  expect(await joinUpdates(laptop.store, attorney, letterId, firms.one.userIds.Attorney, { enough: 2, fresh: 0 })).toBe(0); // all are the newest
  // the joined one is garbage as well: what it should have said is said again
  expect(await attorney.joinLetterUpdates(letterId, ids.slice(0, 2), freshId(), garbage)).toBe(true);
  await pullAll(laptop);
  const said = laptop.store.raw.prepare(`select count(*) from outbox where entity = 'letter_update'`).pluck().get();
  expect(said).toBe(1);
  const writer = makeLaptop();
  writer.store.raw.pragma('foreign_keys = off');
  const again = payloads(laptop, letterId).filter((bytes) => !bytes.equals(garbage));
  expect(JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(again)))).toMatch(/one.*two|two.*one/);
  // control: Yjs itself does not survive them
  expect(() => docFrom(payloads(laptop, letterId))).toThrow();
});

test('[S14] her laptop joins what is sound of her own and leaves out the rest', async () => {
  const { letterId } = await letter(
    [attorney, saying('one')],
    [mallory, saying('of a colleague')],
    [attorney, garbage],
    [attorney, saying('two')],
    [attorney, saying('fresh')],
  );
  const laptop = makeLaptop();
  await pullAll(laptop);
  expect(await joinUpdates(laptop.store, attorney, letterId, firms.one.userIds.Attorney, { enough: 2, fresh: 1 })).toBe(1);
  const { rows } = await admin.query<{ created_by: string }>('select created_by from steno.letter_update where letter_id = $1', [letterId]);
  expect(rows).toHaveLength(4);
  expect(rows.filter(({ created_by }) => created_by === firms.one.userIds.Paralegal)).toHaveLength(1);
});

test('[S14] nobody joins what another wrote: her words would be gone, or others stand under her name', async () => {
  const { letterId, ids } = await letter([attorney, saying('We demand')], [attorney, saying('a million')]);
  const forged = saying('We demand nothing');
  expect(await mallory.joinLetterUpdates(letterId, ids, freshId(), forged)).toBe(false);
  const { rows } = await admin.query('select update_id from steno.letter_update where letter_id = $1 order by 1', [letterId]);
  expect(rows.map((row: { update_id: string }) => row.update_id)).toEqual([...ids].sort());
  expect(await attorney.joinLetterUpdates(letterId, ids, freshId(), forged)).toBe(true); // control: her own are hers
});

test('[S14] a finalized letter is not rewritten, neither by joining nor under the id of an update that was joined before', async () => {
  const { letterId, ids } = await letter([mallory, saying('a')], [mallory, saying('b')], [mallory, saying('c')], [mallory, saying('d')]);
  const [first, second] = [freshId(), freshId()];
  expect(await mallory.joinLetterUpdates(letterId, ids.slice(0, 2), first, saying('ab'))).toBe(true);
  expect(await mallory.joinLetterUpdates(letterId, [first, ids[2] ?? ''], second, saying('abc'))).toBe(true);
  expect(await attorney.push([patching('letter', letterId, 1, { status: 'Finalized' })])).toMatchObject([{ verdict: 'applied' }]);
  await expect(mallory.joinLetterUpdates(letterId, [second, ids[3] ?? ''], freshId(), saying('changed'))).rejects.toMatchObject({
    error: { code: 'forbidden' },
  });
  // the archive says of `first` that it was made by joining; nothing comes in under that
  expect(await mallory.push([edit(letterId, saying('changed'), first)])).toMatchObject([
    { verdict: 'rejected', reason: 'letter_finalized' },
  ]);
  const { rows } = await admin.query('select update_id from steno.letter_update where letter_id = $1 order by 1', [letterId]);
  expect(rows.map((row: { update_id: string }) => row.update_id)).toEqual([second, ids[3]].sort());
});

test('[S14] an id that was joined and comes again is joined no second time: the archive keeps what it was', async () => {
  const { letterId, ids } = await letter([mallory, saying('a')], [mallory, saying('b')], [mallory, saying('c')]);
  expect(await mallory.joinLetterUpdates(letterId, ids.slice(0, 2), freshId(), saying('ab'))).toBe(true);
  expect(await mallory.push([edit(letterId, saying('again'), ids[0])])).toMatchObject([{ verdict: 'applied' }]);
  expect(await mallory.joinLetterUpdates(letterId, [ids[0] ?? '', ids[2] ?? ''], freshId(), saying('x'))).toBe(false);
  expect(await mallory.joinLetterUpdates(letterId, ids, '00000000-0000-0000-0000-000000000001', saying('x'))).toBe(false);
});

test('[S12] an edit that leans on itself, or two on each other, are taken as they are and bind nobody', async () => {
  const { letterId } = await letter();
  const [one, two] = [edit(letterId, saying('1')), edit(letterId, saying('2'))];
  one.patch['leans_on'] = two.entityId;
  two.patch['leans_on'] = one.entityId;
  await mallory.push([one, two]);
  const laptop = makeLaptop();
  await pullAll(laptop);
  expect((await pushWaiting(laptop.store, viewer)).did).toBe('nothing');
});
