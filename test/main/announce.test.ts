import { expect, test } from 'vitest';
import { createAnnounce } from '../../src/main/announce.ts';
import type { Touched } from '../../src/main/sync/outbox.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { ok } from '../../src/shared/result.ts';
import { makeFindLaptop } from '../support/find-pages.ts';
import { must } from '../support/laptop.ts';

type Said = [name: string, payload: unknown];

/** What windows are told of these rows, and how many questions the store was asked for it. */
function telling(laptop: ReturnType<typeof makeFindLaptop>, lettersOf: (matterId: string) => string[] = () => []) {
  const said: Said[] = [];
  let asked = 0;
  const store = {
    ...laptop.store,
    compiled(text: string) {
      asked += 1;
      return laptop.store.compiled(text);
    },
  };
  const announce = createAnnounce({ store, lettersOf, emit: (name, payload) => void said.push([name, payload]) });
  return (touched: Touched[]): { said: Said[]; asked: number } => {
    announce(touched);
    const result = { said: said.splice(0), asked };
    asked = 0;
    return result;
  };
}
const rows = (entity: Touched['entity'], ids: string[]): Touched[] => ids.map((entityId) => ({ entity, entityId }));

test('an import of hundreds of pages is told once for each matter, with no more questions than one page takes', () => {
  const laptop = makeFindLaptop();
  const [one, other] = [laptop.addMatter('Ames v. Harbor'), laptop.addMatter('Boyd v. Mills')];
  laptop.addDocument(one, 'a.txt', Array.from({ length: 400 }, (_, n) => `Page ${String(n)}.`)); // prettier-ignore
  laptop.addDocument(other, 'b.txt', ['Page.']);
  const pages = laptop.store.raw.prepare('select page_id from page').pluck().all() as string[];
  const tell = telling(laptop);
  const few = tell(rows('page', pages.slice(0, 1)));
  const many = tell(rows('page', pages));
  expect(many.said).toHaveLength(3);
  expect(many.said).toEqual(
    expect.arrayContaining([
      ['documents.changed', { matterId: one }],
      ['documents.changed', { matterId: other }],
      ['matters.changed', {}],
    ]),
  );
  expect(many.asked).toBe(few.asked);
});

test('a bill line that changed is told to those who look at its facts, and to the letters of its matter alone', () => {
  const laptop = makeFindLaptop();
  const [one, other] = [laptop.addMatter('Ames v. Harbor'), laptop.addMatter('Boyd v. Mills')];
  const documentId = laptop.addDocument(one, 'bill.txt', ['X']);
  const billLineId = freshId();
  must(
    laptop.write((change) => {
      const amounts = { billedCents: 100, adjustedCents: 0, paidCents: 0 };
      const place = { page: 1, startOffset: 0, endOffset: 1, quote: 'X' };
      change.insert('bill_line', {
        ...{
          billLineId,
          matterId: one,
          documentId,
          lineOrder: 0,
          provider: 'Mercy',
          description: 'Visit',
          confidence: 90,
          method: 'rule:x',
        },
        ...amounts,
        ...place,
        state: 'proposed',
      });
      return ok({});
    }),
  );
  const tell = telling(laptop, (matterId) => [`letter of ${matterId}`]);
  const { said } = tell(rows('bill_line', [billLineId]));
  expect(said).toEqual([
    ['facts.changed', { matterId: one }],
    ['letters.changed', { letterId: `letter of ${one}` }],
    ['matters.changed', {}],
  ]);
  expect(JSON.stringify(said)).not.toContain(other);
});

test('a thumb tells those who search, and nobody else; a row that is gone tells nothing', () => {
  const tell = telling(makeFindLaptop());
  expect(tell(rows('feedback', [freshId()])).said).toEqual([['find.changed', {}]]);
  expect(tell(rows('page', [freshId()])).said).toEqual([]);
});

test('the words of an edit are given to windows once; that its letter changed they are told each time', () => {
  const laptop = makeFindLaptop();
  const [letterId, updateId, matterId] = [freshId(), freshId(), laptop.addMatter('Ames v. Harbor')];
  const payload = Buffer.from(letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'Words.' }] }]));
  must(
    laptop.write((change) => {
      change.insert('letter', { letterId, matterId, title: 'Demand', letterDate: '2026-01-02', status: 'Draft', metadata: {} });
      change.insert('letter_update', { updateId, letterId, payload });
      return ok({});
    }),
  );
  const tell = telling(laptop);
  const names = (): string[] => tell(rows('letter_update', [updateId])).said.map(([name]) => name);
  expect(names()).toEqual(['letters.update', 'letters.changed']);
  expect(names()).toEqual(['letters.changed']);
});
