import { createHash } from 'node:crypto';
import type pg from 'pg';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { sendFile } from './files.ts';
import { roomsAndContacts, touchForHistory } from './full-rooms.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';

/** A call of a model as a laptop records it. */
const aCall = {
  task: 'facts',
  provider: 'anthropic',
  model: 'x',
  prompt_id: 'facts',
  prompt_version: 1,
  prompt_hash: 'a'.repeat(64),
  attempt: 1,
  outcome: 'answered',
  duration_ms: 1,
  called_at: '2026-01-01T00:00:00Z',
};

/**
 * Leaves at least one row in every table of a firm, conflict and file included; returns what it inserted, by entity.
 * `admin` writes the tables that clients have no door to.
 */
export async function fillFirm(attorney: Remote, colleague: Remote, admin: pg.Client): Promise<Map<string, Mutation>> {
  const me = await attorney.whoami();
  const other = await colleague.whoami();
  const matter = aMatter();
  const bytes = Buffer.from(freshId());
  const hash = createHash('sha256').update(bytes).digest('hex');
  const aDocument = (name: string) =>
    inserting('document', {
      matter_id: matter.entityId,
      file_name: name,
      relative_path: name,
      file_type: 'application/pdf',
      file_size: bytes.length,
      content_hash: hash,
    });
  const document = aDocument('bill.pdf');
  const record = aDocument('record.pdf');
  const of = { matter_id: matter.entityId, document_id: document.entityId };
  const place = { page: 1, start_offset: 0, end_offset: 1, quote: 'x' };
  const letter = aLetter(matter.entityId);
  const template = inserting('template', { template_name: `Template ${freshId()}`, template_content: { sections: [] } });
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
    inserting('question', { matter_id: matter.entityId, question_key: 'gap', is_settled: true }),
    inserting('assistant_policy', { matter_id: matter.entityId, policy: { leaves: 'redacted' } }),
    inserting('assistant_call', { matter_id: matter.entityId, ...aCall }),
    inserting('stated_total', { ...of, ...place, label: 'x', billed_cents: 1, paid_cents: 1, owed_cents: 0 }),
    template,
    inserting('template_version', { template_id: template.entityId, content: { sections: [] }, change_summary: 'x' }),
    inserting('template_draft', { template_id: template.entityId, content: { sections: [] } }),
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
    record,
    ...letterWork(letter.entityId, me.userId),
    ...search(document.entityId, record.entityId, hash),
    ...refund(matter.entityId, document.entityId),
    ...roomsAndContacts(matter.entityId, document.entityId, me.userId, other.userId, hash),
    patching('matter', matter.entityId, 1, { title: 'From the attorney' }),
  ];
  const verdicts = await attorney.push(batch);
  const refused = verdicts.find(({ verdict }) => verdict !== 'applied');
  if (refused) throw new Error(JSON.stringify(refused));
  await colleague.push([patching('matter', matter.entityId, 1, { title: 'From the colleague' })]);
  // a change of what is gone waits as a proposal
  const [late] = await colleague.push([patching('document', freshId(), 1, { matter_id: matter.entityId })]);
  if (!late?.proposal) throw new Error(JSON.stringify(late));
  const conflicts: string[] = [];
  // conflicts of entities that a later migration brought have to go with it on the way down
  for (const { entity, entityId } of batch.filter((mutation) => ['contract', 'collaboration'].includes(mutation.entity))) {
    const [mine, theirs] =
      entity === 'contract' ? [{ price_cents: 1 }, { price_cents: 2 }] : [{ is_resolved: true }, { is_resolved: false }];
    await attorney.push([patching(entity, entityId, 1, mine)]);
    const [verdict] = await colleague.push([patching(entity, entityId, 1, theirs)]);
    conflicts.push(...(verdict?.verdict === 'conflict' ? [entity] : []));
  }
  if (conflicts.join() !== 'collaboration,contract') throw new Error(`conflicts of ${conflicts.join()}`);
  await sendFile(attorney.files, bytes);
  await admin.query(
    `insert into steno.demand_letter_archive (firm_id, letter_id, matter_id, title, letter_date, status, finalized_at, archived_reason, content)
     values ($1, $2, $3, 'Old', '2016-01-01', 'Exported', '2016-01-02', 'retention', '\\x00')`,
    [me.firmId, freshId(), matter.entityId],
  );
  await admin.query(
    `insert into steno.letter_update_archive (firm_id, update_id, letter_id, payload, created_by, created_at, replaced_by)
     select firm_id, gen_random_uuid(), letter_id, payload, created_by, created_at, update_id from steno.letter_update where letter_id = $1`,
    [letter.entityId],
  );
  await attorney.anchor(null, [], { chain: freshId(), sequence: 1, hash: '0'.repeat(64) });
  await admin.query(`insert into auth.firm_policy (firm_id, offline_days) values ($1, 3) on conflict do nothing`, [me.firmId]);
  await admin.query(`insert into auth.escrow_key (firm_id, public_key) values ($1, $2) on conflict do nothing`, [
    me.firmId,
    `age1${'q'.repeat(58)}`,
  ]);
  await admin.query(`select steno.aggregate_extractions((now() at time zone 'UTC')::date)`);
  await admin.query(
    `insert into steno.letter_presence (firm_id, session_id, letter_id, user_id, state) values ($1, $2, $3, $4, 'reading')`,
    [me.firmId, freshId(), letter.entityId, me.userId],
  );
  await touchForHistory(admin, me.firmId);
  return new Map(batch.filter(({ op }) => op === 'insert').map((mutation) => [mutation.entity, mutation]));
}

function letterWork(letterId: string, userId: string): Mutation[] {
  const comment = inserting('collaboration', { letter_id: letterId, change_type: 'Comment', change_data: { text: 'x' } });
  return [
    comment,
    inserting('collaboration', {
      letter_id: letterId,
      parent_id: comment.entityId,
      change_type: 'Suggestion',
      change_data: { new_text: 'y' },
      position: { from: 0 },
    }),
    inserting('review', { letter_id: letterId, asked_of: userId, note: 'The wages' }),
    inserting('ai_refinement', {
      letter_id: letterId,
      instruction: 'Shorter',
      provider: 'offline',
      ai_model: 'x',
      prompt_version: '1',
      input_content: 'x',
    }),
    inserting('setting', { user_id: userId, setting_key: 'view.theme', setting_value: 'dark' }),
  ];
}

function search(documentId: string, recordId: string, hash: string): Mutation[] {
  const extent = { ordinal: 0, first_page: 1, last_page: 1, start_offset: 0, end_offset: 1, token_count: 1 };
  const chunk = inserting('chunk', { document_id: documentId, ...extent, content_hash: hash, method: 'pages-1' });
  return [
    inserting('document_link', {
      from_document_id: documentId,
      to_document_id: recordId,
      link_kind: 'record_for',
      confidence: 90,
      method: 'rule',
    }),
    chunk,
    inserting('feedback', { subject: 'chunk', document_id: documentId, chunk_id: chunk.entityId, is_helpful: true }),
  ];
}

function refund(matterId: string, documentId: string): Mutation[] {
  const contract = inserting('contract', {
    matter_id: matterId,
    document_id: documentId,
    contract_kind: 'GAP',
    price_cents: 89_500,
    term_months: 60,
  });
  const extraction = inserting('extraction', {
    contract_id: contract.entityId,
    provider: 'offline',
    model_version: 'rules-1',
    prompt_version: '1',
    overall_confidence: 80,
  });
  const place = { page: 1, start_offset: 0, end_offset: 4, quote: '$895' };
  const field = inserting('extraction_field', {
    extraction_id: extraction.entityId,
    field_name: 'price',
    value: '$895',
    confidence: 80,
    ...place,
  });
  return [contract, extraction, field, inserting('correction', { field_id: field.entityId, new_value: '$985', reason: 'Misread.' })];
}
