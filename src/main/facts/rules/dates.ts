import { parseDay } from '../../../shared/days.ts';
import type { RuleDocument } from './proposals.ts';

const month =
  '(?:Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?\\.?|July?\\.?|Aug(?:ust|\\.)?|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)';

/** Source of a pattern for one whole date, without groups. Spaces may be a line's end. */
export const datePattern = `(?:\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}/\\d{2,4}|${month}\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4})`;

/** Source of a pattern for a clock time, without groups. */
export const timePattern = '(?:\\d{1,2}:\\d{2}\\s*(?:[AaPp]\\.?\\s?[Mm]\\b\\.?)|(?:[01]?\\d|2[0-3]):[0-5]\\d\\s*(?:hours|hrs)\\b)';

/** Years that a document writes in full. */
export type Years = ReadonlySet<string>;
const known = new WeakMap<RuleDocument, Years>();

/** The years in which a document's days are written in full: they say what its "3/4/24" means. */
export function yearsIn(document: RuleDocument): Years {
  const before = known.get(document);
  if (before) return before;
  const years = new Set(
    document.pages.flatMap(({ text }) => [...text.matchAll(/(?<![\w.,$-])(?:19|20)\d{2}(?!\w|[.,]\d)/g)].map(([year]) => year)),
  );
  known.set(document, years);
  return years;
}

/**
 * An ISO day from any form `datePattern` matches, or null. A year of two digits is read only where `years` hold exactly one that ends so: which century
 * it is of is not guessed.
 */
export function readDay(text: string, years?: Years): string | null {
  const flat = text.replace(/\s+/g, ' ').trim();
  const short = /^(\d{1,2}\/\d{1,2}\/)(\d{2})$/.exec(flat);
  if (short?.[1] && short[2]) {
    const full = [...(years ?? [])].filter((year) => year.endsWith(short[2] ?? ''));
    return full.length === 1 ? parseDay(`${short[1]}${full[0] ?? ''}`) : null;
  }
  return parseDay(flat.replace(/^Sept\b/i, 'Sep'));
}

/** "2:38 PM" and its 24-hour form "14:38"; null for an impossible time. */
export function readTime(text: string): { value: string; normal: string } | null {
  const match = /^(\d{1,2}):(\d{2})\s*(?:([AaPp])|h)/.exec(text.trim());
  if (!match) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const half = match[3]?.toUpperCase();
  if (minute > 59 || (half ? hour < 1 || hour > 12 : hour > 23)) return null;
  const hour24 = half ? (hour % 12) + (half === 'P' ? 12 : 0) : hour;
  const digits = String(minute).padStart(2, '0');
  return {
    value: `${String(hour24 % 12 || 12)}:${digits} ${hour24 < 12 ? 'AM' : 'PM'}`,
    normal: `${String(hour24).padStart(2, '0')}:${digits}`,
  };
}

const monthOnly = `(?:\\d{4}-(?:0[1-9]|1[0-2])(?![-\\d])|${month}\\s+\\d{4})`;
const anyDate = new RegExp(`(${datePattern})|(${monthOnly})`, 'gi');

/**
 * First and last day of service in a text such as "(2024-02-15)", "2024-04 through 2024-08" or "3/1/24 - 3/9/24".
 * Months alone stand for their first and last days; null where there is no date. `years` as for `readDay`.
 */
export function readService(text: string, years?: Years): { from: string; to: string } | null {
  const spans = [...text.matchAll(anyDate)].flatMap((match) => {
    if (match[1]) {
      const day = readDay(match[1], years);
      return day ? [{ from: day, to: day }] : [];
    }
    const span = match[2] ? readMonth(match[2]) : null;
    return span ? [span] : [];
  });
  const froms = spans.map((span) => span.from).toSorted();
  const tos = spans.map((span) => span.to).toSorted();
  const from = froms[0];
  const to = tos.at(-1);
  return from && to ? { from, to } : null;
}

function readMonth(text: string): { from: string; to: string } | null {
  const iso = /^(\d{4})-(\d{2})$/.exec(text);
  const first = iso ? `${text}-01` : readDay(text.replace(/\s+(?=\d{4}$)/, ' 1, '));
  if (!first) return null;
  const last = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7)), 0)).getUTCDate();
  return { from: first, to: `${first.slice(0, 8)}${String(last).padStart(2, '0')}` };
}

const wholeDate = new RegExp(
  `(?<![\\d/-])(?:\\d{1,2}/\\d{1,2}/\\d{2}(?:\\d{2})?|\\d{4}-\\d{2}-\\d{2}|${month}\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4})(?![\\d/]|-\\d)`,
  'dgi',
);

/** Whether a text names a day, readable or not. */
export const namesADay = (text: string): boolean => new RegExp(datePattern, 'i').test(text);

/** Days that a text writes and that cannot be read without guessing, with why: "02/30/2024", "3/4/24" where nothing says the century. */
export function unreadDays(text: string, years: Years): { start: number; end: number; reason: string }[] {
  return [...text.matchAll(wholeDate)].flatMap((match) => {
    if (readDay(match[0], years) !== null) return [];
    const isShort = /\/\d{2}$/.test(match[0]);
    const isDay = isShort && /^(?:0?[1-9]|1[0-2])\/(?:0?[1-9]|[12]\d|3[01])\//.test(match[0]);
    const said = match[0].replace(/\s+/g, ' ');
    const reason = isDay
      ? `The year of “${said}” has two digits; read it from the page.`
      : `“${said}” is no day of the calendar; read it from the page.`;
    return [{ start: match.index, end: match.index + match[0].length, reason }];
  });
}
