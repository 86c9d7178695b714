import type { Oddity } from '../../../shared/documents.ts';
import type { Word } from './pdf-words.ts';
import { withMemory, type RawPdfium } from './pdfium.ts';

/*
 * Words that a program reads and a person does not see: drawn invisibly, in the colour of the paper or too small (hidden), or with something laid over them that
 * was meant to take them out (covered). What objects a page is made of only raises a suspicion; the picture of the page decides, so that the recognised
 * text under a scan is none.
 */

export type Suspicion = Oddity['kind'];

/** Later objects of a page that may lie on its words, in points from the top left as displayed. */
export interface PageObjects {
  order: Map<number, number>;
  covers: { at: number; x1: number; y1: number; x2: number; y2: number }[];
  /** There are more than were looked at. */
  isCrowded: boolean;
}

const [pathObject, imageObject] = [2, 3];
export const mostObjects = 100_000;
/** Each word is held against each of them. */
const mostCovers = 5_000;
const invisible = 3;
const smallestPt = 2;
const lightest = 235;
/** Darkest to lightest within a word's box, of 255: less is no letter on any ground. */
const leastContrast = 24;
const mostOddities = 50;

type ToPage = (x: number, y: number) => [number, number];

export function objectsOf(raw: RawPdfium, page: number, toPage: ToPage): PageObjects {
  const order = new Map<number, number>();
  const covers: PageObjects['covers'] = [];
  const all = raw._FPDFPage_CountObjects(page);
  const count = Math.min(all, mostObjects);
  let isCrowded = all > count;
  withMemory(raw, 16, (pointer) => {
    for (let at = 0; at < count; at += 1) {
      const object = raw._FPDFPage_GetObject(page, at);
      const type = raw._FPDFPageObj_GetType(object);
      order.set(object, at);
      if (type !== imageObject && !(type === pathObject && isFilled(raw, object, pointer))) continue;
      if (!raw._FPDFPageObj_GetBounds(object, pointer, pointer + 4, pointer + 8, pointer + 12)) continue;
      if (covers.length >= mostCovers) {
        isCrowded = true;
        break;
      }
      const view = new DataView(raw.HEAPU8.buffer, pointer, 16);
      // left, bottom, right, top
      const [ax, ay] = toPage(view.getFloat32(0, true), view.getFloat32(4, true));
      const [bx, by] = toPage(view.getFloat32(8, true), view.getFloat32(12, true));
      covers.push({ at, x1: Math.min(ax, bx), y1: Math.min(ay, by), x2: Math.max(ax, bx), y2: Math.max(ay, by) });
    }
  });
  return { order, covers, isCrowded };
}

function isFilled(raw: RawPdfium, path: number, pointer: number): boolean {
  if (!raw._FPDFPath_GetDrawMode(path, pointer, pointer + 4)) return false;
  return new DataView(raw.HEAPU8.buffer, pointer, 4).getInt32(0, true) !== 0;
}

/** Tells of a word of this page why it may not be seen, by the character it begins with; null where nothing says so. */
export function suspecting(
  raw: RawPdfium,
  textPage: number,
  { order, covers }: PageObjects,
): (charAt: number, word: Word) => Suspicion | null {
  // a text object is drawn in one way; many words are of one object
  const isUnseen = new Map<number, boolean>();
  return (charAt, word) => {
    const object = raw._FPDFText_GetTextObject(textPage, charAt);
    // one within a form is not in the page's own list: whatever is on the page may lie on it
    const at = order.get(object) ?? -1;
    const [x, y] = [word.x + word.w / 2, word.y + word.h / 2];
    if (covers.some((cover) => cover.at > at && x > cover.x1 && x < cover.x2 && y > cover.y1 && y < cover.y2)) return 'covered';
    if (word.h < smallestPt) return 'hidden';
    let known = object === 0 ? undefined : isUnseen.get(object);
    if (known === undefined) {
      known = (object !== 0 && raw._FPDFTextObj_GetTextRenderMode(object) === invisible) || isPale(raw, textPage, charAt);
      isUnseen.set(object, known);
    }
    return known ? 'hidden' : null;
  };
}

/** Drawn in the colour of the paper, or so that it shines through wholly. */
function isPale(raw: RawPdfium, textPage: number, charAt: number): boolean {
  return withMemory(raw, 16, (pointer) => {
    if (!raw._FPDFText_GetFillColor(textPage, charAt, pointer, pointer + 4, pointer + 8, pointer + 12)) return false;
    const view = new DataView(raw.HEAPU8.buffer, pointer, 16);
    const [r, g, b, alpha] = [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
    return alpha === 0 || Math.min(r ?? 0, g ?? 0, b ?? 0) >= lightest;
  });
}

/** A page as drawn: bytes as PDFium gives them, four for each pixel. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Of the suspected words those that the picture does not show, neighbours together, as places in the page's text. */
export function unseen(
  placed: readonly Word[],
  words: readonly { start: number; end: number; x: number; y: number; w: number; h: number }[],
  picture: Picture,
): Oddity[] {
  const found: Oddity[] = [];
  let last = -2;
  words.forEach((word, n) => {
    const { suspicion, text = '', h = 0 } = placed[n] ?? {};
    if (!suspicion || !/[\p{L}\p{N}]{2}/u.test(text) || (h >= smallestPt && isSeen(word, picture))) return;
    const before = found.at(-1);
    if (before && last === n - 1 && before.kind === suspicion) before.end = word.end;
    else found.push({ kind: suspicion, start: word.start, end: word.end });
    last = n;
  });
  return found.slice(0, mostOddities);
}

/** Boxes are fractions of the page. */
function isSeen(word: { x: number; y: number; w: number; h: number }, { data, width, height }: Picture): boolean {
  // where small letters stand, well inside the box: what lies over a word may end at its edge
  const [x1, x2] = [Math.floor((word.x + word.w * 0.06) * width), Math.ceil((word.x + word.w * 0.94) * width)];
  const [y1, y2] = [Math.floor((word.y + word.h * 0.35) * height), Math.ceil((word.y + word.h * 0.75) * height)];
  let [darkest, lightestSeen] = [255, 0];
  for (let y = Math.max(0, y1); y < Math.min(height, y2); y += 1) {
    for (let x = Math.max(0, x1); x < Math.min(width, x2); x += 1) {
      const at = 4 * (y * width + x);
      const grey = ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
      darkest = Math.min(darkest, grey);
      lightestSeen = Math.max(lightestSeen, grey);
    }
    if (lightestSeen - darkest >= leastContrast) return true;
  }
  return false;
}
