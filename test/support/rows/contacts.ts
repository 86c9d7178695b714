import { long, of, type RowCases } from './row-case.ts';

export const contactRows: RowCases = {
  production: {
    valid: (ids) => ({
      ...of(ids),
      production_id: ids.id('production'),
      matter_id: ids.id('matter'),
      production_name: ids.word,
      starts_on: '2026-01-02',
    }),
    broken: {
      production_day_order: { ends_on: '2026-01-01' },
      production_production_company_check: { production_company: long(256) },
      production_production_name_check: { production_name: '' },
    },
  },
  department: {
    valid: (ids) => ({ ...of(ids), department_id: ids.id('department'), department_name: ids.word, department_code: ids.word }),
    broken: {
      department_department_code_check: { department_code: long(21) },
      department_department_name_check: { department_name: '' },
    },
  },
  contact: {
    valid: (ids) => ({
      ...of(ids),
      contact_id: ids.id('contact'),
      production_id: ids.id('production'),
      department_id: ids.id('department'),
      document_id: ids.id('source_document'),
      decided_by: ids.id('user'),
      name: 'Ada Adams',
      email: 'ada@camera.example',
    }),
    broken: {
      contact_company_check: { company: '' },
      contact_email_check: { email: '@' },
      contact_extraction_confidence_check: { extraction_confidence: 1.01 },
      contact_name_check: { name: '' },
      contact_page_check: { page: 0 },
      contact_phone_check: { phone: '' },
      contact_quote_check: { quote: long(2001) },
      contact_role_title_check: { role_title: '' },
      contact_state_check: { state: 'guessed' },
    },
  },
  upload: {
    valid: (ids) => ({
      ...of(ids),
      upload_id: ids.id('upload'),
      production_id: ids.id('production'),
      document_id: ids.id('source_document'),
      content_hash: ids.hash,
      file_name: 'call-sheet.pdf',
    }),
    broken: {
      upload_completed_has_result: { status: 'completed' },
      upload_content_hash_check: { content_hash: 'x' },
      upload_error_message_check: { error_message: '' },
      upload_failed_has_reason: { status: 'failed' },
      upload_file_name_check: { file_name: '' },
      upload_status_check: { status: 'lost' },
    },
  },
};
