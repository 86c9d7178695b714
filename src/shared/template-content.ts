import { z } from 'zod';
import { Day, formatDayLong } from './days.ts';
import { LetterStyle } from './letter-style.ts';
import { Cents, formatCents } from './money.ts';

/** A name as chips carry it: lower case, digits, underscores. */
export const nameShape = /^[a-z][a-z0-9_]{0,63}$/;
export const VariableName = z.string().regex(nameShape, 'Use lower-case letters, digits and underscores, and begin with a letter.');

export const VariableType = z.enum(['text', 'date', 'money', 'party', 'list']);
export type VariableType = z.infer<typeof VariableType>;

/** What a template asks a person for when a letter is drafted, because no document tells it. */
export const TemplateVariable = z.object({
  name: VariableName,
  label: z.string().trim().min(1).max(100),
  type: VariableType,
  /** Whether a letter may be drafted without it; one that is left out stays a mark in the letter that keeps it from being finalized. */
  required: z.boolean().default(false),
  help: z.string().max(500).default(''),
});
export type TemplateVariable = z.infer<typeof TemplateVariable>;

export const TemplateSection = z.object({
  id: z.string().min(1).max(100),
  title: z.string().max(255),
  content: z.string().max(200_000),
  order: z.number(),
  /** false: the title names the section for the firm and is not printed. */
  heading: z.boolean().default(true),
  /** Whether who drafts is asked if the letter needs it. */
  optional: z.boolean().default(false),
});
export type TemplateSection = z.infer<typeof TemplateSection>;

/**
 * A template as document 000 stores it (template_content): sections of text with `{{variables}}`. Steno adds
 * `{{cite:name}}`, `{{specials_table}}`, `{{exhibit_list}}`, `{{#if name}}` and `{{#each providers}}`; and, as plain typing: an empty line ends
 * a paragraph, a line end breaks the line, "- " and "1. " make lists, "> " a quote, **bold**, *italic*.
 */
export const TemplateContent = z.object({
  sections: z.array(TemplateSection).max(200),
  /** A plain name is a mark that a person replaces in the letter itself; one with a type is asked for when it is drafted. */
  variables: z
    .array(z.union([z.string().max(100), TemplateVariable]))
    .max(500)
    .default([]),
  /** The law the text rests on, where it was read and on which day; for the firm, never printed. */
  authorities: z
    .array(z.object({ citation: z.string().max(255), says: z.string().max(2000), source: z.string().max(2000), checked: Day }))
    .max(100)
    .default([]),
  /** How its letters look; left out: as Steno's own. One that only a newer app can read is as left out. */
  style: LetterStyle.optional().catch(undefined),
});
/** As it is stored; what is left out has its default. */
export type TemplateContent = z.input<typeof TemplateContent>;
export type WholeTemplate = z.output<typeof TemplateContent>;

/** The variables that a person is asked for. */
export function askedOf({ variables }: Pick<WholeTemplate, 'variables'>): TemplateVariable[] {
  return variables.filter((variable) => typeof variable !== 'string');
}

const line = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .regex(/^[^\r\n]*$/, 'One line, please.');
/** What a person entered for a variable, by the variable's type; money in cents, a date as an ISO day. */
export const EnteredValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), value: line }),
  z.object({ type: z.literal('date'), value: Day }),
  z.object({ type: z.literal('money'), value: Cents.min(0) }),
  z.object({ type: z.literal('party'), value: line, address: z.string().trim().max(1000).default('') }),
  z.object({ type: z.literal('list'), value: z.array(line).min(1).max(200) }),
]);
export type EnteredValue = z.infer<typeof EnteredValue>;
export const EnteredValues = z.record(VariableName, EnteredValue).refine((values) => Object.keys(values).length <= 500, 'Too many values.');
export type EnteredValues = z.infer<typeof EnteredValues>;

/** What a chip reads for it: "June 3, 2024", "$1,200.00", "A, B, and C". */
export function enteredText(entered: EnteredValue): string {
  if (entered.type === 'date') return formatDayLong(entered.value);
  if (entered.type === 'money') return formatCents(entered.value);
  if (entered.type === 'list') return inWords(entered.value);
  return entered.value;
}

/** The chip that a party's address has beside its name's. */
export const addressOf = (party: string): string => `${party}_address`;

function inWords(items: readonly string[]): string {
  if (items.length < 3) return items.join(' and ');
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1) ?? ''}`;
}
