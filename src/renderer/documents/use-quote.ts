import { copyText } from '../ui/copy.ts';
import { tell } from '../ui/undo.tsx';
import { citationText } from './citation.ts';
import type { PageSource } from './page-source.ts';
import { rangeOn, type Selected } from './select-words.ts';

interface Quote {
  text: string;
  from: number;
  to: number;
}

/** What a selection says; null where a page of it is not here any more: a quote with a hole is none. */
export function quoteOf(selected: Selected, source: PageSource): Quote | null {
  const [from, to] = [Math.min(selected.from.page, selected.to.page), Math.max(selected.from.page, selected.to.page)];
  const parts: string[] = [];
  for (let page = from; page <= to; page += 1) {
    const text = source.peek(page)?.view?.text;
    const range = text === undefined ? null : rangeOn(selected, page, text.length);
    if (text === '' && page !== from && page !== to) continue; // a blank page inside a quote is no hole
    if (text === undefined || !range) return null;
    parts.push(text.slice(range.start, range.end));
  }
  return { text: parts.join('\n'), from, to };
}

/** Copies words of a document together with where they stand. */
export function useQuote(fileName: string, source: PageSource): { copy: (selected: Selected) => void } {
  return {
    copy(selected) {
      const quote = quoteOf(selected, source);
      if (!quote) {
        tell('That is too long to copy at once. Select fewer pages.');
        return;
      }
      const text = citationText({ quote: quote.text, fileName, from: quote.from, to: quote.to });
      tell(copyText(text) ? `Copied with its citation: ${shorten(text)}` : 'The clipboard could not be reached. Nothing was copied.');
    },
  };
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 60)} … ${text.slice(-50)}`;
}
