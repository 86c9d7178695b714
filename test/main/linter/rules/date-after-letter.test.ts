import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['She was examined on July 2, 2024.', ['July 2, 2024']],
  ['She underwent surgery on 06/20/2024.', ['06/20/2024']],
  ['Provider\tDate\tAmount\nHill Clinic\t06/20/2024\t$100.00\nLake Clinic\t06/01/2024\t$100.00', ['06/20/2024']],
])('is found: %s', (text, found) => expect(quotes('date_after_letter', text)).toEqual(found));

test.each([
  ['She was examined on June 2, 2024.'],
  ['She is scheduled for surgery on July 2, 2024.'],
  ['Please respond by July 15, 2024; her treatment is described above.'],
  ['Her records will be sent when treatment ends on July 2, 2024.'],
])('nothing: %s', (text) => expect(quotes('date_after_letter', text)).toEqual([]));
