import type { TextRange } from '../../shared/find.ts';

/*
 * A day or a sum is written in many ways. Beside a passage's words the index has one word for each day and sum in it, the same however it is written: qd20240215, qs123400.
 */

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const yearFirst = /(?<![\d/.-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-])/g;
const monthInDigits = /(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?![\d/-])/g;
// the look ahead says nothing new: it is what lets most places be passed by at once
const monthFirst = new RegExp(
  `(?=[jfmasond])(?<![\\p{L}\\p{N}])${monthName}\\.?\\s{1,3}(\\d{1,2})(?:st|nd|rd|th)?,?\\s{1,3}(\\d{4})(?!\\d)`,
  'giu',
);
const dayFirst = new RegExp(`(?=\\d)(?<![\\p{L}\\p{N}])(\\d{1,2})(?:st|nd|rd|th)?\\s{1,3}${monthName}\\.?,?\\s{1,3}(\\d{4})(?!\\d)`, 'giu');
const amount = /(?=[$\d])(?<![\p{L}\p{N}.,-])(\$\s?)?(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.(\d{2}))?(?![\p{L}\p{N}]|[-.,/]\d)/gu;

/** Characters [start, end) that say a day or a sum, and the index's word for it. */
export interface Told extends TextRange {
  word: string;
}

export function daysIn(text: string): Told[] {
  if (!/\d/.test(text)) return [];
  const found: Told[] = [];
  const add = (match: RegExpExecArray, year: string | undefined, month: number, day: string | undefined): void => {
    const word = dayWord(fullYear(Number(year)), month, Number(day));
    if (word !== null) found.push({ start: match.index, end: match.index + match[0].length, word });
  };
  for (const match of text.matchAll(yearFirst)) add(match, match[1], Number(match[2]), match[3]);
  for (const match of text.matchAll(monthInDigits)) add(match, match[3], Number(match[1]), match[2]);
  for (const match of text.matchAll(monthFirst)) add(match, match[3], monthOf(match[1]), match[2]);
  for (const match of text.matchAll(dayFirst)) add(match, match[3], monthOf(match[2]), match[1]);
  return found;
}

const monthOf = (name: string | undefined): number => monthNames.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
const fullYear = (year: number): number => (year >= 100 ? year : year < 50 ? 2000 + year : 1900 + year);

function dayWord(year: number, month: number, day: number): string | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return `qd${String(year)}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
}

/** A number that may be a year, or is short, is a sum only where something says that it is money. */
export function sumsIn(text: string): Told[] {
  return [...text.matchAll(amount)].flatMap(({ index, 0: whole, 1: sign, 2: digits = '', 3: cents }) => {
    const plain = digits.replaceAll(',', '');
    const isMoney = sign !== undefined || cents !== undefined || digits.includes(',');
    if (!isMoney && (plain.length < 4 || plain.startsWith('0') || /^(19|20)\d\d$/.test(plain))) return [];
    return [{ start: index, end: index + whole.length, word: `qs${String(Number(plain))}${cents ?? '00'}` }];
  });
}

/** The index's words for all days and sums of a passage. */
export function toldBy(text: string): string {
  return [...new Set([...daysIn(text), ...sumsIn(text)].map(({ word }) => word))].join(' ');
}
