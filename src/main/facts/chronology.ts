import type { ChronologyEntry, ChronologyGap, ChronologyView } from '../../shared/chronology.ts';
import { Day } from '../../shared/days.ts';
import type { BillLineView, FactView } from '../../shared/facts.ts';
import { sumCents } from '../../shared/money.ts';

/** Days without treatment from which on adjusters argue that the injury had healed, and days after the loss that it was no injury of it. */
const longestGapDays = 30;
const longestDelayDays = 14;

const dayMs = 86_400_000;
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

interface Span {
  from: string;
  to: string;
}

/** Long times without any treatment, each between the span that ended last and the one that begins next; from the loss to the first, `last` is null. */
export function gapsBetween<T extends Span>(spans: readonly T[], lossDay: string | null): (ChronologyGap & { last: T | null; next: T })[] {
  const sorted = spans.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const [first] = sorted;
  if (!first) return [];
  const delay = lossDay === null ? 0 : daysBetween(lossDay, first.from);
  const gaps: (ChronologyGap & { last: T | null; next: T })[] =
    lossDay !== null && delay > longestDelayDays
      ? [{ from: lossDay, to: first.from, days: delay, isDelay: true, last: null, next: first }]
      : [];
  let last = first;
  for (const next of sorted) {
    const days = daysBetween(last.to, next.from);
    if (days > longestGapDays) gaps.push({ from: last.to, to: next.from, days, isDelay: false, last, next });
    if (next.to > last.to) last = next;
  }
  return gaps;
}

const weights = { corrected: 3, approved: 2, proposed: 1, rejected: 0 } as const;

/** The day of the loss: what people decided goes before what rules propose; null where nobody says it or it is no day. */
export function lossDayOf(facts: readonly FactView[]): string | null {
  const [loss] = facts
    .filter(({ kind, state }) => kind === 'date_of_loss' && state !== 'rejected')
    .toSorted((a, b) => weights[b.state] - weights[a.state] || b.confidence - a.confidence);
  return loss && Day.safeParse(loss.normal).success ? loss.normal : null;
}

/**
 * Visits by provider on a time line, from bill lines that count and from visits that records name. A record's visit joins the bill's entry of its day where one
 * provider's name is part of the other's ("Harbor General" and "Harbor General Emergency Department").
 */
export function chronologyOf(facts: readonly FactView[], lines: readonly BillLineView[]): ChronologyView {
  const counted = lines.filter(({ state, sameAs }) => state !== 'rejected' && sameAs === null);
  const dated = counted.flatMap((line) =>
    line.serviceFrom === null ? [] : [{ from: line.serviceFrom, to: line.serviceTo ?? line.serviceFrom, line }],
  );
  const entries = [...Map.groupBy(dated, ({ from, to, line }) => [from, to, nameOf(line.provider)].join('|')).values()].flatMap(
    (same): ChronologyEntry[] => {
      const [first] = same;
      if (!first) return [];
      const own = same.map(({ line }) => line);
      return [
        {
          from: first.from,
          to: first.to,
          provider: first.line.provider,
          done: [...new Set(own.map(({ description }) => description))],
          billedCents: sumCents(own.map(({ billedCents }) => billedCents)),
          sources: own.flatMap(({ source, alsoIn }) => [source, ...alsoIn]),
        },
      ];
    },
  );
  for (const { day, provider, fact } of visitsOf(facts)) {
    const joined = entries.find(({ from, to, provider: other }) => from === day && to === day && isSameProvider(provider, other));
    if (joined) joined.sources.push(fact.source);
    else entries.push({ from: day, to: day, provider, done: [], billedCents: 0, sources: [fact.source] });
  }
  const lossDay = lossDayOf(facts);
  return {
    lossDay,
    entries: entries
      .map((entry) => ({ ...entry, sources: oncePerPage(entry.sources) }))
      .toSorted((a, b) => (a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.provider < b.provider ? -1 : 1)),
    gaps: gapsBetween(entries, lossDay).map(({ last: _last, next: _next, ...gap }) => gap),
    undated: counted.length - dated.length,
  };
}

/** `normal` of a visit is "2024-02-15|provider"; a span that a bill sums up says the days better than one of its days does. */
function visitsOf(facts: readonly FactView[]): { day: string; provider: string; fact: FactView }[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== 'visit' || fact.state === 'rejected') return [];
    const at = fact.normal.indexOf('|');
    const [day, provider] = [fact.normal.slice(0, at), fact.normal.slice(at + 1)];
    return at > 0 && provider !== '' && Day.safeParse(day).success ? [{ day, provider, fact }] : [];
  });
}

const nameOf = (provider: string): string => (provider.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

function isSameProvider(a: string, b: string): boolean {
  const [one, other] = [` ${nameOf(a)} `, ` ${nameOf(b)} `];
  return one.trim() !== '' && other.trim() !== '' && (one.includes(other) || other.includes(one));
}

function oncePerPage(sources: ChronologyEntry['sources']): ChronologyEntry['sources'] {
  const seen = new Set<string>();
  return sources.filter(({ documentId, page }) => {
    const place = `${documentId} ${String(page)}`;
    return seen.has(place) ? false : seen.add(place);
  });
}
