import { and, desc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { LetterId, MatterId } from '../../shared/ids.ts';
import type { FindingView, SetMute } from '../../shared/linter.ts';
import type { LetterStyle } from '../../shared/letter-style.ts';
import type { Letterhead } from '../../shared/letterhead.ts';
import {
  isOpen,
  type Block,
  type Blocker,
  type DecideLostWords,
  type LetterStatus,
  type LetterValues,
  type LostWords,
  type LetterView,
} from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayFinalize, type AccountView } from '../../shared/session.ts';
import type { Vocabulary } from '../../shared/templates.ts';
import type { ComparedLetters, VersionView } from '../../shared/versions.ts';
import type { Facts } from '../facts/facts.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { letter, letterUpdate, user, verdictLog } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { holdsBareValues, isValidLetterUpdate, setsAnew } from '../sync/letter-check.ts';
import { blocksFromLetterBody, hasLooseText, mergeLetterUpdates, writtenText } from '../sync/letter-doc.ts';
import { insertParagraphAt } from '../sync/letter-edit.ts';
import { letterText } from '../sync/letter-text.ts';
import type { Change, Write } from '../sync/outbox.ts';
import type { Questions } from '../questions/questions.ts';
import type { Templates } from '../templates/templates.ts';
import { blockersFor } from './blockers.ts';
import { compareLetters } from './compare.ts';
import { createFindings } from './findings.ts';
import { createFromTemplate, numberNow, type FromTemplate } from './from-template.ts';
import { draftedFrom } from './letter-metadata.ts';
import { createLostWords } from './lost-words.ts';
import { createLetterReader, readOnlyReason, refuseEdit, type LetterRow } from './read-letter.ts';
import { vocabulary } from './values.ts';
import { createVersions, type Versions } from './versions.ts';

/** A letter with everything an export or the command line prints. */
export interface WholeLetter {
  letterId: string;
  matterId: string;
  title: string;
  status: LetterStatus;
  letterDate: string;
  firm: Letterhead;
  /** null: as Steno's own letters. */
  style: LetterStyle | null;
  blocks: Block[];
  values: LetterValues;
  /** Which of its versions this is; null: the letter as it stands. */
  version: VersionView | null;
}

export { passageName, passageVariables } from './passages.ts';

export interface Letters extends FromTemplate {
  versions: Versions;
  /** What a template may name. */
  vocabulary(): Vocabulary;
  open(letterId: string): Outcome<LetterView>;
  /** As it stands, or as one of its versions has it. */
  whole(letterId: string, versionId?: string): Outcome<WholeLetter>;
  /** A Yjs update of the body, checked and kept at once, after Finalize too: then it becomes a proposal. `also` is kept with it, or neither is. Errors: forbidden, invalid_input. */
  edit(letterId: string, update: Uint8Array, also?: (change: Change) => Outcome<Nothing>): Outcome<Nothing>;
  /** What the linter finds in it as it stands. */
  findings(letterId: string): Outcome<FindingView[]>;
  mute(input: SetMute): Outcome<Nothing>;
  /** What a colleague's deletion took along goes back into the letter, or stays out. Errors: forbidden, conflict, not_found. */
  decideLostWords(input: z.output<typeof DecideLostWords>): Outcome<Nothing>;
  setDemand(letterId: string, demandCents: number | null): Outcome<Nothing>;
  /** `also` is kept with it, or neither is. */
  setStatus(letterId: string, status: 'Draft' | 'In_Review', also?: (change: Change) => Outcome<Nothing>): Outcome<Nothing>;
  /** Freezes body and values as a version and closes the letter, or tells what blocks it and changes nothing. */
  finalize(letterId: string): Outcome<{ status: LetterStatus; blockers: Blocker[] }>;
  /** A letter that went out is put away for good. Errors: forbidden, conflict (it is open, or archived already). */
  archive(letterId: string): Outcome<Nothing>;
  /** The body as it stands now, and what its chips stand for. */
  body(letterId: string): Outcome<{ matterId: string; state: Uint8Array; blocks: Block[]; values: LetterValues; isOpen: boolean }>;
  lettersOf(matterId: string): string[];
  /** The letter's text as it stands, and with these updates in it; `loose` are words of theirs that found no place in it. */
  textWith(letterId: string, updates: Uint8Array[]): { before: string; after: string; loose: string | null };
}

interface LettersInput {
  store: Store;
  templates: Pick<Templates, 'choices' | 'current'>;
  write: Write;
  facts: Facts;
  questions: Pick<Questions, 'answers' | 'settle' | 'answerWithin'>;
  account: AccountView;
  clock: Clock;
  jobs: Jobs;
  /** What else keeps a letter from being finalized: what other features have open about it. */
  alsoBlocks(letterId: string): Blocker[];
}

export function createLetters({ store, templates, write, facts, questions, account, clock, jobs, alsoBlocks }: LettersInput): Letters {
  const { db } = store;
  const lostIn = createLostWords(store);
  const findings = createFindings({ store, facts, questions });
  const reader = createLetterReader({ store, facts, account });
  const { find, current, body, letterhead } = reader;
  const fromTemplate = createFromTemplate({ store, write, facts, account, clock, templates, reader });
  const versions = createVersions({ store, write, account, clock, jobs, reader });
  const notFound = err({ code: 'not_found' as const, what: 'the letter' });

  function authors(letterId: string): { name: string; lastEditAt: number }[] {
    const rows = db
      .select({ first: user.firstName, last: user.lastName, at: letterUpdate.createdAt })
      .from(letterUpdate)
      .innerJoin(user, eq(user.userId, letterUpdate.createdBy))
      .where(eq(letterUpdate.letterId, letterId))
      .all();
    const latest = new Map<string, number>();
    for (const { first, last, at } of rows) latest.set(`${first} ${last}`, Math.max(latest.get(`${first} ${last}`) ?? 0, at ?? 0));
    return [...latest].map(([name, lastEditAt]) => ({ name, lastEditAt })).sort((a, b) => b.lastEditAt - a.lastEditAt);
  }

  /** The last edit of this laptop that the firm did not take, where these words, typed before the window knew, build on it. */
  function takenBack(letterId: string, update: Uint8Array): string | null {
    const last = db
      .select()
      .from(verdictLog)
      .where(and(eq(verdictLog.letterId, letterId), eq(verdictLog.entity, 'letter_update'), eq(verdictLog.verdict, 'rejected')))
      .orderBy(desc(verdictLog.verdictId))
      .get();
    return last && hasLooseText(mergeLetterUpdates([body(letterId), update])) ? last.entityId : null;
  }

  function textWith(letterId: string, updates: Uint8Array[]): { before: string; after: string; loose: string | null } {
    // also one that was deleted: its text is still here
    const row = db.select().from(letter).where(eq(letter.letterId, letterId)).get();
    const sound = updates.filter(isValidLetterUpdate);
    // a letter that is proposed itself has its text in the updates alone
    const { state, blocks, values } = row ? current(row) : { state: mergeLetterUpdates([]), blocks: [], values: emptyValues };
    const merged = mergeLetterUpdates([state, ...sound]);
    const before = letterText(blocks, values);
    const after = letterText(blocksFromLetterBody(merged), values);
    const words = hasLooseText(merged) ? sound.flatMap((update) => writtenText(update) ?? []).join(' ') : '';
    return { before, after, loose: words === '' ? null : words };
  }

  function edit(letterId: string, update: Uint8Array, also?: (change: Change) => Outcome<Nothing>): Outcome<Nothing> {
    const row = find(letterId);
    if (!row) return notFound;
    // words on their way from a window when the letter was closed: the firm refuses them and keeps them as a proposal (S12)
    const refused = refuseEdit(account.role, isOpen(row.status) ? row.status : 'Draft');
    if (refused) return refused;
    if (!isValidLetterUpdate(update) || (setsAnew(update) && holdsBareValues(mergeLetterUpdates([body(letterId), update]))))
      return err({
        code: 'invalid_input',
        what: 'the edit',
        reason: 'It is not a change of a letter. Reload the window; what was saved before is safe.',
      });
    return versions.withEdit(letterId, (keepBefore) =>
      write((change) => {
        const done = also?.(change) ?? ok({});
        if (!done.ok) return done;
        const [updateId, leansOn] = [freshId(), takenBack(letterId, update)];
        change.insert('letter_update', { updateId, letterId, payload: Buffer.from(update), ...(leansOn !== null && { leansOn }) });
        if (isOpen(row.status)) keepBefore(change.db, updateId);
        return ok({});
      }),
    );
  }

  /** Of an open letter, what nobody decided about yet. */
  function lostWords(row: LetterRow, state: Uint8Array): ReturnType<typeof lostIn> {
    if (!isOpen(row.status)) return [];
    const found = lostIn(row.letterId, state);
    const answers = found.length === 0 ? null : questions.answers(row.matterId);
    return found.filter(({ key }) => !answers?.has(key));
  }
  const blockersOfLost = (lost: readonly LostWords[]): Blocker[] =>
    lost.map(({ text }) => ({ kind: 'lost_words', text: `Words were deleted unseen: “${text.trim().slice(0, 80)}”`, variable: null }));

  return {
    versions,
    textWith,
    body(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      return ok({ matterId: row.matterId, ...current(row), isOpen: isOpen(row.status) });
    },
    lettersOf: (matterId) =>
      db
        .select({ id: letter.letterId })
        .from(letter)
        .where(eq(letter.matterId, matterId))
        .all()
        .map((row) => row.id),

    vocabulary,
    ...fromTemplate,

    open(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      const { state, blocks, values } = current(row);
      const lost = lostWords(row, state);
      const { origin, asked, entered, style } = draftedFrom(row.metadata);
      return ok({
        letterId: row.letterId as LetterId,
        matterId: row.matterId as MatterId,
        title: row.title,
        status: row.status,
        demandCents: row.demandCents,
        body: Buffer.from(state).toString('base64'),
        values,
        blockers: isOpen(row.status)
          ? [...blockersFor(blocks, values, account.role), ...blockersOfLost(lost), ...alsoBlocks(letterId)]
          : [],
        readOnlyReason: readOnlyReason(account.role, row.status),
        mayAttest: mayFinalize(account.role),
        mayReopen: mayFinalize(account.role) && (row.status === 'Finalized' || row.status === 'Exported'),
        lostWords: lost.map(({ key, text, byName, at }) => ({ key, text, byName, at })),
        letterhead: letterhead(),
        authors: authors(letterId),
        origin: origin && { ...origin, number: numberNow(store, origin) },
        asked,
        entered,
        style,
      });
    },

    whole(letterId, versionId) {
      const row = find(letterId);
      if (!row) return notFound;
      const at = versionId === undefined ? ok({ ...current(row), view: null }) : versions.whole(letterId, versionId);
      if (!at.ok) return at;
      const { blocks, values, view: version } = at.value;
      const { matterId, title, status, letterDate } = row;
      const { style } = draftedFrom(row.metadata);
      return ok({ letterId, matterId, title, status, letterDate, firm: letterhead(), style, blocks, values, version });
    },

    edit,

    findings(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      // what went out is not found fault with any more
      if (!isOpen(row.status)) return ok([]);
      const { blocks, values } = current(row);
      const { matterId, letterDate, demandCents } = row;
      return ok(findings.of({ letterId, matterId, letterDate, demandCents, blocks, values }));
    },

    mute({ letterId, ...input }) {
      const row = find(letterId);
      return row ? findings.mute(row.matterId, input) : notFound;
    },

    decideLostWords({ letterId, key, decision }) {
      const row = find(letterId);
      if (!row) return notFound;
      const refused = refuseEdit(account.role, row.status);
      if (refused) return refused;
      const { state } = current(row);
      const lost = lostWords(row, state).find((one) => one.key === key);
      if (!lost) return err({ code: 'not_found', what: 'these words' });
      const note = (change: Change): Outcome<Nothing> => {
        questions.answerWithin(change, row.matterId, key, decision === 'put_back' ? 'Put back.' : 'Left out.');
        return ok({});
      };
      if (decision === 'leave_out') return write(note);
      return edit(letterId, insertParagraphAt(state, lost.index, lost.text.trim()), note);
    },

    setDemand(letterId, demandCents) {
      const row = find(letterId);
      if (!row) return notFound;
      return (
        refuseEdit(account.role, row.status) ??
        write((change) => {
          change.patch('letter', letterId, { demandCents });
          return ok({});
        })
      );
    },

    setStatus(letterId, status, also) {
      const row = find(letterId);
      if (!row) return notFound;
      return (
        refuseEdit(account.role, row.status) ??
        write((change) => {
          const done = also?.(change) ?? ok({});
          if (!done.ok || row.status === status) return done;
          if (status === 'In_Review') versions.keep(change, letterId, current(row), 'Sent to review');
          change.patch('letter', letterId, { status });
          return ok({});
        })
      );
    },

    archive(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      if (!mayFinalize(account.role))
        return err({ code: 'forbidden', what: 'the letter', reason: 'Only an attorney can archive a letter.' });
      if (row.status !== 'Finalized' && row.status !== 'Exported')
        return err({ code: 'conflict', what: 'the letter', reason: 'Only a letter that was finalized can be archived.' });
      return write((change) => {
        change.patch('letter', letterId, { status: 'Archived' });
        return ok({});
      });
    },

    finalize(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      if (!isOpen(row.status)) return err({ code: 'conflict', what: 'the letter', reason: `It is ${row.status.toLowerCase()} already.` });
      const { state, blocks, values } = current(row);
      const { matterId, letterDate, demandCents } = row;
      const linted = { letterId, matterId, letterDate, demandCents, blocks, values };
      const blockers = [
        ...blockersFor(blocks, values, account.role),
        ...findings.blockers(linted),
        ...blockersOfLost(lostWords(row, state)),
        ...alsoBlocks(letterId),
      ];
      if (blockers.length > 0) return ok({ status: row.status, blockers });
      const attested = findings.attested(linted);
      return write((change) => {
        change.insert('letter_version', {
          versionId: freshId(),
          letterId,
          content: Buffer.from(state),
          letterValues: attested.length > 0 ? { ...values, attested } : values,
          changeSummary: 'Finalized',
          isMajor: true,
        });
        change.patch('letter', letterId, { status: 'Finalized' });
        return ok({ status: 'Finalized' as const, blockers: [] });
      });
    },
  };
}

/** Two texts without chips, side by side. */
export function compareBlocks(before: readonly Block[], after: readonly Block[]): ComparedLetters {
  return compareLetters({ blocks: before, values: emptyValues }, { blocks: after, values: emptyValues });
}

const noAmounts = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };
const emptyValues: LetterValues = { variables: {}, specials: { providers: [], totals: noAmounts }, exhibits: [] };
