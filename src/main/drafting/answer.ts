import type { SourceRef } from '../../shared/documents.ts';
import type { AnswerParagraph, AnswerSentence, AnswerView } from '../../shared/drafting.ts';
import { passageName } from '../letters/letters.ts';
import type { Find } from '../find/find.ts';
import type { Store } from '../store/store.ts';
import { withoutChips, type Cited } from './cite.ts';
import { pageOf } from './evidence.ts';
import { sentencesOf } from './sentences.ts';
import { unsupportedIn } from './support.ts';

const cite = /\s*\{\{cite:(at_[0-9a-z_]{1,97})\}\}/g;
const mostExtracts = 5;
const noSource = 'No page of the file was given for this.';

/** A model's answer, sentence by sentence with the pages each rests on; what they do not say is marked. */
export function answerOf(paragraphs: readonly Cited[]): AnswerView {
  return {
    isExtract: false,
    note: null,
    paragraphs: paragraphs.map(({ named, sources, doubts }): AnswerParagraph => ({
      named,
      doubts,
      sentences: sentencesOf(named).flatMap((sentence): AnswerSentence[] => {
        const refs = [...sentence.matchAll(cite)].flatMap(({ 1: name = '' }) => sources.get(name) ?? []);
        const text = sentence.replaceAll(cite, '').trim();
        if (!/[\p{L}\p{N}]/u.test(text)) return [];
        const quotes = refs.map(({ quote }) => quote);
        const beyond = refs.length === 0 ? [] : unsupportedIn(text, quotes, []).map((one) => `“${one}” does not stand in the source.`);
        return [{ text, sources: refs, doubts: refs.length === 0 ? [noSource] : beyond }];
      }),
    })),
  };
}

/** What the file itself says, where nobody answers: the sentences of the best passages as they stand, each with its page. */
export async function extractOf(
  { store, find }: { store: Store; find: Pick<Find, 'retrieve'> },
  matterId: string,
  question: string,
  note: string,
): Promise<AnswerView> {
  const answer = await find.retrieve({ words: question.slice(0, 500), filters: { matterId: matterId }, most: mostExtracts });
  const paragraphs = (answer.ok ? answer.value.hits : []).flatMap(({ documentId, fileName, page, sentence }): AnswerParagraph[] => {
    const text = sentence && pageOf(store, matterId, documentId, page)?.text.slice(sentence.start, sentence.end);
    if (!sentence || !text || text.trim() === '') return [];
    const source: SourceRef = { documentId, documentName: fileName, page, start: sentence.start, end: sentence.end, quote: text };
    const said = text.replace(/\s+/g, ' ').trim();
    // its braces are words, no chips
    const plain = withoutChips(said);
    return [
      { named: `“${plain}” {{cite:${passageName(source)}}}`, doubts: [], sentences: [{ text: said, sources: [source], doubts: [] }] },
    ];
  });
  return { isExtract: true, note: paragraphs.length > 0 ? note : 'No page of the file says anything about it.', paragraphs };
}
