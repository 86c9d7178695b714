import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';

/** What of Tesseract's C++ interface is used. The types of the package cover its wrapper only. */
interface TesseractModule {
  FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  TessBaseAPI: new () => TesseractApi;
}
interface TesseractApi {
  Init(dataPath: null, language: string, engine: number): number;
  SetVariable(name: string, value: string): void;
  SetImageFile(exif: number, angle: number): number;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  Clear(): void;
}

/** A grey picture, a byte a pixel, row by row. */
export interface Grey {
  data: Uint8Array;
  width: number;
  height: number;
}

export interface RecognisedWord {
  text: string;
  /** 0 to 100. */
  confidence: number;
  /** Words of one printed line have the same number. */
  line: number;
  /** Pixels from the top left. */
  x: number;
  y: number;
  w: number;
  h: number;
}

const lstmOnly = 1;
let engine: Promise<{ module: TesseractModule; api: TesseractApi }> | null = null;

/**
 * Tesseract's WebAssembly and its English data, both from node_modules. The engine is used without the wrapper around it (tesseract.js): that
 * one starts a thread of its own, out of reach of the pool's budget, and fetches what it does not find from the network.
 * Not the relaxed-SIMD build: its sums differ between processors, and two laptops should read the same words.
 */
async function start(): Promise<{ module: TesseractModule; api: TesseractApi }> {
  const require = createRequire(import.meta.url);
  const create = require('tesseract.js-core/tesseract-core-simd-lstm.js') as (options: object) => Promise<TesseractModule>;
  const module = await create({ TesseractProgress: () => undefined, print: () => undefined, printErr: () => undefined });
  const data = readFileSync(require.resolve('@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'));
  module.FS.writeFile('./eng.traineddata', gunzipSync(data));
  const api = new module.TessBaseAPI();
  if (api.Init(null, 'eng', lstmOnly) !== 0) throw new Error('tesseract does not start');
  module.FS.unlink('./eng.traineddata');
  return { module, api };
}

/** Words of an upright picture, in Tesseract's reading order. */
export async function recognise(image: Grey, dpi: number): Promise<RecognisedWord[]> {
  engine ??= start();
  const { module, api } = await engine;
  module.FS.writeFile('/input', asPgm(image));
  api.SetVariable('tessedit_pageseg_mode', '3'); // automatic, columns and tables too; measured best on both sample scans
  api.SetVariable('user_defined_dpi', String(dpi));
  // adapting to one document would make a page's words depend on the pages read before it
  api.SetVariable('classify_enable_learning', '0');
  if (api.SetImageFile(1, 0) !== 0 || api.Recognize(null) !== 0) return [];
  const words = parseTsv(api.GetTSVText(0));
  api.Clear();
  return words;
}

/** The plainest picture there is: nothing is compressed only to be unpacked again. */
function asPgm({ data, width, height }: Grey): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${String(width)} ${String(height)}\n255\n`), data]);
}

/** level, page, block, paragraph, line, word, left, top, width, height, confidence, text; level 5 is a word. */
function parseTsv(tsv: string): RecognisedWord[] {
  const words: RecognisedWord[] = [];
  const lines = new Map<string, number>();
  for (const row of tsv.split('\n')) {
    const [level, , block, paragraph, line, , x, y, w, h, confidence, ...rest] = row.split('\t');
    const text = rest.join('\t').trim();
    if (level !== '5' || text === '') continue;
    const key = `${String(block)}.${String(paragraph)}.${String(line)}`;
    if (!lines.has(key)) lines.set(key, lines.size);
    const word = {
      text,
      confidence: Number(confidence),
      line: lines.get(key) ?? 0,
      x: Number(x),
      y: Number(y),
      w: Number(w),
      h: Number(h),
    };
    if (Number.isFinite(word.x + word.y + word.w + word.h + word.confidence)) words.push(word);
  }
  return words;
}
