import { long, of, type Ids, type RowCase, type RowCases } from './row-case.ts';

/** Within a partition that is there. */
const thisMonth = new Date().toISOString();
const inRoom = (ids: Ids) => ({ room_id: ids.id('room'), message_id: ids.id('message') });

/** What the table itself fills in, and its history takes from it. */
const head = { revision: 1, field_revision: {}, created_at: thisMonth, updated_at: thisMonth };
/** A row as it was before: the table's own, with all that its defaults filled in, and when and how it was changed. */
function historyOf(table: string, valid: RowCase['valid'], defaults: Record<string, unknown>): RowCases {
  const name = `${table}_history`;
  const row: RowCase['valid'] = (ids) => ({
    ...head,
    ...defaults,
    ...valid(ids),
    history_id: ids.id(name),
    changed_at: thisMonth,
    operation_type: 'UPDATE',
  });
  return { [name]: { valid: row, broken: { [`${name}_operation_type_check`]: { operation_type: 'TRUNCATE' } } } };
}

// nobody's: whoever opens a room gets a seat at once, and the case below is a seat
const room: RowCase['valid'] = (ids) => ({
  firm_id: ids.firm,
  room_id: ids.id('room'),
  matter_id: ids.id('matter'),
  parent_room_id: ids.id('room above'),
});
const participant: RowCase['valid'] = (ids) => ({
  ...of(ids),
  participant_id: ids.id('room_participant'),
  room_id: ids.id('room'),
  user_id: ids.id('user'),
});
const message: RowCase['valid'] = (ids) => ({
  ...of(ids),
  ...inRoom(ids),
  sender_id: ids.id('user'),
  content: 'x',
  created_at: thisMonth,
  reply_to_message_id: ids.id('message'),
  thread_id: ids.id('message'),
  robot_response_to: ids.id('message'),
});
const attachment: RowCase['valid'] = (ids) => ({
  ...of(ids),
  ...inRoom(ids),
  attachment_id: ids.id('message_attachment'),
  owner_id: ids.id('user'),
  content_hash: ids.hash,
  file_name: 'x.pdf',
  file_size: 1,
  mime_type: 'application/pdf',
  message_created_at: thisMonth,
});
const interaction: RowCase['valid'] = (ids) => ({
  ...of(ids),
  ...inRoom(ids),
  interaction_id: ids.id('robot_interaction'),
  robot_id: 'assistant',
  request_data: {},
  started_at: '2026-01-01T00:00:00Z',
});
const escalation: RowCase['valid'] = (ids) => ({
  ...of(ids),
  escalation_id: ids.id('escalation'),
  source_room_id: ids.id('room'),
  escalation_reason: 'x',
  from_level: 'paralegal',
  to_level: 'attorney',
});

export const roomRows: RowCases = {
  room: {
    valid: room,
    also: (ids) => [{ firm_id: ids.firm, room_id: ids.id('room above') }],
    broken: {
      room_closed_is_concluded: { status: 'closed' },
      room_conclusion_summary_check: { conclusion_summary: long(10_001) },
      room_description_check: { description: long(4_001) },
      room_direct_is_two: { room_type: 'direct' },
      room_escalation_level_check: { escalation_level: 5 },
      room_issue_description_check: { issue_description: long(4_001) },
      room_issue_id_check: { issue_id: '' },
      room_max_participants_check: { max_participants: 1 },
      room_name_check: { name: '' },
      room_not_its_own_parent: (ids) => ({ parent_room_id: ids.id('room') }),
      room_room_settings_check: { room_settings: [] },
      room_room_type_check: { room_type: 'secret' },
      room_status_check: { status: 'lost' },
    },
  },
  room_participant: {
    valid: participant,
    broken: {
      room_participant_observer_is_silent: { role: 'observer' },
      room_participant_role_check: { role: 'king' },
      room_participant_status_check: { status: 'asleep' },
    },
  },
  message_key: { valid: (ids) => ({ firm_id: ids.firm, ...inRoom(ids), created_at: thisMonth }), broken: {} },
  message: {
    valid: message,
    broken: {
      message_content_check: { content: long(100_001) },
      message_content_metadata_check: { content_metadata: [] },
      message_deleted_says_nothing: { deleted_at: thisMonth },
      message_delivery_status_check: { delivery_status: 'lost' },
      message_message_type_check: { message_type: 'poem' },
      message_robot_has_name: { message_type: 'robot' },
      message_robot_id_check: { robot_id: '' },
    },
  },
  message_attachment: {
    valid: attachment,
    broken: {
      message_attachment_content_hash_check: { content_hash: 'x' },
      message_attachment_file_name_check: { file_name: '' },
      message_attachment_file_size_check: { file_size: -1 },
      message_attachment_mime_type_check: { mime_type: '' },
      message_attachment_thumbnail_hash_check: { thumbnail_hash: 'x' },
    },
  },
  robot_interaction: {
    valid: interaction,
    broken: {
      robot_interaction_completed_has_answer: { status: 'completed' },
      robot_interaction_error_message_check: { error_message: long(4_001) },
      robot_interaction_failed_has_reason: { status: 'failed' },
      robot_interaction_robot_id_check: { robot_id: '' },
      robot_interaction_status_check: { status: 'asleep' },
      robot_interaction_time_order: { completed_at: '2025-01-01T00:00:00Z' },
    },
  },
  escalation: {
    valid: escalation,
    broken: {
      escalation_escalation_reason_check: { escalation_reason: '' },
      escalation_from_level_check: { from_level: 'clerk', to_level: 'manager' },
      escalation_goes_up: { from_level: 'partner' },
      escalation_other_room: (ids) => ({ target_room_id: ids.id('room') }),
      escalation_priority_check: { priority: 6 },
      escalation_resolution_notes_check: { resolution_notes: '' },
      escalation_resolved_has_notes: { status: 'resolved' },
      escalation_status_check: { status: 'lost' },
      escalation_to_level_check: { to_level: 'court' },
    },
  },
  user_presence: {
    valid: (ids) => ({ firm_id: ids.firm, user_id: ids.id('user') }),
    broken: {
      user_presence_avatar_hash_check: { avatar_hash: 'x' },
      user_presence_chat_preferences_check: { chat_preferences: [] },
      user_presence_current_status_check: { current_status: 'asleep' },
      user_presence_display_name_check: { display_name: '' },
    },
  },
  ...historyOf('room', room, {
    room_type: 'group',
    status: 'active',
    is_private: false,
    guest_access_allowed: true,
    max_participants: 50,
    escalation_level: 1,
    room_settings: {},
  }),
  ...historyOf('room_participant', participant, {
    role: 'member',
    status: 'active',
    can_send_messages: true,
    can_invite_others: false,
    can_see_history: true,
    joined_at: thisMonth,
  }),
  ...historyOf('message', message, {
    message_type: 'chat',
    content_metadata: {},
    is_robot_visible_to_guests: false,
    delivery_status: 'delivered',
  }),
  ...historyOf('message_attachment', attachment, { preview_available: false }),
  ...historyOf('robot_interaction', interaction, { status: 'pending' }),
  ...historyOf('escalation', escalation, { priority: 3, status: 'created' }),
  user_history: {
    valid: (ids) => ({
      firm_id: ids.firm,
      user_id: ids.id('user'),
      email: `${ids.word}@firm.example`,
      first_name: 'Ada',
      last_name: 'Adams',
      role: 'Attorney',
      is_active: true,
      revision: 1,
      created_at: thisMonth,
      updated_at: thisMonth,
      history_id: ids.id('user_history'),
      changed_at: thisMonth,
      operation_type: 'UPDATE',
    }),
    broken: { user_history_operation_type_check: { operation_type: 'TRUNCATE' } },
  },
};
