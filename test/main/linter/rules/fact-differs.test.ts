import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { fact } from '../../export/letter-fixture.ts';

const matter = matterOf([
  fact('claim_number', 'HM-448120'),
  fact('policy_number', 'PX 77120 04'),
  fact('date_of_loss', 'February 15, 2024', { normal: '2024-02-15' }),
  fact('vehicle', '2019 Honda Accord LX'),
]);
const found = (text: string): string[] => quotes('fact_differs', text, matter);

test.each([
  ['Claim No. HM-448121', ['HM-448121']],
  ['Policy #: PX-77120-05', ['PX-77120-05']],
  ['her 2018 Honda Accord', ['2018 Honda Accord']],
  ['her 2019 Honda Civic', ['2019 Honda Civic']],
])('is found: %s', (text, quoted) => expect(found(text)).toEqual(quoted));

test.each([
  ['Claim No.: HM 448120, Claim #: HM448120'],
  ['Policy No. PX-77120-04'],
  ['her 2019 Honda Accord'],
  ['a 2021 Ford Transit'],
  ['the 2019 Annual Report'],
])('nothing: %s', (text) => expect(found(text)).toEqual([]));

test('another date of loss than the records have', () => {
  const other = matterOf([fact('date_of_loss', 'February 14, 2024', { normal: '2024-02-14' })]);
  expect(quotes('fact_differs', 'We write about her claim.', other)).toEqual(['February 15, 2024']);
});

test('another client in the letter’s head; another carrier is only asked about', () => {
  const letter = (name: string, carrier: string) => matterOf([fact('client_name', name), fact('carrier', carrier)]);
  expect(quotes('fact_differs', 'We write.', letter('Joan Ellis', 'Harbor Mutual'))).toEqual(['Maria Alvarez']);
  expect(quotes('fact_differs', 'We write.', letter('Maria Luisa Alvarez', 'Penrose Casualty'))).toEqual([
    'Harbor Mutual Insurance Company',
  ]);
  expect(quotes('fact_differs', 'We write.', letter('Alvarez, Maria', 'HARBOR MUTUAL'))).toEqual([]);
});
