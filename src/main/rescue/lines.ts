import { z } from 'zod';

/*
 * What is inside a rescue file, once it is opened: JSON, one value a line, so that a person with `age` and a text editor can read it.
 * `about` first, `end` last; what lies between may come in any order, but the chunks of a file follow it.
 */

const About = z.object({
  kind: z.literal('about'),
  format: z.literal('steno-rescue'),
  version: z.literal(1),
  /** Why it was written. */
  reason: z.enum(['revoked', 'damaged', 'key_gone']),
  /** By the laptop's clock. */
  at: z.iso.datetime(),
  firm: z.object({ firmId: z.string(), name: z.string(), slug: z.string() }).nullable(),
  author: z.object({ userId: z.string(), email: z.string(), firstName: z.string(), lastName: z.string() }).nullable(),
  deviceId: z.string().nullable(),
});
export type About = z.infer<typeof About>;

const Change = z.object({
  kind: z.literal('change'),
  /** As it would have gone to the firm. */
  mutation: z.object({
    mutationId: z.string(),
    entity: z.string(),
    entityId: z.string(),
    op: z.enum(['insert', 'patch']),
    baseRevision: z.number().int(),
    patch: z.record(z.string(), z.unknown()),
  }),
  /** refused: the firm had refused it, with the reason, and its author had not decided yet. */
  state: z.enum(['waiting', 'refused']),
  refusal: z.string().nullable(),
  at: z.iso.datetime().nullable(),
  matter: z.string().nullable(),
  /** The letter or document it belongs to. */
  of: z.string().nullable(),
  /** What the fields held before. */
  before: z.record(z.string(), z.unknown()).nullable(),
});
export type Change = z.infer<typeof Change>;

/** A letter that was written in: as its author saw it, and as it would be without what the firm does not have. */
const Letter = z.object({
  kind: z.literal('letter'),
  letterId: z.string(),
  title: z.string().nullable(),
  matter: z.string().nullable(),
  text: z.string(),
  textAtFirm: z.string(),
});
export type Letter = z.infer<typeof Letter>;

/** Two values of one field between which nobody had chosen. */
const Conflict = z.object({
  kind: z.literal('conflict'),
  conflictId: z.string(),
  entity: z.string(),
  matter: z.string().nullable(),
  of: z.string().nullable(),
  proposed: z.unknown(),
  current: z.unknown(),
});

/** A file the firm does not have; its bytes follow in chunks. */
const File = z.object({
  kind: z.literal('file'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  matter: z.string().nullable(),
  sizeBytes: z.number().int(),
});
export type RescuedFile = z.infer<typeof File>;
const Chunk = z.object({ kind: z.literal('chunk'), sha256: z.string(), base64: z.base64() });

export const Counts = z.object({
  changes: z.number().int(),
  files: z.number().int(),
  /** Places of a damaged store that could not be read. */
  unreadable: z.number().int(),
});
export type Counts = z.infer<typeof Counts>;
const End = z.object({ kind: z.literal('end'), ...Counts.shape });

export const Line = z.discriminatedUnion('kind', [About, Change, Letter, Conflict, File, Chunk, End]);
export type Line = z.infer<typeof Line>;
