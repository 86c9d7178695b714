import { z } from 'zod';

/** Where the firm keeps the bytes of a file: in its Postgres, or in an S3-compatible store. */
export const FileHome = z.enum(['postgres', 's3']);
export type FileHome = z.infer<typeof FileHome>;

export const BegunFile = z.object({
  /** The firm has it already: nothing is sent. */
  complete: z.boolean(),
  /** The firm has other chunks under this hash, too large for it to say whose are right; IT has them read through. */
  disputed: z.boolean(),
  home: FileHome,
  /** The chunks to send. */
  missing: z.array(z.number().int()),
});
export type BegunFile = z.infer<typeof BegunFile>;

export interface FoundFile {
  sizeBytes: number;
  chunks: number;
  home: FileHome;
  /** 32 bytes a chunk; null for a file that came before chunks had hashes. */
  digests: Buffer | null;
}

export const FileStates = z.record(z.string(), z.boolean());
export const Completed = z.enum(['complete', 'incomplete', 'wrong', 'unknown']);

/**
 * The firm's files as one signed-in laptop reaches them, in whichever home. Every method may reject with RemoteError and may be repeated:
 * a file is announced once, a chunk is taken once, a file is completed once.
 */
export interface FirmFiles {
  /** Which of these the firm has whole (at most 1,000), and of each whether its server hashed it itself. */
  states(hashes: string[]): Promise<Map<string, { isVerified: boolean }>>;
  begin(hash: string, sizeBytes: number, digests: Buffer): Promise<BegunFile>;
  /** False where what arrived is not what was announced. */
  put(hash: string, home: FileHome, chunk: number, bytes: Uint8Array): Promise<boolean>;
  complete(hash: string): Promise<z.infer<typeof Completed>>;
  find(hash: string): Promise<FoundFile | null>;
  /** Null where it is no longer in that home. */
  get(hash: string, home: FileHome, chunk: number): Promise<Uint8Array | null>;
}
