import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { billLine, fact } from '../../export/letter-fixture.ts';

const table = 'Provider\tAmount\nToledo General Hospital\t$100.00\nWestgate Chiropractic Clinic\t$50.00\nTotal\t$150.00';

test.each([
  ['by the letter’s own words', `She was treated at Perrysburg Pain Management.\n\n${table}`, ['Perrysburg Pain Management']],
  [
    'two of them',
    `She was seen at Riverbend Surgery Center and treated at Maumee Orthopedics.\n\n${table}`,
    ['Riverbend Surgery Center', 'Maumee Orthopedics'],
  ],
])('is found: %s', (_what, text, found) => expect(quotes('provider_missing', text)).toEqual(found));

test.each([
  ['all are there', `She was treated at Toledo General Hospital and at the Westgate Clinic.\n\n${table}`],
  [
    'its bill stands in a sentence',
    `She was treated at Perrysburg Pain Management. Perrysburg Pain Management charged $90.00.\n\n${table}`,
  ],
  ['no specials at all', 'She was treated at Perrysburg Pain Management.'],
  ['care that is still to come', `She will be treated at Perrysburg Pain Management.\n\n${table}`],
  ['nobody was treated there', `The hearing is at Perrysburg Medical Center Drive.\n\n${table}`],
])('nothing: %s', (_what, text) => expect(quotes('provider_missing', text)).toEqual([]));

test('by the bills and visits on file', () => {
  const matter = matterOf(
    [fact('visit', 'March 3, 2024', { normal: '2024-03-03|Lakeside Imaging' })],
    [billLine('Toledo General Hospital', '2024-02-15', 10_000, 0), billLine('Hill Neurology', '2024-02-20', 10_000, 0)],
  );
  const row = 'Total\t$150.00';
  expect(quotes('provider_missing', table, matter)).toEqual([row, row]);
});
