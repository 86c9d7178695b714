import { z } from 'zod';
import { AppError } from './errors.ts';
import { ConflictId, MutationId } from './ids.ts';

export const SyncStatus = z.object({
  /** local: this store has no firm (command line). stopped: cannot go on without a person, see `problem`. */
  phase: z.enum(['local', 'offline', 'syncing', 'synced', 'stopped']),
  /** Mutations in the outbox that the firm has not confirmed. */
  waiting: z.number().int(),
  conflicts: z.number().int(),
  /** Mutations the firm refused; each keeps what the user wrote until they decide. */
  deadLetters: z.number().int(),
  lastSyncedAt: z.number().int().nullable(),
  offlineSince: z.number().int().nullable(),
  problem: AppError.nullable(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

/** Two people changed the same field of the same thing while apart; both values are kept until a person chooses. */
export const ConflictView = z.object({
  conflictId: ConflictId,
  /** "Date of loss, Rivera" */
  what: z.string(),
  field: z.string(),
  mine: z.string(),
  mineByName: z.string().nullable(),
  theirs: z.string(),
  theirsByName: z.string().nullable(),
  at: z.number().int(),
});
export type ConflictView = z.infer<typeof ConflictView>;

export const DeadLetterView = z.object({
  mutationId: MutationId,
  what: z.string(),
  reason: z.string(),
  kept: z.string(),
  at: z.number().int(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;
