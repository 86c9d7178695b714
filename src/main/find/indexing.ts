import { ok } from '../../shared/result.ts';
import { emptyIndex, wordsOf } from '../store/index-tables.ts';
import type { Store } from '../store/store.ts';
import { chunksOf } from './chunks.ts';
import { toldBy } from './numbers.ts';

/** To be raised whenever passages or words are made otherwise: every laptop then makes its index anew. */
const indexVersion = 1;

/** One transaction: about ten milliseconds, after which others have the store. */
const mostPages = 64;
const mostChars = 120_000;
const mostNames = 1_000;
/** Passages of one matter have numbers of one range, so that a search in it reads nothing else. */
export const matterRange = 2 ** 24;

export interface Indexing {
  /** Indexes what waits, a batch at a time; resolves when nothing does but what came meanwhile, or when it was told to stop. */
  work(): Promise<void>;
  /** Whether there may be anything to do. */
  isBehind(): boolean;
  /** Pages that are not found yet; counting a copy that has just come takes a moment. */
  waiting(): number;
  stop(): Promise<void>;
}

interface IndexingInput {
  store: Store;
  /** Lets others work. */
  pause?: () => Promise<void>;
  /** A page that cannot be indexed is passed over. */
  onBug(error: unknown): void;
}

interface PageToIndex {
  pageId: string;
  documentId: string | null;
  matterId: string | null;
  text: string | null;
}

/** Brings the index to what the store holds. Whatever is cut short is begun again: a page and its place in the queue change in one transaction. */
export function createIndexing({ store, pause = nextTurn, onBug }: IndexingInput): Indexing {
  const { raw } = store;
  let isStopping = false;
  let running: Promise<void> | null = null;

  const state = (): { version: number; pagesAfter: string | null; documentsAfter: string | null } =>
    store.compiled('select version, pages_after as pagesAfter, documents_after as documentsAfter from find_state').get() as ReturnType<
      typeof state
    >;

  function renew(version: number): boolean {
    return store.jot(() =>
      store.transaction(() => {
        // 0: of a store that has just been made, in which nothing is indexed
        if (version !== 0) emptyIndex(raw);
        raw.prepare('update find_state set version = ?').run(indexVersion);
        return ok({});
      }),
    ).ok;
  }

  /** One batch; false when nothing more is to be done, or no room to do it. */
  function step(): boolean {
    // looked at each time: a copy may have taken the store's place since the last batch
    const { version, pagesAfter, documentsAfter } = state();
    if (version !== indexVersion) return renew(version);
    if (documentsAfter !== null) return nameDocuments(store, documentsAfter);
    const todo = raw.prepare(
      `${pageColumns('t.page_id')} from find_todo t left join page p on p.page_id = t.page_id ${withDocument} limit ?`,
    );
    const waiting = todo.all(mostPages) as PageToIndex[];
    if (waiting.length > 0) {
      const [isDone, taken] = indexPages(waiting, (count) => {
        forget(waiting, count);
      });
      // what comes meanwhile wakes this by itself, when there is more of it
      return isDone && (pagesAfter !== null || waiting.length === mostPages || taken < waiting.length);
    }
    if (pagesAfter === null) return false;
    const before = raw.prepare(`${pageColumns('p.page_id')} from page p ${withDocument} where p.page_id > ? order by p.page_id limit ?`);
    const pages = before.all(pagesAfter, mostPages) as PageToIndex[];
    const [isDone] = indexPages(pages, (taken) =>
      store
        .compiled('update find_state set pages_after = ?')
        .run(taken === pages.length && pages.length < mostPages ? null : pages[taken - 1]?.pageId),
    );
    return isDone;
  }

  function forget(waiting: PageToIndex[], taken: number): void {
    const statement = store.compiled('delete from find_todo where page_id = ?');
    for (const { pageId } of waiting.slice(0, taken)) statement.run(pageId);
  }

  /** Whether there was room for them, and how many of them were taken. */
  function indexPages(pages: PageToIndex[], note: (taken: number) => unknown): [isDone: boolean, taken: number] {
    let taken = 0;
    for (let chars = 0; taken < pages.length && (taken === 0 || chars < mostChars); taken += 1) chars += pages[taken]?.text?.length ?? 0;
    const batch = pages.slice(0, taken);
    const put = (these: PageToIndex[], done: number): boolean =>
      store.jot(() =>
        store.transaction(() => {
          addPages(store, these);
          note(done);
          return ok({});
        }),
      ).ok;
    try {
      return [put(batch, taken), taken];
    } catch (error) {
      onBug(error);
      // one of them: each by itself, and past the one that does it
      for (const page of batch) {
        try {
          if (!put([page], 0)) return [false, 0];
        } catch {
          // was told above
        }
      }
      return [put([], taken), taken];
    }
  }

  async function workOff(): Promise<void> {
    await pause(); // whoever woke it has just written something, and goes on first
    while (!isStopping && step()) await pause();
  }

  return {
    work() {
      running ??= workOff().finally(() => (running = null));
      return running;
    },
    isBehind() {
      const { version, pagesAfter, documentsAfter } = state();
      return (
        version !== indexVersion ||
        pagesAfter !== null ||
        documentsAfter !== null ||
        store.compiled('select 1 from find_todo limit 1').get() !== undefined
      );
    },
    waiting() {
      const { pagesAfter } = state();
      const noted = Number(raw.prepare('select count(*) from find_todo').pluck().get());
      const after = pagesAfter === null ? 0 : Number(raw.prepare('select count(*) from page where page_id > ?').pluck().get(pagesAfter));
      return noted + after;
    },
    async stop() {
      isStopping = true;
      await running;
    },
  };
}

const pageColumns = (id: string): string =>
  `select ${id} as pageId, d.document_id as documentId, d.matter_id as matterId, p.extracted_text as text`;
const withDocument = 'left join document d on d.document_id = p.document_id';

function nameDocuments(store: Store, after: string): boolean {
  return store.jot(() =>
    store.transaction(() => {
      const upTo = store.raw
        .prepare('select document_id from document where document_id > ? order by document_id limit 1 offset ?')
        .pluck()
        .get(after, mostNames - 1) as string | undefined;
      store.raw
        .prepare(
          `insert into find_document (document_id, name) select document_id, relative_path from document where document_id > ? and document_id <= ?
         on conflict (document_id) do nothing`,
        )
        .run(after, upTo ?? '~'); // ids are hex: all of them are below
      store.raw.prepare('update find_state set documents_after = ?').run(upTo ?? null);
      return ok({});
    }),
  ).ok;
}

/** In a transaction. A page whose document is not here has no matter yet: its document brings it back. */
function addPages(store: Store, pages: PageToIndex[]): void {
  const uses = new Map<string, number>();
  const toAdd = pages.flatMap(({ pageId, documentId, matterId, text }) =>
    text === null || documentId === null || matterId === null
      ? []
      : [{ pageId, documentId, matterKey: matterKeyOf(store, matterId), text }],
  );
  // rising numbers: the index writes what comes in order at once
  toAdd.sort((a, b) => a.matterKey - b.matterKey);
  for (const { pageId, documentId, matterKey, text } of toAdd) {
    const known = store.compiled('select matter_key as matterKey from find_page where page_id = ?').get(pageId) as
      { matterKey: number } | undefined;
    if (known?.matterKey === matterKey) continue;
    if (known) takeOut(store, pageId, text);
    const { lastInsertRowid: pageKey } = store
      .compiled('insert into find_page (page_id, document_id, matter_key) values (?, ?, ?)')
      .run(pageId, documentId, matterKey);
    addChunks(store, Number(pageKey), matterKey, text);
    for (const word of wordsOf(text)) uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  const use = store.compiled(
    'insert into find_word (word, uses) values (?, ?) on conflict (word) do update set uses = uses + excluded.uses',
  );
  for (const [word, times] of uses) use.run(word, times);
}

function addChunks(store: Store, pageKey: number, matterKey: number, text: string): void {
  const first = matterKey * matterRange;
  const last = store
    .compiled('select max(chunk_id) as last from find_chunk where chunk_id >= ? and chunk_id < ?')
    .get(first, first + matterRange) as {
    last: number | null;
  };
  let chunkId = last.last ?? first;
  for (const { start, end, fromPoint, points } of chunksOf(text)) {
    chunkId += 1;
    if (chunkId >= first + matterRange) throw new Error('a matter has more passages than its range');
    store
      .compiled('insert into find_chunk values (?, ?, ?, ?, ?, ?, ?)')
      .run(chunkId, pageKey, start, end, fromPoint, points, toldBy(text.slice(start, end)));
    // as the store itself cuts it, so that what is taken out one day is what was put in
    store.compiled('insert into find_words (rowid, body, told) select chunk_id, body, told from find_text where chunk_id = ?').run(chunkId);
  }
}

/** As the triggers do: a page whose document went to another matter. */
function takeOut(store: Store, pageId: string, text: string): void {
  store
    .compiled(
      `insert into find_words (find_words, rowid, body, told) select 'delete', c.chunk_id, t.body, t.told from find_page f join find_chunk c on c.page_key = f.page_key
         join find_text t on t.chunk_id = c.chunk_id where f.page_id = ? order by c.chunk_id`,
    )
    .run(pageId);
  store.compiled('update find_word set uses = uses - 1 where word in (select value from json_each(words_of(?)))').run(text);
  store.compiled('delete from find_page where page_id = ?').run(pageId);
}

function matterKeyOf(store: Store, matterId: string): number {
  const known = store.compiled('select matter_key as matterKey from find_matter where matter_id = ?').get(matterId) as
    { matterKey: number } | undefined;
  return known?.matterKey ?? Number(store.compiled('insert into find_matter (matter_id) values (?)').run(matterId).lastInsertRowid);
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
