import { eq } from 'drizzle-orm';
import type { AppError } from '../../../shared/errors.ts';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { fileTransfer } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { FirmFiles } from './firm-files.ts';
import { confirmFile, digestsOf, findKept, readChunk } from './kept-files.ts';
import { inFlight, type Progress } from './transfer.ts';

/** Chunks that were damaged on the way are sent this often before the file is said to fail. */
const mostTries = 3;
/** How far a file is is written down once in so many chunks: each time costs a flush of the disk. */
const noteEvery = 16;
/** Up to this size the firm hashes the whole itself, where it lies in Postgres (`app.complete_file`). */
const mostHashedByFirm = 33_554_432;

interface Sending {
  store: Store;
  firm: FirmFiles;
  hash: string;
  signal: AbortSignal;
  onProgress(at: Progress): void;
}

/**
 * Brings one file to the firm: announced with the hash of each chunk, of which only those are sent that the firm lacks; so a broken line, a
 * crash or a colleague with the same file costs nothing twice. Errors: those of RemoteError (rejected), corrupt, conflict, those of the store.
 */
export async function uploadFile({ store, firm, hash, signal, onProgress }: Sending): Promise<Outcome<unknown>> {
  const file = findKept(store, hash);
  if (!file?.isWhole || file.uploaded) return confirm(store, hash, false); // another pass was quicker
  const digests = await digestsOf(store, hash);
  const chunkCount = digests.length / 32;
  for (let round = 1; round <= mostTries; round += 1) {
    const begun = await firm.begin(hash, file.sizeBytes, digests);
    if (begun.disputed) return err(disputed);
    // in Postgres every chunk was compared with what we announce, by the firm's server
    if (begun.complete) return confirm(store, hash, begun.home === 'postgres');
    let done = chunkCount - begun.missing.length;
    const started = noteProgress(store, hash, done, chunkCount);
    if (!started.ok) return started;
    onProgress({ done, of: chunkCount });
    const sent = await inFlight(begun.missing, async (chunk) => {
      if (signal.aborted) return err(cancelled);
      const bytes = readChunk(store, hash, chunk);
      if (!bytes) return err(gone);
      for (let tries = 1; !(await firm.put(hash, begun.home, chunk, bytes)); tries += 1) {
        if (tries === mostTries) return err(broken);
      }
      done += 1;
      onProgress({ done, of: chunkCount });
      return done % noteEvery === 0 ? noteProgress(store, hash, done, chunkCount) : ok({});
    });
    if (!sent.ok) return sent;
    const completed = await firm.complete(hash);
    if (completed === 'complete') {
      if (begun.home === 'postgres' && file.sizeBytes <= mostHashedByFirm) return confirm(store, hash, true);
      // Somebody may have announced other bytes under this name while it was sent, and this laptop's copy would go for them (S23): what is there now is compared.
      const stands = await firm.begin(hash, file.sizeBytes, digests);
      if (stands.disputed) return err(disputed);
      if (stands.complete) return confirm(store, hash, true);
    }
    if (completed === 'wrong') return err(wrong);
    // the firm let go of it meanwhile: its files moved house, or it was restored
  }
  return err(restless);
}

/** For whoever looks after a restart; what is to be sent the firm says. */
function noteProgress(store: Store, hash: string, chunksDone: number, chunkCount: number): Outcome<unknown> {
  return store.transaction((db) => {
    db.update(fileTransfer).set({ chunkCount, chunksDone }).where(eq(fileTransfer.contentHash, hash)).run();
    return ok({});
  });
}

function confirm(store: Store, hash: string, isProved: boolean): Outcome<unknown> {
  return store.transaction((db) => {
    confirmFile(db, hash, isProved);
    return ok({});
  });
}

const cancelled: AppError = { code: 'cancelled', what: 'sending the file' };
const gone: AppError = { code: 'not_found', what: 'a part of the file on this laptop' };
const broken: AppError = {
  code: 'corrupt',
  what: 'the file on its way to the firm',
  reason:
    'The network changed it three times in a row, and the firm refused it each time. It is safe on this laptop and is sent again; tell your IT if this stays.',
};
const wrong: AppError = {
  code: 'corrupt',
  what: 'the file as it lies on this laptop',
  reason:
    'It is no longer what it was when it was added, so the firm did not take it. Add it again from the case folder; the document and its text stay.',
};
const disputed: AppError = {
  code: 'conflict',
  what: 'the file at the firm',
  reason:
    'The firm holds other bytes under this name than this laptop. Yours are kept here; ask your IT to run ‘steno admin file-store verify’.',
};
const restless: AppError = {
  code: 'provider_failed',
  what: 'sending the file',
  reason: 'The firm let go of it several times while it was sent. It is safe on this laptop and is sent again.',
};
