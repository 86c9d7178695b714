import { expect, test } from 'vitest';
import { knownOf } from '../../../src/main/facts/known.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { ok } from '../../../src/shared/result.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

test('a vehicle’s number and plate are known numbers, a rejected one is none', () => {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter('Ames v. Harbor');
  const documentId = laptop.addDocument(matterId, 'a.txt', ['X']);
  const facts = [
    ['vehicle_vin', '1HGCM82633A004352', 'proposed'],
    ['vehicle_plate', '7ABC123', 'approved'],
    ['vehicle_plate', '9XYZ999', 'rejected'],
    ['vehicle', '2019 Ford Focus', 'proposed'],
  ] as const;
  for (const [kind, value, state] of facts) {
    const place = { documentId, page: 1, startOffset: 0, endOffset: 1, quote: 'X' };
    const row = { factId: freshId(), matterId, kind, value, normal: value, confidence: 80, method: 'rule:x', state };
    must(laptop.write((change) => ok({ is: change.insert('fact', { ...row, ...place }) })));
  }
  const numbers = knownOf(laptop.store, matterId).filter(({ kind }) => kind === 'NUMBER');
  expect(numbers.map(({ value }) => value).toSorted()).toEqual(['1HGCM82633A004352', '7ABC123']);
});
