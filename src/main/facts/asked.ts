import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { AskedDocument } from '../../shared/ai.ts';
import type { MatterId } from '../../shared/ids.ts';
import type { Clock } from '../host/host.ts';
import { askedDocument } from '../store/assistant-schema.ts';
import { document } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** What became of asking about each document: kept, so that who comes back finds what was refused, and what was answered is not paid for again. */
export interface Asked {
  list(matterId: string): AskedDocument[];
  of(documentId: string): AskedDocument | null;
  /** From the beginning: nothing of it is answered yet. */
  begin(documentId: string, matterId: string, waits: boolean): void;
  /** Nothing happens where the document went meanwhile. */
  note(documentId: string, change: Partial<AskedDocument>): void;
  isAnswered(documentId: string, part: string): boolean;
  /** What a part's answer came to, and that it came, at once. */
  answered(documentId: string, part: string, change: Partial<AskedDocument>): void;
}

interface AskedInput {
  store: Store;
  clock: Clock;
  onChanged(matterId: MatterId): void;
}

const Parts = z.array(z.string()).catch([]);
const isOpenState = ({ state }: AskedDocument): boolean => state === 'waiting' || state === 'asking';
const closedWords = 'Steno was closed before the answer came.';

/** What was on its way when Steno closed, and did not want to wait, has ended: nobody is made to pay for it now. */
export function createAsked({ store, clock, onChanged }: AskedInput): Asked {
  const { db } = store;
  const rowOf = (documentId: string) => db.select().from(askedDocument).where(eq(askedDocument.documentId, documentId)).get();
  const parse = (asked: unknown): AskedDocument[] => {
    const parsed = AskedDocument.safeParse(asked);
    return parsed.success ? [parsed.data] : [];
  };

  function put(documentId: string, change: Partial<AskedDocument>, part: string | null): void {
    const row = rowOf(documentId);
    const [before] = parse(row?.asked);
    if (!row || !before) return;
    const after: AskedDocument = { ...before, ...change };
    const answeredParts = part === null ? row.answeredParts : [...Parts.parse(row.answeredParts), part];
    store.jot(() =>
      db
        .update(askedDocument)
        .set({ asked: after, isOpen: isOpenState(after), answeredParts })
        .where(eq(askedDocument.documentId, documentId))
        .run(),
    );
    onChanged(row.matterId as MatterId);
  }

  const interrupted = db
    .select({ documentId: askedDocument.documentId })
    .from(askedDocument)
    .where(and(eq(askedDocument.isOpen, true), eq(askedDocument.waits, false)))
    .all();
  for (const { documentId } of interrupted) put(documentId, { state: 'stopped', problem: closedWords }, null);

  return {
    list: (matterId) =>
      db
        .select({ asked: askedDocument.asked })
        .from(askedDocument)
        .innerJoin(document, and(eq(document.documentId, askedDocument.documentId), isNull(document.deletedAt)))
        .where(eq(askedDocument.matterId, matterId))
        .orderBy(asc(askedDocument.askedAt), asc(askedDocument.documentId))
        .all()
        .flatMap(({ asked }) => parse(asked)),
    of: (documentId) => parse(rowOf(documentId)?.asked)[0] ?? null,
    begin(documentId, matterId, waits) {
      const row = db
        .select({ name: document.fileName, pages: document.pageCount })
        .from(document)
        .where(and(eq(document.documentId, documentId), isNull(document.deletedAt)))
        .get();
      if (!row) return;
      const asked = {
        documentId,
        documentName: row.name,
        state: 'waiting',
        pagesDone: 0,
        pages: row.pages ?? 0,
        proposed: 0,
        known: 0,
        refused: [],
        problem: null,
        mayWait: false,
      };
      const values = { matterId, waits, isOpen: true, asked, answeredParts: [], askedAt: clock.now() };
      store.jot(() =>
        db
          .insert(askedDocument)
          .values({ documentId, ...values })
          .onConflictDoUpdate({ target: askedDocument.documentId, set: values })
          .run(),
      );
    },
    note: (documentId, change) => {
      put(documentId, change, null);
    },
    isAnswered: (documentId, part) => Parts.parse(rowOf(documentId)?.answeredParts).includes(part),
    answered: (documentId, part, change) => {
      put(documentId, change, part);
    },
  };
}
