import { parseDay } from '../../shared/days.ts';
import { parseCents } from '../../shared/money.ts';
import type { LintBlock, Span } from './lint-letter.ts';
import { plain } from './parties.ts';

/** A day that a block names; `day` is null where the calendar has none such. */
export interface DayMention extends Span {
  /** ISO. */
  day: string | null;
  text: string;
}

/** A well-formed amount with a dollar sign. */
export interface AmountMention extends Span {
  /** Integer cents. */
  cents: number;
  text: string;
}

/** A word of two letters or more, as `plain` makes it: "O'Brien's" is "brien". */
export interface PlainWord extends Span {
  word: string;
}

/** What one block says, read once for all rules: it depends on nothing but the block. */
export interface BlockReading {
  sentences: Span[];
  days: DayMention[];
  amounts: AmountMention[];
  words: PlainWord[];
  /** What has a digit in it, without what parts it: "HM-44 81/20" is "hm44" and "8120". */
  numbers: PlainWord[];
}

export const monthPattern =
  '(?:Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?\\.?|July?\\.?|Aug(?:ust|\\.)?|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)';
/** Source of a pattern for a whole day, without groups. The year has four digits: what "3/4/24" means is not guessed. */
export const dayPattern = `(?:${monthPattern}\\s{1,3}\\d{1,2}(?:st|nd|rd|th)?,?\\s{1,3}\\d{4}|\\d{1,2}/\\d{1,2}/\\d{4}|\\d{4}-\\d{2}-\\d{2}|\\d{1,2}(?:st|nd|rd|th)? (?:day of )?${monthPattern},? \\d{4})`;
const days = new RegExp(`(?<![\\w/.-])${dayPattern}(?![\\w/]|-\\d)`, 'gi');
const amounts = /(?<![\w$.,])(\(?)\$ ?(\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(\.\d{2})?(?!\d|[.,]\d)(\s?(?:million|thousand|billion|[kKmM]\b))?/g;
const most = 2_000;

export function readBlock({ text }: Pick<LintBlock, 'text'>): BlockReading {
  return { sentences: sentencesIn(text), days: daysIn(text), amounts: amountsIn(text), words: wordsIn(text), numbers: numbersIn(text) };
}

function wordsIn(text: string): PlainWord[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]{2,}/gu)].map((match) => ({
    word: plain(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function numbersIn(text: string): PlainWord[] {
  return [...text.matchAll(/[^\s,;:()[\]“”"]{1,80}/g)].flatMap((match) => {
    if (!/\d/.test(match[0])) return [];
    const said = match[0].replace(/[.!?'’]+$/, '');
    return [{ word: plain(said).replace(/[^\p{L}\p{N}]+/gu, ''), start: match.index, end: match.index + said.length }];
  });
}

function daysIn(text: string): DayMention[] {
  if (!/\d{4}/.test(text)) return [];
  return [...text.matchAll(days)].slice(0, most).map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    day: readDay(match[0]),
  }));
}

/** "15th day of February, 2024" is read, too; null for what is no day. */
export function readDay(text: string): string | null {
  const flat = text.replace(/\s+/g, ' ').replace(/^Sept\b/i, 'Sep');
  const turned = /^(\d{1,2})(?:st|nd|rd|th)? (?:day of )?([A-Za-z.]+),? (\d{4})$/.exec(flat);
  return parseDay(turned ? `${turned[2] ?? ''} ${turned[1] ?? ''}, ${turned[3] ?? ''}` : flat);
}

function amountsIn(text: string): AmountMention[] {
  if (!text.includes('$')) return [];
  return [...text.matchAll(amounts)].slice(0, most).flatMap((match): AmountMention[] => {
    const [all, , whole = '', fraction = '', scale] = match;
    const cents = parseCents(`${whole}${fraction}`);
    if (cents === null) return [];
    const times = { m: 1_000_000, t: 1_000, k: 1_000, b: 1_000_000_000 }[(scale ?? '').trim().charAt(0).toLowerCase()] ?? 1;
    if (times > 1 && cents * times > Number.MAX_SAFE_INTEGER) return [];
    const start = match.index + (all.startsWith('(') ? 1 : 0);
    return [{ start, end: match.index + all.length, cents: cents * times, text: text.slice(start, match.index + all.length) }];
  });
}

const sentenceEnd = /[.!?][)”"’']{0,2}\s{1,4}(?=[A-Z“"(0-9])/g;
const noEnd =
  /(?:\b(?:Mr|Mrs|Ms|Dr|Drs|No|Nos|vs|v|Inc|Co|Corp|Ltd|St|Ave|Blvd|Rd|Ex|Exs|Jr|Sr|Esq|Hon|Prof|Rep|Sgt|Lt|Capt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|Dept|Div|Fig|Pt|Tel|Ext|[A-Z]|[ap]\.m|U\.S|O\.C\.G\.A|C\.C\.P|D\.O|M\.D|Ph\.D|R\.N|i\.e|e\.g)|(?:^|\s)\d{1,2})\.$/;

/** Sentences by their full stops; abbreviations and numbers of a list end none. */
function sentencesIn(text: string): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(sentenceEnd)) {
    const stop = match.index + 1;
    if (text.charAt(match.index) === '.' && noEnd.test(text.slice(Math.max(start, stop - 12), stop))) continue;
    sentences.push({ start, end: match.index + match[0].trimEnd().length });
    start = match.index + match[0].length;
  }
  if (start < text.length) sentences.push({ start, end: text.length });
  return sentences;
}

/** The sentence around a place. */
export const sentenceAt = ({ sentences }: Pick<BlockReading, 'sentences'>, at: number): Span =>
  sentences.find(({ start, end }) => start <= at && at < end) ?? { start: at, end: at };
