const apartMs = 150;

export interface Telling {
  /** Once within a moment, however often it is asked for: each time is counted anew and drawn in every window. */
  soon(matterId: string): void;
  now(matterId: string): void;
  stop(): void;
}

/** Progress that is told at most some times a second for each matter, and always once more after the last change. */
export function createTelling(tell: (matterId: string) => void): Telling {
  const timers = new Map<string, NodeJS.Timeout>();
  let isStopped = false;
  const drop = (matterId: string): void => {
    clearTimeout(timers.get(matterId));
    timers.delete(matterId);
  };
  return {
    soon(matterId) {
      if (isStopped || timers.has(matterId)) return;
      const timer = setTimeout(() => {
        timers.delete(matterId);
        tell(matterId);
      }, apartMs);
      timers.set(matterId, timer);
    },
    now(matterId) {
      drop(matterId);
      tell(matterId);
    },
    stop() {
      isStopped = true;
      for (const matterId of [...timers.keys()]) drop(matterId);
    },
  };
}
