import { describe, expect, test } from 'vitest';
import { LintRuleId } from '../../../src/shared/linter.ts';
import { ourRules } from '../../../src/main/linter/lint-rules.ts';
import { cleanDemand, cleanPremises, cleanTimeLimit, seeded, seededDefects } from '../../support/demand-text.ts';
import { lintText, without } from '../../support/lint.ts';
import { ofMatter } from '../../support/matter-defects.ts';

test('a whole letter in which nothing is wrong: the linter says nothing', () => {
  expect(lintText(cleanDemand)).toEqual([]);
  expect(lintText(cleanTimeLimit)).toEqual([]);
  expect(lintText(cleanPremises)).toEqual([]);
});

test('each rule is in the list once, and each has a defect that it must find', () => {
  expect(ourRules.map(({ id }) => id)).toEqual(LintRuleId.options);
  // of Steno's own letters alone: rules/unsupported-sentence.test.ts
  const seededRules = new Set<LintRuleId>([...[...seededDefects, ...ofMatter].map(({ rule }) => rule), 'unsupported_sentence']);
  expect(seededRules).toEqual(new Set(LintRuleId.options));
});

describe.each(seededDefects.map((one) => [one.rule, one.what, one] as const))('%s: %s', (rule, _what, defect) => {
  const text = seeded(defect);

  test('is found, by this rule and those named beside it alone, in its words', () => {
    const found = lintText(text);
    const own = found.filter((finding) => finding.rule === rule);
    expect(own.some(({ quote }) => quote.includes(defect.quote))).toBe(true);
    for (const finding of found) expect([rule, ...(defect.with ?? [])]).toContain(finding.rule);
    for (const { quote, place, key } of found) {
      expect(text.replaceAll('\n', ' ')).toContain(quote.replaceAll('\n', ' '));
      expect(place.page).toBe(1);
      expect(key).toMatch(/^lint:[a-z_]+:[0-9a-f]{32}$/);
    }
  });

  test('off: without the rule nobody sees it', () => {
    const found = lintText(text, { rules: without(rule) });
    expect(found.filter((finding) => !(defect.with ?? []).includes(finding.rule))).toEqual([]);
  });

  test('where one key mends it, it is mended', () => {
    for (const { mend, place, quote } of lintText(text).filter((finding) => finding.rule === rule)) {
      if (mend === null || !('replace' in mend)) continue;
      // the quote stands once more at its place: the n-th of the whole text
      const mended = replaceAt(text, quote, mend.replace, place);
      expect(lintText(mended).some((finding) => finding.rule === rule && finding.quote === quote)).toBe(false);
    }
  });
});

/** The words at a place of a block, replaced in the whole text: the block is found by its order. */
function replaceAt(text: string, quote: string, by: string, { block, start }: { block: number[]; start: number }): string {
  const paragraphs = text.split(/(\n{2,})/);
  const texts = paragraphs.filter((_, n) => n % 2 === 0);
  const [n = 0, row] = block;
  const own = texts[n] ?? '';
  const lines = own.split('\n');
  const before = row === undefined ? start : lines.slice(0, row).join('\n').length + (row > 0 ? 1 : 0) + start;
  expect(own.slice(before, before + quote.length)).toBe(quote);
  paragraphs[n * 2] = own.slice(0, before) + by + own.slice(before + quote.length);
  return paragraphs.join('');
}
