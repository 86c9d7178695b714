import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['See Exhibit A, Exhibit B and Exhibit D.', ['D']],
  ['See Exhibits 1, 2, 3 and 5.', ['5']],
  ['Exhibit A: report\nExhibit C: bills', ['C']],
])('is found: %s', (text, found) => expect(quotes('exhibit_skipped', text)).toEqual(found));
test.each([['See Exhibits A, B and C.'], ['See Exhibit B at C.'], ['See Exhibit A and Exhibit Z.']])('nothing: %s', (text) =>
  expect(quotes('exhibit_skipped', text)).toEqual([]),
);
