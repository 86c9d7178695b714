import type { Span } from './lint-letter.ts';

/** Insurers that letters name without the word "insurance". A name that is missing here is not looked for. */
const brands =
  'State Farm|GEICO|Allstate|Progressive|Farmers|USAA|Nationwide|Liberty Mutual|Travelers|American Family|Esurance|Mercury|Safeco|The Hartford|Erie|Kemper|Infinity|Auto-Owners|Amica|Chubb|Zurich';
const company =
  "[A-Z][\\w'’&.-]{1,30}(?: (?:[A-Z][\\w'’&.-]{0,30}|&|and|of)){0,4} (?:Insurance|Mutual|Casualty|Indemnity|Assurance)(?: (?:Insurance|Mutual|Casualty|Indemnity|Assurance|Company|Co\\.|Corporation|Corp\\.|Group|Exchange|Association)){0,4}";
const carriers = new RegExp(`\\b(?:${company}|(?:${brands}))\\b(?! (?:Road|Street|Avenue|County|Drive))`, 'g');

interface Named extends Span {
  name: string;
}

/** Names of insurers, with their places. */
export function carriersIn(text: string): Named[] {
  return [...text.matchAll(carriers)].map((match) => ({ name: match[0], start: match.index, end: match.index + match[0].length }));
}

const generic = new Set(
  'insurance mutual casualty indemnity assurance company co corporation corp group exchange association inc llc llp pc pa ltd the of and claims department'.split(
    ' ',
  ),
);

/** The words that tell one company from another, lower case. */
export const tellingWords = (name: string): string[] => (plain(name).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !generic.has(word));

// eslint-disable-next-line no-control-regex -- all of ASCII, most letters' whole text
const isAscii = /^[\x00-\x7f]*$/;
/** "Nguyễn" -> "nguyen": what a letter may write without its marks. */
export const plain = (text: string): string =>
  isAscii.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether one company's telling words are all among the other's. */
export function isSameCompany(a: string, b: string): boolean {
  const [one, other] = [tellingWords(a), tellingWords(b)];
  const [few, many] = one.length <= other.length ? [one, new Set(other)] : [other, new Set(one)];
  return few.length > 0 && few.every((word) => many.has(word));
}

const notLast = /^(?:jr|sr|ii|iii|iv|esq|md|dc|do|phd|dds|rn)$/;

/** The words of a person's name, lower case, without titles, initials and what stands behind it. */
export function personWords(name: string): string[] {
  const words = plain(name.replace(/^\s*(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+/i, '')).match(/[\p{L}'’-]+/gu) ?? [];
  return words.filter((word, index) => word.length > 1 && !(index > 0 && notLast.test(word)));
}

/** The same with "Nguyễn-Okafor" as two words and "O'Brien" as one, as `BlockReading.words` has them. */
export const nameWords = (name: string): string[] => personWords(name).flatMap((word) => word.match(/[\p{L}\p{N}]{2,}/gu) ?? []);

/** What "Mr." would stand before: the last word of the name. */
export const lastWord = (name: string): string => personWords(name.split(',')[0] ?? '').at(-1) ?? '';

/** How many letters two words differ by, two for more than one; linear, since more than one is never asked for. */
export function lettersApart(a: string, b: string): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > 1) return 2;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const rest = (one: string, from: number): string => one.slice(from);
  if (rest(a, at + 1) === rest(b, at + 1) || rest(a, at) === rest(b, at + 1) || rest(a, at + 1) === rest(b, at)) return 1;
  // two letters changed places
  return a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2) ? 1 : 2;
}
