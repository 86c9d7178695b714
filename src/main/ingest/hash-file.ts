import { createHash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';

export const changedMeanwhile: AppError = {
  code: 'conflict',
  what: 'the file',
  reason: 'It changed while it was being read. It will be read again when it is quiet.',
};

/** Windows has neither (nothing is added then): there the file's identity alone tells. A pipe that took a file's place must not be waited for. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const exactly = { bigint: true } as const;
const isSame = (a: BigIntStats, b: BigIntStats): boolean => a.ino === b.ino && a.dev === b.dev;

interface Hashing {
  onPiece?: ((piece: Uint8Array) => Promise<void>) | undefined;
  /** The file must lie in this folder when all links on the way to it are followed. */
  within?: string | undefined;
}

/**
 * SHA-256 of a file as 64 hex digits, read in pieces. Links are not followed, also not one that takes the file's place at the last moment: what is read is what
 * was looked at before. `conflict` where the file changed or was replaced while it was read; `not_found` where it is gone, is no file, or lies elsewhere;
 * `provider_failed` where the system would not let it be read.
 */
export async function hashFile(
  path: string,
  { onPiece, within }: Hashing = {},
): Promise<Outcome<{ hash: string; sizeBytes: number; modifiedMs: number }>> {
  try {
    const judged = await lstat(path, exactly);
    if (!judged.isFile()) return err({ code: 'not_found', what: 'the file' });
    await using file = await open(path, flags);
    const before = await file.stat(exactly);
    // a number is given anew once a file is deleted: that alone is not enough
    if (!before.isFile() || !isSame(before, judged) || before.size !== judged.size || before.mtimeNs !== judged.mtimeNs)
      return err(changedMeanwhile);
    if (within !== undefined && !(await liesIn(within, path, before))) return err({ code: 'not_found', what: 'the file' });
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
    const after = await file.stat(exactly);
    const named = await lstat(path, exactly);
    const changed =
      BigInt(sizeBytes) !== before.size || after.size !== before.size || after.mtimeNs !== before.mtimeNs || !isSame(named, before);
    if (changed) return err(changedMeanwhile);
    return ok({ hash: hash.digest('hex'), sizeBytes, modifiedMs: Number(before.mtimeNs) / 1e6 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return err({ code: 'not_found', what: 'the file' });
    if (code === 'ELOOP') return err(changedMeanwhile); // a link took its place
    if (typeof code !== 'string') throw error;
    return err({
      code: 'provider_failed',
      what: 'opening the file',
      reason: `The system answered ${code}. Close it in other programs and check its permissions.`,
    });
  }
}

/** Whether the file that is open can be reached inside the folder without a link: a folder on the way may have been replaced by one. */
async function liesIn(folder: string, path: string, opened: BigIntStats): Promise<boolean> {
  const [realFolder, real] = await Promise.all([realpath(folder), realpath(path)]);
  const inside = relative(realFolder, real);
  if (inside === '' || isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return false;
  return isSame(await stat(real, exactly), opened);
}
