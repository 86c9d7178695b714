import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ContradictionView } from '../../../src/shared/contradictions.ts';
import type { MatterId } from '../../../src/shared/ids.ts';
import { ok } from '../../../src/shared/result.ts';
import type { Seat } from '../../../src/main/seat.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { sampleBytes } from '../../support/sample-files.ts';

let t: TestSeat | undefined;
afterEach(() => t?.stop());

/** These files in a case folder, read and searched for facts; a picture is given by its wording. */
async function contradictionsOf(
  files: [path: string, bytes: Uint8Array][],
): Promise<{ seat: Seat; matterId: MatterId; found: ContradictionView[] }> {
  t = await startTestSeat();
  const { seat, folder } = t;
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const made = await seat.matters.create({ folder, title: 'Rivera v. BestValue' });
  if (!made.ok) throw new Error(made.error.code);
  const { matterId } = made.value;
  seat.watch(matterId, folder);
  await seat.ingest.settled(matterId);
  await seat.jobs.idle();
  return { seat, matterId, found: seat.contradictions.list(matterId) };
}

const rivera = 'rivera-v-bestvalue';
const riveraFiles = (): [string, Uint8Array][] => [
  ...['Billing/billing-ledger-Rivera.pdf', 'Incident/incident-report-store-0147.pdf', 'Pleadings/answer.docx', 'Pleadings/complaint.docx', 'Testimony/deposition-excerpt-manager.txt'].map((path): [string, Uint8Array] => [path, sampleBytes(rivera, path)]), // prettier-ignore
  ['Medical/er record.txt', sampleBytes('truth', 'er-record-2024-02-15.txt')],
  ['Medical/ems run sheet.txt', sampleBytes('truth', 'ems-run-sheet.txt')],
];
const valuesOf = ({ sides }: ContradictionView): string[] => sides.map(({ value }) => value);

test('each thing a careful reader finds in the Rivera file is found, each side with its page, and nothing else', async () => {
  const { seat, matterId, found } = await contradictionsOf(riveraFiles());
  expect(found.map(({ kind }) => kind)).toEqual(['wage_arithmetic', 'study_day', 'measures_differ', 'check_overdue', 'earlier_condition']);
  const [wages, study, cone, sweep, earlier] = found;
  expect(wages?.title).toContain('5.5 days at $30.00 an hour gives $1,320.00 only at 8 hours a day');
  expect(study && valuesOf(study)).toEqual([
    'April 5, 2024: MRI lumbar w/o contrast — technical',
    'April 15, 2024: MRI lumbar (professional)',
  ]);
  expect(cone && valuesOf(cone)).toEqual(['Warning cone: 4 feet', 'Warning cone: 5 to 6 feet']);
  expect(sweep && valuesOf(sweep)).toEqual(['Due every 15 minutes', '41 minutes before']);
  const said = earlier?.sides.flatMap(({ sources }) => sources.map(({ quote }) => quote)).join('\n') ?? '';
  for (const words of ['2019', 'consistent with age', 'degenerative changes at L4–L5']) expect(said.replace(/\s+/g, ' ')).toContain(words);
  const pages = new Map(seat.documents.list(matterId).map(({ documentId }) => [documentId, seat.documents.pages(documentId)]));
  for (const { sides } of found)
    for (const { sources } of sides)
      for (const { documentId, page, start, end, quote } of sources)
        expect(
          pages
            .get(documentId)
            ?.find((one) => one.page === page)
            ?.text.slice(start, end),
        ).toBe(quote);
});

test('of the collision file nothing but the neck that had aged is told: “I-95” and “I-95 North” are one road', async () => {
  const files = ['claim_submission.docx', 'medical_receipt_summary.docx', 'police_report_12345.pdf', 'repair_estimate_001.pdf', 'witness_statement.txt']; // prettier-ignore
  const { found } = await contradictionsOf(files.map((path) => [path, sampleBytes('auto-claim', path)]));
  expect(found.map(({ kind, sides }) => [kind, sides.length])).toEqual([['earlier_condition', 1]]);
});

test('what was accepted with a note stays accepted until a value changes', async () => {
  const { seat, matterId, found } = await contradictionsOf(riveraFiles());
  const key = found.find(({ kind }) => kind === 'measures_differ')?.key ?? '';
  expect(seat.questions.settle({ matterId, key, isSettled: true, areOwn: false, note: 'The footage holds.' })).toEqual(ok({}));
  const after = seat.contradictions.list(matterId);
  expect(after.at(-1)).toMatchObject({ key, settled: { note: 'The footage holds.' } });
  const [measure] = seat.facts.list(matterId).filter(({ normal }) => normal === 'warning cone|distance|in|60|72');
  expect(seat.facts.decide([measure?.factId ?? ''], 'rejected').ok).toBe(true);
  // the page of the other document still says it
  expect(seat.contradictions.list(matterId).find((one) => one.key === key)?.settled?.note).toBe('The footage holds.');
  for (const { factId } of seat.facts.list(matterId).filter(({ normal }) => normal === 'warning cone|distance|in|60|72'))
    expect(seat.facts.decide([factId], 'rejected').ok).toBe(true);
  expect(seat.contradictions.list(matterId).some(({ kind }) => kind === 'measures_differ')).toBe(false);
});
