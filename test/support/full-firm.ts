import { createHash } from 'node:crypto';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';

/** Leaves at least one row in every table of a firm, conflict and file included; returns what it inserted, by entity. */
export async function fillFirm(attorney: Remote, colleague: Remote): Promise<Map<string, Mutation>> {
  const matter = aMatter();
  const bytes = Buffer.from(freshId());
  const hash = createHash('sha256').update(bytes).digest('hex');
  const document = inserting('document', {
    matter_id: matter.entityId,
    file_name: 'bill.pdf',
    relative_path: 'bill.pdf',
    file_type: 'application/pdf',
    file_size: bytes.length,
    content_hash: hash,
  });
  const of = { matter_id: matter.entityId, document_id: document.entityId };
  const place = { page: 1, start_offset: 0, end_offset: 1, quote: 'x' };
  const letter = aLetter(matter.entityId);
  const batch = [
    matter,
    document,
    inserting('page', { document_id: document.entityId, page_number: 1, extracted_text: 'x' }),
    inserting('fact', { ...of, ...place, kind: 'date_of_loss', value: 'x', normal: 'x', confidence: 1, method: 'rule' }),
    inserting('bill_line', {
      ...of,
      ...place,
      line_order: 0,
      provider: 'x',
      description: 'x',
      billed_cents: 1,
      paid_cents: 1,
      method: 'rule',
      confidence: 1,
    }),
    inserting('stated_total', { ...of, ...place, label: 'x', billed_cents: 1, paid_cents: 1, owed_cents: 0 }),
    inserting('template', { template_name: `Template ${freshId()}`, template_content: { sections: [] } }),
    letter,
    anEdit(letter.entityId),
    inserting('letter_version', { letter_id: letter.entityId, content: '\\x00', letter_values: {}, change_summary: 'x' }),
    inserting('export', {
      letter_id: letter.entityId,
      export_format: 'pdf',
      file_name: 'x.pdf',
      file_size: 1,
      content_hash: hash,
      exported_at: '2026-01-01T00:00:00Z',
    }),
    patching('matter', matter.entityId, 1, { title: 'From the attorney' }),
  ];
  const verdicts = await attorney.push(batch);
  const refused = verdicts.find(({ verdict }) => verdict !== 'applied');
  if (refused) throw new Error(JSON.stringify(refused));
  await colleague.push([patching('matter', matter.entityId, 1, { title: 'From the colleague' })]);
  await attorney.putBlobChunk(hash, bytes.length, 0, bytes);
  await attorney.completeBlob(hash);
  return new Map(batch.filter(({ op }) => op === 'insert').map((mutation) => [mutation.entity, mutation]));
}
