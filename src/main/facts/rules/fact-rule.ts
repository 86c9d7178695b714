import type { FactKind } from '../../../shared/facts.ts';
import type { RuleDocument } from './proposals.ts';

/** A value found on one page, before the quote is taken: characters [start, end) must cover it. */
export interface Candidate {
  kind: FactKind;
  value: string;
  normal: string;
  confidence: number;
  start: number;
  end: number;
  method: string;
}

/** Looks at one page of a document. Pure; the same page always yields the same candidates. */
export type FactRule = (page: { page: number; text: string }, document: RuleDocument) => Candidate[];

/**
 * A pattern's matches with the span of group `group` (0: the whole match), which is the quote. The pattern needs the flags d and g. `needs`: what a text says
 * wherever the pattern matches, for patterns that take long to find nothing.
 */
export function matches(
  text: string,
  pattern: RegExp,
  needs?: RegExp,
): { all: string; groups: (string | undefined)[]; span(group: number): { start: number; end: number } }[] {
  if (needs && !needs.test(text)) return [];
  return all(text, pattern).map((match) => ({
    all: match[0],
    groups: [...match],
    span: (group) => {
      const [start, end] = match.indices?.[group] ?? [match.index, match.index + match[0].length];
      return { start, end };
    },
  }));
}

/** As `matchAll`, which makes another pattern of the pattern each time: of hundreds of patterns most find nothing on a page. */
function all(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    found.push(match);
    if (match[0] === '') pattern.lastIndex += (text.codePointAt(pattern.lastIndex) ?? 0) > 0xffff && pattern.unicode ? 2 : 1;
  }
  return found;
}

/** Spaces and line ends as one space. */
export function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Whose part of a report this place is in: "Vehicle 2 (At-Fault)" opens the other side's, "Vehicle 1 (Victim)" the client's.
 * null where no such heading stands above, or a blank line and a new heading closed it.
 */
export function sideAt(text: string, at: number): 'client' | 'other' | null {
  const { headings, closings } = partsOf(text);
  const last = headings.findLast(({ start }) => start < at);
  if (!last || closings.some((closing) => closing >= last.start && closing < at)) return null;
  return /^(at|adverse|other|defendant)/i.test(last.side) ? 'other' : 'client';
}

interface Parts {
  headings: { start: number; side: string }[];
  /** Where a heading in capitals begins another part. */
  closings: number[];
}
let lastParts: { text: string; parts: Parts } | null = null;

/** Many names of one page ask for the same. */
function partsOf(text: string): Parts {
  if (lastParts?.text === text) return lastParts.parts;
  const sides =
    /^[^\n:]{0,40}\((victim|not at[- ]fault|claimant|plaintiff|at[- ]fault|adverse|other (?:driver|party)|defendant|insured)\)[^\n]{0,20}$/gim;
  const parts = {
    headings: [...text.matchAll(sides)].map((match) => ({ start: match.index, side: match[1] ?? '' })),
    closings: [...text.matchAll(/\n(?=[A-Z][A-Z &/]{6,}\n)/g)].map((match) => match.index),
  };
  lastParts = { text, parts };
  return parts;
}
