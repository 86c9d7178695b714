import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import {
  Anchor,
  CommentData,
  SuggestionData,
  type AddComment,
  type CollaborationView,
  type CommentView,
  type DecideSuggestion,
  type EditComment,
  type Mention,
  type Suggest,
  type SuggestionView,
  type ThreadView,
} from '../../shared/collaboration.ts';
import { chipText, type Chip } from '../../shared/citations.ts';
import type { CollaborationId, LetterId, MatterId, UserId } from '../../shared/ids.ts';
import type { Blocker, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayWrite, type AccountView } from '../../shared/session.ts';
import type { Facts } from '../facts/facts.ts';
import { freshId } from '../host/ids.ts';
import type { Letters } from '../letters/letters.ts';
import { collaboration } from '../store/collaboration-schema.ts';
import { letter, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { isValidLetterUpdate } from '../sync/letter-check.ts';
import { insertsAsItSays } from '../sync/letter-insertion.ts';
import { readable, suggestEdit } from '../sync/letter-suggestion.ts';
import { doesAsItSays, missingIn } from '../sync/letter-suggestion-check.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { cautionsHere, sourcesOf, valuesWith } from './cautions.ts';
import { openRemarks } from './open-remarks.ts';

export { createRefining, type Refining } from './refining.ts';
export { createReviews, type Reviews } from './reviews.ts';

/** What people say about a letter beside its text: comments in threads, and edits they suggest, each accepted or rejected by itself. */
export interface Collaboration {
  /** Open ones first, then by when they were begun. */
  list(letterId: string): Outcome<CollaborationView>;
  /** Suggestions that nobody decided and threads that nobody resolved: a letter does not go out with them. */
  blockers(letterId: string): Blocker[];
  /** Open comments that name this person, the newest first. */
  mentions(): Mention[];
  /** Errors: forbidden, not_found. A letter that is finalized can still be talked about. */
  comment(input: z.output<typeof AddComment>): Outcome<{ collaborationId: CollaborationId }>;
  /** Errors: forbidden (somebody else's), conflict (its thread is resolved). */
  editComment(input: z.output<typeof EditComment>): Outcome<Nothing>;
  resolve(collaborationId: string, isResolved: boolean): Outcome<Nothing>;
  /** Errors: forbidden, conflict (the letter is closed), invalid_input (no place of one paragraph, nothing new). */
  suggest(input: z.output<typeof Suggest>): Outcome<{ collaborationId: CollaborationId }>;
  /** Accepted, it is an edit of the letter like any other, in one change with the decision. Errors: forbidden, conflict, invalid_input (not looked at). */
  decide(input: z.output<typeof DecideSuggestion>): Outcome<Nothing>;
}

interface CollaborationInput {
  store: Store;
  write: Write;
  letters: Pick<Letters, 'body' | 'edit'>;
  facts: Pick<Facts, 'list' | 'ledger'>;
  account: AccountView;
}
type Row = typeof collaboration.$inferSelect;

const gone = 'Somebody who left the firm';
const lockedWords = 'Your role may read what is said here, not add to it.';
/** It can still be rejected: nobody else could take it out of the way of the letter. */
const unreadable = 'This version of Steno cannot read it. Update Steno, or reject it.';
const nothingReadable: SuggestionData = {
  update: '',
  was: '',
  becomes: '',
  why: null,
  model: null,
  prompt: null,
  isBlock: false,
  doubts: [],
};
const closedWords = 'The letter is closed: nothing can be changed in it any more.';

export function createCollaboration({ store, write, letters, facts, account }: CollaborationInput): Collaboration {
  const { db } = store;
  const locked = mayWrite(account.role) ? null : lockedWords;
  const forbidden = err({ code: 'forbidden' as const, what: 'comments and suggestions', reason: lockedWords });
  const find = (id: string): Row | undefined =>
    db
      .select()
      .from(collaboration)
      .where(and(eq(collaboration.collaborationId, id), isNull(collaboration.deletedAt)))
      .get();

  /** Names by id, of all who were ever in the firm: what somebody said outlives her account. */
  function names(): Map<string, string> {
    const rows = db.select({ id: user.userId, first: user.firstName, last: user.lastName }).from(user).all();
    const own: [string, string] = [account.userId, `${account.firstName} ${account.lastName}`];
    return new Map([own, ...rows.map(({ id, first, last }): [string, string] => [id, `${first} ${last}`])]);
  }
  const people = (): CollaborationView['people'] =>
    db
      .select({ userId: user.userId, first: user.firstName, last: user.lastName })
      .from(user)
      .where(and(isNull(user.deletedAt), eq(user.isActive, true)))
      .orderBy(asc(user.firstName), asc(user.lastName))
      .all()
      .map(({ userId, first, last }) => ({ userId: userId as UserId, name: `${first} ${last}` }));

  const anchorOf = (row: Row): Anchor | null => Anchor.safeParse(row.position).data ?? null;
  const isMine = ({ userId, createdBy }: Row): boolean => (userId ?? createdBy) === account.userId;
  const whoOf = (row: Row, known: Map<string, string>) => ({
    collaborationId: row.collaborationId as CollaborationId,
    byName: known.get(row.userId ?? row.createdBy ?? '') ?? gone,
    isMine: isMine(row),
    at: row.createdAt ?? 0,
  });
  /** Who and when is the firm's to say: what it has not heard of yet was decided here. */
  const decidedOf = (row: Row, known: Map<string, string>) => {
    if (!row.isResolved) return null;
    const by = row.resolvedAt === null ? account.userId : (row.resolvedBy ?? '');
    return { byName: known.get(by) ?? gone, at: row.resolvedAt ?? row.updatedAt ?? 0 };
  };
  function commentOf(row: Row, known: Map<string, string>): CommentView[] {
    const data = CommentData.safeParse(row.changeData);
    if (!data.success) return [];
    const { text, mentions, wasEdited } = data.data;
    return [{ ...whoOf(row, known), text, mentions: mentions.flatMap((id) => known.get(id) ?? []), wasEdited }];
  }

  /** What of the matter stands fast enough to be written: facts nobody turned down, every amount of the ledger, every computed value. */
  function knownTexts(matterId: string, values: LetterValues): string[] {
    const { lines, totals, providers } = facts.ledger(matterId);
    const cents = [...lines, ...providers, totals].flatMap((of) => [of.billedCents, of.adjustedCents, of.paidCents, of.owedCents]);
    return [
      ...facts.list(matterId).flatMap(({ state, value, normal }) => (state === 'rejected' ? [] : [value, normal])),
      ...Object.values(values.variables).flatMap(({ text, working }) => [text, working ?? '']),
      ...cents.map(formatCents),
    ];
  }

  function blockedOf(data: SuggestionData, isMissing: (update: Uint8Array) => boolean, isOpen: boolean): string | null {
    if (!isOpen) return closedWords;
    const update = Buffer.from(data.update, 'base64');
    if (!isValidLetterUpdate(update)) return 'It is no change that this version of Steno can make. Update Steno.';
    return isMissing(update) ? 'It changes words that are not in this letter, or have not arrived on this computer yet.' : null;
  }

  function list(letterId: string): Outcome<CollaborationView> {
    const body = letters.body(letterId);
    if (!body.ok) return body;
    const { matterId, state, values, isOpen } = body.value;
    const rows = db
      .select()
      .from(collaboration)
      .where(and(eq(collaboration.letterId, letterId), isNull(collaboration.deletedAt)))
      .orderBy(asc(collaboration.createdAt), asc(collaboration.collaborationId))
      .all();
    const known = names();
    const replies = Map.groupBy(
      rows.filter(({ changeType }) => changeType === 'Comment'),
      ({ parentId }) => parentId,
    );
    const repliesTo = (id: string): CommentView[] => (replies.get(id) ?? []).flatMap((row) => commentOf(row, known));
    const threads = (replies.get(null) ?? []).flatMap((row): ThreadView[] => {
      const [first] = commentOf(row, known);
      if (!first) return [];
      const comments = [first, ...repliesTo(row.collaborationId)];
      return [{ collaborationId: first.collaborationId, anchor: anchorOf(row), comments, resolved: decidedOf(row, known) }];
    });
    const open = rows.some((row) => row.changeType === 'Suggestion' && row.outcome === null);
    const texts = open ? knownTexts(matterId, values) : [];
    const isMissing = missingIn(state);
    const suggestions = rows.flatMap((row): SuggestionView[] => {
      const data = SuggestionData.safeParse(row.changeData);
      if (row.changeType !== 'Suggestion') return [];
      const said = data.success ? data.data : nothingReadable;
      const { why, model, isBlock } = said;
      const its = valuesWith(store, matterId, values, said.becomes);
      const shown = (chip: Chip): string => chipText(its, chip);
      const [was, becomes] = [readable(said.was, shown), readable(said.becomes, shown)];
      const isUndecided = row.outcome === null;
      return [
        {
          ...whoOf(row, known),
          anchor: anchorOf(row),
          was,
          becomes,
          why,
          model,
          isBlock,
          sources: sourcesOf(said.becomes, its),
          outcome: row.outcome,
          decided: decidedOf(row, known),
          cautions: isUndecided ? cautionsHere(said, texts, its, state, anchorOf(row)) : [],
          blocked: !isUndecided ? null : data.success ? blockedOf(data.data, isMissing, isOpen) : unreadable,
          replies: repliesTo(row.collaborationId),
        },
      ];
    });
    return ok({
      threads: [...threads.filter(({ resolved }) => !resolved), ...threads.filter(({ resolved }) => resolved)],
      suggestions: [...suggestions.filter(({ outcome }) => outcome === null), ...suggestions.filter(({ outcome }) => outcome !== null)],
      people: people(),
      locked,
    });
  }

  return {
    list,

    blockers: (letterId) => openRemarks(store, letterId),

    mentions() {
      const rows = db
        .select({ row: collaboration, matterId: letter.matterId, title: letter.title })
        .from(collaboration)
        .innerJoin(letter, and(eq(letter.letterId, collaboration.letterId), isNull(letter.deletedAt)))
        .where(
          and(
            eq(collaboration.changeType, 'Comment'),
            isNull(collaboration.deletedAt),
            // most comments name nobody: what they say is parsed below
            sql`instr(${collaboration.changeData}, ${account.userId}) > 0`,
          ),
        )
        .all();
      if (rows.length === 0) return [];
      const known = names();
      const isClosed = (row: Row): boolean => (row.parentId === null ? row : find(row.parentId))?.isResolved !== false;
      return rows
        .filter(({ row }) => !isClosed(row))
        .flatMap(({ row, matterId, title }) => {
          const data = CommentData.safeParse(row.changeData);
          if (!data.success || !data.data.mentions.includes(account.userId)) return [];
          return [
            {
              ...whoOf(row, known),
              matterId: matterId as MatterId,
              letterId: row.letterId as LetterId,
              letterTitle: title,
              text: data.data.text,
            },
          ];
        })
        .sort((a, b) => b.at - a.at);
    },

    comment({ letterId, parentId, anchor, text, mentions }) {
      if (locked !== null) return forbidden;
      const body = letters.body(letterId);
      if (!body.ok) return body;
      const parent = parentId === null ? null : find(parentId);
      if (parentId !== null && (parent?.letterId !== letterId || parent.parentId !== null))
        return err({ code: 'not_found', what: 'the thread' });
      const here = new Set<string>(people().map(({ userId }) => userId));
      const collaborationId = freshId() as CollaborationId;
      return write((change) => {
        change.insert('collaboration', {
          collaborationId,
          letterId,
          parentId,
          changeType: 'Comment',
          changeData: { text, mentions: mentions.filter((id) => here.has(id)), wasEdited: false } satisfies z.output<typeof CommentData>,
          position: parentId === null ? anchor : null,
        });
        // who answers a thread that was resolved opens it again
        if (parent?.isResolved === true && parent.changeType === 'Comment')
          change.patch('collaboration', parent.collaborationId, { isResolved: false });
        return ok({ collaborationId });
      });
    },

    editComment({ collaborationId, text, mentions }) {
      const row = find(collaborationId);
      if (!row || row.changeType !== 'Comment') return err({ code: 'not_found', what: 'the comment' });
      if (locked !== null || !isMine(row))
        return err({ code: 'forbidden', what: 'this comment', reason: 'Only who wrote it can change it.' });
      if ((row.parentId === null ? row : find(row.parentId))?.isResolved === true)
        return err({ code: 'conflict', what: 'the comment', reason: 'Its thread was resolved. Open it again first.' });
      return write((change) => {
        change.patch('collaboration', collaborationId, {
          changeData: { text, mentions, wasEdited: true } satisfies z.output<typeof CommentData>,
        });
        return ok({});
      });
    },

    resolve(collaborationId, isResolved) {
      if (locked !== null) return forbidden;
      const row = find(collaborationId);
      if (!row || row.changeType !== 'Comment' || row.parentId !== null) return err({ code: 'not_found', what: 'the thread' });
      return write((change) => {
        if (row.isResolved !== isResolved) change.patch('collaboration', collaborationId, { isResolved });
        return ok({});
      });
    },

    suggest({ letterId, anchor, becomes, why }) {
      if (locked !== null) return forbidden;
      const body = letters.body(letterId);
      if (!body.ok) return body;
      if (!body.value.isOpen) return err({ code: 'conflict', what: 'the letter', reason: closedWords });
      const made = suggestEdit(body.value.state, anchor.place, becomes, (chip) => chipText(body.value.values, chip));
      if (!made)
        return err({
          code: 'invalid_input',
          what: 'the suggestion',
          reason: 'Select words within one paragraph, and write what shall stand there instead.',
        });
      const data: SuggestionData = {
        update: Buffer.from(made.update).toString('base64'),
        was: made.was,
        becomes: made.becomes,
        why: why === '' ? null : why,
        model: null,
        prompt: null,
        isBlock: false,
        doubts: [],
      };
      const collaborationId = freshId() as CollaborationId;
      return write((change) => {
        change.insert('collaboration', {
          collaborationId,
          letterId,
          changeType: 'Suggestion',
          changeData: data,
          position: {
            place: anchor.place,
            quote: readable(made.was, (chip) => chipText(body.value.values, chip)).slice(0, 2_000),
          } satisfies Anchor,
        });
        return ok({ collaborationId });
      });
    },

    decide({ collaborationId, outcome, seen }) {
      if (locked !== null) return forbidden;
      const row = find(collaborationId);
      const data = SuggestionData.safeParse(row?.changeData);
      if (!row || row.changeType !== 'Suggestion') return err({ code: 'not_found', what: 'the suggestion' });
      if (row.outcome !== null)
        return row.outcome === outcome
          ? ok({})
          : err({ code: 'conflict', what: 'the suggestion', reason: `It was ${row.outcome} already.` });
      const body = letters.body(row.letterId);
      if (!body.ok) return body;
      if (outcome === 'accepted') {
        if (!data.success) return err({ code: 'unsupported', what: 'the suggestion', reason: unreadable });
        const blocked = blockedOf(data.data, missingIn(body.value.state), body.value.isOpen);
        if (blocked !== null) return err({ code: 'conflict', what: 'the suggestion', reason: blocked });
        const edit = { update: Buffer.from(data.data.update, 'base64'), was: data.data.was, becomes: data.data.becomes };
        const does = data.data.isBlock ? insertsAsItSays : doesAsItSays;
        if (!does(body.value.state, edit, anchorOf(row)?.place ?? ''))
          return err({
            code: 'conflict',
            what: 'the suggestion',
            reason: 'What it would change is not, or no longer, what it says. Reject it, and write what you want yourself.',
          });
        const { matterId, state } = body.value;
        const values = valuesWith(store, matterId, body.value.values, data.data.becomes);
        if (!seen && cautionsHere(data.data, knownTexts(matterId, values), values, state, anchorOf(row)).length > 0)
          return err({ code: 'invalid_input', what: 'the suggestion', reason: 'Look first at what no document supports.' });
      }
      const note = (change: Change): Outcome<Nothing> =>
        change.patch('collaboration', collaborationId, { isResolved: true, outcome })
          ? ok({})
          : err({ code: 'not_found', what: 'the suggestion' });
      if (outcome === 'rejected' || !data.success) return write(note);
      return letters.edit(row.letterId, Buffer.from(data.data.update, 'base64'), note);
    },
  };
}
