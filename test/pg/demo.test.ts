import { expect, test } from 'vitest';
import { dollars, runDemo } from '../support/run-demo.ts';

test('the whole job on the case that ships with Steno: the figures its README states', { timeout: 120_000 }, async () => {
  const { report, docx, pdf } = await runDemo('sample/okafor-v-lakeside-market');
  expect([report.statedTotals.length > 0, report.statedTotals.filter(({ agrees }) => !agrees)]).toEqual([true, []]);
  expect(Object.entries(report.checks).filter(([, holds]) => !holds)).toEqual([]);
  expect(report.specials.totals).toMatchObject({ billedCents: 929_950, paidCents: 614_495, owedCents: 315_455 });
  expect(report.specials.providers.length).toBe(5);
  for (const cents of [929_950, 614_495, 315_455])
    expect([docx.includes(dollars(cents)), pdf.includes(dollars(cents))]).toEqual([true, true]);
});
