import type { PageWord } from '../../shared/documents.ts';

/** The first byte of what is packed, so that a later form can be told from this one. */
const form = 1;
const full = 65_535;
/** More words than any page holds: what comes from outside may claim anything. */
const mostWords = 200_000;

/**
 * A page's words as bytes, about ten a word: the gap to the word before and its length as varints, its box as four fractions of 1/65535.
 * Words must be in the order of the text.
 */
export function packWords(words: readonly PageWord[]): Uint8Array {
  const out: number[] = [form];
  const varint = (value: number): void => {
    for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) + 128);
    out.push(value);
  };
  let at = 0;
  for (const { start, end, x, y, w, h } of words) {
    varint(start - at);
    varint(end - start);
    at = end;
    for (const fraction of [x, y, w, h]) {
      const value = Math.round(Math.min(1, Math.max(0, fraction)) * full);
      out.push(value >> 8, value & 255);
    }
  }
  return Uint8Array.from(out);
}

/** The inverse of `packWords`; [] where the bytes are of another form or do not fit a text of this length, as they may come from anywhere. */
export function unpackWords(bytes: Uint8Array, textLength: number): PageWord[] {
  if (bytes[0] !== form) return [];
  const words: PageWord[] = [];
  let index = 1;
  const byte = (): number => bytes[index++] ?? Number.NaN;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const next = byte();
      value += (next % 128) * scale;
      if (!(next > 127)) return value;
    }
    return Number.NaN;
  };
  const fraction = (): number => Math.round(((byte() * 256 + byte()) / full) * 1e5) / 1e5;
  let at = 0;
  while (index < bytes.length && words.length < mostWords) {
    const start = at + varint();
    const end = start + varint();
    const word = { start, end, x: fraction(), y: fraction(), w: fraction(), h: fraction() };
    if (!(end <= textLength) || Number.isNaN(word.h)) return [];
    words.push(word);
    at = end;
  }
  return words;
}
