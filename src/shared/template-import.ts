import { z } from 'zod';
import { LetterStyle } from './letter-style.ts';
import { TemplateSection, TemplateVariable, VariableName, VariableType } from './template-content.ts';

/**
 * Something in a letter of the firm that a template should not say as it stands. placeholder: a gap somebody left to be filled ("[CLIENT NAME]", «Client», ____).
 * fact: what looks like a fact of another case, by the look of it only.
 */
export const FoundWords = z.object({
  /** As it stands in the text; of all its places at once. */
  words: z.string(),
  kind: z.enum(['placeholder', 'fact']),
  what: z.enum(['gap', 'name', 'amount', 'date', 'number']),
  times: z.number().int(),
  /** The sentence around its first place. */
  around: z.string(),
  /** A variable that Steno knows and that it may be; null: none is like it. */
  known: VariableName.nullable(),
  /** What it would be asked as. */
  ask: z.object({ name: VariableName, label: z.string(), type: VariableType }),
});
export type FoundWords = z.infer<typeof FoundWords>;

export const ReadDocx = z.object({ fileName: z.string().min(1).max(255), bytes: z.base64().max(28_000_000) });
export const ImportedDocx = z.object({
  sections: z.array(TemplateSection),
  found: z.array(FoundWords),
  /** How it looks, as far as letters can look so. */
  style: LetterStyle,
  /** What was left out or is otherwise than in Word, for the person. */
  notes: z.array(z.string()),
});
export type ImportedDocx = z.infer<typeof ImportedDocx>;

/** What a person decided about words: they become a variable that Steno knows, or one that is asked, or they stay. */
export const WordsChoice = z.object({
  words: z.string().min(1).max(500),
  become: z.discriminatedUnion('as', [
    z.object({ as: z.literal('known'), name: VariableName }),
    z.object({ as: z.literal('asked'), variable: TemplateVariable }),
    z.object({ as: z.literal('kept') }),
  ]),
});
export type WordsChoice = z.infer<typeof WordsChoice>;

export const ImportTemplate = z.object({
  name: z.string().trim().min(1).max(240),
  category: z.string().trim().max(100).nullable(),
  sections: z.array(TemplateSection).max(200),
  choices: z.array(WordsChoice).max(1000),
  /** null: as Steno's own letters. */
  style: LetterStyle.nullable().default(null),
});
