import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { computeLetterValues } from '../../../src/main/letters/values.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { createLinter, ourLetter, ourRules, type LintMatter } from '../../../src/main/linter/linter.ts';
import type { Block } from '../../../src/shared/letters.ts';
import type { Finding } from '../../../src/shared/linter.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { sampleBytes } from '../../support/sample-files.ts';
import { letterhead } from '../export/letter-fixture.ts';

let t: TestSeat | undefined;
afterEach(() => t?.stop());

const rivera: [string, Uint8Array][] = [
  ...['Billing/billing-ledger-Rivera.pdf', 'Incident/incident-report-store-0147.pdf', 'Pleadings/answer.docx', 'Pleadings/complaint.docx', 'Testimony/deposition-excerpt-manager.txt'].map((path): [string, Uint8Array] => [path, sampleBytes('rivera-v-bestvalue', path)]),
  ['Medical/er record.txt', sampleBytes('truth', 'er-record-2024-02-15.txt')],
  ['Medical/ems run sheet.txt', sampleBytes('truth', 'ems-run-sheet.txt')],
]; // prettier-ignore
const collision: [string, Uint8Array][] = ['claim_submission.docx', 'medical_receipt_summary.docx', 'police_report_12345.pdf', 'repair_estimate_001.pdf', 'witness_statement.txt'].map((path) => [path, sampleBytes('auto-claim', path)]); // prettier-ignore

async function known(files: [string, Uint8Array][]): Promise<Omit<LintMatter, 'values' | 'others'>> {
  t = await startTestSeat();
  const { seat, folder } = t;
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const made = await seat.matters.create({ folder, title: 'A case' });
  if (!made.ok) throw new Error(made.error.code);
  const { matterId } = made.value;
  seat.watch(matterId, folder);
  await seat.ingest.settled(matterId);
  await seat.jobs.idle();
  return { facts: seat.facts.list(matterId), ledger: seat.facts.ledger(matterId), chronology: seat.facts.chronology(matterId) };
}

/** A template drafted from what is known, with a paragraph of one's own below it. */
function lint(matter: Omit<LintMatter, 'values' | 'others'>, template: number, more: string | null = null): Finding[] {
  const letter = { title: 'Demand', demandCents: 25_000_000, letterDate: '2026-01-12' };
  const input = { firm: letterhead, facts: matter.facts, ledger: matter.ledger, letter };
  const before = computeLetterValues({ ...input, blocks: [] });
  const drafted = templateToBlocks(defaultTemplates[template]?.content, {
    has: (name) => (before.variables[name]?.state ?? 'missing') !== 'missing',
  });
  if (!drafted.ok) throw new Error(drafted.error.code);
  const own: Block[] = more === null ? [] : [{ type: 'paragraph', content: [{ type: 'text', text: more }] }];
  const blocks = [...drafted.value.blocks, ...own];
  const values = computeLetterValues({ ...input, blocks });
  return createLinter(ourRules).lint(ourLetter({ blocks, values, ...letter }), { ...matter, values, others: [] });
}

const names = (found: Finding[]): [string, string][] => found.map(({ rule, quote }) => [rule, quote]);

test('the Rivera file: of no template’s draft anything is said; what a slip puts in is, with the page that says otherwise', async () => {
  const matter = await known(rivera);
  for (const index of defaultTemplates.keys()) expect(names(lint(matter, index))).toEqual([]);
  const wrong = lint(matter, 0, 'Maria Riveira, claim number BVG-CLM-240215-14222, has medical bills that total $19,478.00.');
  expect(names(wrong)).toEqual([
    ['unsupported_sentence', 'Maria Riveira, claim number BVG-CLM-240215-14222, has medical bills that total $19,478.00.'],
    ['name_spelling', 'Riveira'],
    ['fact_differs', 'BVG-CLM-240215-14222'],
    ['amount_differs', '$19,478.00'],
  ]);
  expect(wrong[3]?.reason).toContain('$19,748.00');
  expect(wrong[3]?.evidence.map(({ documentName }) => documentName)).toContain('billing-ledger-Rivera.pdf');
});

test('the collision file: of no template’s draft anything is said', async () => {
  const matter = await known(collision);
  for (const index of defaultTemplates.keys()) expect(names(lint(matter, index))).toEqual([]);
  expect(names(lint(matter, 1, 'The other car was a 2021 Toyota Camry.'))).toEqual([
    ['unsupported_sentence', 'The other car was a 2021 Toyota Camry.'],
    ['fact_differs', '2021 Toyota Camry'],
  ]);
});
