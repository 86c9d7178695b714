import { of, tooDeep, type RowCases } from './row-case.ts';

/** Within a partition that is there. */
const thisMonth = new Date().toISOString();
const digest = '\\x' + '00'.repeat(32);

export const syncRows: RowCases = {
  entity: {
    valid: (ids) => ({ entity: ids.word, table_name: ids.word, id_column: 'id', write_permission: `test:row:${ids.word}` }),
    broken: {},
  },
  entity_field: {
    valid: (ids) => ({ entity: ids.word, field: 'x', policy: 'last', merge_group: 'x' }),
    broken: { entity_field_policy_check: { policy: 'first' } },
  },
  conflict: {
    valid: (ids) => ({
      ...of(ids),
      conflict_id: ids.id('conflict'),
      entity: 'matter',
      entity_id: ids.id('matter'),
      merge_group: 'title',
      proposed: {},
      proposed_device: ids.id('device'),
      current: {},
    }),
    broken: { conflict_state_check: { state: 'lost' }, conflict_portable_check: { proposed: { more: tooDeep } } },
  },
  proposal: {
    valid: (ids) => ({
      ...of(ids),
      proposal_id: ids.id('proposal'),
      matter_id: ids.id('matter'),
      letter_id: ids.id('demand_letter'),
      entity: 'letter_update',
      entity_id: ids.id('letter_update'),
      mutation_id: ids.id('mutation'),
      op: 'insert',
      base_revision: 0,
      patch: {},
      reason: 'letter_finalized',
      proposed_by: ids.id('user'),
      proposed_device: ids.id('device'),
      ordinal: 1,
    }),
    broken: {
      proposal_op_check: { op: 'delete' },
      proposal_patch_check: { patch: [] },
      proposal_reason_check: { reason: 'x' },
      proposal_state_check: { state: 'lost', decided_at: '2026-01-01T00:00:00Z' },
      proposal_decided_check: { decided_at: '2026-01-01T00:00:00Z' },
    },
  },
  mutation: {
    valid: (ids) => ({
      firm_id: ids.firm,
      mutation_id: ids.id('mutation'),
      device_id: ids.id('device'),
      entity: 'matter',
      entity_id: ids.id('matter'),
      verdict: {},
    }),
    broken: {},
  },
  laptop_audit_head: {
    valid: (ids) => ({
      firm_id: ids.firm,
      device_id: ids.id('device'),
      chain_id: ids.id('chain'),
      seen_on: thisMonth.slice(0, 10),
      user_id: ids.id('user'),
      event_sequence: 1,
      event_hash: digest,
    }),
    broken: {
      laptop_audit_head_event_sequence_check: { event_sequence: -1 },
      laptop_audit_head_event_hash_check: { event_hash: '\\x00' },
    },
  },
  feed_position: { valid: (ids) => ({ firm_id: ids.firm }), broken: { feed_position_floor_check: { floor: -1 } } },
  change_feed: {
    valid: (ids) => ({ firm_id: ids.firm, position: ids.number, entity: 'matter', entity_id: ids.id('matter') }),
    broken: {},
  },
  partition_policy: {
    valid: (ids) => ({ table_name: ids.word, months_ahead: 1, reason: 'x' }),
    broken: { partition_policy_keep_months_check: { keep_months: 0 }, partition_policy_months_ahead_check: { months_ahead: 25 } },
  },
  audit_event: {
    valid: (ids) => ({
      firm_id: ids.firm,
      occurred_at: thisMonth,
      event_number: ids.number,
      batch_id: ids.id('audit_batch'),
      table_name: 'matter',
      row_key: 'x',
      action: 'insert',
      login: 'x',
      application: 'x',
    }),
    broken: {},
  },
  audit_batch: {
    valid: (ids) => ({
      firm_id: ids.firm,
      batch_number: ids.number,
      batch_id: ids.id('audit_batch'),
      occurred_at: '2026-01-01T00:00:00Z',
      event_count: 1,
      events_hash: digest,
      batch_hash: digest,
    }),
    broken: {
      audit_batch_batch_hash_check: { batch_hash: '\\x00' },
      audit_batch_batch_number_check: { batch_number: 0 },
      audit_batch_event_count_check: { event_count: 0 },
      audit_batch_events_hash_check: { events_hash: '\\x00' },
    },
  },
  audit_head: { valid: (ids) => ({ firm_id: ids.firm, batch_number: 0, batch_hash: digest }), broken: {} },
  audit_pending: {
    valid: (ids) => ({ xact_id: String(ids.number), firm_id: ids.firm, token_hash: 0, batch_id: ids.id('audit_batch') }),
    broken: {},
  },
};
