import { describe, expect, test } from 'vitest';
import { createJudging, questionOf } from '../../../src/main/find/votes.ts';
import { createFind } from '../../../src/main/find/find.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { documentLink, feedback } from '../../../src/main/store/link-schema.ts';
import type { FindHit } from '../../../src/shared/find.ts';
import { MatterId } from '../../../src/shared/ids.ts';
import { ok } from '../../../src/shared/result.ts';
import { makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

interface Bench extends FindLaptop {
  ames: string;
  ask(words: string, matterId?: string | null): Promise<FindHit[]>;
  search(words: string): FindHit[];
  vote(hit: FindHit | undefined, words: string, isHelpful: boolean | null, userId?: string): void;
}
async function bench(): Promise<Bench> {
  const laptop = makeFindLaptop();
  const ames = laptop.addMatter('Ames v. Harbor');
  laptop.addDocument(ames, 'a.txt', ['The lift report mentions the brake and the cable.']);
  laptop.addDocument(ames, 'b.txt', ['The lift report mentions the brake, and nothing else in particular at all.']);
  laptop.addDocument(ames, 'c.txt', ['Unrelated words about a parking lot.']);
  await laptop.find.settled();
  const find = createFind({ store: laptop.store, userId: laptop.userId, onBug: () => undefined, onIndexed: () => undefined });
  return Object.assign(laptop, {
    ames,
    ask: async (words: string, matterId: string | null = ames) =>
      must(await find.retrieve({ words, filters: { matterId: matterId === null ? null : MatterId.parse(matterId) } })).hits,
    search: (words: string) => must(find.search({ words })).hits,
    vote(hit: FindHit | undefined, words: string, isHelpful: boolean | null, userId = laptop.userId) {
      if (!hit?.passage) throw new Error('there is nothing to vote on');
      const judging = createJudging({ store: laptop.store, write: laptop.write, userId, mayNotDecide: null });
      must(judging.vote({ words, documentId: hit.documentId, page: hit.page, passage: hit.passage, isHelpful }));
    },
  });
}
const names = (hits: FindHit[]): string[] => hits.map(({ fileName }) => fileName);
const words = 'lift brake report';

test('a question is known again in another order, with other endings and small words; not by a part of it', () => {
  const { hash } = questionOf('What did the lift report say of the brakes?');
  for (const same of ['brake reports of lifts', 'Lift, brake, report!', 'Please show me the brakes of the lift report'])
    expect(questionOf(same).hash, same).toBe(hash);
  expect(questionOf('lift report').hash).not.toBe(hash);
  expect(questionOf('Seen on 03/02/2024?').hash).toBe(questionOf('seen March 2, 2024').hash);
});

describe('a thumb', () => {
  test('up or down counts in both searches, for the question and for those like it, not for others', async () => {
    const at = await bench();
    expect(names(await at.ask(words))).toEqual(['a.txt', 'b.txt']);
    const before = names(at.search(words));
    at.vote((await at.ask(words))[1], words, true);
    at.vote(
      (await at.ask(words)).find(({ fileName }) => fileName === 'a.txt'),
      words,
      false,
    );
    expect(names(await at.ask(words))[0]).toBe('b.txt');
    expect(names(at.search(words))).toEqual(['b.txt', 'a.txt']);
    expect(before).toEqual(['a.txt', 'b.txt']);
    expect(names(await at.ask('the lift report on brake parts'))[0]).toBe('b.txt');
    expect(names(await at.ask('cable report'))[0]).toBe('a.txt');
    expect((await at.ask(words)).map(({ mine }) => mine)).toEqual([true, false]);
  });

  test('is one for each person and place, can be turned and taken back', async () => {
    const at = await bench();
    for (const isHelpful of [true, true, false, null, true])
      at.vote(
        (await at.ask(words)).find(({ fileName }) => fileName === 'b.txt'),
        words,
        isHelpful,
      );
    expect(at.store.db.select().from(feedback).all()).toMatchObject([{ subject: 'chunk', isHelpful: true, page: 1, chunkId: null }]);
    at.vote((await at.ask(words))[0], words, null);
    expect(names(await at.ask(words))).toEqual(['a.txt', 'b.txt']);
    // somebody else's counts as well, and is not shown as mine
    at.store.raw.prepare(`update feedback set is_helpful = 1, created_by = ?`).run(freshId());
    expect((await at.ask(words))[0]).toMatchObject({ fileName: 'b.txt', mine: null });
  });

  test('finds a page again that says nothing of the kind, where it was helpful', async () => {
    const at = await bench();
    const [parking] = await at.ask('parking lot');
    at.vote(parking, words, true);
    expect(names(await at.ask(words))).toContain('c.txt');
    expect(names(await at.ask('hydraulic pressure'))).toEqual([]);
  });

  test('keeps nothing of what was asked but hashes', async () => {
    const at = await bench();
    at.vote((await at.ask('brake cable Gonzalez'))[0], 'brake cable Gonzalez', true);
    const kept =
      JSON.stringify(at.store.raw.prepare('select * from feedback').all()) +
      JSON.stringify(at.store.raw.prepare('select patch from outbox where entity = ?').all('feedback'));
    expect(kept).not.toMatch(/gonzal|brake|cable/i);
  });

  test('of who may only read is refused in words', async () => {
    const at = await bench();
    const [hit] = await at.ask(words);
    const { store, write, userId } = at;
    const judging = createJudging({ store, write, userId, mayNotDecide: 'Your role may read them, not change them.' });
    expect(
      judging.vote({ words, documentId: hit?.documentId ?? ('' as never), page: 1, passage: { start: 0, end: 1 }, isHelpful: true }),
    ).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
  });
});

describe('links that questions follow', () => {
  async function linked(state: 'proposed' | 'approved' | 'rejected', confidence = 90): Promise<{ at: Bench; other: string }> {
    const at = await bench();
    const other = at.addMatter('Bell v. Pier');
    await at.find.settled();
    const idOf = (name: string) => at.store.raw.prepare('select document_id from document where file_name = ?').pluck().get(name) as string;
    must(
      at.write((change) => {
        const link = { linkId: freshId(), fromDocumentId: idOf('a.txt'), toDocumentId: idOf('c.txt'), linkKind: 'record_for' };
        return ok(change.insert('document_link', { ...link, confidence, method: 'rule', state }));
      }),
    );
    return { at, other };
  }
  test('are those that stand or are likely, and the way is told', async () => {
    for (const state of ['proposed', 'approved'] as const) {
      const found = (await (await linked(state)).at.ask('cable')).find(({ fileName }) => fileName === 'c.txt');
      expect(found?.path.map(({ fileName, link }) => [fileName, link?.kind ?? null])).toEqual([
        ['a.txt', 'record_for'],
        ['c.txt', null],
      ]);
    }
    expect(names(await (await linked('rejected')).at.ask('cable'))).not.toContain('c.txt');
    expect(names(await (await linked('proposed', 40)).at.ask('cable'))).not.toContain('c.txt');
  });

  test('never lead into another matter, whatever stands in the store; nor to what is gone or filtered out', async () => {
    const { at, other } = await linked('approved');
    at.store.raw.prepare(`update document set matter_id = ? where file_name = 'c.txt'`).run(other);
    await at.find.settled();
    expect(names(await at.ask('cable', null))).not.toContain('c.txt');
    const { at: gone } = await linked('approved');
    gone.store.raw.prepare(`update document set deleted_at = 1 where file_name = 'c.txt'`).run();
    expect(names(await gone.ask('cable'))).not.toContain('c.txt');
    expect(gone.store.db.select().from(documentLink).all()).toHaveLength(1);
  });
});
