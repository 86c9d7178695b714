import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import PDFDocument from 'pdfkit';
import { startTestSeat } from '../support/local-seat.ts';
import { numbers, sentences } from './evidence-pages.ts';
import { interleaved, median, percentile, type Measured } from './measure.ts';

const run = promisify(execFile);
const files = 80;
const pagesOfFile = 25;
const rounds = 5;
const drops = 20;
/** pdfjs / pdftotext as GOALS.md measured them on two cores, where pdfjs is not at hand. */
const quotedShare = 216 / 1335;

/** P10: from files in a folder to pages that can be searched, encrypted; beside two programs that only take the text out and keep nothing. */
export async function ingestFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-ingest-'));
  try {
    const paths = await writePdfs(folder);
    const pdfjs = findPdfjs();
    const ways: Record<string, () => Promise<unknown>> = {
      steno: () => throughSteno(paths),
      pdftotext: async () => {
        for (const path of paths) await run('pdftotext', [path, '-'], { maxBuffer: 2 ** 26 });
      },
      ...(pdfjs && { pdfjs: () => throughPdfjs(pdfjs, paths) }),
    };
    const times: Record<string, number[]> = await interleaved<string>(ways, rounds);
    const rate = (way: string): number => (files * pagesOfFile * 1000) / median(times[way] ?? []);
    const [steno, bare] = [rate('steno'), rate('pdftotext')];
    const peer = pdfjs ? rate('pdfjs') : bare * quotedShare;
    const waits = await dropped(paths[0] ?? '');
    const p95 = percentile(waits, 0.95);
    const row = (what: string, value: number, unit: string, limit = '', met: boolean | null = null): Measured => ({
      goal: 'P10',
      what,
      value,
      unit,
      limit,
      met,
    });
    return [
      row('from a folder to pages that are found, facts too', steno, 'pages/s'),
      row('bare pdftotext of the same files', bare, 'pages/s'),
      row('ingest / pdftotext', steno / bare, 'x', '>= 0.5', steno / bare >= 0.5),
      row(pdfjs ? 'pdfjs, text alone' : 'pdfjs (not installed: by its share in GOALS.md)', peer, 'pages/s'),
      row('ingest / pdfjs', steno / peer, 'x', '>= 2', steno / peer >= 2),
      row('a dropped file of 25 pages is found, after it settled: p95', p95, 'ms', '<= 1000', p95 <= 1000),
      row('the same, median', median(waits), 'ms'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Records as a firm has them, each of its own bytes. */
async function writePdfs(folder: string): Promise<string[]> {
  const said = await sentences();
  const pick = numbers(17);
  const paths: string[] = [];
  for (let file = 0; file < files; file += 1) {
    const pdf = new PDFDocument({ autoFirstPage: false, size: 'LETTER', margin: 60 });
    const pieces: Buffer[] = [];
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    const done = new Promise<void>((resolve) => pdf.on('end', resolve));
    for (let page = 0; page < pagesOfFile; page += 1) {
      pdf.addPage();
      let text = `Record ${String(file)}, page ${String(page + 1)}. `;
      while (text.length < 1_800) text += `${said[pick(said.length)] ?? ''} `;
      pdf.fontSize(10).text(text, { height: 660 });
    }
    pdf.end();
    await done;
    const path = join(folder, `record-${String(file)}.pdf`);
    writeFileSync(path, Buffer.concat(pieces));
    paths.push(path);
  }
  return paths;
}

async function throughSteno(paths: string[]): Promise<void> {
  const desk = await startTestSeat();
  try {
    for (const [n, path] of paths.entries()) copyFileSync(path, join(desk.folder, `${String(n)}.pdf`));
    const matterId = await watch(desk);
    await desk.seat.ingest.settled(matterId);
    await desk.seat.find.settled();
    const found = desk.seat.documents.list(matterId).filter(({ state }) => state === 'read').length;
    if (found !== paths.length) throw new Error(`${String(found)} of ${String(paths.length)} files were read`);
  } finally {
    await desk.stop();
  }
}

type Desk = Awaited<ReturnType<typeof startTestSeat>>;

async function watch({ seat, folder }: Desk): Promise<string> {
  const made = await seat.matters.create({ folder });
  if (!made.ok) throw new Error(made.error.code);
  seat.watch(made.value.matterId, folder);
  return made.value.matterId;
}

/** Milliseconds from when a file was quiet until a word of it alone is found, less how long it has to be quiet. */
async function dropped(path: string): Promise<number[]> {
  const settleMs = 20;
  const desk = await startTestSeat();
  const waits: number[] = [];
  const bytes = readFileSync(path);
  try {
    await desk.seat.ingest.settled(await watch(desk));
    for (let n = -1; n < drops; n += 1) {
      const name = `dropped${String(n + 1).padStart(3, '0')}x`;
      mkdirSync(join(desk.folder, name));
      const started = performance.now();
      writeFileSync(join(desk.folder, name, 'dropped.pdf'), Buffer.concat([bytes, Buffer.from(`\n% ${name}\n`)]));
      await desk.until('the dropped file', () => isFound(desk, name));
      if (n >= 0) waits.push(performance.now() - started - settleMs);
    }
  } finally {
    await desk.stop();
  }
  return waits;
}

/** Words of its pages, not its name. */
function isFound({ seat }: Desk, folder: string): boolean {
  const answer = seat.find.search({ words: 'record', filters: { folder } });
  return answer.ok && answer.value.hits.length > 0;
}

type Pdfjs = {
  getDocument(input: { data: Uint8Array; useSystemFonts: boolean }): {
    promise: Promise<{
      numPages: number;
      getPage(n: number): Promise<{ getTextContent(): Promise<{ items: unknown[] }> }>;
      destroy(): Promise<void>;
    }>;
  };
};

/** From a folder that STENO_BENCH_PDFJS names (`npm install --ignore-scripts pdfjs-dist` there); null where it is not. */
function findPdfjs(): Promise<Pdfjs> | null {
  const from = process.env['STENO_BENCH_PDFJS'];
  if (!from) return null;
  const path = createRequire(join(from, 'package.json')).resolve('pdfjs-dist/legacy/build/pdf.mjs');
  return import(pathToFileURL(path).href) as Promise<Pdfjs>;
}

async function throughPdfjs(pdfjs: Promise<Pdfjs>, paths: string[]): Promise<void> {
  const { getDocument } = await pdfjs;
  for (const path of paths) {
    const document = await getDocument({ data: new Uint8Array(readFileSync(path)), useSystemFonts: true }).promise;
    for (let n = 1; n <= document.numPages; n += 1) await (await document.getPage(n)).getTextContent();
    await document.destroy();
  }
}
