import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import mammoth from 'mammoth';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));

const Report = z.object({
  checks: z.record(z.string(), z.boolean()),
  specials: z.object({
    providers: z.array(
      z.object({ provider: z.string(), sources: z.array(z.object({ documentName: z.string(), page: z.number().int().min(1) })) }),
    ),
    totals: z.object({ billedCents: z.number(), paidCents: z.number(), owedCents: z.number() }),
  }),
  variables: z.array(z.object({ name: z.string(), text: z.string() })),
  statedTotals: z.array(z.object({ agrees: z.boolean() })),
  documents: z.array(z.object({ relativePath: z.string(), state: z.string() })),
  letterText: z.string(),
});

/** Runs the demo on a case folder (named from the project's root) as a person would, and reads what it left. */
export async function runDemo(caseFolder: string): Promise<{ report: z.infer<typeof Report>; docx: string; pdf: string }> {
  const out = await mkdtemp(join(tmpdir(), 'steno-demo-test-'));
  try {
    await promisify(execFile)(process.execPath, [join(root, 'src/main/cli.ts'), 'demo', '--json', '--out', out, '--case', caseFolder], {
      cwd: root,
      env: { ...process.env, INIT_CWD: root },
    });
    const report = Report.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
    const { value: docx } = await mammoth.extractRawText({ path: join(out, 'letter.docx') });
    const pdf = await pdfText(await readFile(join(out, 'letter.pdf')));
    return { report, docx, pdf };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function pdfText(bytes: Uint8Array): Promise<string> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const text = [...document.pages()].map((page) => page.getText()).join('\n');
  document.destroy();
  library.destroy();
  return text;
}

export const dollars = (cents: number): string => `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
