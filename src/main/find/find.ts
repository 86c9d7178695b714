import { FindRequest, type FindAnswer } from '../../shared/find.ts';
import { ok, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { createIndexing } from './indexing.ts';
import { search } from './search.ts';

/** Finds words in the pages of this laptop, without a network. */
export interface Find {
  search(request: FindRequest): Outcome<FindAnswer>;
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
}

export function createFind({ store, onBug, onIndexed }: FindInput): Find {
  const indexing = createIndexing({ store, onBug });
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
  return {
    search(request) {
      const asked = FindRequest.parse(request);
      return ok({ ...search(store, asked), waitingPages: indexing.waiting() });
    },
    wake() {
      if (indexing.isBehind()) void work();
    },
    async settled() {
      let goesOn = true;
      while (goesOn && indexing.isBehind()) goesOn = await work();
    },
    stop: () => indexing.stop(),
  };
}
