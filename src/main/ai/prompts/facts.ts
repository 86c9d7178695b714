import { z } from 'zod';
import type { Prompt } from '../prompt.ts';

const Found = z.object({ kind: z.string().max(60), value: z.string().max(2000), page: z.number().int(), quote: z.string().max(2000) });
/** What a model says it found; nothing of it is believed (facts/verify.ts). */
export const FoundFacts = z.object({ facts: z.array(Found).max(500) });
export type FoundFacts = z.infer<typeof FoundFacts>;

const kinds: Record<string, string> = {
  client_name: 'the injured person whom the firm represents',
  client_birth_date: "the client's date of birth",
  defendant_name: 'the person or company that is said to be at fault',
  date_of_loss: 'the day of the accident or injury',
  time_of_loss: 'the time of day of it',
  place_of_loss: 'where it happened',
  claim_number: "the insurance carrier's claim number",
  policy_number: "the number of the at-fault party's policy",
  firm_reference: "the firm's own file number",
  court_case_number: "the court's case number",
  carrier: 'the insurance carrier of the other side',
  adjuster: 'the person at the carrier who handles the claim',
  opposing_counsel: 'the lawyer or law firm of the other side',
  plaintiff_counsel: "the client's lawyer or law firm",
  witness: 'a person who saw it',
  wage_loss: 'an amount of income lost',
};

/** What a model may propose: kinds whose form our own code reads from the quote. */
export const askedKinds: readonly string[] = Object.keys(kinds);

/** Finds facts in the pages of one document. */
export const factsPrompt: Prompt<FoundFacts> = {
  id: 'facts',
  version: 1,
  system: `You read pages of one document from the file of a plaintiff's personal-injury law firm in the United States and list the facts that it states.
The kinds of facts are:
${Object.entries(kinds)
  .map(([kind, means]) => `- ${kind}: ${means}`)
  .join('\n')}
For each fact give its kind; its value as the page writes it; the number of the page; and a quote: the shortest run of words on that page, copied letter by letter, that states the fact and
contains the value. Each quote is compared with the page, and a fact whose quote is not there is thrown away. Give each value once, at the place that states it best.`,
  task: 'List the facts that these pages state.',
  tool: {
    name: 'facts',
    description: 'The facts that the pages state. An empty list where they state none.',
    schema: {
      type: 'object',
      properties: {
        facts: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              kind: { type: 'string', enum: Object.keys(kinds) },
              value: { type: 'string', description: 'As the page writes it.' },
              page: { type: 'integer', description: 'The number of the page.' },
              quote: { type: 'string', description: 'Words of that page, copied exactly, that contain the value.' },
            },
            required: ['kind', 'value', 'page', 'quote'],
            additionalProperties: false,
          },
        },
      },
      required: ['facts'],
      additionalProperties: false,
    },
  },
  answer: FoundFacts,
  // thinking is part of it
  maxOutputTokens: 16_000,
};
