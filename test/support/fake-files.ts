import { createHash } from 'node:crypto';
import type { Role } from '../../src/shared/session.ts';
import { sha256 } from '../../src/main/sync/files/kept-files.ts';
import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { RemoteError } from '../../src/main/sync/remote.ts';

/** A file at the firm of the model. */
export interface FakeFile {
  sizeBytes: number;
  isComplete: boolean;
  isVerified: boolean;
  digests: Buffer[];
  chunks: Map<number, Buffer>;
  /** How often each chunk was taken; more than once is the failure that announcing forbids. */
  taken: Map<number, number>;
}

/** What the server hashes by itself; real ones 32 MB. */
export interface FakeFileRules {
  mostHashedBytes: number;
  /** Off in one control: takes whatever bytes come. */
  checksChunks: boolean;
}
export const fakeFileRules: FakeFileRules = { mostHashedBytes: 32 * 1024 * 1024, checksChunks: true };

/** app.begin_file and what follows it, in memory; test/support/files-contract.ts holds both to one meaning. */
export function fakeFiles(
  files: Map<string, FakeFile>,
  role: Role,
  call: <T>(work: () => T) => Promise<T>,
  rules: FakeFileRules = fakeFileRules,
): FirmFiles {
  const write = <T>(work: () => T): Promise<T> =>
    call(() => {
      if (role === 'Viewer' || role === 'Guest')
        throw new RemoteError({ code: 'forbidden', what: "the firm's files", reason: 'Your role may read them only.' });
      return work();
    });
  const complete = (hash: string): FakeFile | undefined => {
    const file = files.get(hash);
    return file?.isComplete ? file : undefined;
  };
  return {
    states: (hashes) =>
      call(() => new Map(hashes.flatMap((hash) => (complete(hash) ? [[hash, { isVerified: complete(hash)?.isVerified === true }]] : [])))),
    begin: (hash, sizeBytes, digestBytes) =>
      write(() => {
        const digests = Array.from({ length: digestBytes.length / 32 }, (_, n) => Buffer.from(digestBytes.subarray(n * 32, n * 32 + 32)));
        const before = files.get(hash);
        const same = (n: number): boolean => before?.digests[n]?.equals(digests[n] ?? Buffer.alloc(0)) === true;
        if (before?.isComplete) {
          const isDisputed = !before.isVerified && !(before.digests.length === digests.length && digests.every((_, n) => same(n)));
          return { complete: !isDisputed, disputed: isDisputed, home: 'postgres' as const, missing: [] };
        }
        const chunks = new Map([...(before?.chunks ?? [])].filter(([n]) => before?.sizeBytes === sizeBytes && same(n)));
        files.set(hash, {
          sizeBytes,
          isComplete: false,
          isVerified: false,
          digests,
          chunks,
          taken: before?.taken ?? new Map<number, number>(),
        });
        const missing = digests.flatMap((_, n) => (chunks.has(n) ? [] : [n]));
        return { complete: false, disputed: false, home: 'postgres' as const, missing };
      }),
    put: (hash, _home, chunk, bytes) =>
      write(() => {
        const file = files.get(hash);
        const digest = file?.digests[chunk];
        if (!file || !digest || (rules.checksChunks && !digest.equals(sha256(bytes)))) return false;
        if (file.isComplete || file.chunks.has(chunk)) return true;
        file.chunks.set(chunk, Buffer.from(bytes));
        file.taken.set(chunk, (file.taken.get(chunk) ?? 0) + 1);
        return true;
      }),
    complete: (hash) =>
      write(() => {
        const file = files.get(hash);
        if (!file) return 'unknown' as const;
        if (file.isComplete) return 'complete' as const;
        if (file.digests.some((_, n) => !file.chunks.has(n)) || (file.digests.length === 0 && file.sizeBytes > 0))
          return 'incomplete' as const;
        const bytes = wholeOf(file);
        file.isVerified = bytes.length <= rules.mostHashedBytes;
        if (
          bytes.length !== file.sizeBytes ||
          (rules.checksChunks && file.isVerified && createHash('sha256').update(bytes).digest('hex') !== hash)
        ) {
          files.delete(hash);
          return 'wrong' as const;
        }
        file.isComplete = true;
        return 'complete' as const;
      }),
    find: (hash) =>
      call(() => {
        const file = complete(hash);
        return file
          ? { sizeBytes: file.sizeBytes, home: 'postgres' as const, chunks: file.digests.length, digests: Buffer.concat(file.digests) }
          : null;
      }),
    get: (hash, _home, chunk) => call(() => complete(hash)?.chunks.get(chunk) ?? null),
  };
}

/** The bytes of a file at the firm. */
export function wholeOf(file: FakeFile): Buffer {
  return Buffer.concat([...file.chunks.entries()].sort(([a], [b]) => a - b).map(([, part]) => part));
}
