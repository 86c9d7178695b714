import type { AppError } from '../../src/shared/errors.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { document } from '../../src/main/store/schema.ts';
import { createFiles, type Files } from '../../src/main/sync/files/files.ts';
import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { hashOf } from './files.ts';
import type { TestLaptop } from './laptop.ts';

export interface FilesSeat {
  files: Files;
  changes: string[];
}

/** The files of a laptop, as its seat has them; bugs fly. */
export function openFiles(laptop: TestLaptop, firm: FirmFiles, options: { lockedBudgetGb?: number; freeBytes?: number } = {}): FilesSeat {
  const changes: string[] = [];
  const files = createFiles({
    store: laptop.store,
    firm,
    now: () => 0,
    lockedBudgetGb: options.lockedBudgetGb ?? null,
    freeBytes: () => Promise.resolve(options.freeBytes ?? Number.MAX_SAFE_INTEGER),
    onChange: (hash) => void changes.push(hash),
    onBug: (error): AppError => {
      throw error;
    },
  });
  return { files, changes };
}

/** One look at everything there is to carry. */
export async function carryOnce({ files }: FilesSeat): Promise<void> {
  files.wake();
  await files.idle();
}

/** A document that names a file, as the feed brings it. */
export function nameFile({ store }: TestLaptop, bytes: Uint8Array, matterId: string): string {
  const documentId = freshId();
  store.db
    .insert(document)
    .values({
      documentId,
      matterId,
      fileName: `${documentId}.pdf`,
      relativePath: `${documentId}.pdf`,
      fileType: 'application/pdf',
      fileSize: bytes.length,
      contentHash: hashOf(bytes),
      documentType: 'Other',
      processingStatus: 'read',
      isMissing: false,
    })
    .run();
  return documentId;
}
