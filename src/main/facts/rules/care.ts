import { extractBillLines } from './bill-lines.ts';
import { documentProvider, documentService, letterheadOf } from './bill-providers.ts';
import { datePattern, readDay, yearsIn } from './dates.ts';
import { flatten, matches } from './fact-rule.ts';
import { inTitleCase } from './names.ts';
import type { BillExtraction, RuleDocument } from './proposals.ts';

/** Several rules ask the same of a document; it is worked out once. */
export function once<T>(of: (document: RuleDocument) => T): (document: RuleDocument) => T {
  const known = new WeakMap<RuleDocument, T>();
  return (document) => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const found = of(document);
    known.set(document, found);
    return found;
  };
}

export const billsOf = once((document): BillExtraction => extractBillLines(document));

/** A record of care, or a bill for it: what others say about care is hearsay. */
export const isOfCare = (document: RuleDocument): boolean =>
  document.kind === 'Medical_Record' ||
  document.kind === 'Bill' ||
  (document.kind === 'Other' && !document.isKindSaid && soundsOfCare(document).is);

/** A document whose kind nobody could tell, and that speaks of a patient and of care all the same. */
const soundsOfCare = once((document): { is: boolean } => {
  const text = document.pages.map((page) => page.text).join('\n');
  const said = new Set((text.match(careWords) ?? []).map((word) => word.toLowerCase()));
  return { is: said.size >= 4 && /\bpatient\b|\bcpt\b|\bicd/i.test(text) };
});
const careWords =
  /\b(?:patient|d\.?o\.?b|diagnos[ie]s|chiropractic|clinic|hospital|physicians?|therapy|icd-?(?:9|10)|cpt|hcpcs|dates? of (?:service|visit)|subjective|objective|assessment|treatment|medications?|rx|dx|pain|exam(?:ination)?|imaging|x-ray|mri|prn|provider)\b/gi;

export interface Facility {
  name: string;
  page: number;
  start: number;
  end: number;
}

const heading =
  /^[#*\s]*[A-Z][A-Z &/'-]*\b(?:RECORD|SHEET|NOTES?|REPORT|SUMMARY|CHART|STATEMENT)\s*[—–-]\s*([A-Z][A-Za-z&.,'’ -]{3,70}?)[*\s]*$/dgm;
const belowTitle =
  /^[#*\s]*[A-Z][A-Z &/'-]*\b(?:RECORD|SHEET|NOTES?|CHART)[*\s]*\n\s*([A-Z][A-Za-z&.'’-]+(?: (?:of|&|and|the|[A-Z][A-Za-z&.'’-]+)){1,6})[*\s]*$/dgm;

/** Whose record it is: named in its title ("EMS RUN SHEET — Middletown Fire & Rescue"), on its letterhead, or right below its title. */
export const facilityOf = once((document): Facility | { name: null } => {
  const [first] = document.pages;
  if (!first) return { name: null };
  const top = first.text.slice(0, 600);
  const named = matches(top, heading)[0] ?? matches(top, belowTitle)[0];
  if (named?.groups[1] !== undefined) return { name: inTitleCase(flatten(named.groups[1])), page: first.page, ...named.span(1) };
  const isPerson = (name: string): boolean => /,\s*(?:M\.?D|D\.?O|D\.?C|R\.?N)\b/.test(name);
  const name = [documentProvider(document), letterheadOf(document)].find((one) => one !== null && !isPerson(one)) ?? null;
  const at = name === null ? -1 : first.text.indexOf(name);
  // a ledger of several providers is none's own
  const several = new Set(billsOf(document).lines.map(({ provider }) => provider)).size > 1;
  return name === null || at < 0 || several
    ? { name: null }
    : { name: inTitleCase(flatten(name)), page: first.page, start: at, end: at + name.length };
});

const dayOfCare = new RegExp(
  `\\b(?:dates? of (?:service|visit|exam(?:ination)?|admission|encounter)|(?:service|visit|exam|encounter|admission|arrival) date|dos|arrival|admitted|seen(?: on)?)\\s*[:*]*\\s*(${datePattern})`,
  'dgi',
);

/** The days on which a record of care says that its patient was seen, with their places. */
export function daysOfCare(page: { page: number; text: string }, document: RuleDocument): { day: string; start: number; end: number }[] {
  const years = yearsIn(document);
  return matches(page.text, dayOfCare).flatMap((match) => {
    const day = readDay(match.groups[1] ?? '', years);
    return day === null ? [] : [{ day, ...match.span(0) }];
  });
}

/** The first day of care a document names; null where it names none. */
export const firstDayOfCare = once((document): { day: string | null } => {
  const days = document.pages.flatMap((page) => daysOfCare(page, document).map(({ day }) => day));
  return { day: days.toSorted()[0] ?? documentService(document)?.from ?? billsOf(document).lines[0]?.serviceFrom ?? null };
});
