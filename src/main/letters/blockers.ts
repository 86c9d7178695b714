import { isPassage } from '../../shared/citations.ts';
import { singleKinds } from '../../shared/facts.ts';
import type { Block, Blocker, LetterValues, LetterVariable } from '../../shared/letters.ts';
import { mayFinalize, type Role } from '../../shared/session.ts';
import { variablesUsed } from '../sync/letter-text.ts';
import { billVariables } from './amounts.ts';
import { isRow, isRowOfBills } from './repeats.ts';

/** What is found in documents and corrected under Facts; other names a template may use are for a person to write. */
const factNames: ReadonlySet<string> = new Set([...singleKinds, 'client_last_name']);

/**
 * Why this letter cannot be finalized yet by this person, in reading order; empty when nothing stands in the way.
 * Only what the letter uses counts. Attorneys and admins finalize (document 000, roles).
 */
export function blockersFor(blocks: readonly Block[], values: LetterValues, role: Role): Blocker[] {
  const { shown, cited, specialsTable } = variablesUsed(blocks);
  const names = new Set([...shown, ...cited]);
  const blockers = [...names].flatMap((name) => variableBlockers(name, values, cited.includes(name)));
  if (specialsTable && values.specials.providers.length === 0) {
    blockers.push({ kind: 'missing', text: 'The specials table is empty: no bill lines have been found.', variable: null });
  }
  if (specialsTable || [...names].some(restsOnBills)) blockers.push(...unreadTotals(values));
  if (!mayFinalize(role)) blockers.push({ kind: 'role', text: 'Only an attorney can finalize a letter.', variable: null });
  return blockers.filter((blocker, index) => blockers.findIndex(({ text }) => text === blocker.text) === index);
}

function variableBlockers(name: string, values: LetterValues, isCited: boolean): Blocker[] {
  const variable = Object.hasOwn(values.variables, name) ? values.variables[name] : undefined;
  if (!variable || variable.state === 'missing') return [{ kind: 'missing', text: missingText(name, variable), variable: name }];
  if (name === 'economic_total') return variableBlockers('wage_loss', values, false).filter(({ kind }) => kind === 'proposed');
  if (variable.state === 'proposed' && !restsOnBills(name)) {
    return [{ kind: 'proposed', text: `${variable.label}: “${variable.text}” was found but nobody has approved it.`, variable: name }];
  }
  if (isCited && variable.sources.length === 0) {
    return [{ kind: 'missing', text: `${variable.label} is cited, but no document supports it.`, variable: name }];
  }
  return [];
}

const restsOnBills = (name: string): boolean => billVariables.has(name) || isRowOfBills(name);

function missingText(name: string, variable: LetterVariable | undefined): string {
  if (name === 'demand_amount') return 'The demand has not been entered.';
  if (name === 'letter_date') return 'The letter has no date.';
  if (billVariables.has(name)) return `${variable?.label ?? name}: no bill lines have been found.`;
  if (isPassage(name)) return 'A page that is cited does not say any more what was cited. Cite another place, or take the citation out.';
  const label = variable?.label ?? name;
  if (isRow(name))
    return `${label}: what this row was made of is no longer in the evidence, or does not say this any more. Put it right under Facts, or take it out of the letter.`;
  if (name.startsWith('confirm_')) return `${label}. An attorney takes this mark out of the letter once it is so.`;
  if (factNames.has(name)) return `${label}: nothing found yet. Enter it under Facts, or take it out of the letter.`;
  return `${label}: no document tells Steno. Write it in place of the mark, or take it out of the letter.`;
}

/** One blocker for all totals: they rest on the same lines. */
function unreadTotals({ variables }: LetterValues): Blocker[] {
  const total = variables['total_billed'];
  if (total?.state !== 'proposed') return [];
  return [{ kind: 'unread_total', text: `The totals rest on bill lines to be checked: ${total.working ?? ''}.`, variable: total.name }];
}
