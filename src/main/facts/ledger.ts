import type { SourceRef } from '../../shared/documents.ts';
import type { BillLineView, LedgerAmounts, LedgerView, ProviderTotals, StatedTotal } from '../../shared/facts.ts';
import { sumCents } from '../../shared/money.ts';

/** A total as a document prints it, before it is checked. */
export type StatedAmounts = Omit<StatedTotal, 'agrees'>;

/**
 * Groups bill lines by provider and sums them in integer cents. Rejected lines stay in `lines` for the reviewer and
 * count nowhere else. Providers come in order of their first service date, undated ones last, then of appearance.
 * A total that a document states is compared with our own sum of the same lines and never used.
 */
export function buildLedger(lines: readonly BillLineView[], stated: readonly StatedAmounts[]): LedgerView {
  const counted = lines.filter((line) => line.state !== 'rejected');
  const byProvider = Map.groupBy(counted, (line) => providerKey(line.provider));
  const totals = amountsOf(counted);
  const amountsByProvider = new Map([...byProvider].map(([key, own]) => [key, amountsOf(own)]));
  const sums = Map.groupBy(amountsByProvider.values(), sumsKey);
  return {
    lines: [...lines],
    providers: [...byProvider.values()].map(providerTotals).sort(byServiceDate),
    totals,
    statedTotals: stated.map((total) => {
      if (total.provider === null) return { ...total, agrees: agrees(total, totals) };
      const own = amountsByProvider.get(providerKey(total.provider));
      if (own) return { ...total, agrees: agrees(total, own) };
      if (total.label !== total.provider) return { ...total, agrees: false }; // a subtotal under a provider we have no lines of
      // a summary names providers shortly ("EMS"): its figure agrees where exactly one provider's lines come to it
      return { ...total, agrees: sums.get(sumsKey(total))?.length === 1 };
    }),
  };
}

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
    sources: onePerPage(lines.map(({ source }) => source)),
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

const sumsKey = ({ billedCents, paidCents, owedCents }: Pick<LedgerAmounts, 'billedCents' | 'paidCents' | 'owedCents'>): string =>
  [billedCents, paidCents, owedCents].join(' ');

function agrees(stated: StatedAmounts, ours: LedgerAmounts): boolean {
  return stated.billedCents === ours.billedCents && stated.paidCents === ours.paidCents && stated.owedCents === ours.owedCents;
}

/** The first source on each page: documents in order of appearance, pages in order. */
function onePerPage(sources: readonly SourceRef[]): SourceRef[] {
  return [...Map.groupBy(sources, (source) => source.documentId).values()].flatMap((ofDocument) =>
    [...Map.groupBy(ofDocument, (source) => source.page).values()].flatMap((ofPage) => ofPage.slice(0, 1)).sort((a, b) => a.page - b.page),
  );
}
