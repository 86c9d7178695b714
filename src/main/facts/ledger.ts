import type { SourceRef } from '../../shared/documents.ts';
import type { BillLineView, LedgerAmounts, LedgerView, ProviderTotals, StatedTotal } from '../../shared/facts.ts';
import { sumCents } from '../../shared/money.ts';
import { mergeRepeats } from './charges.ts';

/** A total as a document prints it, before it is checked. */
export type StatedAmounts = Omit<StatedTotal, 'agrees' | 'says'>;

/**
 * Groups bill lines by provider and sums them in integer cents. Rejected lines stay in `lines` for the reviewer and count nowhere else; a charge that several
 * statements repeat counts once (`mergeRepeats`), unless a person answered otherwise. Providers come in order of their first service date, undated ones last,
 * then of appearance. A total that a document states is compared with our own sum of the same lines and never used; `stated` come in the order of their documents.
 */
export function buildLedger(
  lines: readonly BillLineView[],
  stated: readonly StatedAmounts[],
  isAnswered: (key: string) => boolean = () => false,
): LedgerView {
  const merged = mergeRepeats(lines, isAnswered);
  const standing = merged.filter((line) => line.state !== 'rejected');
  const counted = standing.filter((line) => line.sameAs === null);
  const byProvider = Map.groupBy(counted, (line) => providerKey(line.provider));
  const totals = amountsOf(counted);
  const check = totalsCheck(standing, byProvider, totals);
  return {
    lines: merged,
    providers: [...byProvider.values()].map(providerTotals).sort(byServiceDate),
    totals,
    statedTotals: stated.map((total, index) => {
      const said = figuresOf(total);
      const before = stated[index - 1]?.source;
      return { ...total, says: said, agrees: check(total, said, before && isAbove(before, total.source) ? before : null) };
    }),
  };
}

type Figure = StatedTotal['says'][number];
const figures: readonly Figure[] = ['billed', 'paid', 'owed'];

/** Of a line that prints one amount, its name tells which it is; a row of several states all. */
function figuresOf({ label, source: { quote } }: StatedAmounts): Figure[] {
  const amounts = quote.match(/\(?-?\$\s?[\d.,]*\d\)?|(?<![\d.,/-])\d[\d,]*\.\d{2}(?![\d.,])/g) ?? [];
  if (amounts.length !== 1) return [...figures];
  if (/\b(?:due|balance|owed|owing|outstanding|unpaid|please pay|responsibility)\b/i.test(label)) return ['owed'];
  return /\b(?:paid|payments?)\b/i.test(label) ? ['paid'] : ['billed'];
}

const isAbove = (a: SourceRef, b: SourceRef): boolean =>
  a.documentId === b.documentId && (a.page < b.page || (a.page === b.page && a.start < b.start));

/**
 * A total may be that of the whole matter, of its own document (whose lines other statements may repeat), or, where it is called a subtotal, of the lines since
 * the total above it. It agrees where one of them comes to what it says.
 */
function totalsCheck(standing: readonly BillLineView[], counted: ReadonlyMap<string, BillLineView[]>, totals: LedgerAmounts) {
  const ofMatter = new Map([...counted].map(([key, own]) => [key, amountsOf(own)]));
  const bySums = Map.groupBy(ofMatter.values(), sumsKey);
  const byFigure = Map.groupBy(
    [...ofMatter.values()].flatMap((ours) => figures.map((figure) => figureKey(figure, ours))),
    (key) => key,
  );
  const runs = new Map([...Map.groupBy(standing, runKey)].map(([key, own]) => [key, runOf(own)]));
  const ofDocument = new Map([...Map.groupBy(standing, ({ source }) => source.documentId)].map(([id, own]) => [id, amountsOf(own)]));
  return (total: StatedAmounts, said: readonly Figure[], before: SourceRef | null): boolean => {
    const fits = (ours: LedgerAmounts | undefined): boolean =>
      ours !== undefined && said.every((figure) => total[`${figure}Cents`] === ours[`${figure}Cents`]);
    if (total.provider === null) return fits(totals) || fits(ofDocument.get(total.source.documentId));
    const matter = ofMatter.get(providerKey(total.provider));
    const here = runs.get(runKey({ provider: total.provider, source: total.source }));
    if (matter ?? here) {
      const isSub = /^sub-?\s?total/i.test(total.label);
      return fits(matter) || fits(here?.between(null, null)) || (isSub && fits(here?.between(before, total.source)));
    }
    if (total.label !== total.provider) return false; // a subtotal under a provider we have no lines of
    // a summary names providers shortly ("EMS"): its figure agrees where exactly one provider's lines come to it
    const [one] = said;
    return one !== undefined && said.length === 1
      ? byFigure.get(figureKey(one, total))?.length === 1
      : bySums.get(sumsKey(total))?.length === 1;
  };
}

const runKey = ({ provider, source }: Pick<BillLineView, 'provider' | 'source'>): string => `${source.documentId} ${providerKey(provider)}`;

/** One provider's lines in one document, for sums between two places of it; null: from its beginning, to its end. */
function runOf(lines: readonly BillLineView[]): { between(from: SourceRef | null, to: SourceRef | null): LedgerAmounts } {
  const own = lines.toSorted((a, b) => a.source.page - b.source.page || a.source.start - b.source.start);
  const sums: LedgerAmounts[] = [amountsOf([])];
  for (const [index, line] of own.entries()) sums.push(addAmounts(sums[index] ?? amountsOf([]), line, 1));
  const linesAbove = (place: SourceRef): number => {
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const line = own[middle];
      if (line && isAbove(line.source, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    between(from, to) {
      const [first, last] = [sums[from ? linesAbove(from) : 0], sums[to ? linesAbove(to) : own.length]];
      return first && last ? addAmounts(last, first, -1) : amountsOf([]);
    },
  };
}

function addAmounts(a: LedgerAmounts, b: LedgerAmounts, sign: 1 | -1): LedgerAmounts {
  return {
    billedCents: a.billedCents + sign * b.billedCents,
    adjustedCents: a.adjustedCents + sign * b.adjustedCents,
    paidCents: a.paidCents + sign * b.paidCents,
    owedCents: a.owedCents + sign * b.owedCents,
  };
}

const figureKey = (figure: Figure, amounts: Pick<LedgerAmounts, `${Figure}Cents`>): string =>
  `${figure} ${String(amounts[`${figure}Cents`])}`;
const sumsKey = ({ billedCents, paidCents, owedCents }: Pick<LedgerAmounts, 'billedCents' | 'paidCents' | 'owedCents'>): string =>
  [billedCents, paidCents, owedCents].join(' ');

/** Bills print one provider's name in different case and spacing; other differences are for a person to judge. */
function providerKey(provider: string): string {
  return provider.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function providerTotals(lines: readonly BillLineView[]): ProviderTotals {
  const days = lines
    .flatMap(({ serviceFrom, serviceTo }) => [serviceFrom, serviceTo])
    .filter((day) => day !== null)
    .sort();
  return {
    provider: lines[0]?.provider ?? '',
    serviceFrom: days[0] ?? null,
    serviceTo: days.at(-1) ?? null,
    lineCount: lines.length,
    sources: onePerPage(lines.flatMap(({ source, alsoIn }) => [source, ...alsoIn])),
    ...amountsOf(lines),
  };
}

/** Array.sort is stable, so equal days keep the order of appearance. */
function byServiceDate(a: ProviderTotals, b: ProviderTotals): number {
  const [dayA, dayB] = [a.serviceFrom ?? '9999', b.serviceFrom ?? '9999'];
  return dayA < dayB ? -1 : dayA > dayB ? 1 : 0;
}

function amountsOf(lines: readonly BillLineView[]): LedgerAmounts {
  return {
    billedCents: sumCents(lines.map((line) => line.billedCents)),
    adjustedCents: sumCents(lines.map((line) => line.adjustedCents)),
    paidCents: sumCents(lines.map((line) => line.paidCents)),
    owedCents: sumCents(lines.map((line) => line.owedCents)),
  };
}

/** The first source on each page: documents in order of appearance, pages in order. */
function onePerPage(sources: readonly SourceRef[]): SourceRef[] {
  return [...Map.groupBy(sources, (source) => source.documentId).values()].flatMap((ofDocument) =>
    [...Map.groupBy(ofDocument, (source) => source.page).values()].flatMap((ofPage) => ofPage.slice(0, 1)).sort((a, b) => a.page - b.page),
  );
}
