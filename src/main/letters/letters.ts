import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { LetterId, MatterId, TemplateId } from '../../shared/ids.ts';
import type { FindingView, SetMute } from '../../shared/linter.ts';
import type { Letterhead } from '../../shared/letterhead.ts';
import type { Block, Blocker, LetterStatus, LetterValues, LetterView } from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayFinalize, type AccountView } from '../../shared/session.ts';
import type { VersionView } from '../../shared/versions.ts';
import type { Facts } from '../facts/facts.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { letter, letterUpdate, matter, template, user, verdictLog } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { holdsBareValues, isValidLetterUpdate, setsAnew } from '../sync/letter-check.ts';
import { blocksFromLetterBody, hasLooseText, letterBodyFromBlocks, mergeLetterUpdates, writtenText } from '../sync/letter-doc.ts';
import { letterText } from '../sync/letter-text.ts';
import type { Change, Write } from '../sync/outbox.ts';
import type { Questions } from '../questions/questions.ts';
import { createFindings } from './findings.ts';
import { blockersFor } from './blockers.ts';
import { createLetterReader, isOpen, readOnlyReason, refuseEdit } from './read-letter.ts';
import { templateToBlocks } from './template.ts';
import { computeLetterValues } from './values.ts';
import { createVersions, type Versions } from './versions.ts';

/** A letter with everything an export or the command line prints. */
export interface WholeLetter {
  letterId: string;
  matterId: string;
  title: string;
  status: LetterStatus;
  letterDate: string;
  firm: Letterhead;
  blocks: Block[];
  values: LetterValues;
  /** Which of its versions this is; null: the letter as it stands. */
  version: VersionView | null;
}

export interface Letters {
  versions: Versions;
  templates(): { templateId: TemplateId; name: string; category: string | null; isDefault: boolean }[];
  draft(matterId: string, templateId?: string): Outcome<{ letterId: LetterId }>;
  open(letterId: string): Outcome<LetterView>;
  /** As it stands, or as one of its versions has it. */
  whole(letterId: string, versionId?: string): Outcome<WholeLetter>;
  /** A Yjs update of the body, checked and kept at once, after Finalize too: then it becomes a proposal. `also` is kept with it, or neither is. Errors: forbidden, invalid_input. */
  edit(letterId: string, update: Uint8Array, also?: (change: Change) => Outcome<Nothing>): Outcome<Nothing>;
  /** What the linter finds in it as it stands. */
  findings(letterId: string): Outcome<FindingView[]>;
  mute(input: SetMute): Outcome<Nothing>;
  setDemand(letterId: string, demandCents: number | null): Outcome<Nothing>;
  setStatus(letterId: string, status: 'Draft' | 'In_Review'): Outcome<Nothing>;
  /** Freezes body and values as a version and closes the letter, or tells what blocks it and changes nothing. */
  finalize(letterId: string): Outcome<{ status: LetterStatus; blockers: Blocker[] }>;
  /** The body as it stands now, and what its chips stand for. */
  body(letterId: string): Outcome<{ matterId: string; state: Uint8Array; blocks: Block[]; values: LetterValues; isOpen: boolean }>;
  lettersOf(matterId: string): string[];
  /** The letter's text as it stands, and with these updates in it; `loose` are words of theirs that found no place in it. */
  textWith(letterId: string, updates: Uint8Array[]): { before: string; after: string; loose: string | null };
}

interface LettersInput {
  store: Store;
  write: Write;
  facts: Facts;
  questions: Pick<Questions, 'answers' | 'settle'>;
  account: AccountView;
  clock: Clock;
  jobs: Jobs;
  /** What else keeps a letter from being finalized: what other features have open about it. */
  alsoBlocks(letterId: string): Blocker[];
}

export function createLetters({ store, write, facts, questions, account, clock, jobs, alsoBlocks }: LettersInput): Letters {
  const { db } = store;
  const findings = createFindings({ store, facts, questions });
  const reader = createLetterReader({ store, facts, account });
  const { find, current, body, letterhead } = reader;
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

  /** A category's default before its others; then in the order in which the firm got them, which ids keep. */
  function templates() {
    const rows = db
      .select()
      .from(template)
      .where(and(isNull(template.deletedAt), eq(template.isActive, true)))
      .orderBy(desc(template.isDefault), asc(template.templateId))
      .all();
    return rows.map((row) => ({
      templateId: row.templateId as TemplateId,
      name: row.templateName,
      category: row.category,
      isDefault: row.isDefault,
    }));
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

  return {
    versions,
    templates,
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

    draft(matterId, templateId) {
      const refused = refuseEdit(account.role, 'Draft');
      if (refused) return refused;
      const of = db.select().from(matter).where(eq(matter.matterId, matterId)).get();
      if (!of) return err({ code: 'not_found', what: 'the matter' });
      const wanted = templateId ?? templates()[0]?.templateId;
      const chosen = wanted && db.select().from(template).where(eq(template.templateId, wanted)).get();
      if (!chosen) return err({ code: 'not_found', what: 'a letter template' });
      const letterDate = localDay(clock.now());
      const values = computeLetterValues({
        firm: letterhead(),
        facts: facts.list(matterId),
        ledger: facts.ledger(matterId),
        letter: { title: of.title, demandCents: null, letterDate },
        blocks: [],
      });
      const isKnown = (name: string): boolean => Object.hasOwn(values.variables, name) && values.variables[name]?.state !== 'missing';
      const drafted = templateToBlocks(chosen.templateContent, isKnown);
      if (!drafted.ok) return drafted;
      const letterId = freshId() as LetterId;
      return write((change) => {
        change.insert('letter', {
          letterId,
          matterId,
          templateId: chosen.templateId,
          title: of.title,
          letterDate,
          status: 'Draft',
          metadata: {},
        });
        change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(letterBodyFromBlocks(drafted.value.blocks)) });
        return ok({ letterId });
      });
    },

    open(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      const { state, blocks, values } = current(row);
      return ok({
        letterId: row.letterId as LetterId,
        matterId: row.matterId as MatterId,
        title: row.title,
        status: row.status,
        demandCents: row.demandCents,
        body: Buffer.from(state).toString('base64'),
        values,
        blockers: isOpen(row.status) ? [...blockersFor(blocks, values, account.role), ...alsoBlocks(letterId)] : [],
        readOnlyReason: readOnlyReason(account.role, row.status),
        mayReopen: mayFinalize(account.role) && (row.status === 'Finalized' || row.status === 'Exported'),
        letterhead: letterhead(),
        authors: authors(letterId),
      });
    },

    whole(letterId, versionId) {
      const row = find(letterId);
      if (!row) return notFound;
      const at = versionId === undefined ? ok({ ...current(row), view: null }) : versions.whole(letterId, versionId);
      if (!at.ok) return at;
      const { blocks, values, view: version } = at.value;
      const { matterId, title, status, letterDate } = row;
      return ok({ letterId, matterId, title, status, letterDate, firm: letterhead(), blocks, values, version });
    },

    edit(letterId, update, also) {
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
    },

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

    setStatus(letterId, status) {
      const row = find(letterId);
      if (!row) return notFound;
      return (
        refuseEdit(account.role, row.status) ??
        write((change) => {
          if (row.status === status) return ok({});
          if (status === 'In_Review') versions.keep(change, letterId, current(row), 'Sent to review');
          change.patch('letter', letterId, { status });
          return ok({});
        })
      );
    },

    finalize(letterId) {
      const row = find(letterId);
      if (!row) return notFound;
      if (!isOpen(row.status)) return err({ code: 'conflict', what: 'the letter', reason: `It is ${row.status.toLowerCase()} already.` });
      const { state, blocks, values } = current(row);
      const { matterId, letterDate, demandCents } = row;
      const blockers = [
        ...blockersFor(blocks, values, account.role),
        ...findings.blockers({ letterId, matterId, letterDate, demandCents, blocks, values }),
        ...alsoBlocks(letterId),
      ];
      if (blockers.length > 0) return ok({ status: row.status, blockers });
      return write((change) => {
        change.insert('letter_version', {
          versionId: freshId(),
          letterId,
          content: Buffer.from(state),
          letterValues: values,
          changeSummary: 'Finalized',
          isMajor: true,
        });
        change.patch('letter', letterId, { status: 'Finalized' });
        return ok({ status: 'Finalized' as const, blockers: [] });
      });
    },
  };
}

const noAmounts = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };
const emptyValues: LetterValues = { variables: {}, specials: { providers: [], totals: noAmounts }, exhibits: [] };

/** Today as the person at this laptop sees it. */
function localDay(now: number): string {
  const at = new Date(now);
  return `${String(at.getFullYear())}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
