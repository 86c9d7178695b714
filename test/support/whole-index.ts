import { wordsOf } from '../../src/main/store/index-tables.ts';
import type { Store } from '../../src/main/store/store.ts';

const all = (store: Store, sql: string): Record<string, unknown>[] => store.raw.prepare(sql).all() as Record<string, unknown>[];

/** What is wrong with a store's index beside its pages, whether it is behind or not; nothing when nothing is. */
export function wrongInIndex(store: Store): string[] {
  const wrong: string[] = [];
  for (const table of ['find_words', 'find_names']) {
    try {
      store.raw.exec(`insert into ${table} (${table}, rank) values ('integrity-check', 1)`);
    } catch (error) {
      wrong.push(`${table}: ${error instanceof Error ? error.message : ''}`);
    }
  }
  const uses = new Map<string, number>();
  const pages = all(
    store,
    'select f.page_id as id, p.extracted_text as text from find_page f left join page p on p.page_id = f.page_id',
  ) as {
    id: string;
    text: string | null;
  }[];
  for (const { id, text } of pages) {
    if (text === null) wrong.push(`page ${id} is gone and indexed`);
    else for (const word of wordsOf(text)) uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  const words = all(store, 'select word_id as id, word, uses from find_word');
  for (const { word, uses: counted } of words)
    if (uses.get(String(word)) !== counted) wrong.push(`the word ${String(word)} is counted ${String(counted)} times`);
  if (words.length !== uses.size) wrong.push(`${String(words.length)} words instead of ${String(uses.size)}`);
  store.raw.exec('create virtual table if not exists temp.spelled using fts5vocab (main, find_spelling, instance)');
  const spelled = new Set(all(store, 'select distinct doc from temp.spelled').map(({ doc }) => doc));
  if (spelled.size !== words.length || words.some(({ id }) => !spelled.has(id))) wrong.push('spellings and words differ');
  store.raw.exec('drop table temp.spelled');
  const stray = all(store, 'select chunk_id from find_chunk c where not exists (select 1 from find_page f where f.page_key = c.page_key)');
  if (stray.length > 0) wrong.push('passages of no page');
  const named = all(
    store,
    'select f.name from find_document f left join document d on d.document_id = f.document_id where d.relative_path is not f.name',
  );
  if (named.length > 0) wrong.push('names of no document');
  return wrong;
}

/** Pages that should be found and are not. */
export const missingPages = (store: Store): string[] =>
  store.raw
    .prepare(
      `select p.page_id from page p join document d on d.document_id = p.document_id
         where not exists (select 1 from find_page f join find_matter m on m.matter_key = f.matter_key where f.page_id = p.page_id and m.matter_id = d.matter_id)
       union all select document_id from document where document_id not in (select document_id from find_document)`,
    )
    .pluck()
    .all() as string[];

/** Everything the index's own tables hold, as text. */
export const indexText = (store: Store): string =>
  ['find_words_data', 'find_spelling_data', 'find_names_data']
    .flatMap((table) => store.raw.prepare(`select block from ${table}`).pluck().all() as Buffer[])
    .map((block) => block.toString('latin1'))
    .join('\n');
