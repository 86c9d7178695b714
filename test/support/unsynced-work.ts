import { createHash } from 'node:crypto';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { localAccount } from '../../src/main/store/schema.ts';
import { keepFile } from '../../src/main/sync/files/kept-files.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { bury } from '../../src/main/sync/outbox.ts';
import { must, type TestLaptop } from './laptop.ts';

export const ada = {
  userId: freshId(),
  firmId: freshId(),
  firmName: 'Pardo Lane LLP',
  firmSlug: 'pardo-lane',
  email: 'ada@pardolane.example',
  firstName: 'Ada',
  lastName: 'Adams',
  role: 'Attorney',
};

/** What Ada did that the firm does not have: a matter, a letter with a sentence typed into it, a refused change, a document with its file. */
export function leaveWork({ store, write, userId }: TestLaptop, sentence = 'Typed on the train.') {
  store.db.insert(localAccount).values({ only: 1, account: ada, verifier: 'x:y', verifiedAt: 0 }).run();
  const [matterId, letterId, updateId, documentId] = [freshId(), freshId(), freshId(), freshId()];
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7 a bill'), Buffer.alloc(700_000, documentId)]);
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  must(
    write(({ db, insert, patch }) => {
      insert('matter', { matterId, title: 'Rivera v. BestValue', status: 'Open' });
      insert('letter', { letterId, matterId, title: 'Demand to BestValue', letterDate: '2026-01-02', status: 'Draft', metadata: {} });
      const payload = Buffer.from(letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: sentence }] }]));
      insert('letter_update', { updateId, letterId, payload });
      insert('document', {
        ...{ documentId, matterId, fileName: 'bill.pdf', relativePath: 'bill.pdf', fileType: 'application/pdf', fileSize: bytes.length },
        ...{ contentHash, documentType: 'Bill', processingStatus: 'read', isMissing: false },
      });
      keepFile(db, contentHash, bytes, 0);
      patch('matter', matterId, { title: 'Rivera v. BestValue Stores' });
      return ok({});
    }),
  );
  const last = store.raw.prepare('select mutation_id as id from outbox order by sequence desc limit 1').get() as { id: string };
  must(
    store.transaction(() => {
      bury(store, last.id, 'forbidden');
      return ok({});
    }),
  );
  return { matterId, letterId, updateId, documentId, contentHash, bytes, sentence, userId };
}
