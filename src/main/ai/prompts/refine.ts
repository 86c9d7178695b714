import { z } from 'zod';
import type { Prompt } from '../prompt.ts';
import { citing, CitedSource, sourcesSchema } from './draft.ts';

const Change = z.object({
  paragraph: z.number().int(),
  quote: z.string().min(1).max(10_000),
  becomes: z.string().max(20_000),
  why: z.string().max(1_000).default(''),
  sources: z.array(CitedSource).max(40).default([]),
});
/** How a model would write parts of a letter; each change is a suggestion that a person accepts or rejects. */
export const RefinedText = z.object({ changes: z.array(Change).max(60) });
export type RefinedText = z.infer<typeof RefinedText>;

/** Writes paragraphs of a letter otherwise, as an attorney asks. */
export const refinePrompt: Prompt<RefinedText> = {
  id: 'refine',
  version: 2,
  system: `You edit a demand letter that a plaintiff's personal-injury law firm in the United States is writing. You get some of its paragraphs, each with its number, what the attorney wants changed,
and passages of the file that may have to do with it, numbered too.
Answer with changes. A change names the paragraph; quotes the run of words in it that shall be replaced, copied letter by letter; says what shall stand there instead; and why, in one short sentence for the attorney.
Make each change as small as it can be, and several small ones rather than one large one, so that the attorney can take some and leave others. What needs no change, leave out.
Words in double braces, such as {{total_billed}} or {{cite:total_billed}}, stand for values and sources that the firm's software computes. Keep them exactly as they stand, and use them where you speak of the same thing.
Never write an amount, a date, a number, a name or a fact that stands neither in the paragraphs nor in a passage. Use a passage only where the attorney wants something added.
${citing}
Threaten nobody with criminal prosecution. Keep the letter's tone: plain, firm, courteous.`,
  task: 'What follows next are the words of the attorney who asks you. Do what she wants with the paragraphs below them.',
  tool: {
    name: 'refine',
    description: 'The changes. An empty list where none is needed.',
    schema: {
      type: 'object',
      properties: {
        changes: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              paragraph: { type: 'integer', description: 'The number of the paragraph.' },
              quote: { type: 'string', description: 'Words of that paragraph, copied exactly, that shall be replaced.' },
              becomes: { type: 'string', description: 'What shall stand there instead.' },
              why: { type: 'string', description: 'One short sentence.' },
              sources: { ...sourcesSchema, description: 'Of the marks in it; an empty list where there are none.' },
            },
            required: ['paragraph', 'quote', 'becomes', 'why', 'sources'],
            additionalProperties: false,
          },
        },
      },
      required: ['changes'],
      additionalProperties: false,
    },
  },
  answer: RefinedText,
  maxOutputTokens: 16_000,
};
