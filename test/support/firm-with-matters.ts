import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, inserting } from './mutations.ts';

/** What one matter consists of in these tests: a row of most kinds that travel. */
export interface FilledMatter {
  matterId: string;
  letterId: string;
  documentId: string;
  updateId: string;
}

/** Pushes whole matters, each with a document of two pages, facts, a bill line and a letter with its first text. */
export async function pushMatters(remote: Pick<Remote, 'push'>, count: number): Promise<FilledMatter[]> {
  const filled: FilledMatter[] = [];
  for (let n = 0; n < count; n += 1) {
    const matter = aMatter(`Matter ${String(n)}`);
    const document = inserting('document', {
      matter_id: matter.entityId,
      file_name: `er ${String(n)}.pdf`,
      relative_path: `Medical/er ${String(n)}.pdf`,
      file_type: 'application/pdf',
      file_size: 10,
      content_hash: 'a'.repeat(64),
    });
    const place = { matter_id: matter.entityId, document_id: document.entityId, page: 1, start_offset: 0, end_offset: 4, quote: 'text' };
    const letter = aLetter(matter.entityId);
    const payload = `\\x${Buffer.from(letterBodyFromBlocks([])).toString('hex')}`;
    const update = inserting('letter_update', { letter_id: letter.entityId, payload });
    const batch: Mutation[] = [
      matter,
      document,
      ...[1, 2].map((page) =>
        inserting('page', {
          document_id: document.entityId,
          page_number: page,
          extracted_text: `Page ${String(page)}\tof\n${String(n)} \\ é`,
        }),
      ),
      ...['client_name', 'date_of_loss'].map((kind) =>
        inserting('fact', {
          ...place,
          kind,
          value: `Value ${String(n)}`,
          normal: kind === 'date_of_loss' ? '2024-03-02' : 'value',
          confidence: 90,
          method: 'rule',
        }),
      ),
      inserting('bill_line', {
        ...place,
        line_order: n,
        provider: 'Clinic',
        description: 'Visit',
        billed_cents: 12_345,
        paid_cents: 0,
        method: 'rule',
        confidence: 80,
      }),
      letter,
      update,
    ];
    const verdicts = await remote.push(batch);
    const refused = verdicts.find(({ verdict }) => verdict !== 'applied');
    if (refused) throw new Error(JSON.stringify(refused));
    filled.push({ matterId: matter.entityId, letterId: letter.entityId, documentId: document.entityId, updateId: update.entityId });
  }
  return filled;
}
