import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { caseCommands } from '../../../src/main/cli/case-commands.ts';
import type { FactView, LedgerView } from '../../../src/shared/facts.ts';
import { runCommand } from '../../support/run-command.ts';

interface Said {
  value: { facts: FactView[]; ledger: LedgerView; unread: { relativePath: string; reason: string }[] };
}
const folder = mkdtempSync(join(tmpdir(), 'steno-facts-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('steno facts: facts and the ledger with sources, cents and totals; a charge of two statements once, who paid, and what nobody can read', async () => {
  const { outcome, said } = await runCommand(caseCommands['facts'], [resolve(import.meta.dirname, '../../truth/haddad-v-northwind')]);
  const { facts, ledger, unread } = (outcome as Said).value;
  expect(facts.find(({ normal }) => normal === '100000000')).toMatchObject({
    normal: '100000000',
    method: 'rule:policy-limits',
    state: 'proposed',
    source: { documentName: 'coverage-letter.txt', page: 1, quote: expect.stringContaining('$1,000,000') as string },
  });
  expect(ledger.totals).toEqual({ billedCents: 651_600, adjustedCents: 88_600, paidCents: 330_000, owedCents: 233_000 });
  const [mri] = ledger.lines.filter(({ code, sameAs }) => code === '72141' && sameAs === null);
  expect(mri?.alsoIn.map(({ documentName }) => documentName)).toHaveLength(1);
  expect(ledger.lines.filter(({ sameAs }) => sameAs === mri?.billLineId)).toHaveLength(1);
  expect(ledger.lines.find(({ code }) => code === '99284')?.paidBy).toEqual([
    { payer: 'insurance', cents: 120_000 },
    { payer: 'patient', cents: 14_000 },
  ]);
  expect(ledger.statedTotals.every(({ agrees }) => agrees)).toBe(true);
  expect(facts.find(({ normal }) => normal === '8470')?.problem).toContain('ICD-10-CM took its place');
  expect(unread.map(({ relativePath }) => relativePath)).toEqual(['insurer/coverage-letter.txt']);
  expect(unread[0]?.reason).toMatch(/Amounts that cannot be read.*“\$1\.280,00”/);
  expect(unread[0]?.reason).toMatch(/Dates that cannot be read.*“02\/30\/2022”/);
  expect(said).toContain('1 of 7 bill lines repeat charges of other statements and are counted there.');
});

test('a bill that states three totals: all three are shown, and which agree; amounts and days that are none are told', async () => {
  writeFileSync(
    join(folder, 'bill.txt'),
    'Hill Clinic\nPatient: Ana Cruz\nStatement date: March 31, 2024\n\nDate\tCPT\tDescription\tBilled\tPaid\n03/01/2024\t99213\tVisit\t$100.00\t$40.00\n02/30/2024\t99214\tVisit\t$60.00\t$0.00\n3/9/78\t99215\tVisit\t$10.00\t$0.00\n03/05/2024\t99213\tVisit\t$200,00\t$0.00\n\nTotal charges: $170.00\nTotal charges: $370.00\nAmount due: $130.00\n',
  );
  const { outcome, said } = await runCommand(caseCommands['facts'], [folder]);
  const { ledger, unread } = (outcome as Said).value;
  expect(ledger.statedTotals.map(({ label, says, agrees }) => [label, says[0], agrees])).toEqual([
    ['Total charges', 'billed', true],
    ['Total charges', 'billed', false],
    ['Amount due', 'owed', true],
  ]);
  expect(ledger.lines.map(({ serviceFrom, problem }) => [serviceFrom, problem])).toEqual([
    ['2024-03-01', null],
    [null, '“02/30/2024” is no day of the calendar; read it from the page.'],
    [null, 'The year of “3/9/78” has two digits; read it from the page.'],
  ]);
  expect(ledger.totals.billedCents).toBe(17_000);
  for (const told of ['“$200,00”', '“02/30/2024”', '“3/9/78”']) expect(unread[0]?.reason).toContain(told);
  expect(said).toContain('! bill.txt p. 1 says “Total charges” of Hill Clinic: $370.00 billed; its lines come to another sum.');
});
