import { mergeUpdates } from 'yjs';
import type { AppError } from '../../shared/errors.ts';
import type { Outcome } from '../../shared/result.ts';

/** saved: core has confirmed all of it. waiting and saving: not yet. failing: the last attempt failed, more follow. */
export type SaveState = { kind: 'saved' } | { kind: 'waiting' } | { kind: 'saving' } | { kind: 'failing'; error: AppError };

export interface UpdateQueue {
  push(update: Uint8Array): void;
  /** Sends what is left now; true once core has confirmed all of it. Starts sending before it first waits. */
  flush(): Promise<boolean>;
  isClean(): boolean;
  state(): SaveState;
  subscribe(listener: () => void): () => void;
}

interface UpdateQueueOptions {
  send: (update: Uint8Array) => Promise<Outcome<unknown>>;
  delayMs?: number;
  firstRetryMs?: number;
  longestRetryMs?: number;
}

/**
 * Holds every update of a letter until core has confirmed it. A failed batch goes back into the queue and is merged with
 * what came after it; Yjs updates commute and may arrive twice, so sending again is always safe.
 */
export function createUpdateQueue({ send, delayMs = 50, firstRetryMs = 500, longestRetryMs = 2000 }: UpdateQueueOptions): UpdateQueue {
  let unsent: Uint8Array[] = [];
  let sending = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: SaveState = { kind: 'saved' };
  const listeners = new Set<() => void>();

  function show(state: SaveState): void {
    current = state;
    for (const listener of listeners) listener();
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void sendUnsent();
    }, afterMs);
  }

  /** The first word of a burst starts the clock, so that steady typing is still saved every 50 ms: so much is lost when the window itself crashes, and no more. */
  function scheduleSoon(): void {
    if (timer === undefined) schedule(delayMs);
  }

  async function sendUnsent(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    if (unsent.length === 0) return true;
    const batch = mergeUpdates(unsent);
    unsent = [];
    sending += 1;
    if (failures === 0) show({ kind: 'saving' });
    const outcome = await attempt(batch);
    sending -= 1;
    if (!outcome.ok) {
      unsent.unshift(batch);
      failures += 1;
      show({ kind: 'failing', error: outcome.error });
      schedule(Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1)));
      return false;
    }
    failures = 0;
    if (unsent.length > 0) {
      show({ kind: 'waiting' });
      scheduleSoon();
    } else if (sending === 0) {
      show({ kind: 'saved' });
    }
    return true;
  }

  /** A bridge that breaks must not take the words with it. */
  async function attempt(batch: Uint8Array): Promise<Outcome<unknown>> {
    try {
      return await send(batch);
    } catch {
      return {
        ok: false,
        error: { code: 'core_gone', reason: 'The Steno core could not be reached; your words are kept in this window.' },
      };
    }
  }

  const isClean = () => unsent.length === 0 && sending === 0;
  return {
    push(update) {
      unsent.push(update);
      if (failures > 0) return; // The retry that is already planned takes it along.
      if (sending === 0) show({ kind: 'waiting' });
      scheduleSoon();
    },
    async flush() {
      while (unsent.length > 0) if (!(await sendUnsent())) return false;
      return isClean() || (await settled());
    },
    isClean,
    state: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };

  /** Waits for batches that were on their way already. */
  function settled(): Promise<boolean> {
    return new Promise((resolve) => {
      const check = () => {
        if (sending > 0) return;
        listeners.delete(check);
        resolve(isClean());
      };
      listeners.add(check);
      check();
    });
  }
}
