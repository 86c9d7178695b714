import { z } from 'zod';
import type { AppError } from '../../shared/errors.ts';
import { FirmId, UserId } from '../../shared/ids.ts';
import { PersonHere, type PresenceState } from '../../shared/presence.ts';
import { Role } from '../../shared/session.ts';
import type { LaptopAuditHead } from '../audit/audit.ts';
import type { FirmFiles } from './files/firm-files.ts';
import type { HandedBack, Mutation } from './outbox.ts';
import type { SnapshotSource } from './snapshot/source.ts';

/** The newest version of migrations/server this app knows. A newer database says itself whether it still serves it (public.steno_client). */
export const serverSchemaVersion = 36;

/** Versions of the firm's database an app can work with: below `oldest` functions are missing that it calls; above `newest` the database decides. */
export interface Speaks {
  oldest: number;
  newest: number;
}
export const speaks: Speaks = { oldest: 22, newest: serverSchemaVersion };

export const Verdict = z.object({
  mutationId: z.uuid(),
  /** fenced: an earlier change of the same row was refused, so this one was not judged and stays in the outbox. */
  verdict: z.enum(['applied', 'merged', 'conflict', 'rejected', 'fenced']),
  reason: z.string().optional(),
  revision: z.number().int().nullish(),
  /** A refused change that the firm keeps for whoever may decide about it: this laptop needs to keep it no longer. */
  proposal: z.uuid().nullish(),
});
export type Verdict = z.infer<typeof Verdict>;

/** What handing back came to; `position` is what the firm's feed reached with it. */
export const HandBackReply = z.object({ verdicts: z.array(Verdict), position: z.number().int() });

export const FeedPage = z.object({
  position: z.number().int(),
  /** The newest position the firm has; below our cursor when its server was restored from an older backup. */
  head: z.number().int().nullable(),
  more: z.boolean(),
  /** Who has not come this far can miss that a row is gone: the firm no longer keeps all that was below (S6). */
  floor: z.number().int(),
  /** What the caller may see, as a hash; empty where it changed while the page was read (S30). */
  view: z.string(),
  // guid: any form that a uuid of Postgres has, or one row that an administrator made by hand would stop every laptop
  changes: z.array(z.object({ entity: z.string(), entityId: z.guid(), row: z.record(z.string(), z.unknown()).nullable() })),
});
export type FeedPage = z.infer<typeof FeedPage>;

/** Where a firm's audit chain stood. */
export const AuditHead = z.object({ batchNumber: z.number().int(), batchHash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof AuditHead>;

export const AnchorReply = z.object({
  /** Whether the firm's audit still goes through the head that was asked about. */
  holds: z.boolean(),
  /** Mutations the firm gave a verdict for and knows nothing of. */
  missing: z.array(z.uuid()),
  head: AuditHead.nullable(),
  /** The firm's time. */
  at: z.coerce.date(),
});
export type AnchorReply = z.infer<typeof AnchorReply>;

/** The firm's server as this line found it. */
export interface Greeting {
  /** Another number for each new connection: between two of them the server may have been restored. */
  connection: number;
  /** Whether the firm's database knows all that a change sets; false where this app is newer. */
  understands(mutation: Pick<Mutation, 'entity' | 'patch'>): boolean;
}

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

export const PresenceReply = z.object({
  /** Where the letter's notices come; null where nobody is in it. */
  channel: z
    .string()
    .regex(/^steno_here_[0-9a-f]{32}$/)
    .nullable(),
  /** Above 0 where it was not taken, being more often than the firm wants: when to come again. */
  waitMs: z.number().int(),
  people: z.array(PersonHere).max(50),
});
export type PresenceReply = z.infer<typeof PresenceReply>;

/** Who is in a letter: of the moment, never stored. Null: the letter is not there. A call here gives up soon, and a failure is no news of the line. */
export interface PresenceLine {
  /** Says where this laptop is, and hears who else is there. Counts for 15 seconds. */
  set(letterId: string, state: PresenceState, place: string | null): Promise<PresenceReply | null>;
  of(letterId: string): Promise<PresenceReply | null>;
  clear(letterId: string): Promise<void>;
  /** From now on calls back when something is new in the letters of these channels, as far as the line has notices. */
  hear(channels: readonly string[], onNotice: (channel: string) => void): void;
  hasNotices(): boolean;
}

/** What the firm decides for its laptops. */
export const LaptopPolicy = z.object({
  /** Days since the firm last answered; 0: never offline; null: as the firm's file says. */
  offlineDays: z.number().int().min(0).nullable(),
  /** The public key that work is sealed to which cannot reach the firm any more; null: it has none. */
  recoveryKey: z
    .string()
    .regex(/^age1[02-9ac-hj-np-z]{58}$/)
    .nullable(),
});
export type LaptopPolicy = z.infer<typeof LaptopPolicy>;

/** Before sign-in: the firm's server as a place to ask for a session. */
export interface RemoteDoor {
  /** Null where firm, address or password is wrong; which one is never said. */
  signIn(input: {
    firmSlug: string;
    email: string;
    password: string;
    deviceId: string;
    deviceName: string;
  }): Promise<{ token: string; account: RemoteAccount; policy: LaptopPolicy } | null>;
  close(): Promise<void>;
}

/** The firm's shared truth as one signed-in laptop sees it. Every method may reject with RemoteError and may be repeated. */
export interface Remote {
  whoami(): Promise<RemoteAccount>;
  /** One round trip; a verdict per mutation in the same order. Repeating a batch gives the first verdicts again (S3). */
  push(batch: Mutation[]): Promise<Verdict[]>;
  pull(after: number, most: number): Promise<FeedPage>;
  /** All that the caller may see, read in bulk on a line of its own, which the source closes. */
  snapshot(): SnapshotSource;
  /** How far the firm's feed is: the cheap question between two pulls. */
  feedHead(): Promise<number>;
  /** Costs a round trip with a new connection only. */
  greet(): Promise<Greeting>;
  /** Shows the firm where both audits stand, and asks for mutations it may have forgotten (at most 10,000). */
  anchor(remembered: AuditHead | null, mutationIds: string[], own: LaptopAuditHead): Promise<AnchorReply>;
  /** Gives a restored server what it has forgotten; fenced: a colleague has to hand back something first. */
  handBack(batch: HandedBack[]): Promise<Verdict[]>;
  /** Calls back after each push of anybody in the firm, until `signal` fires; rejects when the line is lost. */
  listen(onPush: () => void, signal: AbortSignal): Promise<void>;
  presence: PresenceLine;
  /** The machine slept, or the network is another: lines that stand are given up, for they may be dead without knowing. */
  reconnect(): void;
  /** Puts one update in the place of several of the caller's own; false where they are no longer all there. An open letter only (`forbidden`). */
  joinLetterUpdates(letterId: string, updateIds: string[], joinedId: string, payload: Uint8Array): Promise<boolean>;
  /** The firm's files, on lines of their own. */
  files: FirmFiles;
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
