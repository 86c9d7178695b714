import type { Outcome } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';

/** How far a file is, in chunks. */
export interface Progress {
  done: number;
  of: number;
}

/** Chunks of one file that are on the line at once: enough to fill it, few enough to hold in memory. */
const mostInFlight = 3;

/**
 * Does the work for each, a few at once. The first returned error or rejection stops the rest from beginning; what has begun is waited
 * for, so that nothing goes on behind the caller's back.
 */
export async function inFlight(chunks: number[], work: (chunk: number) => Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
  const ended: { by: Outcome<unknown> | null; thrown: { error: unknown } | null } = { by: null, thrown: null };
  let next = 0;
  async function lane(): Promise<void> {
    for (let chunk = chunks[next++]; chunk !== undefined && !ended.by && !ended.thrown; chunk = chunks[next++]) {
      try {
        const outcome = await work(chunk);
        if (!outcome.ok) ended.by ??= outcome;
      } catch (error) {
        ended.thrown ??= { error };
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostInFlight, chunks.length) }, lane));
  if (ended.thrown) throw ended.thrown.error;
  return ended.by ?? ok({});
}
