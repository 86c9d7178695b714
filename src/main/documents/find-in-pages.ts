/** Characters [start, end) of a page's text. */
export interface Found {
  start: number;
  end: number;
}

/** A text in the form it is compared in; character `n` of it was made of characters [starts[n], ends[n]) of the text. */
export interface Folded {
  text: string;
  starts: number[];
  ends: number[];
}

const hyphens = /[-\u2010\u2011]/;
const plain: Record<string, string> = { '‘': "'", '’': "'", '‚': "'", '`': "'", '´': "'", '“': '"', '”': '"', '„': '"' };
for (const dash of '\u2012\u2013\u2014\u2015\u2212') plain[dash] = '-';
const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);

/**
 * Case, accents, ligatures, the kind of quotation mark and how wide a gap is do not count, nor does a hyphen inside a word: where a line
 * ended it may have been put there by the printer.
 */
export function fold(text: string): Folded {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let last = '';
  const put = (characters: string, start: number, end: number): void => {
    if (characters === '') return;
    parts.push(characters);
    last = lastOf(characters);
    for (let n = 0; n < characters.length; n += 1) {
      starts.push(start);
      ends.push(end);
    }
  };
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const end = at + character.length;
    if (character === '\u00ad') {
      at = end;
    } else if (hyphens.test(character)) {
      const after = isLetter(last) ? wordGoesOn(text, end) : null;
      if (after === null) put('-', at, end);
      at = after ?? end;
    } else {
      const form = plain[character] ?? (character < '\u0080' ? character.toLowerCase() : foldOther(character));
      if (/^\s*$/.test(form)) {
        // a mark over the letter before belongs to that letter
        if (form === '' && ends.length > 0) ends[ends.length - 1] = end;
        if (form !== '' && last !== ' ') put(' ', at, end);
      } else put(form.replace(/\s/g, ''), at, end);
      at = end;
    }
  }
  return { text: parts.join(''), starts, ends };
}

const lastOf = (text: string): string => Array.from(text.slice(-2)).at(-1) ?? '';

function foldOther(character: string): string {
  return character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

/** Where the word goes on behind a hyphen: with the next letter, or with the next line if that begins with a small one. */
function wordGoesOn(text: string, at: number): number | null {
  const next = /^(?:\p{L}|[^\S\n]*\r?\n[^\S\n]*(?=\p{Ll}))/u.exec(text.slice(at, at + 40))?.[0];
  if (next === undefined) return null;
  return isLetter(next) ? at : at + next.length;
}

/** The words as they are looked for; '' where nothing is left to look for. */
export function foldQuery(words: string): string {
  return fold(words).text.trim().replace(/-$/, '');
}

/** Every place of a page that says `query` (a folded one), in order; places do not overlap, nor does one begin before `from`. */
export function findInPage(text: string, query: string, most = Infinity, folded = fold(text), from = 0): Found[] {
  if (query === '') return [];
  const found: Found[] = [];
  let first = 0;
  while (first < folded.text.length && (folded.starts[first] ?? 0) < from) first += 1;
  for (let at = folded.text.indexOf(query, first); at >= 0 && found.length < most; at = folded.text.indexOf(query, at + query.length)) {
    const start = folded.starts[at] ?? 0;
    // the second half of a ligature is the same character of the page
    if (found.length > 0 && start < (found.at(-1)?.end ?? 0)) continue;
    found.push({ start, end: folded.ends[at + query.length - 1] ?? start });
  }
  return found;
}

/** A page that says something, as the next one is to go on with it. */
export interface PageEnd {
  folded: Folded;
  /** Where its last place ended: the same words are not told twice. */
  lastEnd: number;
}

/** The beginning on the first page, which goes on to its end, and what is on the next. */
export interface Across {
  start: number;
  next: Found;
}

/**
 * Words that begin at the end of one page and end at the beginning of the next. A page break is a gap, as the end of a line is, and a word that is broken there is
 * found whole.
 */
export function findAcross(before: PageEnd, after: Folded, afterText: string, query: string): Across | null {
  const most = query.length - 1;
  const trimmed = before.folded.text.trimEnd();
  const isBroken = /\p{L}-$/u.test(trimmed) && /^\s*\p{Ll}/u.test(afterText);
  const end = isBroken ? trimmed.length - 1 : trimmed.length;
  const tail = trimmed.slice(Math.max(0, end - most), end);
  const headFrom = after.text.length - after.text.trimStart().length;
  const joined = tail + (isBroken ? '' : ' ');
  const both = joined + after.text.slice(headFrom, headFrom + most);
  for (let at = both.indexOf(query); at >= 0 && at < tail.length; at = both.indexOf(query, at + 1)) {
    const start = before.folded.starts[end - tail.length + at] ?? 0;
    const last = headFrom + at + query.length - joined.length - 1;
    if (start < before.lastEnd || last < headFrom) continue;
    return { start, next: { start: after.starts[headFrom] ?? 0, end: after.ends[last] ?? 0 } };
  }
  return null;
}
