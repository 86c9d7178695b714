import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['She was examined at Hill Clinic on January 2, 2024.', ['January 2, 2024']],
  ['Provider\tDate\tAmount\nHill Clinic\t02/01/2024\t$100.00\nLake Clinic\t06/01/2024\t$100.00', ['02/01/2024']],
])('is found: %s', (text, found) => expect(quotes('date_before_loss', text)).toEqual(found));

test.each([
  ['She was examined at Hill Clinic on March 2, 2024.'],
  ['She had been treated for a prior strain on January 2, 2019.'],
  ['She was treated at Hill Clinic on January 2, 2019. That sprain had healed and is unrelated.'],
  ['She was born on May 5, 1980 and treated at Hill Clinic.'],
  ['The policy was issued on January 1, 2024.'],
])('nothing: %s', (text) => expect(quotes('date_before_loss', text)).toEqual([]));
