import { citedSources, exhibitMark, isPassage } from '../../shared/citations.ts';
import { addDays, formatDayLong } from '../../shared/days.ts';
import type { SourceRef } from '../../shared/documents.ts';
import { type FactView, dayKinds, factLabels, type LedgerView, moneyKinds, singleKinds } from '../../shared/facts.ts';
import type { ChronologyView } from '../../shared/chronology.ts';
import type { Letterhead } from '../../shared/letterhead.ts';
import type { Block, Exhibit, LetterValues, LetterVariable } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import {
  addressOf,
  enteredText,
  type EnteredValue,
  type EnteredValues,
  type TemplateVariable,
  type VariableType,
} from '../../shared/template-content.ts';
import type { Vocabulary } from '../../shared/templates.ts';
import { allBlocks, allInlines, variablesUsed } from '../sync/letter-text.ts';
import { amountVariables } from './amounts.ts';
import { chooseFact, type ChosenFact, lastName } from './fact-choice.ts';
import { createRepeats, isRow, repeatLists, rowLabel, type Repeats } from './repeats.ts';

export interface LetterFacts {
  firm: Letterhead;
  facts: readonly FactView[];
  ledger: LedgerView;
  letter: {
    title: string;
    demandCents: number | null;
    /** ISO day; without one the letter's date is missing and blocks Finalize. */
    letterDate?: string | null;
    /** What its template asked a person for, and what was entered for it. */
    asked?: readonly TemplateVariable[];
    entered?: EnteredValues;
  };
  /** Asked where the letter speaks of visits. */
  chronology?(): ChronologyView;
  /** The letter's body: exhibits are lettered by its first citations, and names it uses that nothing defines come back missing. */
  blocks: readonly Block[];
  /** What of the names it uses are places on pages: see passages.ts. */
  passages?: readonly LetterVariable[];
}

/** Days a demand stays open: 30 after email or certified mail, 33 after other mail (Cal. CCP 999.1); the longer one. */
const responseDays = 33;

/** What every chip, table and citation of a letter stands for, computed anew from facts and bill lines. Pure. */
export function computeLetterValues({ firm, facts, ledger, letter, blocks, chronology, passages = [] }: LetterFacts): LetterValues {
  const chosen = new Map(singleKinds.map((kind) => [kind, chooseFact(facts, kind)] as const));
  const client = chosen.get('client_name') ?? null;
  const list: LetterVariable[] = [
    ...singleKinds.map((kind) => fromFact(kind, factLabels[kind], chosen.get(kind) ?? null)),
    fromFact('client_last_name', "Client's last name", client && { ...client, text: lastName(client.text) }),
    entered('firm_name', 'Firm', firm.name),
    entered('firm_address', "Firm's address", firm.addressLines.join(', ')),
    entered('firm_phone', "Firm's telephone", firm.phone),
    entered('firm_email', "Firm's email", firm.email),
    entered('letter_title', 'Title', letter.title),
    entered('letter_date', 'Date of the letter', letter.letterDate ? formatDayLong(letter.letterDate) : null),
    responseDeadline(letter.letterDate ?? null),
    entered('demand_amount', 'Demand', letter.demandCents === null ? null : formatCents(letter.demandCents)),
    ...amountVariables(ledger, chosen.get('wage_loss') ?? null),
    ...passages,
  ];
  const variables = Object.fromEntries(list.map((variable) => [variable.name, variable]));
  // what facts and the ledger tell is never what somebody typed
  for (const variable of askedVariables(letter.asked ?? [], letter.entered ?? {}))
    if (!Object.hasOwn(variables, variable.name)) define(variables, variable);
  const { shown, cited } = variablesUsed(blocks);
  const unknown = new Set([...shown, ...cited].filter((name) => !Object.hasOwn(variables, name)));
  if (unknown.size > 0) {
    const repeats = repeatsOf({ facts, ledger, ...(chronology && { chronology }) });
    for (const name of unknown) define(variables, repeats.variable(name) ?? missing(name, rowLabel(name) ?? labelOf(name)));
  }
  const specials = { providers: ledger.providers, totals: ledger.totals };
  return { variables, specials, exhibits: exhibitsOf(blocks, variables, specials) };
}

/** What a template may name: what every letter has, and what repeats go through. */
export function vocabulary(): Vocabulary {
  const none = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };
  const { variables } = computeLetterValues({
    firm: { name: '', addressLines: [], phone: null, email: null },
    facts: [],
    ledger: { lines: [], providers: [], totals: none, statedTotals: [] },
    letter: { title: '', demandCents: null },
    blocks: [],
  });
  const typeOf = (name: string): VariableType => (moneyNames.has(name) ? 'money' : dayNames.has(name) ? 'date' : 'text');
  return {
    variables: Object.values(variables).map(({ name, label }) => ({ name, label, type: typeOf(name) })),
    lists: repeatLists.map(({ list, label, fields }) => ({ list, label, fields })),
  };
}
const moneyNames: ReadonlySet<string> = new Set([
  ...moneyKinds,
  'demand_amount',
  'total_billed',
  'total_adjusted',
  'total_paid',
  'total_owed',
  'economic_total',
]);
const dayNames: ReadonlySet<string> = new Set([...dayKinds, 'letter_date', 'response_deadline', 'first_service_date', 'last_service_date']);

/** What repeats of a matter go through. */
export function repeatsOf({ facts, ledger, chronology }: Pick<LetterFacts, 'facts' | 'ledger' | 'chronology'>): Repeats {
  return createRepeats({ facts, ledger, chronology: chronology ?? (() => ({ lossDay: null, entries: [], gaps: [], undated: 0 })) });
}

/** A value of another type than its variable's is none: the template asked for something else when it was entered. */
function askedVariables(asked: readonly TemplateVariable[], values: EnteredValues): LetterVariable[] {
  // a name that the ledger or a page gives its meaning is nobody's to type
  return asked
    .filter(({ name }) => !isRow(name) && !isPassage(name))
    .flatMap(({ name, label, type }) => {
      const own = Object.hasOwn(values, name) ? values[name] : undefined;
      const value: EnteredValue | undefined = own?.type === type ? own : undefined;
      const address = value?.type === 'party' ? value.address.split('\n').join(', ') : '';
      return [
        entered(name, label, value ? enteredText(value) : null),
        ...(type === 'party' ? [entered(addressOf(name), `${label}, address`, address === '' ? null : address)] : []),
      ];
    });
}

function fromFact(name: string, label: string, fact: ChosenFact | null): LetterVariable {
  return fact ? { name, label, text: fact.text, state: fact.state, sources: fact.sources, working: null } : missing(name, label);
}

function entered(name: string, label: string, text: string | null): LetterVariable {
  return text ? { name, label, text, state: 'entered', sources: [], working: null } : missing(name, label);
}

function responseDeadline(letterDate: string | null): LetterVariable {
  const [name, label] = ['response_deadline', 'Deadline for a reply'];
  if (!letterDate) return missing(name, label);
  const text = formatDayLong(addDays(letterDate, responseDays));
  return { name, label, text, state: 'computed', sources: [], working: `${String(responseDays)} days after the date of the letter` };
}

function missing(name: string, label: string): LetterVariable {
  return { name, label, text: '', state: 'missing', sources: [], working: null };
}

/** A name from a shared body may be "__proto__"; assignment would lose it. */
function define(variables: Record<string, LetterVariable>, variable: LetterVariable): void {
  Object.defineProperty(variables, variable.name, { value: variable, enumerable: true, configurable: true, writable: true });
}

/** "incident_date" -> "Incident date" */
function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words === '' ? 'Unnamed' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Exhibit A, B, ... Z, AA in order of first citation; the specials table cites every page it was summed from. */
function exhibitsOf(
  blocks: readonly Block[],
  variables: Record<string, LetterVariable>,
  { providers }: LetterValues['specials'],
): Exhibit[] {
  const names = new Map<string, string>();
  const cite = (sources: readonly SourceRef[]): void => {
    for (const { documentId, documentName } of sources) if (!names.has(documentId)) names.set(documentId, documentName);
  };
  for (const block of allBlocks(blocks)) {
    if (block.type === 'specialsTable') for (const { sources } of providers) cite(sources);
    if (block.type !== 'heading' && block.type !== 'paragraph') continue;
    for (const inline of allInlines(block.content)) {
      const variable = inline.type === 'citation' && Object.hasOwn(variables, inline.of) ? variables[inline.of] : undefined;
      if (variable) cite(citedSources(variable));
    }
  }
  return [...names].map(([documentId, name], index) => ({ mark: exhibitMark(index), documentId, name }));
}
