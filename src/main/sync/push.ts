import type { AppError } from '../../shared/errors.ts';
import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { acknowledge, bury, forget, nextBatch, type Mutation } from './outbox.ts';
import type { Greeting, Remote, Verdict } from './remote.ts';
import { logVerdicts, type Logged } from './verdict-log.ts';

// more at once are little faster, and keep the others of the firm waiting for longer
const mostMutations = 2_000;
const mostBytes = 4_000_000;

export interface PushWatch {
  now?(): number;
  /** How many changes are on their way; 0 once they are answered or the line was lost. */
  onSending?(count: number): void;
  /** How much of the most that may go at once. */
  portion?(most: number): number;
}
interface Settled {
  settled: number;
  refused: number;
  /** How many of the refused the firm keeps as proposals. */
  proposed: number;
  /** Changes that were taken back from their rows. */
  takenBack: Mutation[];
}

/**
 * Sends one batch and settles its verdicts in one local transaction. A crash between the two leaves the batch in the outbox;
 * it is sent again and the firm answers with the same verdicts (S3), so nothing is applied twice.
 */
export async function pushOnce(
  store: Store,
  remote: Pick<Remote, 'push'>,
  understands: Greeting['understands'] = () => true,
  { now, onSending, portion = (most) => most }: PushWatch = {},
): Promise<{ did: 'nothing' | 'pushed' } & Omit<Settled, 'settled'>> {
  const batch = nextBatch(store, portion(mostMutations), portion(mostBytes), understands);
  if (batch.length === 0) return { did: 'nothing', refused: 0, proposed: 0, takenBack: [] };
  onSending?.(batch.length);
  const verdicts = await remote.push(batch).finally(() => onSending?.(0));
  const { settled, ...rest } = settle(store, batch, verdicts, now?.());
  // a firm that settles nothing of a batch would be asked for ever
  return { did: settled > 0 ? 'pushed' : 'nothing', ...rest };
}

/**
 * What the firm said of a batch: confirmed changes leave the outbox, and refused ones that it keeps as proposals (S12); other refused ones wait for
 * a person, fenced ones stay where they are.
 */
export function settle(store: Store, batch: Mutation[], verdicts: Verdict[], at = Date.now()): Settled {
  const byId = new Map(verdicts.map((verdict) => [verdict.mutationId, verdict]));
  const done: Settled = { settled: 0, refused: 0, proposed: 0, takenBack: [] };
  const outcome = store.transaction(() => {
    const logged: Logged[] = [];
    const confirmed: { mutationId: string; revision: number | null }[] = [];
    for (const mutation of batch) {
      const { mutationId, entity } = mutation;
      const verdict = byId.get(mutationId);
      if (!verdict || verdict.verdict === 'fenced') continue;
      done.settled += 1;
      const reason = verdict.reason ?? null;
      logged.push({ mutation, verdict: verdict.verdict, reason, proposalId: verdict.proposal ?? null });
      if (verdict.verdict === 'rejected') {
        done.refused += 1;
        done.takenBack.push(mutation);
        bury(store, mutationId, reason ?? 'refused');
      }
      if (verdict.proposal) done.proposed += 1;
      if (verdict.verdict !== 'rejected' || verdict.proposal) confirmed.push({ mutationId, revision: verdict.revision ?? null });
      // a decision about a proposal is no text of anybody: it can simply be made again
      else if (entity === 'proposal') forget(store, mutationId);
    }
    acknowledge(store, confirmed);
    logVerdicts(store, logged, at);
    return ok({});
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  return done;
}

/** The verdicts came but could not be written here (disk full): the batch stays in the outbox. */
export class SettleError extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}
