import { z } from 'zod';
import { IngestProgress } from '../documents.ts';
import { FileView } from '../files.ts';
import { DocumentId, LetterId, MatterId } from '../ids.ts';
import { PeopleHere } from '../presence.ts';
import { SessionView } from '../session.ts';
import { SyncStatus } from '../sync.ts';

/** What core tells a window without being asked. */
export const events = {
  'session.changed': z.object({ session: SessionView.nullable() }),
  'sync.status': SyncStatus,
  /** A copy of the firm took the place of what was here: all that is shown has to be read anew. */
  'sync.copied': z.object({}),
  'setup.progress': z.object({ text: z.string() }),
  'matters.changed': z.object({}),
  'cases.changed': z.object({}),
  'documents.changed': z.object({ matterId: MatterId }),
  /** More pages can be found than before. */
  'find.changed': z.object({}),
  'collaboration.changed': z.object({ letterId: LetterId }),
  'reviews.changed': z.object({ letterId: LetterId }),
  /** The assistant went on with a letter, or its history has more. */
  'drafting.changed': z.object({ letterId: LetterId }),
  'questions.changed': z.object({ matterId: MatterId }),
  /** What a document belongs to is another than before. */
  'links.changed': z.object({ documentId: DocumentId }),
  'facts.changed': z.object({ matterId: MatterId }),
  /** Asking the assistant about documents went on. */
  'facts.asking': z.object({ matterId: MatterId }),
  /** What the assistant may do, or what it has cost. */
  'settings.changed': z.object({}),
  /** Fields, status, values or blockers of a letter changed: read it again. */
  'letters.changed': z.object({ letterId: LetterId }),
  /** Somebody else's edit of an open letter's body: a Yjs update as base64. */
  'letters.update': z.object({ letterId: LetterId, update: z.string() }),
  /** Edits of a letter were refused and taken back: an open editor begins anew with what core has. */
  'letters.takenBack': z.object({ letterId: LetterId }),
  /** Something about the firm's templates. */
  'templates.changed': z.object({}),
  /** Something a person should know though she did not ask, such as where her changes went. */
  'sync.told': z.object({ text: z.string() }),
  /** Who else is in a letter that is open here, whenever that changes. */
  'presence.changed': PeopleHere,
  'ingest.progress': IngestProgress,
  /** A document's file is on its way, has arrived, or failed to. */
  'files.changed': z.object({ documentId: DocumentId, file: FileView }),
} as const;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.infer<(typeof events)[N]>;
