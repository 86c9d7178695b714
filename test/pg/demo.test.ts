import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import mammoth from 'mammoth';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = resolve(root, process.env['STENO_SHARED'] ?? '../shared');
const rivera = join(shared, 'data/rivera-v-bestvalue');
const sample = join(root, 'sample');

const Report = z.object({
  checks: z.record(z.string(), z.boolean()),
  specials: z.object({
    providers: z.array(
      z.object({ provider: z.string(), sources: z.array(z.object({ documentName: z.string(), page: z.number().int().min(1) })) }),
    ),
    totals: z.object({ billedCents: z.number(), paidCents: z.number(), owedCents: z.number() }),
  }),
  variables: z.array(z.object({ name: z.string(), text: z.string() })),
  documents: z.array(z.object({ relativePath: z.string(), state: z.string() })),
  letterText: z.string(),
});

const folder = await mkdtemp(join(tmpdir(), 'steno-demo-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the demo as a person would, and reads what it left. */
async function demo(name: string, words: string[]): Promise<{ report: z.infer<typeof Report>; docx: string; pdf: string }> {
  const out = join(folder, name);
  await promisify(execFile)(process.execPath, [join(root, 'src/main/cli.ts'), 'demo', '--json', '--out', out, ...words], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root },
  });
  const report = Report.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
  const { value: docx } = await mammoth.extractRawText({ path: join(out, 'letter.docx') });
  return { report, docx, pdf: await pdfText(await readFile(join(out, 'letter.pdf'))) };
}

async function pdfText(bytes: Uint8Array): Promise<string> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const text = [...document.pages()].map((page) => page.getText()).join('\n');
  document.destroy();
  library.destroy();
  return text;
}

const dollars = (cents: number): string => `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;

describe('the whole job on two laptops and a Postgres that goes away', { timeout: 120_000 }, () => {
  test('Rivera v. BestValue: every figure as a person finds it by hand', async () => {
    if (!existsSync(rivera))
      throw new Error(
        `the case folder is not there: set STENO_SHARED to the folder that holds data/rivera-v-bestvalue (looked in ${shared})`,
      );
    const { report, docx, pdf } = await demo('rivera', ['--case', rivera]);
    expect(Object.entries(report.checks).filter(([, holds]) => !holds)).toEqual([]);
    expect(Object.keys(report.checks).length).toBeGreaterThanOrEqual(7);
    expect(report.specials.totals).toMatchObject({ billedCents: 1_974_800, paidCents: 1_304_700, owedCents: 670_100 });
    expect(report.specials.providers.length).toBe(8);
    expect(report.specials.providers.filter(({ sources }) => sources.length === 0)).toEqual([]);
    const texts = new Map(report.variables.map(({ name, text }) => [name, text]));
    expect([texts.get('claim_number'), texts.get('date_of_loss')]).toEqual(['BVG-CLM-240215-14221', 'February 15, 2024']);
    expect(report.documents.filter(({ state }) => state === 'waiting_for_ocr').length).toBe(2);
    for (const [where, text] of [
      ['docx', docx],
      ['pdf', pdf],
    ] as const) {
      for (const total of ['$19,748.00', '$13,047.00', '$6,701.00', 'BVG-CLM-240215-14221']) expect(text, where).toContain(total);
    }
  });

  // the project's own sample arrives with the documentation; until it is there this test says so by being skipped
  test.skipIf(!existsSync(sample))('the sample that ships with Steno', async () => {
    const { report, docx, pdf } = await demo('sample', []);
    expect(Object.entries(report.checks).filter(([, holds]) => !holds)).toEqual([]);
    const { billedCents, paidCents, owedCents } = report.specials.totals;
    expect(billedCents).toBeGreaterThan(0);
    for (const cents of [billedCents, paidCents, owedCents])
      expect([docx.includes(dollars(cents)), pdf.includes(dollars(cents))]).toEqual([true, true]);
  });
});
