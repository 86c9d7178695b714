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
// "CL 2024 889123": what follows a number after a space belongs to it where it has digits and is neither a day nor an amount
const more = `(?: (?!\\d{4}-\\d\\d-\\d\\d(?![\\d-]))(?=[A-Z-]{0,6}\\d)[A-Z0-9-]{2,12}(?![A-Z0-9-]|[.,/:]\\d)){0,3}`;
const notBefore =
  '(?!(?:of|on|in|for|by|at|to|the|was|is|no|from|as|or|per|and|date|dated|dos|page|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\\b)';
const labelled = new RegExp(
  `\\b(?:${labels})\\b[ \\t]{0,3}(?:(?:no|nr|num|number|id|identifier|ident|plate|#)\\b\\.?|#)?[ \\t]{0,3}(?:is\\b|[:#=.])?\\s{0,3}#?((?!\\d{4}-\\d\\d-\\d\\d(?![\\d-]))(?:(?=[A-Z0-9-]{0,19}\\d)[A-Z0-9][A-Z0-9-]{4,24}(?![A-Z0-9-])${more}|${notBefore}(?=[A-Z0-9]{1,5} (?:[A-Z-]{0,6}\\d[ -]?){3})[A-Z0-9]{1,5}(?= )${more}|(?=[A-Z0-9-]{0,19}\\d)[A-Z0-9][A-Z0-9-]{4,24}))`,
  'gi',
);
const aDay =
  '\\d{8}(?!\\d)|\\d{4}\\s?[/.-]\\s?\\d{1,2}\\s?[/.-]\\s?\\d{1,2}(?!\\d)|\\d{1,2}\\s?[/.-]\\s?\\d{1,2}\\s?[/.-]\\s?\\d{2,4}|[A-Z][a-z]{2,8}\\.?\\s{1,3}\\d{1,2}(?:st|nd|rd|th)?,?\\s{1,3}\\d{4}|\\d{1,2}[\\s-]{1,3}[A-Z][a-z]{2,8}\\.?[\\s-]{1,3}\\d{4}';
const birth = new RegExp(
  `\\b(?:d\\.?o\\.?b\\.?|birth\\s*-?date|date\\s+of\\s+birth|born(?:\\s+on)?)(?![a-z])\\s{0,3}(?:\\([mdy/ -]{1,12}\\))?[\\s:=|-]{0,6}(${aDay})`,
  'gi',
);
// all are sought in a folded copy: one dash, one space, no accents
const found: readonly { kind: Identifier; pattern: RegExp; group: number }[] = [
  { kind: 'EMAIL', pattern: /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}/g, group: 0 },
  { kind: 'SSN', pattern: /(?<!\d)\d{3}(?:(?: ?- ?| )\d{2}(?: ?- ?| )|\.\d{2}\.)\d{4}(?!\d)/g, group: 0 },
  { kind: 'SSN', pattern: /[Xx*#]{3} ?[-.]? ?[Xx*#]{2} ?[-.]? ?(\d{4})(?!\d)/g, group: 1 },
  {
    kind: 'SSN',
    pattern:
      /\b(?:ssn|social\s+security(?:\s+(?:number|no\.?|#))?)(?:\s+(?:ending|ends)(?:\s+(?:in|with))?)?\s{0,3}[:#]?\s{0,3}(\d{9}|\d{4})(?!\d)/gi,
    group: 1,
  },
  { kind: 'PHONE', pattern: /(?<!\d)(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}(?: ?- ?|[ .]))\d{3}(?: ?- ?|[ .])\d{4}(?!\d)/g, group: 0 },
  { kind: 'PHONE', pattern: /(?<![\p{L}\d.,$/-])\+?1?\d{10}(?![\p{L}\d]|[.,/-]\d)/gu, group: 0 },
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
/** A number as others write it: "CLM-2024-88", "CLM 2024 88", "CLM202488". Of fewer than six letters and digits, parted otherwise, it may be something else: a day, an amount. */
function regrouped(number: string): string[] {
  const groups = number.split(/[\s./-]+/).filter((group) => group !== '');
  if (groups.join('').length < 6 || !/\d/.test(number)) return [];
  return [`(?<![\\p{L}\\d$])${groups.map(escape).join('[\\s./-]{0,3}')}(?![\\p{L}\\d])`];
}
const aWord = (pattern: string): string => `(?<!\\p{L})${pattern}(?!\\p{L})`;

/** How a day may be written, from its ISO form. */
function dayPatterns(iso: string): string[] {
  const [year = '', month = '', day = ''] = iso.split('-');
  const [m, d, name] = [String(Number(month)), String(Number(day)), months[Number(month) - 1] ?? ''];
  const written = `${name.slice(0, 3)}(?:${name.slice(3)}|\\.|t\\.?)?`;
  const by = '\\s?[/.-]\\s?';
  return [
    `${year}${by}0?${m}${by}0?${d}`,
    `0?${m}${by}0?${d}${by}(?:${year}|${year.slice(2)})`,
    `${month}${day}${year}`,
    `${year}${month}${day}`,
    `${written}\\s{1,3}0?${d}(?:st|nd|rd|th)?,?\\s{1,3}${year}`,
    `0?${d}[\\s-]{1,3}${written}[\\s-]{1,3}${year}`,
  ].map((pattern) => `(?<!\\d)${pattern}(?!\\d)`);
}

/** The ISO day of what stands after "DOB:", in the forms that parseDay knows and those that only forms and scans have: "03051980", "12/14\n/1971". */
function dayOf(text: string): string | null {
  const flat = text.replace(/\s+/g, ' ').replace(/ ?([/.-]) ?(?=\d)/g, '$1');
  const usual = flat
    .replace(/^(\d{1,2})[.-](\d{1,2})[.-](\d{4})$|^(\d{2})(\d{2})(\d{4})$/, (_all, a, b, c, d, e, f) => [a ?? d, b ?? e, c ?? f].join('/'))
    .replace(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/, '$1-$2-$3')
    .replace(/^(\d{1,2})[ -]+([a-z]+\.?)[ -]+(\d{4})$/i, '$2 $1, $3');
  return parseDay(usual);
}

/** A value to look for; `length` is of the value: of two at one place the longer is meant. */
interface Pattern {
  pattern: string;
  length: number;
}
/** Patterns of something known, the whole of it first, then the parts by which people are called. */
function patternsOf({ kind, value: written }: Known): Pattern[] {
  const value = fold(written).text.trim();
  const whole = (pattern: string): Pattern => ({ pattern, length: value.length });
  if (value === '') return [];
  if (kind === 'BIRTH-DATE') return (/^\d{4}-\d{2}-\d{2}$/.test(value) ? dayPatterns(value) : [loosely(value)]).map(whole);
  if (kind !== 'PERSON' && kind !== 'ORGANIZATION') return [loosely(value), ...(kind === 'EMAIL' ? [] : regrouped(value))].map(whole);
  const words = value.split(/[\s,.;()]+/).filter((word) => word.length >= (kind === 'PERSON' ? 2 : 4));
  // who is called García-López is called García as well; of "Al-Amin" the first half is a word of its own
  const halves = words.flatMap((word) => word.split('-').filter((half) => half !== word && half.length >= (kind === 'PERSON' ? 3 : 4)));
  const called = [...words, ...halves].filter((word) => !common.has(word.toLowerCase()));
  return [whole(aWord(loosely(value))), ...called.map((word) => ({ pattern: aWord(escape(word)), length: word.length }))];
}

/** A text as patterns read it, and where in the text itself each of its characters stands. */
interface Folded {
  text: string;
  at: readonly number[];
}
const unseen = /[\u00ad\u200b-\u200d\u2060\ufeff]/;
const dash = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const apostrophe = /[\u2018\u2019\u201b\u02bc\u2032\uff07`\u00b4]/;

/**
 * One dash, one apostrophe, one space; no accents, no widths: "José" and "Jose" are one. What nobody sees, a soft hyphen with the line's end behind it, becomes
 * `hidden`: nothing inside of a word, a space between two.
 */
function fold(text: string, hidden: '' | ' ' = ''): Folded {
  let folded = '';
  const at: number[] = [];
  for (let from = 0; from < text.length;) {
    const one = String.fromCodePoint(text.codePointAt(from) ?? 0);
    const plain = one <= '\u007f' ? one : unseen.test(one) ? hidden : plainOf(one);
    for (let nth = 0; nth < plain.length; nth += 1) at.push(from);
    folded += plain;
    from += one.length;
    if (one === '\u00ad') from += /^\r?\n?/.exec(text.slice(from, from + 2))?.[0].length ?? 0;
  }
  return { text: folded, at };
}

function plainOf(one: string): string {
  if (dash.test(one)) return '-';
  if (apostrophe.test(one)) return "'";
  if (/\p{Zs}/u.test(one)) return ' ';
  const plain = one.normalize('NFKD').replace(/\p{M}+/gu, '');
  // a footnote's ² and a ™ are no part of the number or name before them
  return /[\p{L}\p{M}\p{Nd}]/u.test(one) || /^[^\p{L}\p{N}]$/u.test(plain) ? plain : one;
}

/** A text as read with hidden characters inside of words; where it has any, also with them between words. */
const readings = (text: string): readonly ('' | ' ')[] => (unseen.test(text) ? ['', ' '] : ['']);

/** A text in pieces: at even places what no pattern matches, at odd ones what one does, as it is written. */
function cutBy(pattern: RegExp, text: string, hidden: '' | ' '): string[] {
  const { text: folded, at } = fold(text, hidden);
  const pieces: string[] = [];
  let done = 0;
  for (const { index, 0: match } of folded.matchAll(pattern)) {
    const from = at[index] ?? 0;
    let next = index + match.length;
    // to where the next character begins: marks go with their letter, and of a ligature there is no half
    while (next < at.length && at[next] === at[next - 1]) next += 1;
    if (match === '' || from < done) continue;
    const end = at[next] ?? text.length;
    pieces.push(text.slice(done, from), text.slice(from, end));
    done = end;
  }
  return [...pieces, text.slice(done)];
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
    const foldings = readings(text).map((hidden) => fold(text, hidden).text);
    for (const { kind, pattern, group } of found)
      for (const match of foldings.flatMap((folded) => [...folded.matchAll(pattern)])) {
        const value = match[group];
        if (!value) continue;
        const day = kind === 'BIRTH-DATE' ? dayOf(value) : null;
        // of "AB-99812 77" the first part may stand elsewhere without the second, which may have been something else's
        const [first = ''] = kind === 'NUMBER' ? value.split(' ') : [];
        const again = kind === 'NUMBER' || kind === 'SSN' || kind === 'PHONE' ? regrouped(value) : [];
        const whole = [...(day ? dayPatterns(day) : []), loosely(value), ...again].map((pattern) => ({ pattern, length: value.length }));
        add(kind, /\d/.test(first) && first.length >= 5 ? [...whole, { pattern: loosely(first), length: first.length }] : whole);
      }
  }

  const tokenOf = new Map<string, string>();
  const taken = new Map<string, number>();
  function token(value: string, all: readonly Sought[]): string {
    const before = tokenOf.get(value);
    if (before !== undefined) return before;
    const foldings = readings(value).map((hidden) => fold(value, hidden).text.trim());
    const owner = all.find(({ whole }) => foldings.some((folded) => whole.test(folded)));
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
    const any = new RegExp([tokenLike, ...all.map(({ pattern }) => pattern)].join('|'), 'giu');
    const cut = (of: string[], hidden: '' | ' '): string[] =>
      of.flatMap((part, at) =>
        at % 2 === 1 ? [part] : cutBy(any, part, hidden).map((piece, nth) => (nth % 2 === 1 ? token(piece, all) : piece)),
      );
    const next = parts.map((of) => readings(of.join('')).reduce(cut, of));
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
