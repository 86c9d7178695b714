import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['On Monday, February 15, 2024 she fell.', ['Monday']],
  ['by Sunday 3/4/2024', ['Sunday']],
])('is found: %s', (text, found) => expect(quotes('weekday_wrong', text)).toEqual(found));
test.each([
  ['On Thursday, February 15, 2024 she fell.'],
  ['On Monday she fell. February 15, 2024 was cold.'],
  ['Friday, February 30, 2024'],
])('nothing: %s', (text) => expect(quotes('weekday_wrong', text)).toEqual([]));
