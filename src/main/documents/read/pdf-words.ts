import { mostObjects, objectsOf, suspecting, type PageObjects, type Suspicion } from './pdf-oddities.ts';
import type { RawPdfium } from './pdfium.ts';
import { withMemory } from './pdfium.ts';

/** A word as it stands on the page: points from the top left of the page as displayed (its rotation applied). */
export interface Word {
  text: string;
  x: number;
  y: number;
  w: number;
  h: number;
  /** It may be that nobody sees it (pdf-oddities.ts). */
  suspicion?: Suspicion;
}

export interface PageWords {
  words: Word[];
  widthPt: number;
  heightPt: number;
  hasImage: boolean;
  /** There are more characters than these words. */
  isCut: boolean;
  /** More lies on it than was looked at: words under it may be taken for seen. */
  isCrowded: boolean;
}

const imageObject = 3;
const formObject = 5;
export const mostCharsPerPage = 200_000;

/** Every word of one loaded page, in the order the PDF draws them. */
export function readPageWords(raw: RawPdfium, page: number): PageWords {
  const widthPt = raw._FPDF_GetPageWidth(page);
  const heightPt = raw._FPDF_GetPageHeight(page);
  const toPage = displayTransform(raw, page, widthPt, heightPt);
  const words: Word[] = [];
  let [isCut, isCrowded] = [false, false];
  const textPage = raw._FPDFText_LoadPage(page);
  if (textPage) {
    try {
      const objects = objectsOf(raw, page, toPage);
      isCrowded = objects.isCrowded;
      isCut = raw._FPDFText_CountChars(textPage) > mostCharsPerPage;
      collectWords(raw, textPage, toPage, objects, words);
    } finally {
      raw._FPDFText_ClosePage(textPage);
    }
  }
  return { words, widthPt, heightPt, hasImage: hasImage(raw, page), isCut, isCrowded };
}

type Transform = (x: number, y: number) => [number, number];

/** PDF space to displayed points from top left; exact for every rotation and crop box because PDFium itself maps three points. */
function displayTransform(raw: RawPdfium, page: number, widthPt: number, heightPt: number): Transform {
  const scale = 1_000_000;
  const map = (x: number, y: number): [number, number] =>
    withMemory(raw, 8, (pointer) => {
      raw._FPDF_PageToDevice(page, 0, 0, scale, scale, 0, x, y, pointer, pointer + 4);
      const view = new DataView(raw.HEAPU8.buffer, pointer, 8);
      return [(view.getInt32(0, true) / scale) * widthPt, (view.getInt32(4, true) / scale) * heightPt];
    });
  const [ox, oy] = map(0, 0);
  const [ax, ay] = map(1000, 0);
  const [bx, by] = map(0, 1000);
  return (x, y) => [ox + ((ax - ox) * x + (bx - ox) * y) / 1000, oy + ((ay - oy) * x + (by - oy) * y) / 1000];
}

function collectWords(raw: RawPdfium, textPage: number, toPage: Transform, objects: PageObjects, words: Word[]): void {
  const count = Math.min(raw._FPDFText_CountChars(textPage), mostCharsPerPage);
  const suspicionOf = suspecting(raw, textPage, objects);
  // one for all characters of the page: there are thousands, and each of their objects would have to be cleared away
  const box: Box = { x: 0, y: 0, w: 0, h: 0 };
  let current: Word | null = null;
  let first = 0;
  const flush = (): void => {
    if (current) {
      const suspicion = suspicionOf(first, current);
      if (suspicion) current.suspicion = suspicion;
      words.push(current);
    }
    current = null;
  };
  withMemory(raw, 16, (rect) => {
    let view = new DataView(raw.HEAPU8.buffer, rect, 16);
    for (let index = 0; index < count; index++) {
      // what PDFium puts in by itself, spaces and ends of lines, is never readable
      const text = readable(raw._FPDFText_GetUnicode(textPage, index));
      if (text === '') {
        flush();
        continue;
      }
      if (!raw._FPDFText_GetLooseCharBox(textPage, index, rect)) continue;
      // PDFium's memory moves when it grows
      if (view.buffer !== raw.HEAPU8.buffer) view = new DataView(raw.HEAPU8.buffer, rect, 16);
      // FS_RECTF is left, top, right, bottom.
      const [x1, y1] = toPage(view.getFloat32(0, true), view.getFloat32(4, true));
      const [x2, y2] = toPage(view.getFloat32(8, true), view.getFloat32(12, true));
      box.x = Math.min(x1, x2);
      box.y = Math.min(y1, y2);
      box.w = Math.abs(x2 - x1);
      box.h = Math.abs(y2 - y1);
      if (current && !continues(current, box)) flush();
      if (current) grow(current, text, box);
      else {
        first = index;
        current = { text, x: box.x, y: box.y, w: box.w, h: box.h };
      }
    }
  });
  flush();
}

/** A character as text; '' where it separates words. PDFium writes U+0002 for a hyphen at a line's end. */
function readable(code: number): string {
  if (code === 2 || code === 0xad) return '-';
  if (code < 33 || code === 0xa0 || code === 0xfffe || code === 0xffff || (code >= 0x2000 && code <= 0x200b) || code > 0x10ffff) return '';
  if (code >= 0xd800 && code <= 0xdfff) return '';
  return String.fromCodePoint(code);
}

type Box = Omit<Word, 'text' | 'suspicion'>;

function continues(word: Word, box: Box): boolean {
  const sameLine = Math.abs(box.y + box.h / 2 - (word.y + word.h / 2)) < 0.5 * Math.max(word.h, box.h);
  const gap = box.x - (word.x + word.w);
  // Text that runs up or down the page as displayed; PDFium parts its lines by itself.
  const above = Math.max(box.y, word.y) - Math.min(box.y + box.h, word.y + word.h);
  const upright =
    Math.abs(box.x + box.w / 2 - (word.x + word.w / 2)) < 0.3 * Math.max(word.w, box.w) && above > -0.3 * box.h && above < 0.35 * box.w;
  return upright || (sameLine && gap < 0.35 * Math.max(word.h, box.h) && gap > -0.8 * Math.max(word.h, box.w));
}

function grow(word: Word, text: string, box: Box): void {
  const [right, bottom] = [Math.max(word.x + word.w, box.x + box.w), Math.max(word.y + word.h, box.y + box.h)];
  word.text += text;
  word.x = Math.min(word.x, box.x);
  word.y = Math.min(word.y, box.y);
  word.w = right - word.x;
  word.h = bottom - word.y;
}

function hasImage(raw: RawPdfium, page: number): boolean {
  const count = Math.min(raw._FPDFPage_CountObjects(page), mostObjects);
  for (let index = 0; index < count; index++) {
    const type = raw._FPDFPageObj_GetType(raw._FPDFPage_GetObject(page, index));
    if (type === imageObject || type === formObject) return true;
  }
  return false;
}
