import { ok, type Outcome } from '../../../shared/result.ts';
import type { PageWord } from '../../../shared/documents.ts';
import { layOutPage } from '../read/page-layout.ts';
import type { Word } from '../read/pdf-words.ts';
import { evenOut, pictureOfPage, usualDpi, type PagePicture } from './page-picture.ts';
import { findSlope, turn, turnBack, type Turn } from './straighten.ts';
import { recognise, type Grey, type RecognisedWord } from './tesseract.ts';

export interface OcrInput {
  bytes: Uint8Array;
  mediaType: string;
  page: number;
}

export interface OcrPage {
  text: string;
  /** Boxes lie on the page as it is displayed, not as it was turned for reading. */
  words: PageWord[];
  /** Of the words together, 0 to 100; null where the page holds none. */
  confidence: number | null;
  /** Degrees clockwise that turn the page upright. */
  rotation: 0 | 90 | 180 | 270;
}

/** Surely read: nothing else is tried. */
const good = 82;
/** Not even the direction of the print is certain. */
const poor = 66;
const smallPrintDpi = 300;

interface Attempt {
  turn: Turn;
  turned: Grey;
  original: Grey;
  dpi: number;
  words: RecognisedWord[];
  confidence: number;
  score: number;
}

/**
 * Reads one page of a scan: straightened first; where that reads badly, turned the other ways, and at last larger and with shadows taken away.
 * What is tried depends on the page only, so that every laptop reads the same.
 */
export async function ocrPage({ bytes, mediaType, page }: OcrInput): Promise<Outcome<OcrPage>> {
  const picture = await pictureOfPage(bytes, mediaType, page, usualDpi);
  if (!picture.ok) return picture;
  const { isUpright, skew } = await findSlope(picture.value.grey);
  let best = await attempt(picture.value, { quarters: isUpright ? 0 : 270, skew });
  const others = isUpright ? ([180, 90, 270] as const) : ([90, 180, 0] as const);
  for (const [index, quarters] of others.entries()) {
    if (best.confidence >= poor) break;
    const isCrosswise = index > 0;
    best = better(best, await attempt(picture.value, { quarters, skew: isCrosswise ? 0 : skew }));
  }
  if (best.confidence < good && best.words.length > 0) {
    const larger = await pictureOfPage(bytes, mediaType, page, smallPrintDpi);
    if (larger.ok) best = better(best, await attempt({ ...larger.value, grey: await evenOut(larger.value.grey) }, best.turn));
  }
  return ok(layOut(best));
}

const better = (a: Attempt, b: Attempt): Attempt => (b.score > a.score ? b : a);

async function attempt({ grey, dpi }: PagePicture, by: Turn): Promise<Attempt> {
  const turned = await turn(grey, by);
  const words = (await recognise(turned, dpi)).filter(isWord);
  const letters = (word: RecognisedWord): number => word.text.replace(/[^\p{L}\p{N}]/gu, '').length;
  const all = words.reduce((sum, word) => sum + letters(word), 0);
  const sure = words.reduce((sum, word) => sum + letters(word) * word.confidence, 0);
  // letters that were made out of something else read doubtfully: what counts is how many are sure
  const score = words.reduce((sum, word) => sum + letters(word) * Math.max(0, word.confidence - 40), 0);
  return { turn: by, turned, original: grey, dpi, words, confidence: all === 0 ? 0 : sure / all, score };
}

/** Specks, rules of a table and edges of the paper come out as marks that nobody wrote. */
function isWord({ text, confidence, w, h }: RecognisedWord): boolean {
  if (w < 2 || h < 2) return false;
  return /[\p{L}\p{N}]/u.test(text) ? confidence > 5 : confidence > 50 && !/^[|_[\]{}\\~]+$/.test(text);
}

function layOut({ words, turned, original, dpi, turn: by, confidence }: Attempt): OcrPage {
  const points = 72 / dpi;
  // all words of a line get its height: a word without tall letters would else seem to stand lower
  const tops = new Map<number, { top: number; bottom: number }>();
  for (const { line, y, h } of words) {
    const known = tops.get(line) ?? { top: y, bottom: y + h };
    tops.set(line, { top: Math.min(known.top, y), bottom: Math.max(known.bottom, y + h) });
  }
  const recognised = new Map<Word, RecognisedWord>();
  for (const word of words) {
    const { top, bottom } = tops.get(word.line) ?? { top: word.y, bottom: word.y + word.h };
    recognised.set({ text: word.text, x: word.x * points, y: top * points, w: word.w * points, h: (bottom - top) * points }, word);
  }
  const page = layOutPage([...recognised.keys()], turned.width * points, turned.height * points);
  const boxes = page.words.map((word, index): PageWord => {
    const place = page.placed[index];
    const from = place && recognised.get(place);
    if (!from) throw new Error('a word was laid out that nobody recognised');
    const { x, y, w, h } = turnBack(from, by, turned, original);
    const at = (value: number, of: number): number => Math.round(Math.min(1, Math.max(0, value / of)) * 1e5) / 1e5;
    return { ...word, x: at(x, original.width), y: at(y, original.height), w: at(w, original.width), h: at(h, original.height) };
  });
  return { text: page.text, words: boxes, confidence: words.length === 0 ? null : Math.round(confidence), rotation: by.quarters };
}
