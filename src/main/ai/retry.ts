import { ProviderFailure } from './provider.ts';

/** How waiting is done; tests wait in no time. Rejects when `signal` fires. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const pause: Pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const cancelled = (): void => {
      clearTimeout(timer);
      reject(new ProviderFailure('cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancelled);
      resolve();
    }, ms);
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;
/** Who asks for a longer wait is asked again by a person, or by the queue. */
const mostPatienceMs = 60_000;
export const mostAttempts = 4;

interface Retrying {
  signal: AbortSignal;
  pause: Pause;
  /** 0 to 1. */
  random(): number;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or has been tried four times. What passes by itself (a rate limit, a server too busy, a line that broke before
 * anything of the answer had come) is tried again after 1, 2, 4 s, half of it by chance so that laptops do not come back together, or after as long as the
 * provider asked for. Once an answer has begun it is paid for, and is not asked for twice. Throws what the last attempt threw.
 */
export async function retrying<T>(attempt: (number: number) => Promise<T>, { signal, pause: wait, random }: Retrying): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof ProviderFailure) || number >= mostAttempts) throw error;
      if (error.kind !== 'rate_limited' && error.kind !== 'overloaded' && error.kind !== 'unreachable') throw error;
      const backoff = Math.min(firstWaitMs * 2 ** (number - 1), longestWaitMs);
      const waitMs = Math.max(error.retryAfterMs ?? 0, backoff / 2 + (backoff / 2) * random());
      if (waitMs > mostPatienceMs) throw error;
      await wait(waitMs, signal);
    }
  }
}
