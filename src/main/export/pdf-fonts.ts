import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { sfntOf } from './woff.ts';

/** The letter's typeface as npm ships it: one file per script, weight and slope, so a name may need two of them. */
const filesFolder = path.dirname(
  createRequire(import.meta.url).resolve('@fontsource/source-serif-4/files/source-serif-4-latin-400-normal.woff'),
);

export type FontStyle = 'regular' | 'bold' | 'italic' | 'boldItalic';

const styleFiles: Record<FontStyle, string> = { regular: '400-normal', bold: '700-normal', italic: '400-italic', boldItalic: '700-italic' };
const scripts = ['latin', 'latin-ext', 'vietnamese', 'greek', 'cyrillic', 'cyrillic-ext'] as const;
type Script = (typeof scripts)[number];

export interface FontPiece {
  text: string;
  /** "latin bold": a key for `fontBytes`. */
  font: string;
}

/** Cuts text where another file of the typeface must take over. A character no file has stays in the piece before it. */
export function piecesByFont(text: string, style: FontStyle): FontPiece[] {
  // most words are plain, and need no look at what each file holds
  if (/^[\x20-\x7e]+$/.test(text)) return [{ text, font: `latin ${style}` }];
  const pieces: FontPiece[] = [];
  for (const character of text) {
    const last = pieces.at(-1);
    const font = fontFor(character, style) ?? last?.font ?? `latin ${style}`;
    if (last?.font === font) last.text += character;
    else pieces.push({ text: character, font });
  }
  return pieces;
}

/** Characters no file of the typeface can print: the person must know before such a letter goes out as PDF. */
export function charactersWithoutGlyph(text: string): string[] {
  return [...new Set(text.replace(/\s/g, ''))].filter((character) => fontFor(character, 'regular') === null);
}

function fontFor(character: string, style: FontStyle): string | null {
  const code = character.codePointAt(0) ?? 0;
  const script = scripts.find((candidate) => coverage()[candidate].some(([from, to]) => code >= from && code <= to));
  return script === undefined ? null : `${script} ${style}`;
}

const unpacked = new Map<string, Buffer>();

/** A piece's font, unpacked once; pdfkit embeds only the glyphs a letter uses. */
export function fontBytes(font: string): Buffer {
  const known = unpacked.get(font);
  if (known) return known;
  const [script = 'latin', style = 'regular'] = font.split(' ');
  const bytes = sfntOf(readFileSync(path.join(filesFolder, `source-serif-4-${script}-${styleFiles[style as FontStyle]}.woff`)));
  unpacked.set(font, bytes);
  return bytes;
}

type Coverage = Record<Script, [from: number, to: number][]>;
let read: Coverage | null = null;

/** Which characters each file holds, from the list the package carries for browsers. */
function coverage(): Coverage {
  if (read) return read;
  const listed = JSON.parse(readFileSync(path.join(filesFolder, '..', 'unicode.json'), 'utf8')) as Record<string, string>;
  read = Object.fromEntries(scripts.map((script) => [script, ranges(listed[script] ?? '')])) as Coverage;
  return read;
}

/** "U+0000-00FF,U+0131" -> [[0, 255], [305, 305]] */
function ranges(list: string): [number, number][] {
  return [...list.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(([, from = '0', to = from]) => [parseInt(from, 16), parseInt(to, 16)]);
}
