import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';

export const changedMeanwhile: AppError = {
  code: 'conflict',
  what: 'the file',
  reason: 'It changed while it was being read. It will be read again when it is quiet.',
};

/**
 * SHA-256 of a file as 64 hex digits, read in pieces. `conflict` where the file changed or was replaced while it was read;
 * `not_found` where it is gone; `provider_failed` where the system would not let it be read.
 */
export async function hashFile(
  path: string,
  onPiece?: (piece: Uint8Array) => Promise<void>,
): Promise<Outcome<{ hash: string; sizeBytes: number; modifiedMs: number }>> {
  try {
    await using file = await open(path, 'r');
    const before = await file.stat();
    const hash = createHash('sha256');
    const piece = new Uint8Array(1024 * 1024);
    let sizeBytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, sizeBytes);
      if (bytesRead === 0) break;
      hash.update(piece.subarray(0, bytesRead));
      sizeBytes += bytesRead;
      await onPiece?.(piece.subarray(0, bytesRead));
    }
    const after = await file.stat();
    const named = await stat(path);
    const changed =
      sizeBytes !== before.size ||
      after.size !== before.size ||
      after.mtimeMs !== before.mtimeMs ||
      named.ino !== before.ino ||
      named.dev !== before.dev;
    if (changed) return err(changedMeanwhile);
    return ok({ hash: hash.digest('hex'), sizeBytes, modifiedMs: before.mtimeMs });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return err({ code: 'not_found', what: 'the file' });
    if (typeof code !== 'string') throw error;
    return err({
      code: 'provider_failed',
      what: 'opening the file',
      reason: `The system answered ${code}. Close it in other programs and check its permissions.`,
    });
  }
}
