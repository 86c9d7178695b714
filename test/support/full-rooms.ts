import type pg from 'pg';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { inserting } from './mutations.ts';

/** Rows for every table of rooms and contacts that a client writes, in an order in which they can be pushed by `userId`. */
export function roomsAndContacts(matterId: string, documentId: string, userId: string, colleagueId: string, hash: string): Mutation[] {
  const room = inserting('room', { matter_id: matterId, name: 'Rivera' });
  const room_id = room.entityId;
  const higher = inserting('room', { name: 'Partners', room_type: 'escalated', parent_room_id: room_id, escalation_level: 2 });
  const message = inserting('message', { room_id, sender_id: userId, content: 'The bill is in.', delivery_status: 'delivered' });
  const message_id = message.entityId;
  const production = inserting('production', { production_name: `Production ${freshId()}`, matter_id: matterId });
  const department = inserting('department', { department_name: `Camera ${freshId()}` });
  return [
    room,
    higher,
    inserting('room_participant', { room_id, user_id: colleagueId }),
    message,
    inserting('message_attachment', {
      room_id,
      message_id,
      content_hash: hash,
      file_name: 'bill.pdf',
      file_size: 1,
      mime_type: 'application/pdf',
      owner_id: userId,
    }),
    inserting('robot_interaction', { room_id, message_id, robot_id: 'assistant', request_data: { question: 'x' } }),
    inserting('escalation', {
      source_room_id: room_id,
      target_room_id: higher.entityId,
      escalation_reason: 'x',
      from_level: 'paralegal',
      to_level: 'attorney',
    }),
    inserting('user_presence', { current_status: 'online' }, userId),
    production,
    department,
    inserting('contact', {
      production_id: production.entityId,
      department_id: department.entityId,
      document_id: documentId,
      name: 'Ada Adams',
      email: 'ada@camera.example',
      extraction_confidence: 0.9,
    }),
    inserting('upload', { production_id: production.entityId, document_id: documentId, content_hash: hash, file_name: 'call-sheet.pdf' }),
  ];
}

/** One row in each history: an administrator changes each row in nothing but what history looks at. */
export async function touchForHistory(admin: pg.Client, firmId: string): Promise<void> {
  const changes = {
    user: `first_name = first_name || 'x'`,
    room: `name = name || 'x'`,
    room_participant: 'can_see_history = true, can_invite_others = not can_invite_others',
    message: `is_robot_visible_to_guests = true`,
    message_attachment: `preview_available = true`,
    robot_interaction: `status = 'processing'`,
    escalation: `priority = 1`,
  };
  for (const [table, change] of Object.entries(changes))
    await admin.query(`update steno."${table}" set ${change} where firm_id = $1`, [firmId]);
}
