import { long, of, place, type Ids, type RowCases } from './row-case.ts';

const ofDocument = (ids: Ids) => ({
  ...of(ids),
  matter_id: ids.id('matter'),
  document_id: ids.id('source_document'),
});

export const evidenceRows: RowCases = {
  matter: {
    valid: (ids) => ({ ...of(ids), matter_id: ids.id('matter'), title: 'Rivera' }),
    broken: {
      matter_title_check: { title: '' },
      matter_case_reference_check: { case_reference: long(101) },
      matter_status_check: { status: 'Lost' },
    },
  },
  source_document: {
    valid: (ids) => ({
      ...ofDocument(ids),
      uploaded_by: ids.id('user'),
      file_name: 'bill.pdf',
      relative_path: 'bill.pdf',
      file_type: 'application/pdf',
      file_size: 1,
      content_hash: ids.hash,
    }),
    broken: {
      source_document_content_hash_check: { content_hash: 'x' },
      source_document_document_type_check: { document_type: 'Poem' },
      source_document_file_name_check: { file_name: '' },
      source_document_file_size_check: { file_size: -1 },
      source_document_file_type_check: { file_type: long(101) },
      source_document_page_count_check: { page_count: -1 },
      source_document_processing_status_check: { processing_status: 'lost' },
      source_document_relative_path_check: { relative_path: '' },
    },
  },
  document_page: {
    valid: (ids) => ({
      ...of(ids),
      page_id: ids.id('document_page'),
      document_id: ids.id('source_document'),
      page_number: 1,
      extracted_text: 'x',
    }),
    broken: { document_page_page_number_check: { page_number: 0 } },
  },
  fact: {
    valid: (ids) => ({
      ...ofDocument(ids),
      ...place,
      fact_id: ids.id('fact'),
      decided_by: ids.id('user'),
      kind: 'date_of_loss',
      value: 'x',
      normal: 'x',
      confidence: 50,
      method: 'rule',
    }),
    broken: {
      fact_check: { end_offset: 1, start_offset: 2 },
      fact_confidence_check: { confidence: 101 },
      fact_kind_check: { kind: '' },
      fact_normal_check: { normal: '' },
      fact_page_check: { page: 0 },
      fact_start_offset_check: { start_offset: -1 },
      fact_state_check: { state: 'guessed' },
      fact_value_check: { value: '' },
    },
  },
  bill_line: {
    valid: (ids) => ({
      ...ofDocument(ids),
      ...place,
      bill_line_id: ids.id('bill_line'),
      decided_by: ids.id('user'),
      line_order: 0,
      provider: 'Mercy',
      description: 'x',
      billed_cents: 1,
      paid_cents: 1,
      method: 'rule',
      confidence: 50,
    }),
    broken: {
      bill_line_check: { end_offset: 1, start_offset: 2 },
      bill_line_code_check: { code: long(21) },
      bill_line_confidence_check: { confidence: -1 },
      bill_line_line_order_check: { line_order: -1 },
      bill_line_page_check: { page: 0 },
      bill_line_provider_check: { provider: '' },
      bill_line_start_offset_check: { start_offset: -1 },
      bill_line_state_check: { state: 'guessed' },
      bill_line_units_check: { units: -1 },
    },
  },
  stated_total: {
    valid: (ids) => ({
      ...ofDocument(ids),
      ...place,
      stated_total_id: ids.id('stated_total'),
      label: 'Total',
      billed_cents: 1,
      paid_cents: 1,
      owed_cents: 0,
    }),
    broken: {
      stated_total_check: { end_offset: 1, start_offset: 2 },
      stated_total_page_check: { page: 0 },
      stated_total_start_offset_check: { start_offset: -1 },
    },
  },
  blob: {
    valid: (ids) => ({ firm_id: ids.firm, content_hash: ids.hash, size_bytes: 1 }),
    broken: { blob_content_hash_check: { content_hash: 'x' }, blob_size_bytes_check: { size_bytes: -1 } },
  },
  blob_chunk: {
    valid: (ids) => ({ firm_id: ids.firm, content_hash: ids.hash, chunk_number: 0, bytes: '\\x00' }),
    broken: {
      blob_chunk_bytes_check: { bytes: `\\x${'00'.repeat(1024 * 1024 + 1)}` },
      blob_chunk_chunk_number_check: { chunk_number: -1 },
    },
  },
};
