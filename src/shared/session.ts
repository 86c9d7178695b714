import { z } from 'zod';
import { FirmId, UserId } from './ids.ts';

/** Admin > Attorney > Paralegal > Viewer; a Guest sees the rooms she is invited to and nothing else. What each may do: steno.role_permission. */
export const Role = z.enum(['Admin', 'Attorney', 'Paralegal', 'Viewer', 'Guest']);
export type Role = z.infer<typeof Role>;

/** Whether the role changes matters, facts and letters at all; the firm's database decides again. */
export function mayWrite(role: Role): boolean {
  return role !== 'Viewer' && role !== 'Guest';
}

export const FirmSlug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Use letters, digits and hyphens, as on the sheet from your IT.');
export const Email = z.string().trim().toLowerCase().pipe(z.email('Enter the address as name@firm.example.'));

export const SignIn = z.object({ firmSlug: FirmSlug, email: Email, password: z.string().min(1, 'Enter your password.').max(1024) });
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
});
export type SessionView = z.infer<typeof SessionView>;
