import { parseDay } from '../../shared/days.ts';

/**
 * Takes what identifies people out of texts before they leave, and puts it back into what comes. Each value gets a token that is the same wherever the value
 * stands, so that the model can tell two people apart and never learns who they are. Spellings of one value share a number: ⟦PERSON-1⟧, ⟦PERSON-1.2⟧.
 */
export interface Redaction {
  texts: string[];
  /** Token to what stood there. */
  tokens: [token: string, value: string][];
}

export type Identifier = 'PERSON' | 'ORGANIZATION' | 'BIRTH-DATE' | 'SSN' | 'PHONE' | 'EMAIL' | 'NUMBER';
/** What is known of the matter's people from its facts. */
export interface Known {
  kind: Identifier;
  value: string;
}

// Labels come before a number in bills, records, letters and forms of carriers; the number is what is taken out.
const labels =
  "claim|policy|member|subscriber|group|account|acct|patient|chart|medical\\s+record|record|MRN|encounter|visit|case|file|medicare|medicaid|MBI|HICN|driver(?:['’]?s)?\\s+licen[cs]e|licen[cs]e|passport|VIN|certificate|reference|ref";
const labelled = new RegExp(
  `\\b(?:${labels})\\b[ \\t]{0,3}(?:(?:no|nr|num|number|id|identifier|ident|plate|#)\\b\\.?|#)?[ \\t]{0,3}(?:is\\b|[:#=.])?\\s{0,3}#?((?!\\d{4}-\\d\\d-\\d\\d(?![\\d-]))(?=[A-Z0-9-]{0,19}\\d)[A-Z0-9][A-Z0-9-]{4,24})`,
  'gi',
);
const birth =
  /\b(?:d\.?o\.?b\.?|birth\s*-?date|date\s+of\s+birth|born(?:\s+on)?)\b[\s:=–-]{0,6}(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[A-Z][a-z]{2,8}\.?\s{1,3}\d{1,2}(?:st|nd|rd|th)?,?\s{1,3}\d{4}|\d{1,2}\s{1,3}[A-Z][a-z]{2,8}\s{1,3}\d{4})/gi;
const found: readonly { kind: Identifier; pattern: RegExp; group: number }[] = [
  { kind: 'EMAIL', pattern: /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}/g, group: 0 },
  { kind: 'SSN', pattern: /(?<!\d)\d{3}[ -]\d{2}[ -]\d{4}(?!\d)/g, group: 0 },
  {
    kind: 'SSN',
    pattern: /\b(?:ssn|social\s+security(?:\s+(?:number|no\.?|#))?)\s{0,3}[:#]?\s{0,3}(?:[Xx*]{3}-?[Xx*]{2}-?)?(\d{9}|\d{4})(?!\d)/gi,
    group: 1,
  },
  { kind: 'PHONE', pattern: /(?<!\d)(?:\+?1[ .-]?)?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)/g, group: 0 },
  { kind: 'BIRTH-DATE', pattern: birth, group: 1 },
  { kind: 'NUMBER', pattern: labelled, group: 1 },
];

/** Words of a name that are nobody's: alone they are left where they stand. */
const common = new Set(
  'inc llc llp ltd corp co company corporation group the and of de van von la del der for mr mrs ms dr md do rn esq jr sr ii iii iv pc pa pllc insurance hospital medical center centre clinic law firm offices office health care services service associates county city state national american united mutual store stores grocer'.split(
    ' ',
  ),
);
const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
/** White space of any length, a line's end too, and of a pattern that cannot be slow. */
const loosely = (text: string): string => text.trim().split(/\s+/).map(escape).join('\\s{1,4}');
const aWord = (pattern: string): string => `(?<!\\p{L})${pattern}(?!\\p{L})`;

/** How a day may be written, from its ISO form. */
function dayPatterns(iso: string): string[] {
  const [year = '', month = '', day = ''] = iso.split('-');
  const [m, d, name] = [String(Number(month)), String(Number(day)), months[Number(month) - 1] ?? ''];
  const written = `${name.slice(0, 3)}(?:${name.slice(3)}|\\.|t\\.?)?`;
  const numbers = `0?${m}[/.-]0?${d}[/.-](?:${year}|${year.slice(2)})`;
  return [
    `${year}-0?${m}-0?${d}`,
    numbers,
    `${written}\\s{1,3}0?${d}(?:st|nd|rd|th)?,?\\s{1,3}${year}`,
    `0?${d}\\s{1,3}${written}\\s{1,3}${year}`,
  ].map((pattern) => `(?<!\\d)${pattern}(?!\\d)`);
}

/** A value to look for; `length` is of the value: of two at one place the longer is meant. */
interface Pattern {
  pattern: string;
  length: number;
}
/** Patterns of something known, the whole of it first, then the parts by which people are called. */
function patternsOf({ kind, value }: Known): Pattern[] {
  const whole = (pattern: string): Pattern => ({ pattern, length: value.length });
  if (value.trim() === '') return [];
  if (kind === 'BIRTH-DATE') return (/^\d{4}-\d{2}-\d{2}$/.test(value) ? dayPatterns(value) : [loosely(value)]).map(whole);
  if (kind !== 'PERSON' && kind !== 'ORGANIZATION') return [whole(loosely(value))];
  const words = value.split(/[\s,.;()]+/).filter((word) => word.length >= (kind === 'PERSON' ? 2 : 4) && !common.has(word.toLowerCase()));
  return [whole(aWord(loosely(value))), ...words.map((word) => ({ pattern: aWord(escape(word)), length: word.length }))];
}

interface Sought extends Pattern {
  kind: Identifier;
  number: string;
  whole: RegExp;
}
const mostRounds = 8;
/** What looks like one of our tokens in a document's own text is taken out as well: it must not turn into somebody's name on the way back. */
const tokenLike = '⟦[^⟦⟧]{0,40}⟧';

/**
 * Takes identifiers and known names out of texts. What a label gives away on one page ("Claim No. 88-1234") is taken out of all, wherever it stands. Pure; run it
 * in a worker on what strangers wrote. `putBack(redact(x))` is `x`.
 */
export function redact(texts: readonly string[], known: readonly Known[]): Redaction {
  const values = new Map<string, Omit<Sought, 'whole'>>();
  const counts = new Map<Identifier, number>();
  function add(kind: Identifier, patterns: readonly Pattern[]): void {
    let given = '';
    for (const { pattern, length } of patterns) {
      if (values.has(pattern)) {
        given ||= values.get(pattern)?.number ?? '';
        continue;
      }
      if (given === '') {
        const next = (counts.get(kind) ?? 0) + 1;
        counts.set(kind, next);
        given = String(next);
      }
      values.set(pattern, { kind, number: given, pattern, length });
    }
  }
  for (const one of known) add(one.kind, patternsOf(one));
  function look(text: string): void {
    for (const { kind, pattern, group } of found)
      for (const match of text.matchAll(pattern)) {
        const value = match[group];
        if (!value) continue;
        const day = kind === 'BIRTH-DATE' ? parseDay(value.replace(/\s+/g, ' ')) : null;
        add(
          kind,
          [...(day ? dayPatterns(day) : []), loosely(value)].map((pattern) => ({ pattern, length: value.length })),
        );
      }
  }

  const tokenOf = new Map<string, string>();
  const taken = new Map<string, number>();
  function token(value: string, all: readonly Sought[]): string {
    const before = tokenOf.get(value);
    if (before !== undefined) return before;
    const owner = all.find(({ whole }) => whole.test(value));
    const stem = owner ? `${owner.kind}-${owner.number}` : 'MARK-1';
    const nth = (taken.get(stem) ?? 0) + 1;
    taken.set(stem, nth);
    const made = nth === 1 ? `⟦${stem}⟧` : `⟦${stem}.${String(nth)}⟧`;
    tokenOf.set(value, made);
    return made;
  }

  // at even places what is still the document's, at odd ones tokens; what was taken out may have hidden what stood right beside it, so it is looked through again
  let parts = texts.map((text) => [text]);
  for (let round = 0, hasChanged = true; hasChanged && round < mostRounds; round += 1) {
    for (const of of parts) for (const [at, part] of of.entries()) if (at % 2 === 0) look(part);
    // the longest first: of "Maria Rivera" and "Rivera" the whole name is one token
    const all = [...values.values()]
      .toSorted((a, b) => b.length - a.length || b.pattern.length - a.pattern.length)
      .map((one): Sought => ({ ...one, whole: new RegExp(`^(?:${one.pattern})$`, 'iu') }));
    const any = new RegExp(`(${[tokenLike, ...all.map(({ pattern }) => pattern)].join('|')})`, 'giu');
    const next = parts.map((of) =>
      of.flatMap((part, at) => (at % 2 === 1 ? [part] : part.split(any).map((piece, nth) => (nth % 2 === 1 ? token(piece, all) : piece)))),
    );
    hasChanged = next.some((of, at) => of.length !== parts[at]?.length);
    parts = next;
  }
  return { texts: parts.map((of) => of.join('')), tokens: [...tokenOf].map(([value, made]) => [made, value]) };
}

/** What stood in the place of each token. A token that nobody gave out stays as it is. */
export function putBack(text: string, tokens: Redaction['tokens']): string {
  const values = new Map(tokens);
  return text.replace(new RegExp(tokenLike, 'gu'), (made) => values.get(made) ?? made);
}

/** The same in every text of a value that came as JSON. */
export function putBackDeep(value: unknown, tokens: Redaction['tokens']): unknown {
  if (typeof value === 'string') return putBack(value, tokens);
  if (Array.isArray(value)) return value.map((inner: unknown) => putBackDeep(inner, tokens));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, putBackDeep(inner, tokens)]));
}
