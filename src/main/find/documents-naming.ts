import { inRange } from './candidates.ts';
import { matterRange } from './indexing.ts';
import type { Store } from '../store/store.ts';

/**
 * Documents of a matter whose pages name one of these days (ISO) or a day of one of these years, and those that the index has not looked through yet. Null: so much is not looked through that any
 * document may be among them.
 */
export function documentsNaming(store: Store, matterId: string, days: readonly string[]): Set<string> | null {
  const { raw } = store;
  const isWhole = raw.prepare('select pages_after is null from find_state').pluck().get();
  if (isWhole !== 1) return null;
  const waiting = raw.prepare(
    'select distinct p.document_id from find_todo t join page p on p.page_id = t.page_id join document d on d.document_id = p.document_id where d.matter_id = ?',
  );
  const found = new Set(waiting.pluck().all(matterId) as string[]);
  const key = raw.prepare('select matter_key from find_matter where matter_id = ?').pluck().get(matterId) as number | undefined;
  if (key === undefined || days.length === 0) return found;
  const asked = `told : (${days.map((day) => `"qd${day.replaceAll('-', '')}"${day.length === 4 ? '*' : ''}`).join(' OR ')})`;
  const rows = raw
    .prepare(
      `select distinct f.document_id from find_words w cross join find_chunk c on c.chunk_id = w.rowid cross join find_page f on f.page_key = c.page_key
       where w.find_words match @asked and ${inRange('w.')}`,
    )
    .pluck()
    .all({ asked, from: key * matterRange, to: (key + 1) * matterRange }) as string[];
  for (const documentId of rows) found.add(documentId);
  return found;
}
