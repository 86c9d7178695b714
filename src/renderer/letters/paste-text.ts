/** Lines shorter than that are no running text that a page broke. */
const shortestColumn = 50;

/**
 * Plain text as paragraphs. A PDF viewer breaks lines where the page did: a line is joined with the next where that one's first word had no room on it. Lines that were ended
 * on purpose, an address, a list, stay lines.
 */
export function textToParagraphs(text: string): string[] {
  const lines = text
    .replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  const column = Math.max(...lines.map(({ length }) => length));
  const paragraphs: string[] = [];
  let before: string | null = null;
  for (const line of lines) {
    const words = line.trim();
    if (words === '') {
      before = null;
      continue;
    }
    const isBroken =
      before !== null && column >= shortestColumn && lines.length > 2 && hadNoRoom(before, words, column) && !startsItem(words);
    if (isBroken) paragraphs.push(joined(paragraphs.pop() ?? '', words));
    else paragraphs.push(words);
    before = line;
  }
  return paragraphs;
}

const startsItem = (line: string): boolean => /^(?:[•·▪◦–*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s/i.test(line);

/** Columns are not quite straight at their right: a letter or two more might not have fitted. */
const ragged = 4;
const hadNoRoom = (line: string, next: string, column: number): boolean =>
  line.length + 1 + (/^\S+/.exec(next)?.[0].length ?? 0) > column - ragged;

/** A hyphen at the end of a line stays: whether it is the word's own cannot be known. */
const joined = (paragraph: string, line: string): string => (/[\p{L}]-$/u.test(paragraph) ? paragraph + line : `${paragraph} ${line}`);
