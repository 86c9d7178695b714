import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { Oddity } from '../../shared/documents.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { Evidence } from '../ai/ai.ts';
import { givesOrders, type ReadPage } from '../facts/facts.ts';
import type { Find } from '../find/find.ts';
import { document, page } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** A passage of the file as a model is given it: by its number alone, the name of a document may be a client's. */
export interface Passage {
  number: number;
  documentId: DocumentId;
  documentName: string;
  page: number;
  text: string;
}

export interface Found {
  passages: Passage[];
  /** Passages that were left out because their words give orders to a machine. */
  setAside: number;
}

interface EvidenceInput {
  store: Store;
  find: Pick<Find, 'retrieve'>;
}

const mostPassages = 14;
/** Characters of all passages, and of one. */
const [mostChars, mostOfOne] = [40_000, 4_000];
/** Of a question. */
const mostWords = 500;

/** The passages of a matter that say most about some words, best first: by words and along links (find/retrieve.ts). */
export async function passagesFor({ store, find }: EvidenceInput, matterId: string, words: string, most = mostPassages): Promise<Found> {
  const asked = words.replace(/\s+/g, ' ').trim().slice(0, mostWords);
  if (asked === '') return { passages: [], setAside: 0 };
  const answer = await find.retrieve({ words: asked, filters: { matterId: matterId }, most });
  const found: Found = { passages: [], setAside: 0 };
  let chars = 0;
  for (const hit of answer.ok ? answer.value.hits : []) {
    const whole = pageOf(store, matterId, hit.documentId, hit.page);
    if (!whole) continue;
    const { start, end } = hit.passage ?? { start: 0, end: mostOfOne };
    const text = whole.text.slice(start, Math.min(end, start + mostOfOne)).trim();
    if (text === '' || chars + text.length > mostChars) continue;
    if (givesOrders(text)) {
      found.setAside += 1;
      continue;
    }
    chars += text.length;
    found.passages.push({
      number: found.passages.length + 1,
      documentId: hit.documentId,
      documentName: hit.fileName,
      page: hit.page,
      text,
    });
  }
  return found;
}

export const evidenceOf = (passages: readonly Passage[]): Evidence[] =>
  passages.map(({ number, text }) => ({ label: `passage ${String(number)}`, text }));

/** A page as quotes are held against it; null where it is not of this matter, or not here. */
export function pageOf(store: Store, matterId: string, documentId: string, number: number): ReadPage | null {
  const row = store.db
    .select({ text: page.extractedText, oddities: page.oddities })
    .from(page)
    .innerJoin(document, eq(document.documentId, page.documentId))
    .where(
      and(
        eq(page.documentId, documentId),
        eq(page.pageNumber, number),
        eq(document.matterId, matterId),
        isNull(page.deletedAt),
        isNull(document.deletedAt),
      ),
    )
    .orderBy(asc(page.pageNumber))
    .get();
  if (!row) return null;
  const hidden = z
    .array(Oddity)
    .catch([])
    .parse(row.oddities ?? []);
  return { page: number, text: row.text, hidden };
}
