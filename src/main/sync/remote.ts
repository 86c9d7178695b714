import { z } from 'zod';
import type { AppError } from '../../shared/errors.ts';
import { FirmId, UserId } from '../../shared/ids.ts';
import { Role } from '../../shared/session.ts';
import type { Mutation } from './outbox.ts';

/** The version of migrations/server this app speaks; a database that is older or newer is refused with words for IT. */
export const serverSchemaVersion = 13;

export const Verdict = z.object({
  mutationId: z.uuid(),
  /** fenced: an earlier change of the same row was refused, so this one was not judged and stays in the outbox. */
  verdict: z.enum(['applied', 'merged', 'conflict', 'rejected', 'fenced']),
  reason: z.string().optional(),
  revision: z.number().int().nullish(),
});
export type Verdict = z.infer<typeof Verdict>;

/** What a push came to; `position` is what the firm's feed reached with it. */
export const PushReply = z.object({ verdicts: z.array(Verdict), position: z.number().int() });

export const FeedPage = z.object({
  position: z.number().int(),
  /** The newest position the firm has; below our cursor when its server was restored from an older backup. */
  head: z.number().int().nullable(),
  more: z.boolean(),
  changes: z.array(z.object({ entity: z.string(), entityId: z.uuid(), row: z.record(z.string(), z.unknown()).nullable() })),
});
export type FeedPage = z.infer<typeof FeedPage>;

export const RemoteAccount = z.object({
  firmId: FirmId,
  firmName: z.string(),
  firmSlug: z.string(),
  feedChannel: z.string().regex(/^steno_[0-9a-f]{32}$/),
  userId: UserId,
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role: Role,
  expiresAt: z.coerce.date(),
});
export type RemoteAccount = z.infer<typeof RemoteAccount>;

/** Before sign-in: the firm's server as a place to ask for a session. */
export interface RemoteDoor {
  /** Null where firm, address or password is wrong; which one is never said. */
  signIn(input: {
    firmSlug: string;
    email: string;
    password: string;
    deviceId: string;
    deviceName: string;
  }): Promise<{ token: string; account: RemoteAccount } | null>;
  close(): Promise<void>;
}

/** The firm's shared truth as one signed-in laptop sees it. Every method may reject with RemoteError and may be repeated. */
export interface Remote {
  whoami(): Promise<RemoteAccount>;
  /** One round trip; a verdict per mutation in the same order. Repeating a batch gives the first verdicts again (S3). */
  push(batch: Mutation[]): Promise<Verdict[]>;
  pull(after: number, most: number): Promise<FeedPage>;
  /** Calls back after each push of anybody in the firm, until `signal` fires; rejects when the line is lost. */
  listen(onPush: () => void, signal: AbortSignal): Promise<void>;
  blobState(hash: string): Promise<{ sizeBytes: number; complete: boolean; chunks: number[] } | null>;
  putBlobChunk(hash: string, sizeBytes: number, chunk: number, bytes: Uint8Array): Promise<void>;
  completeBlob(hash: string): Promise<boolean>;
  getBlobChunk(hash: string, chunk: number): Promise<Uint8Array | null>;
  signOut(): Promise<void>;
  close(): Promise<void>;
}

/** A failure of the line or the firm's server that a person may have to know. `offline` is the common one: try later. */
export class RemoteError extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.name = 'RemoteError';
    this.error = error;
  }
}
