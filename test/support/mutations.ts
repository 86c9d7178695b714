import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';

export function inserting(entity: string, patch: Mutation['patch'], entityId = freshId()): Mutation {
  return { mutationId: freshId(), entity, entityId, op: 'insert', baseRevision: 0, patch };
}

export function patching(entity: string, entityId: string, baseRevision: number, patch: Mutation['patch']): Mutation {
  return { mutationId: freshId(), entity, entityId, op: 'patch', baseRevision, patch };
}

export const aMatter = (title = 'Rivera'): Mutation => inserting('matter', { title, status: 'Open' });
export const aLetter = (matterId: string): Mutation =>
  inserting('letter', { matter_id: matterId, title: 'Demand', letter_date: '2024-06-01' });
export const anEdit = (letterId: string): Mutation => inserting('letter_update', { letter_id: letterId, payload: '\\x0102' });
