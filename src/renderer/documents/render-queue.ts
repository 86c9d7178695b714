/** Work for core that is worth doing only while somebody wants to see what comes of it. */
interface Job {
  /** The smaller, the sooner; asked when there is room, as the page in front may be another by then. */
  rank: () => number;
  run: () => Promise<void>;
}

export interface RenderQueue {
  /** Returns the function that takes the job back; false: it has begun already. */
  add(job: Job): () => boolean;
  /** Begun and not done, and waiting. */
  counts(): { running: number; waiting: number };
}

/** At most so many jobs at a time, the nearest page first: whoever scrolls past five hundred pages leaves nothing behind that core has to draw. */
export function createRenderQueue(most: number): RenderQueue {
  const waiting = new Set<Job>();
  let running = 0;

  function begin(): void {
    while (running < most && waiting.size > 0) {
      let next: Job | null = null;
      let nextRank = Infinity;
      for (const job of waiting) {
        const rank = job.rank();
        if (next && rank >= nextRank) continue;
        [next, nextRank] = [job, rank];
      }
      if (!next) return;
      waiting.delete(next);
      running += 1;
      void next.run().finally(() => {
        running -= 1;
        begin();
      });
    }
  }

  return {
    add(job) {
      waiting.add(job);
      // what is asked for in one go is ranked together
      queueMicrotask(begin);
      return () => waiting.delete(job);
    },
    counts: () => ({ running, waiting: waiting.size }),
  };
}
