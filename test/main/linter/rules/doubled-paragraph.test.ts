import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

const one = 'The light had been red for four seconds when the truck came into the crossing.';
test('the second is quoted; a short line or a heading may stand twice', () => {
  expect(quotes('doubled_paragraph', `${one}\n\nShe was hurt.\n\n${one.toUpperCase()}`)).toEqual([one.toUpperCase()]);
  expect(quotes('doubled_paragraph', `${one}\n\nShe was hurt.\n\n${one.replace('four', 'five')}`)).toEqual([]);
  expect(quotes('doubled_paragraph', 'She was hurt.\n\nShe was hurt.')).toEqual([]);
});
