import { long, of, type RowCases } from './row-case.ts';

export const letterRows: RowCases = {
  template: {
    valid: (ids) => ({
      ...of(ids),
      template_id: ids.id('template'),
      template_name: ids.word,
      template_content: { sections: [] },
      category: ids.word,
      is_default: true,
    }),
    broken: {
      template_category_check: { category: long(101) },
      template_template_content_check: { template_content: { sections: 'none' } },
      template_template_name_check: { template_name: '' },
    },
  },
  demand_letter: {
    valid: (ids) => ({
      ...of(ids),
      letter_id: ids.id('demand_letter'),
      matter_id: ids.id('matter'),
      template_id: ids.id('template'),
      finalized_by: ids.id('user'),
      title: 'Demand',
      letter_date: '2024-06-01',
    }),
    broken: {
      demand_letter_demand_cents_check: { demand_cents: -1 },
      demand_letter_status_check: { status: 'Lost' },
      demand_letter_title_check: { title: '' },
    },
  },
  letter_update: {
    valid: (ids) => ({ ...of(ids), update_id: ids.id('letter_update'), letter_id: ids.id('demand_letter'), payload: '\\x00' }),
    broken: { letter_update_payload_check: { payload: `\\x${'00'.repeat(20_000_001)}` } },
  },
  letter_version: {
    valid: (ids) => ({
      ...of(ids),
      version_id: ids.id('letter_version'),
      letter_id: ids.id('demand_letter'),
      content: '\\x00',
      letter_values: {},
      change_summary: 'x',
    }),
    broken: {},
  },
  export: {
    valid: (ids) => ({
      ...of(ids),
      export_id: ids.id('export'),
      letter_id: ids.id('demand_letter'),
      exported_by: ids.id('user'),
      export_format: 'pdf',
      file_name: 'x.pdf',
      file_size: 1,
      content_hash: ids.hash,
    }),
    broken: {
      export_content_hash_check: { content_hash: 'x' },
      export_export_format_check: { export_format: 'PDF' },
      export_file_name_check: { file_name: '' },
      export_file_size_check: { file_size: 0 },
    },
  },
};
