import { z } from 'zod';
import { BudgetGb } from './files.ts';
import { FirmSlug } from './session.ts';
import { FirmConnection } from './setup.ts';

/** A file that IT hands out is a few kilobytes; what is larger is something else. */
export const mostFirmFileBytes = 1024 * 1024;

/** What the firm decides for its laptops. Only what this app obeys stands here. */
export const FirmOptions = z.object({
  /** How long a laptop lets its user in without asking the firm; seven days where nothing is said. */
  offlineSignInDays: z.number().int().min(1).max(30).optional(),
  /** The space that files may take up on each laptop; where nothing is said, its user decides. */
  fileBudgetGb: BudgetGb.optional(),
});
export type FirmOptions = z.infer<typeof FirmOptions>;

/** The parts that say how to read the rest. A version changes when an older app would misunderstand the file. */
export const FirmFileHead = z.object({ format: z.literal('steno-provision'), version: z.number() });

/** Who signed it: the Ed25519 public key, and its signature over `canonicalForm` of all but the signature, both base64url. */
export const FirmFileSeal = z.object({ key: z.string().regex(/^[\w-]{43}$/), signature: z.string().regex(/^[\w-]{86}$/) });

/** The file that points a laptop at its firm. It holds the shared login's password, so it is handed out like one. */
export const FirmFile = z.object({
  ...FirmFileHead.shape,
  version: z.literal(1),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  firm: z.object({ slug: FirmSlug, name: z.string().trim().min(1).max(255) }),
  connection: FirmConnection.omit({ firmSlug: true }),
  options: FirmOptions,
  ...FirmFileSeal.shape,
});
export type FirmFile = z.infer<typeof FirmFile>;

/** A file as it goes from a window to core. */
export const FirmFileText = z.string().max(mostFirmFileBytes, 'The file is larger than 1 MB, so it is not the one from your IT.');

export const FirmFileView = z.object({
  firmName: z.string(),
  firmSlug: z.string(),
  server: z.string(),
  issuedAt: z.string(),
  expiresAt: z.string().nullable(),
  /** Six groups of four, to compare with the sheet from IT. */
  fingerprint: z.string(),
  /** pinned: IT installed this key here. known: an earlier file had it. first: none had. changed: an earlier file had another. */
  trust: z.enum(['pinned', 'known', 'first', 'changed']),
  /** The fingerprint of the key this computer knows, where the file has another. */
  knownFingerprint: z.string().nullable(),
});
export type FirmFileView = z.infer<typeof FirmFileView>;

export const ConnectFirmFile = z.object({
  text: FirmFileText,
  /** The person said that the file's key replaces the one this computer knows. */
  isNewKey: z.boolean(),
});

const mostLevels = 8;

/**
 * The one text that stands for a JSON value: names in order, no space between. Null for what nests deeper than any file of ours,
 * which a stranger may send to exhaust the stack.
 */
export function canonicalForm(value: unknown, levels = mostLevels): string | null {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (levels === 0) return null;
  const isList = Array.isArray(value);
  const parts: string[] = [];
  for (const [name, inner] of Object.entries(value).sort(([a], [b]) => (isList ? 0 : a < b ? -1 : 1))) {
    if (inner === undefined) continue;
    const form = canonicalForm(inner, levels - 1);
    if (form === null) return null;
    parts.push(isList ? form : `${JSON.stringify(name)}:${form}`);
  }
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}
