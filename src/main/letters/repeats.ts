import { createHash } from 'node:crypto';
import type { ChronologyEntry, ChronologyView } from '../../shared/chronology.ts';
import { formatDayLong, formatService } from '../../shared/days.ts';
import type { SourceRef } from '../../shared/documents.ts';
import { factLabels, type BillLineView, type FactKind, type FactView, type LedgerView, type ProviderTotals } from '../../shared/facts.ts';
import type { LetterVariable } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import type { VariableType } from '../../shared/template-content.ts';
import type { Item } from '../templates/templates.ts';

interface Field {
  name: string;
  label: string;
  type: VariableType;
}
export interface RepeatList {
  list: string;
  label: string;
  /** What each item has. */
  fields: Field[];
}

const field = (name: string, label: string, type: VariableType = 'text'): Field => ({ name, label, type });
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const amounts = (of: string): Field[] =>
  (['billed', 'adjusted', 'paid', 'owed'] as const).map((figure) => field(`${of}_${figure}`, `${capital(of)}, ${figure}`, 'money'));

/** Kinds of facts of which a letter may list every one. */
const factLists: Partial<Record<FactKind, string>> = {
  diagnosis: 'diagnoses',
  procedure: 'procedures',
  medication: 'medications',
  vehicle: 'vehicles',
  liability_quote: 'liability_quotes',
  measure: 'measures',
  earlier_condition: 'earlier_conditions',
  future_care: 'future_care_items',
};

/** What `{{#each ...}}` goes through. Within a provider, bill lines and visits are that provider's. */
export const repeatLists: readonly RepeatList[] = [
  {
    list: 'providers',
    label: 'Providers with bills',
    fields: [
      field('provider', 'Provider'),
      field('provider_dates', 'Provider, dates of service'),
      ...amounts('provider'),
      field('provider_line_count', 'Provider, number of bill lines'),
    ],
  },
  {
    list: 'bill_lines',
    label: 'Bill lines that count',
    fields: [
      field('line_provider', 'Line, provider'),
      field('line_date', 'Line, date of service'),
      field('line_code', 'Line, code'),
      field('line_description', 'Line, what was done'),
      ...amounts('line'),
    ],
  },
  {
    list: 'visits',
    label: 'Visits, in the order of the chronology',
    fields: [
      field('visit_date', 'Visit, date', 'date'),
      field('visit_provider', 'Visit, provider'),
      field('visit_done', 'Visit, what was done'),
      field('visit_billed', 'Visit, billed', 'money'),
    ],
  },
  ...Object.entries(factLists).map(([kind, list]) => {
    const label = factLabels[kind as FactKind];
    return { list, label: `${label}, each one once`, fields: [field(kind, label)] };
  }),
];
const fieldsByName = new Map(repeatLists.flatMap(({ fields }) => fields.map((one) => [one.name, one] as const)));

/** "provider_billed__0a1b2c3d4e5f": the variable of a repeated row, and whose. */
const keyedName = /^([a-z][a-z0-9_]*?)__([0-9a-f]{12,32})$/;

/** Whether a chip is of a repeated row and rests on bill lines. */
export const isRowOfBills = (name: string): boolean => /^(?:provider|line)(?:_[a-z_]+?)?__[0-9a-f]{12,32}$/.test(name);
export const isRow = (name: string): boolean => fieldsByName.has(keyedName.exec(name)?.[1] ?? '');

/** "Provider, billed" for a chip of a repeated row whose item is not there; null for any other name. */
export function rowLabel(name: string): string | null {
  return fieldsByName.get(keyedName.exec(name)?.[1] ?? '')?.label ?? null;
}

export interface Repeats {
  /** Keys of a list's items, in order; null: there is no such list. A key stays an item's for as long as it is what it was: a provider's name, a line, a value. */
  items(list: string, within: readonly Item[]): string[] | null;
  fields(list: string): string[];
  /** The variable of a row, computed now; null where the name is no row's, or its item is not there or does not count any more. */
  variable(name: string): LetterVariable | null;
}

interface RepeatsInput {
  facts: readonly FactView[];
  ledger: LedgerView;
  /** Asked where a letter or template speaks of visits. */
  chronology(): ChronologyView;
}

type Reading = Omit<LetterVariable, 'name' | 'label'>;
type ItemOf = (name: string) => Reading | null;

/** What repeats of templates go through, and what their rows say. Pure but for the chronology, which is asked once. */
export function createRepeats({ facts, ledger, chronology }: RepeatsInput): Repeats {
  const counted = ledger.lines.filter(({ state, sameAs }) => state !== 'rejected' && sameAs === null);
  const lists = new Map<string, Map<string, { provider: string | null; read: ItemOf }>>();
  function listOf(list: string) {
    const known = lists.get(list);
    if (known) return known;
    const made = new Map(make(list).map(({ key, ...item }) => [key, item]));
    lists.set(list, made);
    return made;
  }
  function make(list: string): { key: string; provider: string | null; read: ItemOf }[] {
    if (list === 'providers')
      return ledger.providers.map((totals) => ({
        key: keyOf('provider', totals.provider),
        provider: totals.provider,
        read: ofProvider(totals),
      }));
    if (list === 'bill_lines')
      return counted.map((line) => ({ key: line.billLineId.replaceAll('-', ''), provider: line.provider, read: ofLine(line) }));
    if (list === 'visits')
      return chronology().entries.map((entry) => ({
        key: keyOf('visit', entry.from, entry.to, entry.provider),
        provider: entry.provider,
        read: ofVisit(entry),
      }));
    const kind = Object.entries(factLists).find(([, name]) => name === list)?.[0];
    const standing = facts.filter((fact) => fact.kind === kind && fact.state !== 'rejected');
    return [...Map.groupBy(standing, ({ normal }) => normal)].map(([normal, same]) => ({
      key: keyOf('fact', kind ?? '', normal),
      provider: null,
      read: ofFacts(same),
    }));
  }
  const ofProvider = (totals: ProviderTotals): ItemOf => {
    const own = counted.filter(({ provider }) => sameName(provider, totals.provider));
    const open = own.filter(({ state }) => state === 'proposed').length;
    const state = open > 0 ? ('proposed' as const) : ('computed' as const);
    const working = `sum of ${lineCount(own.length)}${open > 0 ? `, ${String(open)} not yet approved` : ''}`;
    const { sources } = totals;
    return (name) => {
      const cents = centsOf('provider', name, totals);
      if (cents !== null) return { text: formatCents(cents), state, sources, working };
      if (name === 'provider') return { text: totals.provider, state, sources, working: null };
      if (name === 'provider_dates')
        return {
          text: formatService(totals.serviceFrom, totals.serviceTo),
          state,
          sources,
          working: `service dates of ${lineCount(own.length)}`,
        };
      return { text: lineCount(totals.lineCount), state, sources, working };
    };
  };
  const visitIsOpen = ({ sources }: ChronologyEntry): boolean => {
    const places = new Set(sources.map(placeOf));
    const behind = [...counted, ...facts.filter(({ kind, state }) => kind === 'visit' && state !== 'rejected')];
    return behind.some(({ state, source }) => state === 'proposed' && places.has(placeOf(source)));
  };
  const ofVisit = (entry: ChronologyEntry): ItemOf => {
    const { from, to, provider, done, billedCents, sources } = entry;
    const read = (text: string): Reading => ({ text, state: visitIsOpen(entry) ? 'proposed' : 'approved', sources, working: null });
    return (name) => {
      if (name === 'visit_date') return read(from === to ? formatDayLong(from) : `${formatDayLong(from)} to ${formatDayLong(to)}`);
      if (name === 'visit_provider') return read(provider);
      if (name === 'visit_done') return read(done.join('; '));
      return read(billedCents > 0 ? formatCents(billedCents) : '');
    };
  };

  return {
    items(list, within) {
      if (!repeatLists.some((one) => one.list === list)) return null;
      const around = within.findLast((item) => item.list === 'providers');
      const of = around && listOf('providers').get(around.key)?.provider;
      return [...listOf(list)].flatMap(([key, { provider }]) =>
        typeof of === 'string' && list !== 'providers' && provider !== null && !sameName(provider, of) ? [] : [key],
      );
    },
    fields: (list) => repeatLists.find((one) => one.list === list)?.fields.map(({ name }) => name) ?? [],
    variable(name) {
      const [, plain = '', key = ''] = keyedName.exec(name) ?? [];
      const list = repeatLists.find(({ fields }) => fields.some((one) => one.name === plain));
      const read = list && listOf(list.list).get(key)?.read(plain);
      const label = fieldsByName.get(plain)?.label;
      if (!read || label === undefined || read.text === '') return null;
      const of = listOf(list.list).get(key)?.provider ?? null;
      return { name, label: of === null ? label : `${label} (${of})`, ...read };
    },
  };
}

function ofLine(line: BillLineView): ItemOf {
  const state = line.state === 'proposed' ? ('proposed' as const) : ('approved' as const);
  const sources: SourceRef[] = [line.source, ...line.alsoIn];
  return (name) => {
    const cents = centsOf('line', name, line);
    if (cents !== null) return { text: formatCents(cents), state, sources, working: null };
    const text = {
      line_provider: line.provider,
      line_date: line.serviceFrom === null ? '' : formatService(line.serviceFrom, line.serviceTo),
      line_code: line.code ?? '',
    }[name];
    return { text: text ?? line.description, state, sources, working: null };
  };
}

function ofFacts(same: readonly FactView[]): ItemOf {
  const best = same.find(({ state }) => state !== 'proposed') ?? same[0];
  return () =>
    best
      ? {
          text: best.value,
          state: best.state === 'proposed' ? 'proposed' : 'approved',
          sources: [best, ...same.filter((one) => one !== best)].map(({ source }) => source),
          working: null,
        }
      : null;
}

function centsOf(
  of: 'provider' | 'line',
  name: string,
  row: Pick<BillLineView, 'billedCents' | 'adjustedCents' | 'paidCents' | 'owedCents'>,
): number | null {
  if (name === `${of}_billed`) return row.billedCents;
  if (name === `${of}_adjusted`) return row.adjustedCents;
  if (name === `${of}_paid`) return row.paidCents;
  return name === `${of}_owed` ? row.owedCents : null;
}

/** As the ledger tells providers apart. */
const sameName = (a: string, b: string): boolean => normalName(a) === normalName(b);
const normalName = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
const placeOf = ({ documentId, page, start }: SourceRef): string => `${documentId} ${String(page)} ${String(start)}`;
const lineCount = (count: number): string => `${String(count)} bill line${count === 1 ? '' : 's'}`;

/** The same on every laptop: made of what the item is. */
function keyOf(...parts: string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map(normalName)))
    .digest('hex')
    .slice(0, 16);
}
