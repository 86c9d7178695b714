import type { SeenFile } from './folder-scan.ts';
import { look } from './folder-scan.ts';

export interface Settling {
  /** Looks at a file until it is quiet. Resolves when it was reported, is gone, or has changed again (it goes on being watched). */
  notice(relativePath: string): Promise<void>;
  stop(): void;
}

interface Entry {
  timer: NodeJS.Timeout | null;
  waiting: (() => void)[];
}

/** Waits until a file's size and time of change stay the same for `settleMs`; a file that is gone then is told to `onGone`. */
export function createSettling(
  folder: string,
  settleMs: number,
  onQuiet: (file: SeenFile) => void,
  onGone: (relativePath: string) => Promise<void>,
): Settling {
  const entries = new Map<string, Entry>();
  let stopped = false;

  function finish(entry: Entry): void {
    for (const resolve of entry.waiting.splice(0)) resolve();
  }

  async function check(relativePath: string, entry: Entry, before: SeenFile | 'gone' | 'other'): Promise<void> {
    const now = await look(folder, relativePath);
    if (stopped || entries.get(relativePath) !== entry) {
      finish(entry);
      return;
    }
    if (!isSame(before, now)) {
      finish(entry);
      wait(relativePath, entry, now);
      return;
    }
    entries.delete(relativePath);
    if (now === 'gone') await onGone(relativePath);
    else if (now !== 'other') onQuiet(now);
    finish(entry);
  }

  function wait(relativePath: string, entry: Entry, seen: SeenFile | 'gone' | 'other'): void {
    entry.timer = setTimeout(() => {
      void check(relativePath, entry, seen);
    }, settleMs);
  }

  return {
    notice(relativePath) {
      if (stopped) return Promise.resolve();
      return new Promise((resolve) => {
        const known = entries.get(relativePath);
        if (known) {
          known.waiting.push(resolve);
          return;
        }
        const entry: Entry = { timer: null, waiting: [resolve] };
        entries.set(relativePath, entry);
        void look(folder, relativePath).then((seen) => {
          if (stopped) finish(entry);
          else wait(relativePath, entry, seen);
        });
      });
    },
    stop() {
      stopped = true;
      for (const entry of entries.values()) {
        if (entry.timer) clearTimeout(entry.timer);
        finish(entry);
      }
      entries.clear();
    },
  };
}

function isSame(a: SeenFile | 'gone' | 'other', b: SeenFile | 'gone' | 'other'): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs;
}
