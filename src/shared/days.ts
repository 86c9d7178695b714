import { z } from 'zod';

/** A calendar day without a time zone, "2024-02-15". */
export const Day = z.iso.date();

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** "2024-02-15" -> "February 15, 2024", the form a letter uses. */
export function formatDayLong(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${months[(month ?? 1) - 1] ?? ''} ${String(date)}, ${String(year)}`;
}

/** "2024-02-15" -> "Feb 15, 2024", the form a table uses. */
export function formatDayShort(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${(months[(month ?? 1) - 1] ?? '').slice(0, 3)} ${String(date)}, ${String(year)}`;
}

/**
 * Reads "2024-02-15", "February 15, 2024", "Feb. 15, 2024" or "02/15/2024" (month first, as American records print it).
 * Returns an ISO day, or null for an impossible or unreadable date.
 */
export function parseDay(text: string): string | null {
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (iso) return toDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const slashed = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})\s*$/.exec(text);
  if (slashed) return toDay(Number(slashed[3]), Number(slashed[1]), Number(slashed[2]));
  const worded = /^\s*([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\s*$/.exec(text);
  if (!worded) return null;
  const name = (worded[1] ?? '').toLowerCase();
  const month = months.findIndex(
    (candidate) => candidate.toLowerCase().startsWith(name.slice(0, 3)) && (name.length <= 4 || candidate.toLowerCase() === name),
  );
  return month < 0 ? null : toDay(Number(worded[3]), month + 1, Number(worded[2]));
}

/** "2024-02-15" + 33 -> "2024-03-19". */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

function toDay(year: number, month: number, date: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, date));
  if (year < 1000 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date) return null;
  return `${String(year)}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/**
 * The first of a month through the last of one stands for months: a bill that says "2024-04 through 2024-08" names no days,
 * so a letter must not either.
 */
export function isWholeMonths(from: string, to: string): boolean {
  const [year = 0, month = 0] = to.split('-').map(Number);
  return from.endsWith('-01') && Number(to.slice(8)) === new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Dates of service as a table prints them: "Feb 15, 2024", "Feb 20, 2024 – Jul 12, 2024", "Apr 2024 – Aug 2024". '' where unknown. */
export function formatService(from: string | null, to: string | null): string {
  const first = from ?? to;
  if (first === null) return '';
  if (to === null || to === first) return formatDayShort(first);
  if (!isWholeMonths(first, to)) return `${formatDayShort(first)} – ${formatDayShort(to)}`;
  const [start, end] = [first, to].map((day) => `${(months[Number(day.slice(5, 7)) - 1] ?? '').slice(0, 3)} ${day.slice(0, 4)}`);
  return start === end ? (start ?? '') : `${start ?? ''} – ${end ?? ''}`;
}

/** "2024-08-31" -> "August 2024" */
export function formatMonthLong(day: string): string {
  return `${months[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
}
