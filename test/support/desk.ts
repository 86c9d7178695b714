import { freshId } from '../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import type { Change } from '../../src/main/sync/outbox.ts';

/** What one laptop types into, for tests that count what arrives: each change is one mutation with an effect that can be counted. */
export interface Desk {
  deviceId: string;
  matterId: string;
  letterId: string;
}

export function aDesk(deviceId = freshId()): Desk {
  return { deviceId, matterId: freshId(), letterId: freshId() };
}

/** The first change makes the matter and its letter, the others are titles and sentences by turns. False where nothing was changed. */
export function typeAt({ matterId, letterId }: Desk, change: Change, n: number): boolean {
  const title = `Change ${String(n)}, ${freshId()}`;
  if (change.insert('matter', { matterId, title, status: 'Open' }))
    return change.insert('letter', { letterId, matterId, title, letterDate: '2024-06-01', status: 'Draft', metadata: {} });
  if (n % 2 === 0) return change.patch('matter', matterId, { title });
  return change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(letterBodyFromBlocks([])) });
}
