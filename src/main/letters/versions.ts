import { createHash } from 'node:crypto';
import { and, eq, gte, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { VersionId } from '../../shared/ids.ts';
import { isOpen, LetterValues } from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayFinalize, type AccountView } from '../../shared/session.ts';
import type { CompareVersions, VersionComparison, VersionsView, VersionView } from '../../shared/versions.ts';
import type { Clock } from '../host/host.ts';
import { freshId, idOf } from '../host/ids.ts';
import { RetryLater, type JobHandler, type Jobs } from '../jobs/jobs.ts';
import { letterUpdate, user } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import { letterVersion } from '../store/version-schema.ts';
import { isValidLetterUpdate } from '../sync/letter-check.ts';
import { blocksFromLetterBody } from '../sync/letter-doc.ts';
import { restoreLetterBody } from '../sync/letter-restore.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { dayWord } from '../sync/words.ts';
import { compareLetters } from './compare.ts';
import { lineKey, linesOf, lineText } from './letter-lines.ts';
import { newestFirst, readOnlyReason, refuseEdit, type LetterReader, type LetterState } from './read-letter.ts';

export interface Versions {
  list(letterId: string): Outcome<VersionsView>;
  /** Keeps the letter as it stands, under a name. Errors: forbidden, conflict (it is finalized). */
  save(letterId: string, name: string, why: string): Outcome<{ versionId: VersionId }>;
  compare(request: z.infer<typeof CompareVersions>): Outcome<VersionComparison>;
  /** Gives the letter the text of a version as an edit of today; before and after are kept. False: it says that already. */
  restore(letterId: string, versionId: string): Outcome<{ isRestored: boolean }>;
  /** Makes a finalized letter a draft again, as a version of its own; what was frozen stays. Errors: forbidden, conflict (it is open, or archived). */
  reopen(letterId: string, reason: string): Outcome<Nothing>;
  /** A version as it stood. */
  whole(letterId: string, versionId: string): Outcome<LetterState & { view: VersionView }>;
  /** Keeps a letter as it stands by itself, within a change: nothing where its last version says the same. */
  keep(change: Change, letterId: string, at: LetterState, why: string): void;
  /**
   * Around a person's edit: with her first of a day, what the letter said before is kept as a version, by a job that begins after the edit was kept. So there is
   * at most one a day and person, and what a letter said yesterday has an answer.
   */
  withEdit<T>(letterId: string, edit: (keepBefore: (db: Db, updateId: string) => void) => Outcome<T>): Outcome<T>;
  handlers: Record<string, JobHandler>;
}

interface VersionsInput {
  store: Store;
  write: Write;
  account: Pick<AccountView, 'userId' | 'firstName' | 'lastName' | 'role'>;
  clock: Clock;
  jobs: Pick<Jobs, 'enqueue' | 'wake'>;
  reader: LetterReader;
}

const keepJob = 'keep-version';
const KeepBefore = z.object({ letterId: z.string(), before: z.string(), at: z.number() });
/** Of a letter's text: some hundred times what a letter has. Beyond it no comparison helps anybody. */
const mostCharacters = 2_000_000;

export function createVersions({ store, write, account, clock, jobs, reader }: VersionsInput): Versions {
  const { db } = store;
  const notFound = err({ code: 'not_found' as const, what: 'the letter' });
  const me = `${account.firstName} ${account.lastName}`;

  const ofLetter = (letterId: string) => and(eq(letterVersion.letterId, letterId), isNull(letterVersion.deletedAt));
  function views(where: ReturnType<typeof and>): VersionView[] {
    const { versionId, versionNumber, versionName, changeSummary, isMajor, createdAt } = letterVersion;
    return db
      .select({ versionId, versionNumber, versionName, changeSummary, isMajor, createdAt, first: user.firstName, last: user.lastName })
      .from(letterVersion)
      .leftJoin(user, eq(user.userId, letterVersion.createdBy))
      .where(where)
      .orderBy(...newestFirst)
      .all()
      .map((row) => ({
        versionId: row.versionId as VersionId,
        number: row.versionNumber,
        name: row.versionName,
        why: row.changeSummary,
        isMajor: row.isMajor,
        at: row.createdAt,
        byName: row.first !== null && row.last !== null ? `${row.first} ${row.last}` : null,
      }));
  }

  /** What a version holds; null for bytes or values that are none. */
  function read({ content, letterValues }: Pick<typeof letterVersion.$inferSelect, 'content' | 'letterValues'>): LetterState | null {
    const state = new Uint8Array(content);
    const values = LetterValues.safeParse(letterValues);
    return values.success && isValidLetterUpdate(state) ? { state, blocks: blocksFromLetterBody(state), values: values.data } : null;
  }

  function whole(letterId: string, versionId: string): Outcome<LetterState & { view: VersionView }> {
    const where = and(ofLetter(letterId), eq(letterVersion.versionId, versionId));
    const row = db.select().from(letterVersion).where(where).get();
    const [view] = views(where);
    if (!row || !view) return err({ code: 'not_found', what: 'the version' });
    const at = read(row);
    if (!at)
      return err({
        code: 'unsupported',
        what: 'this version',
        reason: 'It holds something that is no letter. The letter itself is not touched by it.',
      });
    return ok({ ...at, view });
  }

  function keep(change: Change, letterId: string, at: LetterState, why: string): void {
    const last = db
      .select()
      .from(letterVersion)
      .where(ofLetter(letterId))
      .orderBy(...newestFirst)
      .get();
    const says = hashOf(at);
    const lastState = last && read(last);
    if (lastState && hashOf(lastState) === says) return;
    // two laptops that keep the same text after the same version make one row
    const versionId = idOf('letter version', letterId, last?.versionId ?? '', says);
    change.insert('letter_version', { versionId, ...columnsOf(letterId, at), changeSummary: why, isMajor: false, versionName: null });
  }

  /** Whether this person edited the letter today, by letter: asked of the store once a day. */
  const editedOn = new Map<string, number>();
  function hasEditedSince(letterId: string, at: number): boolean {
    const where = and(eq(letterUpdate.letterId, letterId), eq(letterUpdate.createdBy, account.userId), gte(letterUpdate.createdAt, at));
    return db.select({ id: letterUpdate.updateId }).from(letterUpdate).where(where).limit(1).get() !== undefined;
  }

  return {
    whole,
    keep,

    list(letterId) {
      const row = reader.find(letterId);
      if (!row) return notFound;
      return ok({ versions: views(ofLetter(letterId)), status: row.status, readOnlyReason: readOnlyReason(account.role, row.status) });
    },

    save(letterId, name, why) {
      const row = reader.find(letterId);
      if (!row) return notFound;
      const refused = refuseEdit(account.role, row.status);
      if (refused) return refused;
      const versionId = freshId() as VersionId;
      const at = reader.living(row);
      return write((change) => {
        change.insert('letter_version', { versionId, ...columnsOf(letterId, at), changeSummary: why, isMajor: false, versionName: name });
        return ok({ versionId });
      });
    },

    compare({ letterId, from, to }) {
      const row = reader.find(letterId);
      if (!row) return notFound;
      const before = whole(letterId, from);
      if (!before.ok) return before;
      const after = to === null ? ok({ ...reader.current(row), view: null }) : whole(letterId, to);
      if (!after.ok) return after;
      if ([before.value, after.value].some((at) => lengthOf(at) > mostCharacters))
        return err({ code: 'unsupported', what: 'this comparison', reason: 'One of the two is far longer than any letter.' });
      return ok({ ...compareLetters(before.value, after.value), from: before.value.view, to: after.value.view });
    },

    restore(letterId, versionId) {
      const row = reader.find(letterId);
      if (!row) return notFound;
      const refused = refuseEdit(account.role, row.status);
      if (refused) return refused;
      const old = whole(letterId, versionId);
      if (!old.ok) return old;
      const now = reader.living(row);
      const update = restoreLetterBody(now.state, old.value.state);
      if (!update) return ok({ isRestored: false });
      const which = titleOf(old.value.view);
      return write((change) => {
        keep(change, letterId, now, `As it stood before ${which} was restored`);
        change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(update) });
        keep(change, letterId, reader.living(row), `Restored: ${which}`);
        return ok({ isRestored: true });
      });
    },

    reopen(letterId, reason) {
      const row = reader.find(letterId);
      if (!row) return notFound;
      if (!mayFinalize(account.role))
        return err({ code: 'forbidden', what: 'the letter', reason: 'Only an attorney can open a finalized letter again.' });
      if (row.status !== 'Finalized' && row.status !== 'Exported')
        return err({
          code: 'conflict',
          what: 'the letter',
          reason: isOpen(row.status) ? 'It is open already.' : 'It is archived and stays as it is.',
        });
      return write((change) => {
        // first the letter: the firm takes versions of an open one only
        change.patch('letter', letterId, { status: 'Draft' });
        const at = reader.living(row);
        const why = `Opened again: ${reason}`;
        change.insert('letter_version', {
          versionId: freshId(),
          ...columnsOf(letterId, at),
          changeSummary: why,
          isMajor: false,
          versionName: null,
        });
        return ok({});
      });
    },

    withEdit(letterId, edit) {
      const now = clock.now();
      const today = new Date(now).setHours(0, 0, 0, 0);
      if (editedOn.get(letterId) === today) return edit(() => undefined);
      const isFirst = !hasEditedSince(letterId, today);
      const edited = edit((tx, updateId) => {
        if (isFirst) jobs.enqueue(tx, keepJob, letterId, { letterId, before: updateId, at: now });
      });
      if (edited.ok) {
        editedOn.set(letterId, today);
        if (isFirst) jobs.wake();
      }
      return edited;
    },

    handlers: {
      [keepJob](payload) {
        const { letterId, before, at } = KeepBefore.parse(payload);
        const row = reader.find(letterId);
        if (!row || !isOpen(row.status)) return Promise.resolve();
        // ids of one laptop are in the order in which they were made
        const isLater = ({ createdBy, updateId }: { createdBy: string | null; updateId: string }): boolean =>
          createdBy === account.userId && updateId >= before;
        const stood = reader.living(row, isLater);
        const kept = write((change) => {
          keep(change, letterId, stood, `As it stood before ${me} edited it on ${dayWord(at)}`);
          return ok({});
        });
        return kept.ok ? Promise.resolve() : Promise.reject(new RetryLater(kept.error.code));
      },
    },
  };
}

/** "version 3", or what a person called it. */
function titleOf({ number, name }: VersionView): string {
  return name === null ? (number === null ? 'an earlier version' : `version ${String(number)}`) : `“${name}”`;
}

function columnsOf(letterId: string, { state, values }: LetterState) {
  return { letterId, content: Buffer.from(state), letterValues: values };
}

function hashOf({ blocks, values }: LetterState): string {
  return createHash('sha256').update(linesOf(blocks, values).map(lineKey).join('\u0004')).digest('hex');
}

function lengthOf({ blocks, values }: LetterState): number {
  return linesOf(blocks, values).reduce((sum, line) => sum + lineText(line).length, 0);
}
