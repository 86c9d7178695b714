import { z } from 'zod';
import { IngestProgress } from '../documents.ts';
import { LetterId, MatterId } from '../ids.ts';
import { SessionView } from '../session.ts';
import { SyncStatus } from '../sync.ts';

/** What core tells a window without being asked. */
export const events = {
  'session.changed': z.object({ session: SessionView.nullable() }),
  'sync.status': SyncStatus,
  'setup.progress': z.object({ text: z.string() }),
  'matters.changed': z.object({}),
  'documents.changed': z.object({ matterId: MatterId }),
  'facts.changed': z.object({ matterId: MatterId }),
  /** Fields, status, values or blockers of a letter changed: read it again. */
  'letters.changed': z.object({ letterId: LetterId }),
  /** Somebody else's edit of an open letter's body: a Yjs update as base64. */
  'letters.update': z.object({ letterId: LetterId, update: z.string() }),
  'ingest.progress': IngestProgress,
} as const;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.infer<(typeof events)[N]>;
