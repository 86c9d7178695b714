import type { QuestionKind } from '../../../shared/questions.ts';
import { pageWords, type EvidenceDocument, type EvidencePage, type Question, type QuestionRule } from '../evidence.ts';

interface Odd {
  kind: QuestionKind;
  isOdd(page: EvidencePage, document: EvidenceDocument): boolean;
  title(pages: string, file: string, isOne: boolean): string;
  advice: string;
}

const odds: readonly Odd[] = [
  {
    kind: 'blank_page',
    isOdd: ({ hasWords }, { kind, isRead }) => isRead && !hasWords && kind !== 'Photo',
    title: (pages, file, isOne) => `No words on ${pages} of “${file}”: ${isOne ? 'is it' : 'are they'} blank, or badly scanned?`,
    advice: 'What stands on such a page is in no fact and no total. Look at it, and ask for a better copy if it is not empty.',
  },
  {
    kind: 'turned_page',
    isOdd: ({ rotation }) => rotation === 180,
    title: (pages, file, isOne) => `${upper(pages)} of “${file}” ${isOne ? 'stands' : 'stand'} upside down.`,
    advice: 'It was turned before it was read. Turn it in the file, too, before it goes into a package.',
  },
  {
    kind: 'hidden_text',
    isOdd: ({ oddities }) => oddities.some(({ kind }) => kind === 'hidden'),
    title: (pages, file) => `There is text on ${pages} of “${file}” that nobody sees.`,
    advice:
      'It is invisible, as light as the paper or too small to read. It may be left over from a scan, or meant not to be seen: read it before you rely on this document, or send it on.',
  },
  {
    kind: 'covered_text',
    isOdd: ({ oddities }) => oddities.some(({ kind }) => kind === 'covered'),
    title: (pages, file) => `Words on ${pages} of “${file}” are covered, not removed.`,
    advice:
      'Whoever opens the file can copy what lies under the cover. If it is our redaction, take the text out before it leaves the firm; if it is theirs, ask an attorney before anybody uses it.',
  },
];

/** Pages that are blank or upside down, text that nobody sees, and redactions that only cover. */
export const oddPages: QuestionRule = ({ documents }) =>
  documents.flatMap((document) =>
    odds.flatMap((odd): Question[] => {
      const pages = document.pages.filter((page) => odd.isOdd(page, document));
      if (pages.length === 0) return [];
      const { documentId, fileName } = document;
      const title = odd.title(pageWords(pages.map(({ page }) => page)), fileName, pages.length === 1);
      const wanted = odd.kind === 'hidden_text' ? 'hidden' : 'covered';
      const places = pages.map(({ page, oddities }) => {
        const first = oddities.find(({ kind }) => kind === wanted);
        return { documentId, documentName: fileName, page, start: first?.start ?? null, end: first?.end ?? null };
      });
      return [{ key: `${odd.kind}:${documentId}`, kind: odd.kind, title, advice: odd.advice, places }];
    }),
  );

const upper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
