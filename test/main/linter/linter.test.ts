import { expect, test } from 'vitest';
import { SourceRef } from '../../../src/shared/documents.ts';
import { Finding } from '../../../src/shared/linter.ts';
import type { Inline } from '../../../src/shared/letters.ts';
import { createLinter, ourLetter } from '../../../src/main/linter/linter.ts';
import type { BlockRule } from '../../../src/main/linter/lint-rule.ts';
import { cleanDemand, seeded, seededDefects } from '../../support/demand-text.ts';
import { inDemand, lintText } from '../../support/lint.ts';
import { draft, place } from '../export/letter-fixture.ts';

const { values } = draft();
const letterOf = (...paragraphs: Inline[][]) =>
  ourLetter({ blocks: paragraphs.map((content) => ({ type: 'paragraph', content })), values, letterDate: null, demandCents: null });

test('what was typed and what a chip shows are two things, though they read the same: neither is taken for the other', () => {
  const linter = createLinter();
  const [typed, chip]: [Inline[], Inline[]] = [[{ type: 'text', text: '[ADJUSTER]' }], [{ type: 'variable', name: 'ADJUSTER' }]];
  const rules = (content: Inline[]): string[] => linter.lint(letterOf(content), null).map(({ rule }) => rule);
  expect(letterOf(typed).blocks[0]?.text).toBe(letterOf(chip).blocks[0]?.text);
  expect([rules(typed), rules(chip), rules(typed)]).toEqual([['placeholder'], [], ['placeholder']]);
});

test('two blocks that read the same are read once, and each is told at its own place', () => {
  const linter = createLinter();
  const twice: Inline[] = [{ type: 'text', text: 'It was $200,00.' }];
  const found = linter.lint(letterOf(twice, twice), null);
  expect(linter.readLast()).toBe(1);
  expect(found.map(({ place: at }) => at.block)).toEqual([[0], [1]]);
  expect(new Set(found.map(({ key }) => key)).size).toBe(1);
});

test('a chip is mended where its fact is, a page is evidence once', () => {
  const rule: BlockRule = {
    id: 'placeholder',
    severity: 'asks',
    inBlock: ({ text }) => [
      {
        start: 0,
        end: text.length,
        about: text,
        reason: 'Odd.',
        mend: { replace: 'x' },
        evidence: [place(1, 2), place(1, 2, 'again'), place(1, 3)].map((source) => SourceRef.parse(source)),
      },
    ],
  };
  const [typed, chip] = createLinter([rule]).lint(
    letterOf([{ type: 'text', text: 'word' }], [{ type: 'variable', name: 'firm_name' }]),
    null,
  );
  expect([typed?.mend, chip?.mend]).toEqual([{ replace: 'x' }, null]);
  expect(typed?.evidence.map(({ page }) => page)).toEqual([2, 3]);
});

test('a finding is what the contract says; a rule that finds a thousand of one kind tells the first fifty of a block', () => {
  for (const defect of seededDefects) for (const finding of lintText(seeded(defect))) expect(Finding.parse(finding)).toEqual(finding);
  expect(lintText(inDemand('It was $200,00. '.repeat(1_000)))).toHaveLength(50);
});

test('the order is that of the letter', () => {
  const text = cleanDemand
    .replace('June 10, 2024', 'July 10, 2023')
    .replace('5:40 p.m.', '5:40 a.m./p.m.')
    .replace('Total: $17,060.50', 'Total: $1.00');
  expect(lintText(text).map(({ rule }) => rule)).toEqual(['letter_before_loss', 'unresolved_choice', 'list_sum']);
});
