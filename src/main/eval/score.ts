import type { LedgerAmounts } from '../../shared/facts.ts';
import type { Label, Truth, TrueDocument } from './truth.ts';

/** What was found, with the document's path in its folder. Money in integer cents. */
export interface FoundFact {
  document: string;
  page: number;
  kind: string;
  value: string;
  normal: string;
  quote: string;
  method: string;
}
export type FoundLine = TrueDocument['billLines'][number] & { document: string; quote: string };
export interface FoundTotal extends Required<Omit<TrueDocument['statedTotals'][number], 'page'>> {
  document: string;
  page: number;
  quote: string;
}
export interface Found {
  facts: readonly FoundFact[];
  billLines: readonly FoundLine[];
  statedTotals: readonly FoundTotal[];
  totals: LedgerAmounts;
}

/** Counts of finds and of labels. Ratios are 1 where there is nothing to be wrong about. */
export interface Score {
  found: number;
  right: number;
  labelled: number;
  met: number;
  precision: number;
  recall: number;
  f1: number;
}
export interface Slip {
  document: string;
  page: number;
  kind: string;
  value: string;
  quote: string | null;
  method: string | null;
}
export interface Evaluation {
  kinds: Record<string, Score>;
  facts: Score;
  billLines: Score;
  statedTotals: Score;
  totals: { labelled: LedgerAmounts; found: LedgerAmounts; equal: boolean };
  missed: Slip[];
  falseFinds: Slip[];
}

/**
 * Holds what was found against what a careful person labelled: a find is right where a label of its kind, document and page says the same. What a label leaves
 * to the reader counts neither way.
 */
export function evaluate({ documents, totals }: Truth, found: Found): Evaluation {
  const missed: Slip[] = [];
  const falseFinds: Slip[] = [];
  const tally = new Map<string, Counts>();
  const facts: Counts = { found: 0, right: 0, labelled: 0, met: 0 };
  const met = new Set<Label>();
  for (const fact of found.facts) {
    const labels = (documents[fact.document]?.facts as Partial<Record<string, Label[]>> | undefined)?.[fact.kind] ?? [];
    const saying = labels.filter((label) => says(label, fact));
    for (const label of saying) met.add(label);
    if (saying.length > 0 && saying.every(({ optional }) => optional)) continue;
    for (const counts of [facts, countsOf(tally, fact.kind)]) {
      counts.found += 1;
      if (saying.length > 0) counts.right += 1;
    }
    if (saying.length === 0) falseFinds.push({ ...slip(fact), kind: fact.kind, value: fact.normal, method: fact.method });
  }
  for (const [document, { facts: byKind }] of Object.entries(documents))
    for (const [kind, labels] of Object.entries(byKind))
      for (const label of labels) {
        if (label.optional) continue;
        for (const counts of [facts, countsOf(tally, kind)]) {
          counts.labelled += 1;
          if (met.has(label)) counts.met += 1;
        }
        const value = 'says' in label ? label.says : (label.is[0] ?? '');
        if (!met.has(label)) missed.push({ document, page: label.on[0] ?? 1, kind, value, quote: null, method: null });
      }
  const labelled = <K extends 'billLines' | 'statedTotals'>(key: K): (TrueDocument[K][number] & { document: string })[] =>
    Object.entries(documents).flatMap(([document, one]) => one[key].map((row) => ({ ...row, document })));
  const billLines = pair(
    'bill_line',
    labelled('billLines'),
    found.billLines,
    sameLine,
    ({ description }) => description,
    missed,
    falseFinds,
  );
  const statedTotals = pair(
    'stated_total',
    labelled('statedTotals'),
    found.statedTotals,
    sameTotal,
    ({ label }) => label,
    missed,
    falseFinds,
  );
  const keys = ['billedCents', 'adjustedCents', 'paidCents', 'owedCents'] as const;
  return {
    kinds: Object.fromEntries([...tally].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, counts]) => [kind, scored(counts)])),
    facts: scored(facts),
    billLines,
    statedTotals,
    totals: { labelled: totals, found: found.totals, equal: keys.every((key) => totals[key] === found.totals[key]) },
    missed,
    falseFinds,
  };
}

/** One score of several: their counts together. */
export const together = (scores: readonly Score[]): Score =>
  scored({
    found: sum(scores, 'found'),
    right: sum(scores, 'right'),
    labelled: sum(scores, 'labelled'),
    met: sum(scores, 'met'),
  });

type Counts = Pick<Score, 'found' | 'right' | 'labelled' | 'met'>;
const sum = (scores: readonly Score[], key: keyof Counts): number => scores.reduce((all, one) => all + one[key], 0);

function scored(counts: Counts): Score {
  const precision = counts.found === 0 ? 1 : counts.right / counts.found;
  const recall = counts.labelled === 0 ? 1 : counts.met / counts.labelled;
  return { ...counts, precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function countsOf(tally: Map<string, Counts>, kind: string): Counts {
  const counts = tally.get(kind) ?? { found: 0, right: 0, labelled: 0, met: 0 };
  tally.set(kind, counts);
  return counts;
}

const slip = ({ document, page, quote }: { document: string; page: number; quote: string }): Pick<Slip, 'document' | 'page' | 'quote'> => ({
  document,
  page,
  quote,
});

/** Case, spaces, kinds of dashes and quotation marks are nobody's mistake. */
function plain(text: string): string {
  return text.replace(/[‐-―]/g, '-').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim().toLowerCase();
}

function says(label: Label, { page, normal, value, quote }: FoundFact): boolean {
  if (!label.on.includes(page)) return false;
  if ('is' in label) return label.is.some((one) => plain(one) === plain(normal));
  return plain(quote).includes(plain(label.says)) || plain(value).includes(plain(label.says));
}

/** Each label is met by one find at most, each find meets one label. */
function pair<T extends { document: string; page: number }, F extends { document: string; page: number; quote: string }>(
  kind: string,
  labels: readonly T[],
  found: readonly F[],
  same: (label: T, find: F) => boolean,
  nameOf: (row: T | F) => string,
  missed: Slip[],
  falseFinds: Slip[],
): Score {
  const open = [...labels];
  let right = 0;
  for (const find of found) {
    const index = open.findIndex((label) => label.document === find.document && label.page === find.page && same(label, find));
    if (index < 0) falseFinds.push({ ...slip(find), kind, value: nameOf(find), method: null });
    else {
      right += 1;
      open.splice(index, 1);
    }
  }
  for (const label of open)
    missed.push({ document: label.document, page: label.page, kind, value: nameOf(label), quote: null, method: null });
  return scored({ found: found.length, right, labelled: labels.length, met: right });
}

const lineKeys = [
  'provider',
  'serviceFrom',
  'serviceTo',
  'code',
  'description',
  'units',
  'billedCents',
  'adjustedCents',
  'paidCents',
  'owedCents',
] as const;
const sameLine = (label: TrueDocument['billLines'][number], find: FoundLine): boolean =>
  lineKeys.every((key) => (typeof label[key] === 'string' ? plain(label[key]) === plain(String(find[key])) : label[key] === find[key]));

const sameTotal = (label: TrueDocument['statedTotals'][number], find: FoundTotal): boolean =>
  plain(label.label) === plain(find.label) &&
  plain(label.provider ?? '') === plain(find.provider ?? '') &&
  label.agrees === find.agrees &&
  (['billedCents', 'paidCents', 'owedCents'] as const).every((key) => label[key] === undefined || label[key] === find[key]);
