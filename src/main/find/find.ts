import { FindRequest, RetrieveRequest, type FindAnswer } from '../../shared/find.ts';
import { ok, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { scopeOf } from './candidates.ts';
import { createIndexing } from './indexing.ts';
import { retrieve } from './retrieve.ts';
import { search } from './search.ts';
import { createVectors, type Embedder } from './vectors.ts';

export { documentsNaming, documentsWith } from './documents-saying.ts';
export { daysIn } from './numbers.ts';

/** Finds words in the pages of this laptop, without a network. */
export interface Find {
  /** By words alone. */
  search(request: FindRequest): Outcome<FindAnswer>;
  /** By meaning as well, where the firm supplies a model and it can be reached. */
  ask(request: FindRequest): Promise<Outcome<FindAnswer>>;
  /** Answers a question by words and by links between documents, in as many steps as asked. */
  retrieve(request: RetrieveRequest): Promise<Outcome<FindAnswer>>;
  /** Pages came or changed: they are indexed in the background. */
  wake(): void;
  /** Resolves when all that is here can be found. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface FindInput {
  store: Store;
  onBug(error: unknown): void;
  /** More can be found than before. */
  onIndexed(): void;
  /** Whose own votes are shown. */
  userId?: string | null;
  /** The firm's model; null where it has none. */
  embedder?: Embedder | null;
}

/** So long what comes is gathered, ms: pages that are indexed together cost half of what they do one document at a time, and nobody searches faster than this. */
const gatherMs = 150;
/** Passages that are added to those with the words themselves. */
const mostByMeaning = 40;

export function createFind({ store, onBug, onIndexed, userId = null, embedder = null }: FindInput): Find {
  const indexing = createIndexing({ store, onBug });
  const vectors = embedder && createVectors(store, embedder);

  /** False after a bug: whoever wakes it next tries again. */
  async function work(): Promise<boolean> {
    try {
      await indexing.work();
      onIndexed();
      return true;
    } catch (error) {
      onBug(error);
      return false;
    }
  }

  let gathering: NodeJS.Timeout | undefined;
  const answer = (request: FindRequest, more?: { chunkId: number; score: number }[]): Outcome<FindAnswer> =>
    ok({ ...search(store, FindRequest.parse(request), userId, more), waitingPages: indexing.waiting() });

  return {
    search: (request) => answer(request),
    async ask(request) {
      const { words, filters } = FindRequest.parse(request);
      const scope = vectors && words.trim() !== '' ? scopeOf(store, filters) : null;
      if (!vectors || !scope) return answer(request);
      // a model that cannot be reached takes nothing from what the words find
      return answer(request, await vectors.near(words, scope, mostByMeaning).catch(() => []));
    },
    async retrieve(request) {
      const question = { ...RetrieveRequest.parse(request), userId };
      const scope = vectors && question.words.trim() !== '' ? scopeOf(store, question.filters) : null;
      const more = vectors && scope ? await vectors.near(question.words, scope, mostByMeaning).catch(() => []) : [];
      return ok({ ...retrieve(store, question, more), waitingPages: indexing.waiting() });
    },
    wake() {
      if (gathering || !indexing.isBehind()) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        void work().then((isDone) => (isDone ? vectors?.work().catch(() => undefined) : undefined));
      }, gatherMs);
    },
    async settled() {
      let goesOn = true;
      while (goesOn && indexing.isBehind()) goesOn = await work();
      await vectors?.work();
    },
    stop() {
      clearTimeout(gathering);
      vectors?.stop();
      return indexing.stop();
    },
  };
}
