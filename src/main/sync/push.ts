import type { AppError } from '../../shared/errors.ts';
import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { acknowledge, bury, forget, nextBatch, type Mutation } from './outbox.ts';
import type { Greeting, Remote, Verdict } from './remote.ts';
import { systemTimers, type Timers } from './timers.ts';
import { logVerdicts, type Logged } from './verdict-log.ts';

// more at once are little faster, and keep the others of the firm waiting for longer
const mostMutations = 2_000;
const mostBytes = 4_000_000;

export interface PushWatch {
  now?(): number;
  /** How many changes are on their way; 0 once they are answered or the line was lost. */
  onSending?(count: number): void;
  /** A batch was settled. */
  onSettled?(): void;
  /** How much of the most that may go at once. */
  portion?(most: number): number;
  /** No change made after this one of the outbox is sent. */
  upTo?: number;
  /** Nothing more is sent once it says so. */
  signal?: AbortSignal;
  timers?: Timers;
}
interface Settled {
  settled: number;
  refused: number;
  /** How many of the refused the firm keeps as proposals. */
  proposed: number;
  /** Changes that were taken back from their rows. */
  takenBack: Mutation[];
}
type Pushed = { did: 'nothing' | 'pushed' } & Omit<Settled, 'settled'>;

/**
 * Sends what waits, batch after batch, each settled in one local transaction. A crash before that leaves the batch in the outbox; it is
 * sent again and the firm answers with the same verdicts (S3), so nothing is applied twice.
 * Of a long queue the next batch is read while the firm judges one, and judged while that one is settled. What follows may depend on a verdict that
 * takes a change back, so after such a one the call ends: all it says of refusals is of its last batch.
 */
export async function pushWaiting(
  store: Store,
  remote: Pick<Remote, 'push'>,
  understands: Greeting['understands'] = () => true,
  { now, onSending, onSettled, portion = (most) => most, upTo, signal, timers = systemTimers }: PushWatch = {},
): Promise<Pushed> {
  const most = portion(mostMutations);
  const next = (inFlight: Mutation[]): Mutation[] => nextBatch(store, { most, mostBytes: portion(mostBytes), understands, inFlight, upTo });
  const send = (batch: Mutation[]): Promise<Verdict[]> => {
    // what was read from files is jotted down, and the firm must not know of what a power cut takes from here
    const kept = store.flush();
    if (!kept.ok) throw new SettleError(kept.error);
    onSending?.(batch.length);
    const answer = remote.push(batch);
    answer.catch(() => undefined); // while nobody waits for it yet
    return answer;
  };
  /** The work that comes next holds up the line: what is to be sent goes out first. */
  const underWay = (): Promise<void> => timers.after(0).wait;
  let pushed: Pushed = { did: 'nothing', refused: 0, proposed: 0, takenBack: [] };
  let batch = next([]);
  let answer = batch.length > 0 ? send(batch) : null;
  try {
    while (answer) {
      const following = batch.length < most ? [] : await underWay().then(() => next(batch));
      const verdicts = await answer;
      answer = following.length > 0 && verdicts.every(isPlain) && !signal?.aborted ? send(following) : null;
      if (answer) await underWay();
      const { settled, ...rest } = settle(store, batch, verdicts, now?.());
      onSettled?.();
      // a firm that settles nothing of a batch would be asked for ever
      pushed = { did: settled > 0 ? 'pushed' : pushed.did, ...rest };
      batch = following;
    }
    return pushed;
  } finally {
    await answer?.catch(() => undefined); // what could not be settled here comes again; nothing else goes before it is answered
    onSending?.(0);
  }
}

/** Nothing was taken back and nothing waits for a person: what follows stands as it was read. */
const isPlain = ({ verdict, proposal }: Verdict): boolean => (verdict === 'applied' || verdict === 'merged') && !proposal;

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
