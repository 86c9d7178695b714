import { createHash } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { DocumentId } from '../../shared/ids.ts';
import type { SourceRef } from '../../shared/documents.ts';
import type { LetterVariable } from '../../shared/letters.ts';
import { document, page } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/**
 * A citation of words on a page that are no fact: the letter holds the place itself, as the name of what its chip cites, "at_<document>_<page>_<start>_<end>_<hash of the
 * words>". So it needs no row beside it, merges like any chip, and is opened, lettered as an exhibit and exported like a fact's.
 */
export function passageName({ documentId, page: number, start, end, quote }: SourceRef): string {
  return `at_${documentId.replaceAll('-', '').toLowerCase()}_${String(number)}_${String(start)}_${String(end)}_${hashOf(quote)}`;
}

const nameShape = /^at_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_(\d{1,6})_(\d{1,8})_(\d{1,8})_([0-9a-f]{12})$/;
const hashOf = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 12);

/**
 * What names of that form stand for in a letter of this matter; names of another form are left out. Missing where the page says something else by now, is not
 * here, or belongs to another matter: whoever wrote the name into a shared body, another client's page is never told.
 */
export function passageVariables(store: Store, matterId: string, names: Iterable<string>): LetterVariable[] {
  return [...new Set(names)].flatMap((name): LetterVariable[] => {
    const [, a = '', b = '', c = '', d = '', e = '', number = '', from = '', to = '', hash = ''] = nameShape.exec(name) ?? [];
    if (hash === '') return [];
    const [documentId, start, end] = [[a, b, c, d, e].join('-'), Number(from), Number(to)];
    const row = store.db
      .select({ text: page.extractedText, fileName: document.fileName })
      .from(page)
      .innerJoin(document, eq(document.documentId, page.documentId))
      .where(
        and(
          eq(page.documentId, documentId),
          eq(page.pageNumber, Number(number)),
          eq(document.matterId, matterId),
          isNull(page.deletedAt),
          isNull(document.deletedAt),
        ),
      )
      .get();
    const quote = row?.text.slice(start, end) ?? '';
    if (!row || quote === '' || hashOf(quote) !== hash)
      return [{ name, label: 'A cited passage', text: '', state: 'missing', sources: [], working: null }];
    const source: SourceRef = {
      documentId: documentId as DocumentId,
      documentName: row.fileName,
      page: Number(number),
      start,
      end,
      quote,
    };
    const label = `${row.fileName}, page ${number}`;
    return [{ name, label, text: quote.replace(/\s+/g, ' ').trim(), state: 'approved', sources: [source], working: null }];
  });
}
