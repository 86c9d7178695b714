import type { SuggestionData } from '../../shared/collaboration.ts';
import type { DraftingView } from '../../shared/drafting.ts';
import type { LetterValues } from '../../shared/letters.ts';
import type { CitedText } from '../ai/ai.ts';
import { freshIdsInOrder } from '../host/ids.ts';
import type { Store } from '../store/store.ts';
import type { Insertion } from '../sync/letter-insertion.ts';
import type { Change } from '../sync/outbox.ts';
import { citeParagraph, type Cited } from './cite.ts';
import { pageOf, type Passage } from './evidence.ts';

/** Blocks that may come into a letter, and what speaks against each. */
interface Drafted {
  insertions: readonly Insertion[];
  doubts: readonly (readonly string[])[];
}

/** Makes suggestions of what was drafted; their ids, in order. */
export function suggestDrafted(
  change: Change,
  letterId: string,
  { insertions, doubts }: Drafted,
  by: Pick<SuggestionData, 'model' | 'prompt' | 'why'>,
): string[] {
  const ids = freshIdsInOrder(insertions.length);
  for (const [n, { update, was, becomes, place }] of insertions.entries()) {
    const data: SuggestionData = {
      ...{ update: Buffer.from(update).toString('base64'), was, becomes, ...by },
      ...{ isBlock: true, doubts: [...(doubts[n] ?? [])] },
    };
    const position = { place, quote: '' };
    change.insert('collaboration', { collaborationId: ids[n] ?? '', letterId, changeType: 'Suggestion', changeData: data, position });
  }
  return ids;
}

/** A whole answer in a form a letter can hold, or why a paragraph is not. `values` null: no names of values were asked for. */
export function citedAnswer(
  store: Store,
  matterId: string,
  { paragraphs }: CitedText,
  passages: readonly Passage[],
  values: LetterValues | null,
): { taken: Cited[]; refused: DraftingView['refused'] } {
  const refused: DraftingView['refused'] = [];
  const taken = paragraphs.flatMap((paragraph): Cited[] => {
    const one = citeParagraph(paragraph, {
      passages,
      pageOf: (documentId, page) => pageOf(store, matterId, documentId, page),
      isValue: values && ((name) => Object.hasOwn(values.variables, name)),
    });
    if (!('why' in one)) return [one];
    refused.push({ text: paragraph.text.slice(0, 1_000), why: one.why });
    return [];
  });
  return { taken, refused };
}
