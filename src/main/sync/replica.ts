import type { FeedPage } from './remote.ts';

export interface ReplicaReads {
  /** The replica's page where it may stand for the primary's, else null. Never rejects: then the primary answers. */
  pull(after: number, most: number): Promise<FeedPage | null>;
  /**
   * The newest position this laptop knows the firm to have, as the primary said it (a push's position, a page's head); null while that is
   * open. The replica must have come at least that far, or it would bring a row as it was before the laptop's own last change.
   */
  knows(position: number | null): void;
}

export interface ReplicaAnswer {
  /** Null where the replica has not come as far as `atLeast`. */
  page: FeedPage | null;
  /** False once it was promoted: from there it goes its own way. */
  isFollowing: boolean;
}

/** The pulls that pass a replica by after it failed, more with each failure in a row: waiting for it would slow down every one of them. */
const mostPassedBy = 32;

/**
 * Pulls from a streaming replica. It brings rows and nothing else is believed: that there is nothing more, that the feed went backwards,
 * that a session has ended only the primary says. So a replica that stands still costs a question and never hides a change.
 */
export function createReplicaReads(ask: (after: number, most: number, atLeast: number) => Promise<ReplicaAnswer>): ReplicaReads {
  let newestKnown: number | null = null;
  let failures = 0;
  let passBy = 0;
  const needed = (after: number): number | null => (newestKnown === null ? null : Math.max(after, newestKnown));

  return {
    knows: (position) => void (newestKnown = position),
    async pull(after, most) {
      const atLeast = needed(after);
      if (atLeast === null) return null;
      if (passBy > 0) {
        passBy -= 1;
        return null;
      }
      // down, slow, refusing or broken: what is not the replica's own trouble the primary will meet as well, and tell
      const answer = await ask(after, most, atLeast).catch(() => null);
      if (!answer?.isFollowing) {
        failures += 1;
        passBy = Math.min(2 ** failures, mostPassedBy);
        return null;
      }
      failures = 0;
      const { page } = answer;
      // while it was asked a push may have gone out, which it was not asked for
      if (!page || page.position <= after || needed(after) !== atLeast) return null;
      return { ...page, more: true };
    },
  };
}
