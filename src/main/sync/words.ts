import { z } from 'zod';
import { formatCents } from '../../shared/money.ts';
import { EnteredValue, enteredText, TemplateVariable } from '../../shared/template-content.ts';
import { isSaid, remarkInWords, remarkThing } from './remark-words.ts';

/** Words for what sync tells a person. */

const entityWords: Record<string, string> = {
  matter: 'The matter',
  document: 'A document',
  fact: 'A fact',
  bill_line: 'A bill line',
  letter: 'The letter',
  letter_update: 'An edit of the letter',
  letter_version: 'A version of the letter',
  template: 'A template',
  export: 'An export',
  collaboration: 'A comment or suggestion',
  review: 'A review',
  page: 'A page',
  stated_total: 'A stated total',
  question: 'An answer about the evidence',
  assistant_policy: 'What the assistant may do',
  assistant_call: 'A record of a call of the assistant',
  ai_refinement: 'A record of what the assistant was asked',
  document_link: 'A link between two documents',
  feedback: 'A judgement of yours',
  conflict: 'A choice between two values',
  proposal: 'A decision about a proposal',
  template_version: 'A version of a template',
  template_draft: 'A draft of a template',
};
const manyWords: Record<string, [one: string, many: string]> = {
  matter: ['change of the matter', 'changes of the matter'],
  document: ['document', 'documents'],
  fact: ['fact', 'facts'],
  bill_line: ['bill line', 'bill lines'],
  letter: ['change of the letter', 'changes of the letter'],
  letter_update: ['edit of the letter', 'edits of the letter'],
  letter_version: ['version of the letter', 'versions of the letter'],
  template: ['template', 'templates'],
  export: ['export', 'exports'],
  collaboration: ['comment or suggestion', 'comments and suggestions'],
  review: ['review', 'reviews'],
  page: ['page', 'pages'],
  stated_total: ['stated total', 'stated totals'],
  question: ['answer about the evidence', 'answers about the evidence'],
  assistant_policy: ['decision about the assistant', 'decisions about the assistant'],
  assistant_call: ['record of the assistant’s calls', 'records of the assistant’s calls'],
  ai_refinement: ['record of what the assistant was asked', 'records of what the assistant was asked'],
  document_link: ['link between documents', 'links between documents'],
  feedback: ['judgement', 'judgements'],
  conflict: ['choice between two values', 'choices between two values'],
  proposal: ['decision about a proposal', 'decisions about proposals'],
  template_version: ['version of a template', 'versions of templates'],
  template_draft: ['draft of a template', 'drafts of templates'],
};

const refusalWords: Record<string, string> = {
  letter_finalized: 'The letter was finalized before this arrived, so the firm kept it as it is.',
  letter_deleted: 'The letter was deleted before this arrived.',
  letter_gone: 'The letter was deleted for good, so nothing can go into it any more.',
  leans_on_missing: 'It builds on an edit of yours that is not in the letter.',
  reopen_needs_attorney: 'Only an attorney can open a finalized letter again.',
  proposal_decided: 'A colleague had decided it already.',
  status_transition: 'The letter’s status had moved on meanwhile.',
  finalize_needs_attorney: 'Only an attorney can finalize a letter.',
  archive_needs_attorney: 'Only an attorney can archive a letter.',
  hold_needs_attorney: 'Only an attorney can put a legal hold on a matter, or lift it.',
  legal_hold: 'The matter is under legal hold: nothing in it may be deleted or moved.',
  link_across_matters: 'The two documents belong to different matters.',
  not_author: 'Only who wrote it can change it.',
  thread_resolved: 'The thread was resolved meanwhile.',
  suggestion_decided: 'The suggestion was decided, and is not opened again.',
  review_answered: 'It was answered or taken back already.',
  not_asked: 'Only who was asked can answer.',
  attest_needs_attorney: 'Only an attorney can let a sentence of fact stand without a source.',
  refinement_finished: 'The refinement had ended already.',
  approval_needs_reviewer: 'Your role may not approve or reject what was read from a contract.',
  extraction_approved: 'What was read from the contract is approved: it is corrected, not changed.',
  extraction_rejected: 'What was read from the contract was rejected: it has to be read again first.',
  forbidden: 'Your role may not make this change.',
  not_found: 'It was removed at the firm meanwhile.',
  missing_parent: 'What it belongs to is not at the firm.',
  duplicate: 'The firm has one already.',
  invalid: 'The firm’s database refused a value in it.',
  quote_not_on_page: 'The words it quotes do not stand on that page.',
  append_only: 'What is written there is never changed.',
  unknown_field: 'The firm’s database does not know a field of it yet. Ask your IT whether it was updated.',
  unknown_entity: 'The firm’s database does not know this kind of thing yet. Ask your IT whether it was updated.',
};

/** "A fact"; with what is changed of it in hand a comment and a suggestion are told apart. */
export function thingWord(entity: string, patch: Record<string, unknown> = {}): string {
  const remark = entity === 'collaboration' ? remarkThing(patch) : null;
  return remark ?? entityWords[entity] ?? 'Something';
}

/** "3 edits of the letter" */
export function countOf(entity: string, count: number): string {
  const [one, many] = manyWords[entity] ?? ['change', 'changes'];
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

export function refusalWord(reason: string | null): string {
  return refusalWords[reason ?? ''] ?? 'The firm refused it.';
}

const unshown = new Set([
  'decided_by',
  'decided_at',
  'decision_reason',
  'normal',
  'asked_of',
  'state',
  'payload',
  'content',
  'letter_values',
]);

/** A patch of such a row as a person reads it: "value: February 15, 2024". */
export function patchInWords(entity: string, patch: Record<string, unknown>): string {
  const remark = entity === 'collaboration' ? remarkInWords(patch) : [];
  const isShown = (field: string): boolean =>
    !unshown.has(field) && !field.endsWith('_id') && !(entity === 'collaboration' && isSaid(field, patch));
  const rest = Object.entries(patch)
    .filter(([field]) => isShown(field))
    .map(([field, value]) => `${fieldWord(field)}: ${shown(field, value)}`);
  const parts = [...remark, ...rest];
  if (parts.length > 0) return parts.join('; ');
  return 'payload' in patch ? 'text typed into the letter' : stateOf(patch);
}

function stateOf(patch: Record<string, unknown>): string {
  return typeof patch['state'] === 'string' ? patch['state'] : '';
}

export function fieldWord(field: string): string {
  if (field === 'metadata') return 'what was entered for the template';
  return field.replace(/_cents$/, '').replaceAll('_', ' ');
}

function shown(field: string, value: unknown): string {
  if (value === null) return 'nothing';
  if (field === 'metadata') return enteredIn(value);
  if (field.endsWith('_cents') && typeof value === 'number') return formatCents(value);
  if (isFlat(value))
    return Object.entries(value)
      .flatMap(([name, inner]) => (inner === null ? [] : [`${spaced(name)} ${String(inner)}`]))
      .join(', ')
      .slice(0, 500);
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 500);
}

/** Of a letter's metadata what a person put there, under the template's own words: "Inspected on: March 4, 2024". */
function enteredIn(metadata: unknown): string {
  const read = Entered.safeParse(metadata).data;
  const labels = new Map(read?.asked.map(({ name, label }) => [name, label]));
  const words = Object.entries(read?.entered ?? {}).map(([name, value]) => `${labels.get(name) ?? spaced(name)}: ${textOf(value)}`);
  return words.length === 0 ? 'nothing' : words.join(', ').slice(0, 500);
}
const Entered = z.object({ asked: z.array(TemplateVariable).catch([]), entered: z.record(z.string(), z.unknown()).catch({}) });
function textOf(value: unknown): string {
  const known = EnteredValue.safeParse(value);
  return known.success ? enteredText(known.data) : 'a value that only a newer version of Steno can show';
}

/** The day of a moment as the person at this laptop sees it, "Nov 20, 2026". */
export function dayWord(at: number): string {
  return new Date(at).toLocaleDateString('en-US', { year: 'numeric', month: 'short', day: 'numeric' });
}

/** A decision of several values, each of them a word or a number. */
function isFlat(value: unknown): value is Record<string, string | number | boolean | null> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((inner) => inner === null || typeof inner !== 'object');
}

/** "monthLimitMicrodollars" as "month limit microdollars" */
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
