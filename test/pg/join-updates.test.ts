import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { aLetter, aMatter, anEdit, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const [ana, ben] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];

/** A letter with five updates by Ana and two by Ben. */
async function letter(): Promise<{ matterId: string; letterId: string; anas: string[]; bens: string[] }> {
  const matter = aMatter();
  const made = aLetter(matter.entityId);
  const edits = (count: number) => Array.from({ length: count }, () => anEdit(made.entityId));
  const [anas, bens] = [edits(5), edits(2)];
  await ana.push([matter, made, ...anas]);
  await ben.push(bens);
  const ids = (all: { entityId: string }[]): string[] => all.map(({ entityId }) => entityId);
  return { matterId: matter.entityId, letterId: made.entityId, anas: ids(anas), bens: ids(bens) };
}
const payload = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'joined' }] }]);
const rowsOf = async (table: string, letterId: string): Promise<string[]> =>
  (await admin.query<{ id: string }>(`select update_id as id from steno.${table} where letter_id = $1 order by 1`, [letterId])).rows.map(
    ({ id }) => id,
  );

test('[S14] several updates of one author become one of hers; what it stands for is kept; the feed brings the new one before the old ones go', async () => {
  const { letterId, anas, bens } = await letter();
  const { head } = await ben.pull(Number.MAX_SAFE_INTEGER, 1);
  const joined = freshId();
  expect(await ana.joinLetterUpdates(letterId, anas, joined, payload)).toBe(true);
  expect(await rowsOf('letter_update', letterId)).toEqual([joined, ...bens].sort());
  expect(await rowsOf('letter_update_archive', letterId)).toEqual([...anas].sort());
  const { rows } = await admin.query('select created_by from steno.letter_update where update_id = $1', [joined]);
  expect(rows).toEqual([{ created_by: world.firms.one.userIds.Attorney }]);
  const first = await ben.pull(head ?? 0, 1);
  expect(first.changes.map(({ entityId }) => entityId)).toEqual([joined]);
  const rest = await ben.pull(first.position, 100);
  expect(rest.changes.map(({ entityId, row }) => [entityId, row]).sort()).toEqual(anas.map((id) => [id, null]).sort());
  expect(await ana.joinLetterUpdates(letterId, anas, freshId(), payload)).toBe(false); // another laptop was first
});

test('[S14] not two authors’ as one, not another letter’s, not another firm’s, not more bytes than they had, not by a reader', async () => {
  const [one, other] = [await letter(), await letter()];
  const join = (ids: string[], letterId = one.letterId, bytes = payload) => ana.joinLetterUpdates(letterId, ids, freshId(), bytes);
  expect(await join([...one.anas, ...one.bens])).toBe(false);
  expect(await join([...one.anas, ...other.anas])).toBe(false);
  expect(await join(one.anas, other.letterId)).toBe(false);
  expect(await join(one.anas.slice(0, 1))).toBe(false);
  expect(await join(one.anas, one.letterId, Buffer.alloc(100_000, 1))).toBe(false);
  expect(await (await world.connect('two', 'Attorney')).joinLetterUpdates(one.letterId, one.anas, freshId(), payload)).toBe(false);
  await expect((await world.connect('one', 'Viewer')).joinLetterUpdates(one.letterId, one.anas, freshId(), payload)).rejects.toMatchObject({
    error: { code: 'forbidden' },
  });
  expect(await rowsOf('letter_update', one.letterId)).toHaveLength(7);
  expect(await rowsOf('letter_update_archive', one.letterId)).toEqual([]);
});

test('[S14] not in a matter on hold', async () => {
  const { matterId, letterId, anas } = await letter();
  expect(await ana.joinLetterUpdates(letterId, anas.slice(0, 3), freshId(), payload)).toBe(true);
  expect((await ana.push([patching('matter', matterId, 1, { legal_hold: true, legal_hold_reason: 'suit' })]))[0]).toMatchObject({
    verdict: 'applied',
  });
  await expect(ana.joinLetterUpdates(letterId, anas.slice(3), freshId(), payload)).rejects.toMatchObject({ error: { code: 'forbidden' } });
});
