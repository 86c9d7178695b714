import type { AppError } from '../../shared/errors.ts';
import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { bury, forget, nextBatch } from './outbox.ts';
import type { Remote } from './remote.ts';

const mostMutations = 500;
const mostBytes = 4_000_000;

/**
 * Sends one batch and settles its verdicts in one local transaction. A crash between the two leaves the batch in the outbox;
 * it is sent again and the firm answers with the same verdicts (S3), so nothing is applied twice.
 */
export async function pushOnce(store: Store, remote: Remote): Promise<{ did: 'nothing' | 'pushed'; refused: number }> {
  const batch = nextBatch(store, mostMutations, mostBytes);
  if (batch.length === 0) return { did: 'nothing', refused: 0 };
  const verdicts = await remote.push(batch);
  const byId = new Map(verdicts.map((verdict) => [verdict.mutationId, verdict]));
  let refused = 0;
  let settled = 0;
  const outcome = store.transaction(() => {
    for (const mutation of batch) {
      const verdict = byId.get(mutation.mutationId);
      if (!verdict || verdict.verdict === 'fenced') continue;
      settled += 1;
      if (verdict.verdict === 'rejected') {
        refused += 1;
        bury(store, mutation.mutationId, verdict.reason ?? 'refused');
      } else {
        forget(store, mutation.mutationId);
      }
    }
    return ok({});
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  // a firm that settles nothing of a batch would be asked for ever
  return { did: settled > 0 ? 'pushed' : 'nothing', refused };
}

/** The verdicts came but could not be written here (disk full): the batch stays in the outbox. */
export class SettleError extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}
