import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { SyncStatus } from '../../../shared/sync.ts';
import { ReadStore, StoreMeasures } from '../doctor/measure.ts';

/** What the Steno that has an account open answers the command line: how far it is, a round at once, what only it can look at. */
export const Ask = z.enum(['status', 'now', 'doctor']);
export type Ask = z.infer<typeof Ask>;

export const ControlRequest = z.strictObject({
  version: z.literal(1),
  /** From the account's folder: who can read that may ask. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  ask: Ask,
});

/** What each question is answered with, where it is not answered with an error. */
export const answers = {
  status: z.object({ ...ReadStore.shape, app: SyncStatus.pick({ phase: true, problem: true }) }),
  now: SyncStatus,
  doctor: z.union([StoreMeasures, AppError]),
};
export type Answer<A extends Ask> = z.infer<(typeof answers)[A]>;

/** One line each way. */
export const mostRequestBytes = 1_000;
export const mostReplyBytes = 64_000;
/** To say what one wants. */
export const requestMs = 2_000;
/** To be answered; a round, or a look at every page of a large copy, takes its time. */
export const answerMs: Record<Ask, number> = { status: 5_000, now: 600_000, doctor: 600_000 };
