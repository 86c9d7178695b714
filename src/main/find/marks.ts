import type { TextRange } from '../../shared/find.ts';
import { tokensOf } from '../store/index-tables.ts';
import { stemOf } from './stem.ts';

const known = new Map<string, string>();
const mostKnown = 20_000;

function stemOfWord(word: string): string {
  const found = known.get(word);
  if (found !== undefined) return found;
  const stem = stemOf(tokensOf(word).join(''));
  if (known.size >= mostKnown) known.clear();
  known.set(word, stem);
  return stem;
}

interface Said {
  /** Which of the rows. */
  row: number;
  /** Words of the text from here, as many as the row has. */
  at: number;
  length: number;
}

/** Where the words of a text say rows of words, in whatever ending; by the place of their first word. */
function saidIn(words: readonly string[], rows: readonly string[]): Said[] {
  const byFirst = new Map<string, { row: number; stems: string[] }[]>();
  for (const [row, text] of rows.entries()) {
    const stems = text.split(' ').map(stemOfWord);
    const first = stems[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), { row, stems }]);
  }
  // a stem keeps the letters that its word begins with, all but its last: of most words that tells enough, and they need not be stemmed
  const begins = new Set([...byFirst.keys()].map((stem) => stem.slice(0, Math.min(beginning, stem.length - 1))));
  const lengths = [...new Set([...begins].map(({ length }) => length))];
  const found: Said[] = [];
  for (const [at, word] of words.entries()) {
    const start = word.slice(0, beginning).toLowerCase();
    if (isPlain.test(start) && !lengths.some((length) => begins.has(start.slice(0, length)))) continue;
    for (const { row, stems } of byFirst.get(stemOfWord(word)) ?? []) {
      if (stems.every((stem, n) => n === 0 || stemOfWord(words[at + n] ?? '') === stem)) found.push({ row, at, length: stems.length });
    }
  }
  return found;
}

const beginning = 3;
const isPlain = /^[a-z0-9]*$/;
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** How often a text says each of these rows of words, and how many words it has. */
export function countsOf(text: string, rows: readonly string[]): { length: number; counts: number[] } {
  const words = text.match(word) ?? [];
  const counts = rows.map(() => 0);
  for (const { row } of saidIn(words, rows)) counts[row] = (counts[row] ?? 0) + 1;
  return { length: words.length, counts };
}

/** Where a text says any of these rows of words: what the index found there. Asked of the index itself this takes ten times as long. */
export function marksIn(text: string, rows: readonly string[]): TextRange[] {
  const tokens = [...text.matchAll(word)];
  const longest = new Map<number, number>();
  for (const { at, length } of saidIn(
    tokens.map(([token]) => token),
    rows,
  ))
    longest.set(at, Math.max(longest.get(at) ?? 0, length));
  return [...longest].map(([at, length]) => {
    const last = tokens[at + length - 1];
    return { start: tokens[at]?.index ?? 0, end: (last?.index ?? 0) + (last?.[0].length ?? 0) };
  });
}

/** In order, and those that touch as one. */
export function joined(ranges: readonly TextRange[]): TextRange[] {
  const apart: TextRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else apart.push({ ...range });
  }
  return apart;
}

const aroundChars = 110;
const mostSentence = 320;

/** The stretch of text that holds most of what was found: its first mark's sentence is opened, the words around are shown. */
export function bestPlace(text: string, marks: TextRange[]): { sentence: TextRange; snippet: TextRange } {
  let best = marks[0] ?? { start: 0, end: Math.min(text.length, 2 * aroundChars) };
  let most = 0;
  for (const first of marks) {
    const words = new Set(
      marks
        .filter(({ start, end }) => start >= first.start && end <= first.start + 2 * aroundChars)
        .map(({ start, end }) => text.slice(start, end).toLowerCase()),
    );
    if (words.size > most) [most, best] = [words.size, first];
  }
  return { sentence: sentenceAt(text, best), snippet: around(text, best) };
}

// "No. 0147" and "Dr. Raye" are of one sentence
const stop = /(?<!\b(?:No|Mr|Mrs|Ms|Dr|Jr|Sr|St|vs?|Inc|Co|Corp|Ltd|Ex|Fig|pp?|[A-Z]))[.!?]["')\]]*\s+|\n[^\S\n]*\n\s*/g;

/** From one full stop or empty line to the next; where there is none near, the lines it stands on. */
function sentenceAt(text: string, { start, end }: TextRange): TextRange {
  const from = Math.max(0, start - mostSentence);
  const before = [...text.slice(from, start).matchAll(stop)].at(-1);
  const after = new RegExp(stop.source).exec(text.slice(end, end + mostSentence));
  const whole = trimmed(
    text,
    before ? from + before.index + before[0].length : from,
    after ? end + after.index + 1 : Math.min(text.length, end + mostSentence),
  );
  if (whole.end - whole.start <= mostSentence) return whole;
  const lineEnd = text.indexOf('\n', end);
  const line = trimmed(text, text.lastIndexOf('\n', start - 1) + 1, lineEnd < 0 ? text.length : lineEnd);
  return line.end - line.start <= mostSentence ? line : around(text, { start, end });
}

function trimmed(text: string, start: number, end: number): TextRange {
  const said = text.slice(start, end);
  const lead = said.length - said.trimStart().length;
  return { start: start + lead, end: start + lead + said.trim().length };
}

/** Some words before and after, whole ones. */
function around(text: string, { start, end }: TextRange): TextRange {
  const from = Math.max(0, start - aroundChars);
  const to = Math.min(text.length, Math.max(end, start + aroundChars) + aroundChars);
  const head = from === 0 ? 0 : Math.max(0, text.slice(from, start).search(/\s\S/) + 1);
  const tail = to === text.length ? 0 : (/\S*$/.exec(text.slice(end, to))?.[0].length ?? 0);
  return trimmed(text, from + head, to - tail);
}
