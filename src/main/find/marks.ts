import type { TextRange } from '../../shared/find.ts';

// what the index's own highlight() puts around what it found: characters for private use, which hardly any page has
export const [openMark, closeMark] = ['\ue0f1', '\ue0f2'];

/** Places of what was found, from a text with marks in it and the text itself. A mark that stands in the text is text. */
export function rangesOf(text: string, marked: string): TextRange[] {
  const ranges: TextRange[] = [];
  let start: number | null = null;
  let at = 0;
  for (const character of marked) {
    if (text.startsWith(character, at)) {
      at += character.length;
    } else if (character === openMark) {
      start = at;
    } else if (character === closeMark && start !== null) {
      ranges.push({ start, end: at });
      start = null;
    }
  }
  return ranges;
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

const stop = /[.!?]["')\]]*\s+|\n[^\S\n]*\n\s*/g;

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
