import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lintCommand } from '../../../src/main/cli/lint-command.ts';
import type { Recognised } from '../../../src/main/linter/lint-worker.ts';
import type { Finding } from '../../../src/shared/linter.ts';
import { cleanDemand, seeded, seededDefects } from '../../support/demand-text.ts';
import { asDocx, asPdf } from '../../support/letter-files.ts';
import { makePdf } from '../../support/make-pdf.ts';
import { runCommand, type RanCommand } from '../../support/run-command.ts';

interface Linted {
  findings: Finding[];
  recognised: Recognised;
  unread: number[];
}
const folder = mkdtempSync(join(tmpdir(), 'steno-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** A worker is started for each letter; a busy machine takes its time. */
const patience = 60_000;

async function lint(name: string, bytes: Uint8Array | string, ...more: string[]): Promise<RanCommand & Linted> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const ran = await runCommand(lintCommand, [path, ...more]);
  if (!ran.outcome.ok) throw new Error(JSON.stringify(ran.outcome.error));
  return { ...ran, ...(ran.outcome.value as Linted) };
}
const formats = [
  ['docx', asDocx],
  ['pdf', asPdf],
] as const;

describe.each(formats)('a letter from outside as %s', (format, make) => {
  test(
    'the whole one: nothing is found, its parts are recognised, exit code 0',
    async () => {
      const { findings, recognised, code, said } = await lint(`clean.${format}`, await make(cleanDemand));
      expect(findings).toEqual([]);
      expect(recognised).toEqual({
        letterDate: '2024-06-10',
        clients: ['Maria Alvarez'],
        insureds: ['Peter Novak'],
        carriers: ['Harbor Mutual Insurance Company'],
        claimNumbers: ['HM-448120'],
        lossDays: ['2024-02-15'],
        demandsCents: [8_500_000],
        tables: 1,
        exhibits: ['A', 'B', 'C'],
      });
      expect([code, said.includes('Nothing found.')]).toEqual([0, true]);
    },
    patience,
  );

  test(
    'what real letters get wrong, in one letter: each is told with page and quote, exit code 1',
    async () => {
      const wrong = ['a printed total below the sum of its lines', 'two dates of loss', 'another client’s name', '$200,00', 'a.m./ p.m.', 'standard time in July', 'an ICD-9 code for 2024']; // prettier-ignore
      const defects = seededDefects.filter(({ what }) => wrong.includes(what));
      const text = defects.reduce((of, defect) => seeded({ ...defect, of }), cleanDemand);
      const { findings, code, said } = await lint(`wrong.${format}`, await make(text));
      expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(defects.map(({ rule }) => rule)));
      for (const { place, reason } of findings)
        expect(said.split('\n').some((line) => line.includes(`p. ${String(place.page)} “`) && line.endsWith(reason))).toBe(true);
      expect(code).toBe(1);
    },
    patience,
  );
});

describe('with the records of the case', () => {
  const records = join(folder, 'records');
  mkdirSync(records);
  writeFileSync(
    join(records, 'police report.txt'),
    'TRAFFIC CRASH REPORT\nDate of crash: February 15, 2024\nInsurance claim number: HM-448120\nUnit 1: 2019 Honda Accord, driver Maria Alvarez\n',
  );
  writeFileSync(
    join(records, 'bill.csv'),
    'Provider,Date of Service,Description,Billed,Paid,Balance\nToledo General Hospital,02/15/2024,ER visit,"$6,420.50",$0.00,"$6,420.50"\nWestgate Chiropractic Clinic,02/22/2024,Therapy,"$3,900.00",$0.00,"$3,900.00"\nLucas County EMS,02/15/2024,Ambulance,"$1,150.00",$0.00,"$1,150.00"\nMaumee Valley Orthopedics,03/28/2024,Visit,$640.00,$0.00,$640.00\nNorthside Imaging,04/09/2024,MRI,"$2,310.00",$0.00,"$2,310.00"\n',
  );

  test(
    'the right letter agrees with them; claim number, vehicle and a bill that differ are told with the page',
    async () => {
      expect((await lint('agrees.docx', await asDocx(cleanDemand), '--records', records)).findings).toEqual([]);
      const wrong = cleanDemand
        .replace('HM-448120', 'HM-448210')
        .replace('2019 Honda Accord', '2017 Honda Accord')
        .replace('02/15/2024\t$6,420.50', '02/15/2024\t$6,240.50')
        .replaceAll('$14,420.50', '$14,240.50')
        .replaceAll('$17,060.50', '$16,880.50');
      const { findings, code, said } = await lint('differs.pdf', await asPdf(wrong), '--records', records);
      expect(findings.map(({ rule, quote }) => [rule, quote])).toEqual([
        ['fact_differs', 'HM-448210'],
        ['fact_differs', '2017 Honda Accord'],
        ['amount_differs', '$6,240.50'],
        ['amount_differs', '$14,240.50'],
      ]);
      expect(code).toBe(1);
      expect(said).toContain('police report.txt p. 1');
      expect(said).toContain('bill.csv p. 1');
    },
    patience,
  );

  test(
    'a letter that lies among the records is no evidence for itself',
    async () => {
      const inside = join(records, 'our demand.txt');
      writeFileSync(inside, cleanDemand.replace('HM-448120', 'HM-448210'));
      const { outcome } = await runCommand(lintCommand, [inside, '--records', records]);
      rmSync(inside);
      expect(outcome.ok && (outcome.value as Linted).findings.map(({ quote }) => quote)).toEqual(['HM-448210']);
    },
    patience,
  );
});

test(
  'what cannot be linted: no word, no such file, no letter, a picture; each says why',
  async () => {
    const refused = async (...words: string[]): Promise<unknown> => {
      const { outcome, code } = await runCommand(lintCommand, words);
      return [code, outcome.ok ? null : outcome.error];
    };
    expect(await refused()).toEqual([1, expect.objectContaining({ code: 'invalid_input', what: 'the command' })]);
    expect(await refused(join(folder, 'nowhere.docx'))).toEqual([
      1,
      expect.objectContaining({ code: 'invalid_input', what: 'the letter' }),
    ]);
    writeFileSync(join(folder, 'broken.docx'), 'PK no zip');
    expect(await refused(join(folder, 'broken.docx'))).toEqual([1, expect.objectContaining({ code: 'corrupt' })]);
    writeFileSync(join(folder, 'empty.pdf'), await makePdf([[]]));
    expect(await refused(join(folder, 'empty.pdf'))).toEqual([1, expect.objectContaining({ code: 'unsupported' })]);
  },
  patience,
);
