import { z } from 'zod';
import type { Prompt } from '../prompt.ts';

/** Where a marked sentence says it stands. */
export const CitedSource = z.object({ mark: z.number().int(), passage: z.number().int(), quote: z.string().max(4_000) });
const Paragraph = z.object({ text: z.string().max(20_000), sources: z.array(CitedSource).max(40).default([]) });
/** Paragraphs with the places they say they rest on. Nothing of it is believed (drafting/cite.ts). */
export const CitedText = z.object({ paragraphs: z.array(Paragraph).max(60) });
export type CitedText = z.infer<typeof CitedText>;
export type CitedParagraph = z.infer<typeof Paragraph>;
/** One of them, as it arrives. */
export const CitedParagraph = Paragraph;

/** The form of the sources of some words. */
export const sourcesSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      mark: { type: 'integer', description: 'The number in the mark; counted anew in each paragraph.' },
      passage: { type: 'integer', description: 'The number of the passage.' },
      quote: { type: 'string', description: 'The words of that passage, copied exactly, that say so.' },
    },
    required: ['mark', 'passage', 'quote'],
    additionalProperties: false,
  },
};

/** The form of an answer whose sentences name the passages they rest on. */
export function citedTool(name: string, description: string) {
  return {
    name,
    description,
    schema: {
      type: 'object',
      properties: {
        paragraphs: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              text: {
                type: 'string',
                description: 'The paragraph, with a mark such as [[1]] at the end of each sentence that rests on a passage.',
              },
              sources: sourcesSchema,
            },
            required: ['text', 'sources'],
            additionalProperties: false,
          },
        },
      },
      required: ['paragraphs'],
      additionalProperties: false,
    },
  };
}

/** What every answer is told that rests on passages. */
export const citing = `Each sentence that states a fact ends with a mark, [[1]], [[2]], for the passage it rests on, before the full stop. For each mark give the number of the passage and a quote: the
shortest run of words in it, copied letter by letter, that says so. Each quote is compared with its page; a sentence whose quote is not there, or whose figures, days and names do not stand in its quote,
is shown to the attorney as unsupported. So write a figure, a day or a name as the quote has it, and only those that it has.`;

/** Writes one section of a demand letter. */
export const draftPrompt: Prompt<CitedText> = {
  id: 'draft',
  version: 1,
  system: `You draft one section of a demand letter that a plaintiff's personal-injury law firm in the United States is writing. You get the section's heading, what the firm's template says there, what stands
there already, the names of values, and numbered passages of the file.
Answer with the paragraphs that shall be added to the section, each one to five sentences, without its heading. Do not repeat what stands there already. Where the passages say nothing for this section,
answer with an empty list.
${citing}
A word in double braces, such as {{total_billed}}, is the name of a value that the firm's software puts in; {{cite:total_billed}} puts in its sources. Where a value of the list says it, write its name and never
the value itself, and behind it {{cite:...}} with the same name in place of a mark. Use only names of the list. Sums are always values: add nothing up.
Write plain text: no headings, no lists, no markup. Threaten nobody with criminal prosecution. Keep the letter's tone: plain, firm, courteous.`,
  task: 'Draft the section. If words of the attorney who asks you follow next, do what she wants.',
  tool: citedTool('draft', 'The paragraphs of the section. An empty list where the passages say nothing for it.'),
  answer: CitedText,
  maxOutputTokens: 16_000,
};

/** Answers a question about the file. */
export const answerPrompt: Prompt<CitedText> = {
  id: 'answer',
  version: 1,
  system: `You answer a question of an attorney at a plaintiff's personal-injury law firm in the United States about the file of one case, from numbered passages of it and from nothing else.
Answer in one to three short paragraphs, the answer itself first. Where passages contradict each other, say so and name both. Where the passages do not say it, answer with an empty list.
${citing}
Write plain text: no headings, no lists, no markup. Give no legal advice.`,
  task: 'The question of the attorney follows next.',
  tool: citedTool('answer', 'The answer. An empty list where the passages do not say it.'),
  answer: CitedText,
  maxOutputTokens: 8_000,
};
