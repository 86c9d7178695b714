import { expect, test } from 'vitest';
import { createLinter, outsideLetter } from '../../../../src/main/linter/linter.ts';
import { quotes } from '../../../support/lint.ts';

const one = 'The light had been red for four seconds when the truck came into the crossing.';
test('the second is quoted; a short line or a heading may stand twice', () => {
  expect(quotes('doubled_paragraph', `${one}\n\nShe was hurt.\n\n${one.toUpperCase()}`)).toEqual([one.toUpperCase()]);
  expect(quotes('doubled_paragraph', `${one}\n\nShe was hurt.\n\n${one.replace('four', 'five')}`)).toEqual([]);
  expect(quotes('doubled_paragraph', 'She was hurt.\n\nShe was hurt.')).toEqual([]);
});

test('a line at the foot of each page is none', () => {
  const foot = 'This demand is confidential and for settlement purposes only, as agreed.';
  const page = (n: number): string => [`One ${String(n)}.`, `Two ${String(n)}.`, `Three ${String(n)}.`, foot].join('\n\n');
  const letter = outsideLetter(
    [1, 2].map((n) => ({ page: n, text: page(n) })),
    { isMarkdown: false },
  );
  expect(createLinter().lint(letter, null)).toEqual([]);
});
