import { expect, test } from 'vitest';
import { runDemo } from '../support/run-demo.ts';
import { sampleFolder } from '../support/sample-files.ts';

test('Rivera v. BestValue, the whole job: every figure as a person finds it by hand', { timeout: 240_000 }, async () => {
  const { report, docx, pdf } = await runDemo(sampleFolder('rivera-v-bestvalue'));
  expect([report.statedTotals.length > 0, report.statedTotals.filter(({ agrees }) => !agrees)]).toEqual([true, []]);
  expect(Object.entries(report.checks).filter(([, holds]) => !holds)).toEqual([]);
  expect(Object.keys(report.checks).length).toBeGreaterThanOrEqual(6);
  expect(report.specials.totals).toMatchObject({ billedCents: 1_974_800, paidCents: 1_304_700, owedCents: 670_100 });
  expect(report.specials.providers.length).toBe(8);
  expect(report.specials.providers.filter(({ sources }) => sources.length === 0)).toEqual([]);
  const texts = new Map(report.variables.map(({ name, text }) => [name, text]));
  expect([texts.get('claim_number'), texts.get('date_of_loss')]).toEqual(['BVG-CLM-240215-14221', 'February 15, 2024']);
  expect(report.documents.filter(({ state }) => state !== 'read')).toEqual([]);
  for (const [where, text] of [
    ['docx', docx],
    ['pdf', pdf],
  ] as const) {
    for (const total of ['$19,748.00', '$13,047.00', '$6,701.00', 'BVG-CLM-240215-14221']) expect(text, where).toContain(total);
  }
});
