import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['ran the the light', ['the the']],
  ['The the light', ['The the']],
  ['was was was there', ['was was']],
  ['at\nat the corner', ['at\nat']],
])('is found: %s', (text, found) => expect(quotes('doubled_word', text)).toEqual(found));
test.each([['she had had enough, and that that was so'], ['in Walla Walla'], ['the, the'], ['he the theft'], ['can can’t']])(
  'nothing: %s',
  (text) => expect(quotes('doubled_word', text)).toEqual([]),
);
