import { long, of, tooDeep, type Ids, type RowCases } from './row-case.ts';

const aComment = (ids: Ids, name: string) => ({
  ...of(ids),
  collaboration_id: ids.id(name),
  letter_id: ids.id('demand_letter'),
  change_type: 'Comment',
  change_data: { text: 'x' },
});

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
      template_portable_check: { template_content: { sections: [], more: tooDeep } },
      template_template_description_check: { template_description: long(10_001) },
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
      demand_letter_finalized_check: { status: 'Finalized' },
      demand_letter_demand_cents_check: { demand_cents: -1 },
      demand_letter_portable_check: { metadata: { deep: tooDeep } },
      demand_letter_status_check: { status: 'Lost' },
      demand_letter_title_check: { title: '' },
    },
  },
  letter_update: {
    valid: (ids) => ({ ...of(ids), update_id: ids.id('letter_update'), letter_id: ids.id('demand_letter'), payload: '\\x00' }),
    broken: {
      letter_update_payload_check: { payload: `\\x${'00'.repeat(20_000_001)}` },
      letter_update_leans_on_check: { leans_on: 'x' },
    },
  },
  letter_update_archive: {
    valid: (ids) => ({
      firm_id: ids.firm,
      update_id: ids.id('letter_update_archive'),
      letter_id: ids.id('demand_letter'),
      payload: '\\x00',
      created_at: '2026-01-01T00:00:00Z',
      replaced_by: ids.id('letter_update'),
    }),
    broken: {},
  },
  letter_version: {
    valid: (ids) => ({
      ...of(ids),
      version_id: ids.id('letter_version'),
      letter_id: ids.id('demand_letter'),
      content: '\\x00',
      letter_values: {},
      change_summary: 'x',
      version_number: 1,
    }),
    broken: {
      letter_version_change_summary_check: { change_summary: long(10_001) },
      letter_version_version_name_check: { version_name: '' },
      letter_version_version_number_check: { version_number: 0 },
      letter_version_portable_check: { letter_values: [tooDeep] },
    },
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
      export_portable_check: { exported_at: '10000-01-01T00:00:00Z' },
      export_file_size_check: { file_size: 0 },
    },
  },
  demand_letter_archive: {
    valid: (ids) => ({
      firm_id: ids.firm,
      letter_id: ids.id('demand_letter_archive'),
      matter_id: ids.id('matter'),
      title: 'Demand',
      letter_date: '2016-06-01',
      status: 'Exported',
      finalized_at: '2016-06-02T00:00:00Z',
      archived_reason: 'retention',
    }),
    broken: {
      demand_letter_archive_archived_reason_check: { archived_reason: '' },
      demand_letter_demand_cents_check: { demand_cents: -1 },
      demand_letter_finalized_check: { finalized_at: null },
      demand_letter_status_check: { status: 'Lost', finalized_at: null },
      demand_letter_title_check: { title: '' },
    },
  },
  collaboration: {
    valid: (ids) => ({
      ...aComment(ids, 'collaboration'),
      parent_id: ids.id('thread'),
      user_id: ids.id('user'),
      position: { from: 0, to: 1 },
    }),
    also: (ids) => [aComment(ids, 'thread')],
    broken: {
      collaboration_change_data_check: { change_data: 'x' },
      collaboration_change_type_check: { change_type: 'Shout' },
      collaboration_check: (ids) => ({ parent_id: ids.id('collaboration') }),
      collaboration_position_check: { position: 1 },
      collaboration_resolved_check: { parent_id: null, is_resolved: true },
      collaboration_thread_check: { is_resolved: true, resolved_at: '2026-01-01T00:00:00Z' },
    },
  },
  ai_refinement: {
    valid: (ids) => ({
      ...of(ids),
      refinement_id: ids.id('ai_refinement'),
      letter_id: ids.id('demand_letter'),
      requested_by: ids.id('user'),
      instruction: 'Shorter',
      provider: 'offline',
      ai_model: 'x',
      prompt_version: '1',
      input_content: 'x',
    }),
    broken: {
      ai_refinement_ai_model_check: { ai_model: '' },
      ai_refinement_completed_check: { completed_at: '2026-01-01T00:00:00Z' },
      ai_refinement_cost_microdollars_check: { cost_microdollars: -1 },
      ai_refinement_details_check: { input_content: null },
      ai_refinement_error_message_check: { status: 'Failed', completed_at: '2026-01-01T00:00:00Z', error_message: long(2001) },
      ai_refinement_instruction_check: { instruction: '' },
      ai_refinement_outcome_check: { output_content: 'x' },
      ai_refinement_processing_time_ms_check: { processing_time_ms: -1 },
      ai_refinement_prompt_version_check: { prompt_version: '' },
      ai_refinement_provider_check: { provider: '' },
      ai_refinement_removed_check: { instruction: null, input_content: null, details_removed_at: '2026-01-01T00:00:00Z' },
      ai_refinement_status_check: { status: 'Lost' },
      ai_refinement_token_count_check: { token_count: -1 },
    },
  },
  letter_presence: {
    valid: (ids) => ({
      firm_id: ids.firm,
      session_id: ids.id('session'),
      letter_id: ids.id('demand_letter'),
      user_id: ids.id('user'),
      state: 'reading',
    }),
    broken: {
      letter_presence_state_check: { state: 'asleep' },
      letter_presence_place_check: { place: 'no position' },
    },
  },
};
