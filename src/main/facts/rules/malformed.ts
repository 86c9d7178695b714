import { parseCents } from '../../../shared/money.ts';
import { unreadDays, yearsIn } from './dates.ts';
import type { BillExtraction, Place, RuleDocument } from './proposals.ts';

export const notAnAmount = (text: string): string => `The amount “${text}” is not written as an amount; read it from the page.`;

const withSign = /(?<![\w.,$])\$ ?\d[\d.,]*(?![\w$%])/g;
/** "1.234,56" and "200,00": as other countries write amounts. */
const foreign = /(?<![\w.,$/-])\d{1,3}(?:\.\d{3})+,\d{2}(?![\w,]|\.\d)/g;
const inWords = /^\s?(?:million|billion|thousand|[kKmMbB]\b)/;
/** Days beside these words are those that facts are read from; a day of a letter or a form's edition is nobody's fact. */
const datedWords =
  /\b(?:loss|incident|accident|collision|crash|injur\w*|birth|born|dob|service|visit|admi\w+|arrival|discharged?|seen|exam\w*|dos|on|from|through)\b[^\n]{0,24}$/i;

export interface Malformed extends Place {
  reason: string;
}

/** Amounts and days a document writes and nobody can read without guessing; those of a bill's rows are told by the row. */
export function malformedIn(document: RuleDocument, { lines, problems }: BillExtraction): { amounts: Malformed[]; days: Malformed[] } {
  const told = [...lines.filter(({ problem }) => problem !== null), ...problems];
  const isTold = (page: number, start: number): boolean => told.some((row) => row.page === page && row.start <= start && start < row.end);
  const years = yearsIn(document);
  const found = document.pages.map(({ page, text }) => ({
    amounts: [...text.matchAll(withSign), ...text.matchAll(foreign)].flatMap((match): Malformed[] => {
      const quote = match[0].replace(/[.,]+$/, '');
      if (parseCents(quote) !== null || inWords.test(text.slice(match.index + quote.length)) || isTold(page, match.index)) return [];
      return [{ page, start: match.index, end: match.index + quote.length, quote, reason: notAnAmount(quote) }];
    }),
    days: unreadDays(text, years).flatMap(({ start, end, reason }): Malformed[] =>
      isTold(page, start) || (reason.startsWith('The year') && !datedWords.test(text.slice(Math.max(0, start - 60), start)))
        ? []
        : [{ page, start, end, quote: text.slice(start, end), reason }],
    ),
  }));
  return { amounts: found.flatMap(({ amounts }) => amounts), days: found.flatMap(({ days }) => days) };
}
