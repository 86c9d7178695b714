import { asc, desc, eq } from 'drizzle-orm';
import type { ConflictId, MutationId } from '../../shared/ids.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { ConflictView, DeadLetterView } from '../../shared/sync.ts';
import { freshId } from '../host/ids.ts';
import { conflict, outbox, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { WireRow } from './entities.ts';
import type { KeptWork } from './keep-work.ts';
import { writtenText } from './letter-doc.ts';
import { forget, resend, type Write } from './outbox.ts';
import { readWire } from './rows.ts';
import { createPlaces } from './places.ts';
import { patchInWords, fieldWord, refusalWord, thingWord } from './words.ts';

/** What a person has to decide: two values for one field, and changes the firm refused. Nothing here is ever settled silently. */
export interface Inbox {
  conflicts(): ConflictView[];
  resolve(conflictId: string, keep: 'mine' | 'theirs'): Outcome<Nothing>;
  deadLetters(): DeadLetterView[];
  decide(mutationId: string, decision: 'retry' | 'discard'): Outcome<Nothing>;
  /** Refused changes as files to keep; all of them without ids. Errors: not_found. */
  keep(mutationIds: string[] | null, at: number): Outcome<KeptWork>;
}

export function createInbox({ store, write, userId, onDecided }: { store: Store; write: Write; userId: string; onDecided(): void }): Inbox {
  const { db } = store;
  const nameOf = (id: string | null): string | null => {
    const row = id ? db.select().from(user).where(eq(user.userId, id)).get() : undefined;
    return row ? `${row.firstName} ${row.lastName}` : null;
  };
  const mineIsCurrent = (row: typeof conflict.$inferSelect): boolean => row.proposedBy !== userId && row.currentBy === userId;

  return {
    conflicts() {
      const rows = db.select().from(conflict).where(eq(conflict.state, 'open')).orderBy(desc(conflict.createdAt)).all();
      const places = createPlaces(store);
      return rows.map((row) => {
        const swap = mineIsCurrent(row);
        const [mine, theirs] = swap ? [row.current, row.proposed] : [row.proposed, row.current];
        const [mineBy, theirsBy] = swap ? [row.currentBy, row.proposedBy] : [row.proposedBy, row.currentBy];
        return {
          conflictId: row.conflictId as ConflictId,
          what: thingWord(row.entity, row.proposed),
          where: places.of(row.entity, row.entityId).matter,
          field: fieldWord(row.mergeGroup),
          isMine: mineBy === userId,
          mine: patchInWords(row.entity, mine),
          mineByName: nameOf(mineBy),
          theirs: patchInWords(row.entity, theirs),
          theirsByName: nameOf(theirsBy),
          at: row.createdAt ?? 0,
        };
      });
    },

    resolve(conflictId, keep) {
      const row = db.select().from(conflict).where(eq(conflict.conflictId, conflictId)).get();
      if (!row) return err({ code: 'not_found', what: 'the conflict' });
      if (row.state !== 'open') return err({ code: 'conflict', what: 'the conflict', reason: 'A colleague has decided it already.' });
      const keepProposed = (keep === 'mine') !== mineIsCurrent(row);
      return write((change) => {
        // a value that is neither of the two is somebody's later decision: choosing between the two does not undo it
        const now = readWire(store, row.entity, row.entityId);
        const [chosen, other] = keepProposed ? [row.proposed, row.current] : [row.current, row.proposed];
        if (now && holds(now, other)) change.patchWire(row.entity, row.entityId, chosen);
        change.patch('conflict', conflictId, { state: keepProposed ? 'kept_proposed' : 'kept_current' });
        return ok({});
      });
    },

    deadLetters() {
      const rows = db.select().from(outbox).where(eq(outbox.state, 'dead')).orderBy(asc(outbox.sequence)).all();
      const places = createPlaces(store);
      return rows.map((row) => ({
        mutationId: row.mutationId as MutationId,
        what: thingWord(row.entity, row.patch),
        where: places.of(row.entity, row.entityId, row.patch).matter,
        reason: refusalWord(row.reason),
        kept: keptIn(row),
        at: row.createdAt,
      }));
    },

    keep(mutationIds, at) {
      const dead = db.select().from(outbox).where(eq(outbox.state, 'dead')).orderBy(asc(outbox.sequence)).all();
      const rows = dead.filter((row) => mutationIds === null || mutationIds.includes(row.mutationId));
      if (rows.length === 0) return err({ code: 'not_found', what: 'the change' });
      const places = createPlaces(store);
      const text = rows.map((row) => {
        const { matter, letter } = places.of(row.entity, row.entityId, row.patch);
        const where = [...new Set([matter, letter])].filter((title) => title !== null).join(', ');
        const head = `${thingWord(row.entity, row.patch)}${where === '' ? '' : `, ${where}`} (${new Date(row.createdAt).toISOString()})`;
        return `${head}\n${refusalWord(row.reason)}\n\n${keptIn(row)}\n`;
      });
      const json = rows.map(({ mutationId, entity, entityId, op, baseRevision, patch, reason, createdAt }) => ({
        ...{ mutationId, entity, entityId, op, baseRevision, patch, reason, at: new Date(createdAt).toISOString() },
      }));
      const name = `refused changes ${new Date(at).toISOString().slice(0, 10)}`;
      return ok({ name, json: `${JSON.stringify(json, null, 2)}\n`, text: text.join('\n---\n\n') });
    },

    decide(mutationId, decision) {
      const done = store.transaction(() => {
        if (decision === 'discard') {
          forget(store, mutationId);
          return ok({});
        }
        return resend(store, mutationId, freshId()) ? ok({}) : err({ code: 'not_found' as const, what: 'the change' });
      });
      if (done.ok) onDecided();
      return done;
    },
  };
}

/** Whether a row has these values, but for who decided and when. */
function holds(row: WireRow, values: Record<string, unknown>): boolean {
  return Object.entries(values).every(
    ([field, value]) => field.startsWith('deci') || JSON.stringify(row[field] ?? null) === JSON.stringify(value ?? null),
  );
}

/** The words of a change; of an edit, what was typed in it. */
function keptIn({ entity, patch }: { entity: string; patch: Record<string, unknown> }): string {
  const payload = patch['payload'];
  const typed = typeof payload === 'string' ? writtenText(Buffer.from(payload.replace(/^\\x/, ''), 'hex')) : null;
  return typed ?? patchInWords(entity, patch);
}
