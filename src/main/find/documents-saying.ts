import type { DocumentKind } from '../../shared/documents.ts';
import type { Store } from '../store/store.ts';
import { inRange } from './candidates.ts';
import { row } from './expression.ts';
import { matterRange } from './indexing.ts';

/** Which documents of a matter say something, by the index alone: for rules, which must not take for absent what is only not looked through yet. */

/**
 * Documents of a matter whose pages name one of these days (ISO) or a day of one of these years, and those that the index has not looked through yet. Null: so much is not looked through that any
 * document may be among them.
 */
export function documentsNaming(store: Store, matterId: string, days: readonly string[]): Set<string> | null {
  const found = waitingDocuments(store, matterId);
  if (!found || days.length === 0) return found;
  const asked = `told : (${days.map((day) => `"qd${day.replaceAll('-', '')}"${day.length === 4 ? '*' : ''}`).join(' OR ')})`;
  for (const documentId of documentsMatching(store, matterId, asked)) found.add(documentId);
  return found;
}

/** Documents of a kind in which one passage holds all of these, each of them words in a row. Null: some of the matter is not looked through yet. */
export function documentsWith(store: Store, matterId: string, words: readonly string[], kind: DocumentKind): Set<string> | null {
  if (waitingDocuments(store, matterId)?.size !== 0) return null;
  if (words.length === 0) return new Set();
  const ofKind = store.compiled('select document_id as id from document where matter_id = ? and document_type = ? and deleted_at is null');
  const ids = new Set((ofKind.all(matterId, kind) as { id: string }[]).map(({ id }) => id));
  return new Set(documentsMatching(store, matterId, words.map(row).join(' AND ')).filter((id) => ids.has(id)));
}

/** Those that the index has not looked through; null: any may be among them. */
function waitingDocuments(store: Store, matterId: string): Set<string> | null {
  const { raw } = store;
  if (raw.prepare('select pages_after is null from find_state').pluck().get() !== 1) return null;
  const waiting = raw.prepare(
    'select distinct p.document_id from find_todo t join page p on p.page_id = t.page_id join document d on d.document_id = p.document_id where d.matter_id = ?',
  );
  return new Set(waiting.pluck().all(matterId) as string[]);
}

function documentsMatching({ raw }: Store, matterId: string, asked: string): string[] {
  const key = raw.prepare('select matter_key from find_matter where matter_id = ?').pluck().get(matterId) as number | undefined;
  if (key === undefined) return [];
  return raw
    .prepare(
      `select distinct f.document_id from find_words w cross join find_chunk c on c.chunk_id = w.rowid cross join find_page f on f.page_key = c.page_key
       where w.find_words match @asked and ${inRange('w.')}`,
    )
    .pluck()
    .all({ asked, from: key * matterRange, to: (key + 1) * matterRange }) as string[];
}
