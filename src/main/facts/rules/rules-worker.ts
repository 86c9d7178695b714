import { extractBillLines } from './bill-lines.ts';
import { extractFacts } from './extract-facts.ts';
import type { RuleDocument } from './proposals.ts';

/** Rules run over text that strangers wrote: in a worker, so that a slow pattern costs its budget and nothing else. */
async function extract(input: RuleDocument): Promise<Extraction> {
  return Promise.resolve({ facts: extractFacts(input), bills: extractBillLines(input) });
}

export interface Extraction {
  facts: ReturnType<typeof extractFacts>;
  bills: ReturnType<typeof extractBillLines>;
}
export const tasks = { extract };
