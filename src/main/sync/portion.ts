/** How much of what waits goes or comes in one call. */
export interface Portion {
  /** So many of the most that are allowed, at least one. */
  of(most: number): number;
  /** The outcome of a call of this size: where it is lost, the next is half as large. */
  carry<T>(call: Promise<T>): Promise<T>;
  /** A whole round went through: the next may carry twice as much. */
  grow(): void;
}

/** Of a page of two hundred rows that is one: each may have forty megabytes. */
const least = 1 / 256;

/**
 * A call has a minute (`postgres.ts`). On a line that needs longer for a full batch or page the same one would be begun anew for ever, so
 * after each that was lost less is tried, whatever it was lost by. `most`: the share it begins with and never exceeds.
 */
export function createPortion(most = 1): Portion {
  let share = most;
  return {
    of: (allowed) => Math.max(1, Math.floor(allowed * share)),
    async carry(call) {
      try {
        return await call;
      } catch (error) {
        share = Math.min(share, Math.max(least, share / 2));
        throw error;
      }
    },
    grow: () => void (share = Math.min(most, share * 2)),
  };
}
