import { asc, desc, eq } from 'drizzle-orm';
import type { ConflictId, MutationId } from '../../shared/ids.ts';
import { formatCents } from '../../shared/money.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { ConflictView, DeadLetterView } from '../../shared/sync.ts';
import { freshId } from '../host/ids.ts';
import { conflict, outbox, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { WireRow } from './entities.ts';
import { forget, readWire, resend, type Write } from './outbox.ts';

/** What a person has to decide: two values for one field, and changes the firm refused. Nothing here is ever settled silently. */
export interface Inbox {
  conflicts(): ConflictView[];
  resolve(conflictId: string, keep: 'mine' | 'theirs'): Outcome<Nothing>;
  deadLetters(): DeadLetterView[];
  decide(mutationId: string, decision: 'retry' | 'discard'): Outcome<Nothing>;
}

const entityWords: Record<string, string> = {
  matter: 'The matter',
  document: 'A document',
  fact: 'A fact',
  bill_line: 'A bill line',
  letter: 'The letter',
  letter_update: 'An edit of the letter',
  letter_version: 'A version of the letter',
  template: 'A template',
  export: 'An export',
  page: 'A page',
  stated_total: 'A stated total',
  conflict: 'A conflict',
};

const refusalWords: Record<string, string> = {
  letter_finalized: 'The letter was finalized before this arrived, so the firm kept it as it is.',
  status_transition: 'The letter’s status had moved on meanwhile.',
  finalize_needs_attorney: 'Only an attorney can finalize a letter.',
  archive_needs_attorney: 'Only an attorney can archive a letter.',
  hold_needs_attorney: 'Only an attorney can put a legal hold on a matter, or lift it.',
  legal_hold: 'The matter is under legal hold: nothing in it may be deleted or moved.',
  link_across_matters: 'The two documents belong to different matters.',
  not_author: 'Only who wrote it can change it.',
  thread_resolved: 'The thread was resolved meanwhile.',
  refinement_finished: 'The refinement had ended already.',
  approval_needs_reviewer: 'Your role may not approve or reject what was read from a contract.',
  extraction_approved: 'What was read from the contract is approved: it is corrected, not changed.',
  extraction_rejected: 'What was read from the contract was rejected: it has to be read again first.',
  forbidden: 'Your role may not make this change.',
  not_found: 'It was removed at the firm meanwhile.',
  missing_parent: 'What it belongs to was removed at the firm meanwhile.',
  duplicate: 'The firm has one already.',
  invalid: 'The firm’s database refused a value in it.',
  append_only: 'What is written there is never changed.',
  unknown_field: 'The firm’s database does not know a field of it yet. Ask your IT whether it was updated.',
  unknown_entity: 'The firm’s database does not know this kind of thing yet. Ask your IT whether it was updated.',
};

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
      return rows.map((row) => {
        const swap = mineIsCurrent(row);
        const [mine, theirs] = swap ? [row.current, row.proposed] : [row.proposed, row.current];
        const [mineBy, theirsBy] = swap ? [row.currentBy, row.proposedBy] : [row.proposedBy, row.currentBy];
        return {
          conflictId: row.conflictId as ConflictId,
          what: entityWords[row.entity] ?? row.entity,
          field: row.mergeGroup.replaceAll('_', ' '),
          mine: inWords(mine),
          mineByName: nameOf(mineBy),
          theirs: inWords(theirs),
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
      return rows.map((row) => ({
        mutationId: row.mutationId as MutationId,
        what: entityWords[row.entity] ?? row.entity,
        reason: refusalWords[row.reason ?? ''] ?? 'The firm refused it.',
        kept: inWords(row.patch),
        at: row.createdAt,
      }));
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

const unshown = new Set([
  'decided_by',
  'decided_at',
  'decision_reason',
  'normal',
  'state',
  'payload',
  'content',
  'letter_values',
  'metadata',
]);

/** A patch as a person reads it: "value: February 15, 2024". */
function inWords(patch: Record<string, unknown>): string {
  const parts = Object.entries(patch)
    .filter(([field]) => !unshown.has(field) && !field.endsWith('_id'))
    .map(([field, value]) => `${field.replace(/_cents$/, '').replaceAll('_', ' ')}: ${shown(field, value)}`);
  if (parts.length > 0) return parts.join('; ');
  return 'payload' in patch
    ? 'text typed into the letter'
    : Object.entries(patch)
        .filter(([field]) => field === 'state')
        .map(([, value]) => String(value))
        .join('');
}

function shown(field: string, value: unknown): string {
  if (value === null) return 'nothing';
  if (field.endsWith('_cents') && typeof value === 'number') return formatCents(value);
  return typeof value === 'string' ? value.slice(0, 500) : JSON.stringify(value).slice(0, 500);
}
