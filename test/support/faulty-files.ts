import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { RemoteError } from '../../src/main/sync/remote.ts';

/** What can happen to one call. doubled: it arrives twice. damaged: a byte of it is another. cut: only half of its bytes arrive. */
export type FileFault = 'none' | 'request_lost' | 'reply_lost' | 'doubled' | 'damaged' | 'cut';
export const fileFaults: FileFault[] = ['none', 'request_lost', 'reply_lost', 'doubled', 'damaged', 'cut'];

const lost = (): RemoteError => new RemoteError({ code: 'offline', reason: 'lost' });

/** The firm's files over a line on which the next calls go as `schedule` says; when it has run out, the line is whole. */
export function faultyFiles(files: FirmFiles, schedule: FileFault[]): { files: FirmFiles; calls: string[] } {
  const calls: string[] = [];
  const left = [...schedule];

  async function over<T>(name: string, call: () => Promise<T>, isDamaged?: (bytes: 'damaged' | 'cut') => Promise<T>): Promise<T> {
    calls.push(name);
    const fault = left.shift() ?? 'none';
    if (fault === 'request_lost') throw lost();
    if ((fault === 'damaged' || fault === 'cut') && isDamaged) return isDamaged(fault);
    if (fault === 'doubled') await call();
    const reply = await call();
    if (fault === 'reply_lost') throw lost();
    return reply;
  }
  const spoil = (bytes: Uint8Array, how: 'damaged' | 'cut'): Uint8Array => {
    if (how === 'cut') return bytes.subarray(0, bytes.length >> 1);
    const spoilt = Uint8Array.from(bytes);
    const at = spoilt.length >> 1;
    spoilt[at] = (spoilt[at] ?? 0) ^ 0x10;
    return spoilt;
  };
  return {
    calls,
    files: {
      states: (hashes) => over('states', () => files.states(hashes)),
      begin: (...announced) => over('begin', () => files.begin(...announced)),
      put: (hash, home, chunk, bytes) =>
        over(
          `put ${String(chunk)}`,
          () => files.put(hash, home, chunk, bytes),
          (how) => files.put(hash, home, chunk, spoil(bytes, how)),
        ),
      complete: (hash) => over('complete', () => files.complete(hash)),
      find: (hash) => over('find', () => files.find(hash)),
      get: (hash, home, chunk) =>
        over(
          `get ${String(chunk)}`,
          () => files.get(hash, home, chunk),
          async (how) => {
            const bytes = await files.get(hash, home, chunk);
            return bytes && spoil(bytes, how);
          },
        ),
    },
  };
}
