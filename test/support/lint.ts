import type { Finding, LintRuleId } from '../../src/shared/linter.ts';
import type { BillLineView, FactView } from '../../src/shared/facts.ts';
import { chronologyOf } from '../../src/main/facts/chronology.ts';
import { buildLedger } from '../../src/main/facts/ledger.ts';
import type { LintRule } from '../../src/main/linter/lint-rule.ts';
import { lintRules } from '../../src/main/linter/lint-rules.ts';
import { createLinter, outsideLetter, type LintMatter, type OtherMatter } from '../../src/main/linter/linter.ts';

export const without = (id: LintRuleId): LintRule[] => lintRules.filter((rule) => rule.id !== id);

/** What is found in the text of a letter from outside, of one page. */
export function lintText(text: string, more: { matter?: LintMatter; rules?: readonly LintRule[] } = {}): Finding[] {
  return createLinter(more.rules).lint(outsideLetter([{ page: 1, text }], { isMarkdown: false }), more.matter ?? null);
}

/** A matter that knows these facts and bill lines, and names of the firm's other matters. */
export function matterOf(facts: readonly FactView[], lines: readonly BillLineView[] = [], others: readonly OtherMatter[] = []): LintMatter {
  return { facts, ledger: buildLedger(lines, []), chronology: chronologyOf(facts, lines), values: null, others };
}

/** A letter of June 10, 2024 about a loss of February 15, 2024, with this text below its salutation. */
export const inDemand = (body: string): string =>
  `June 10, 2024\n\nHarbor Mutual Insurance Company\n12 Main Street, Toledo, OH 43604\n\nOur client: Maria Alvarez\nDate of loss: February 15, 2024\n\nDear Ms. Whitfield:\n\n${body}\n`;

/** The words one rule finds in the body of such a letter. */
export function quotes(rule: LintRuleId, body: string, matter?: LintMatter): string[] {
  return lintText(inDemand(body), matter ? { matter } : {})
    .filter((finding) => finding.rule === rule)
    .map(({ quote }) => quote);
}
