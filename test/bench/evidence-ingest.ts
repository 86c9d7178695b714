import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import PDFDocument from 'pdfkit';
import { buildMain } from '../../tools/build.ts';
import { root } from '../../tools/processes.ts';
import { numbers, sentences } from './evidence-pages.ts';
import type { IngestOrder } from './ingest-process.ts';
import { interleaved, median, percentile, type Measured } from './measure.ts';

const run = promisify(execFile);
const files = 80;
const pagesOfFile = 25;
const rounds = 5;
/** Bundled as the app is: taking the types out of the sources, in each worker anew, is no part of what a firm waits for. */
const built = join(root, 'out', 'bench-ingest');
/** pdfjs / pdftotext as GOALS.md measured them on two cores, where pdfjs is not at hand. */
const quotedShare = 216 / 1335;

/** P10: from files in a folder to pages that can be searched, encrypted; beside two programs that only take the text out and keep nothing. */
export async function ingestFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-ingest-'));
  try {
    const paths = await writePdfs(folder);
    const pdfjs = findPdfjs();
    const steno = await startSteno();
    const ways: Record<string, () => Promise<unknown>> = {
      steno: () => steno.ask({ ingest: paths }),
      pdftotext: async () => {
        for (const path of paths) await run('pdftotext', [path, '-'], { maxBuffer: 2 ** 26 });
      },
      ...(pdfjs && { pdfjs: () => throughPdfjs(pdfjs, paths) }),
    };
    const times: Record<string, number[]> = await interleaved<string>(ways, rounds);
    const rate = (way: string): number => (files * pagesOfFile * 1000) / median(times[way] ?? []);
    const [ours, bare] = [rate('steno'), rate('pdftotext')];
    const peer = pdfjs ? rate('pdfjs') : bare * quotedShare;
    const waits = await steno.ask({ drop: paths[0] ?? '' });
    await steno.stop();
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
      row('from a folder to pages that are found, facts too', ours, 'pages/s'),
      row('bare pdftotext of the same files', bare, 'pages/s'),
      row('ingest / pdftotext', ours / bare, 'x', '>= 0.5', ours / bare >= 0.5),
      row(pdfjs ? 'pdfjs, text alone' : 'pdfjs (not installed: by its share in GOALS.md)', peer, 'pages/s'),
      row('ingest / pdfjs', ours / peer, 'x', '>= 2', ours / peer >= 2),
      row('a dropped file of 25 pages is found, after it settled: p95', p95, 'ms', '<= 1000', p95 <= 1000),
      row('the same, median', median(waits), 'ms'),
    ];
  } finally {
    rmSync(built, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that reads files as the app does; `ask` answers with milliseconds. */
async function startSteno(): Promise<{ ask(order: IngestOrder): Promise<number[]>; stop(): Promise<void> }> {
  const core = fileURLToPath(new URL('ingest-process.ts', import.meta.url));
  await buildMain({ outDir: built, core, sources: join(root, 'src/main') });
  const child = fork(join(built, 'core.js'));
  const failed = once(child, 'exit').then(([code]): never => {
    throw new Error(`the process that ingests ended with ${String(code)}`);
  });
  failed.catch(() => undefined);
  return {
    async ask(order) {
      const answered = once(child, 'message');
      child.send(order);
      return ((await Promise.race([answered, failed])) as [number[]])[0];
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
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
