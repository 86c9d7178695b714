import { expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { nextBatch } from '../../../src/main/sync/outbox.ts';
import { ok } from '../../../src/shared/result.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

const wanted = { most: 100, mostBytes: 1_000_000, understands: () => true };

test('a model’s fact goes after the push that brings its page: the firm looks up its quote there', () => {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  const documentId = laptop.addDocument(matterId, 'a.txt', ['Claim A-1']);
  const add = (method: string): void => {
    const place = { documentId, page: 1, startOffset: 6, endOffset: 9, quote: 'A-1' };
    must(laptop.write((change) => ok({ is: change.insert('fact', { factId: freshId(), matterId, kind: 'claim_number', value: 'A-1', normal: 'A-1', confidence: 80, method, ...place, state: 'proposed' }) }))); // prettier-ignore
  };
  add('rule:claim-number');
  add('model:openai');
  const entities = (batch: readonly { entity: string }[]): string[] => batch.map(({ entity }) => entity);
  const first = nextBatch(laptop.store, wanted);
  expect(entities(first)).toEqual(['matter', 'document', 'page', 'fact']);
  expect(entities(nextBatch(laptop.store, { ...wanted, inFlight: first }))).toEqual(['fact']);
});
