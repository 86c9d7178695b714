import { z } from 'zod';
import { AppError } from './errors.ts';
import { FirmId, UserId } from './ids.ts';

/** Admin > Attorney > Paralegal > Viewer; a Guest sees the rooms she is invited to and nothing else. What each may do: steno.role_permission. */
export const Role = z.enum(['Admin', 'Attorney', 'Paralegal', 'Viewer', 'Guest']);
export type Role = z.infer<typeof Role>;

/** Whether the role changes matters, facts and letters at all; the firm's database decides again. */
export function mayWrite(role: Role): boolean {
  return role !== 'Viewer' && role !== 'Guest';
}

/** Whether the role closes letters and opens them again. */
export function mayFinalize(role: Role): boolean {
  return role === 'Attorney' || role === 'Admin';
}

export const FirmSlug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Use letters, digits and hyphens, as on the sheet from your IT.');
export const Email = z.string().trim().toLowerCase().pipe(z.email('Enter the address as name@firm.example.'));

export const SignIn = z.object({
  firmSlug: FirmSlug,
  email: Email,
  password: z.string().min(1, 'Enter your password.').max(1024),
  /** A copy on this laptop that does not open is set aside, and a new one fetched from the firm. */
  startAfresh: z.boolean().optional(),
});
export type SignIn = z.infer<typeof SignIn>;

export const AccountView = z.object({
  userId: UserId,
  firmId: FirmId,
  firmName: z.string(),
  firmSlug: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role: Role,
});
export type AccountView = z.infer<typeof AccountView>;

export const SessionView = z.object({
  account: AccountView,
  /** True where the firm's server could not be asked and this laptop's own verifier let the user in. */
  signedInOffline: z.boolean(),
  /** Milliseconds since 1970, or null for an offline sign-in. */
  expiresAt: z.number().int().nullable(),
  /** The firm has no recovery key, and this laptop's user has not read yet what that means. */
  warnsOfNoRecovery: z.boolean(),
});
export type SessionView = z.infer<typeof SessionView>;

/** What became of a copy that this laptop no longer has: what happened, what was kept, where it is. */
export const LostCopy = z.object({
  /** Which account's, without telling whose. */
  accountKey: z.string(),
  /** revoked: the firm wanted it erased. damaged: pages of it could not be read. afresh: its user left one that did not open. */
  why: z.enum(['revoked', 'damaged', 'afresh']),
  /** working: it is still being done. waiting: it could not be done yet, see `problem`. */
  state: z.enum(['working', 'waiting', 'done']),
  problem: AppError.nullable(),
  at: z.number().int(),
  /** What became of work the firm did not have. file: in a file for the firm's recovery key. sealed_store: inside the locked copy itself. */
  rescue: z.enum(['nothing', 'file', 'sealed_store', 'lost', 'kept']).nullable(),
  changes: z.number().int(),
  files: z.number().int(),
  unreadable: z.number().int(),
  /** The file, or the folder of the copy. */
  path: z.string().nullable(),
});
export type LostCopy = z.infer<typeof LostCopy>;
