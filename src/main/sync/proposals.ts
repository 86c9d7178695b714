import { and, asc, desc, eq, ne } from 'drizzle-orm';
import type { z } from 'zod';
import { LetterId, MatterId, type ProposalId, type UserId } from '../../shared/ids.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayWrite, type Role } from '../../shared/session.ts';
import type { ProposalLists, ProposalText, ProposalView } from '../../shared/sync.ts';
import { letter, outbox, proposal, user, verdictLog } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from './outbox.ts';
import { readWire } from './rows.ts';
import { createPlaces, type Place } from './places.ts';
import { redline } from './redline.ts';
import { countOf, dayWord, patchInWords, refusalWord, thingWord } from './words.ts';

type Row = typeof proposal.$inferSelect;
type LetterRow = typeof letter.$inferSelect;
const mostDecided = 50;
/** Open ones: letters and matters with something proposed by others, by each; rows of one's own. */
const countSql = `select
  (select count(*) from (select distinct coalesce(letter_id, matter_id, patch ->> 'matter_id', entity_id), proposed_by from proposal
    where state = 'open' and proposed_by is not @userId)) as others,
  (select count(*) from proposal where state = 'open' and proposed_by is @userId) as own`;

/** Changes that came too late, or from who may no longer make them (S12): a person accepts or dismisses them. The firm applies what is accepted. */
export interface Proposals {
  lists(): ProposalLists;
  /** What a group says against the letter as it stands. */
  text(letterId: string, proposalIds: string[]): Outcome<ProposalText>;
  decide(proposalIds: string[], decision: 'accepted' | 'dismissed'): Outcome<Nothing>;
  /** How many groups this person may decide. */
  count(): number;
  /** What to tell the person at this laptop about rows that the feed just brought: where her changes went, what became of them. */
  tidings(proposalIds: string[]): string[];
}

interface ProposalsInput {
  store: Store;
  write: Write;
  userId: string;
  role: Role;
  /** The letter's text as it stands, and with these updates in it; words that found no place. */
  letterWith(letterId: string, updates: Uint8Array[]): { before: string; after: string; loose: string | null };
}

export function createProposals({ store, write, userId, role, letterWith }: ProposalsInput): Proposals {
  const { db } = store;
  const mayDecide = mayWrite(role);
  const isAttorney = role === 'Admin' || role === 'Attorney';
  const openRows = (by?: string): Row[] => {
    const isOpen = eq(proposal.state, 'open');
    return db
      .select()
      .from(proposal)
      .where(by === undefined ? isOpen : and(isOpen, eq(proposal.proposedBy, by)))
      .orderBy(asc(proposal.ordinal))
      .all();
  };

  function nameOf(id: string | null): string | null {
    const row = id === null ? undefined : db.select().from(user).where(eq(user.userId, id)).get();
    return row ? `${row.firstName} ${row.lastName}` : null;
  }
  const letterOf = (row: Row): LetterRow | undefined =>
    row.letterId === null ? undefined : db.select().from(letter).where(eq(letter.letterId, row.letterId)).get();

  function view(key: string, rows: Row[], places: ReturnType<typeof createPlaces>): ProposalView | null {
    const [first] = rows;
    if (!first) return null;
    const place = places.of(first.entity, first.entityId, {
      ...first.patch,
      matter_id: first.matterId ?? first.patch['matter_id'],
      letter_id: first.letterId,
    });
    const of = letterOf(first);
    const isMine = first.proposedBy === userId;
    const authorName = nameOf(first.proposedBy) ?? 'A colleague';
    const pending = new Set(
      db
        .select({ id: outbox.entityId })
        .from(outbox)
        .where(eq(outbox.entity, 'proposal'))
        .all()
        .map(({ id }) => id),
    );
    const refusal = db.select().from(verdictLog).where(eq(verdictLog.entityId, first.proposalId)).orderBy(desc(verdictLog.verdictId)).get();
    const newLetter = rows.find((row) => row.entity === 'letter' && row.op === 'insert');
    const title = of?.title ?? (typeof newLetter?.patch['title'] === 'string' ? newLetter.patch['title'] : titleOf(first, place));
    return {
      key,
      proposalIds: rows.map(({ proposalId }) => proposalId as ProposalId),
      letterId: idIn(LetterId, first.letterId),
      matterId: idIn(MatterId, place.matterId ?? matterOf(first)),
      title,
      where: place.matter === title ? null : place.matter,
      authorId: first.proposedBy as UserId | null,
      authorName,
      isMine,
      why: whyOf(first, of, isMine ? 'Your' : `${authorName}’s`),
      edits: rows.filter(({ entity }) => entity === 'letter_update').length,
      changes: rows.filter(({ entity }) => entity !== 'letter_update').map(changeOf),
      at: Math.max(...rows.map(({ createdAt }) => createdAt ?? 0)),
      state: first.state,
      decidedByName: nameOf(first.decidedBy) ?? (first.state !== 'open' && pending.has(first.proposalId) ? 'you' : null),
      decidedAt: first.decidedAt,
      isOnItsWay: rows.some(({ proposalId }) => pending.has(proposalId)),
      mayDismiss: mayDecide,
      accepting: acceptingWords(rows, of),
      mayNotAccept: mayNotAccept(rows, of),
      waitsFor: waitsFor(rows, of),
      lastRefusal:
        refusal?.verdict === 'rejected' && first.state === 'open' && refusal.entity === 'proposal' ? refusalWord(refusal.reason) : null,
    };
  }

  function changeOf(row: Row): ProposalView['changes'][number] {
    const shownId = row.entity === 'letter' ? (row.letterId ?? row.entityId) : row.entityId;
    const current = row.op === 'patch' ? readWire(store, row.entity, shownId) : null;
    const before =
      current && Object.fromEntries(Object.keys(row.patch).map((field) => [field, Object.hasOwn(current, field) ? current[field] : null]));
    const proposed =
      patchInWords(row.entity, row.patch) || (typeof row.patch['status'] === 'string' ? `status: ${row.patch['status']}` : '');
    return {
      proposalId: row.proposalId as ProposalId,
      what: row.op === 'insert' ? `${thingWord(row.entity, row.patch)}, new` : thingWord(row.entity, row.patch),
      proposed,
      current: before && patchInWords(row.entity, before),
    };
  }

  const wasDismissed = (updateId: string): boolean =>
    db
      .select()
      .from(proposal)
      .where(and(eq(proposal.entityId, updateId), eq(proposal.state, 'dismissed')))
      .get() !== undefined;
  const isClosed = (of: LetterRow | undefined): boolean => of !== undefined && of.status !== 'Draft' && of.status !== 'In_Review';

  function mayNotAccept(rows: Row[], of: LetterRow | undefined): string | null {
    if (!mayDecide) return 'Your role may read proposals, not decide them.';
    const [first] = rows;
    const isLetters = first?.letterId !== null && !rows.some((row) => row.entity === 'letter' && row.op === 'insert');
    if (isLetters && !of && first?.reason !== 'parent_proposed')
      return 'The letter was deleted for good, so nothing can go into it. Save the words elsewhere if they matter, then dismiss them.';
    if (
      !isLetters &&
      first?.op === 'patch' &&
      first.reason !== 'parent_proposed' &&
      rows.every((row) => row.op === 'patch' && readWire(store, row.entity, row.entityId) === null)
    )
      return 'What they belong to was deleted for good.';
    if (rows.some(({ patch }) => typeof patch['leans_on'] === 'string' && wasDismissed(patch['leans_on'])))
      return 'It builds on edits that were dismissed, so its words have no place in the letter by themselves.';
    const isReopened = isClosed(of) && rows.some((row) => changesLetter(row, of));
    const needsAttorney = isReopened || rows.some(isAttorneys);
    return needsAttorney && !isAttorney ? (isReopened ? refusalWord('reopen_needs_attorney') : 'Only an attorney can accept this.') : null;
  }

  function waitsFor(rows: Row[], of: LetterRow | undefined): string {
    const isReopened = isClosed(of) && rows.some((row) => changesLetter(row, of));
    const needsAttorney = isReopened || rows.some(isAttorneys);
    if (!needsAttorney) return 'a colleague who may change it';
    const closer = of?.finalizedBy ? db.select().from(user).where(eq(user.userId, of.finalizedBy)).get() : undefined;
    const isThere = closer?.isActive === true && (closer.role === 'Attorney' || closer.role === 'Admin') && closer.userId !== userId;
    return isThere ? `${closer.firstName} ${closer.lastName}` : 'an attorney';
  }

  /** By letter, or by matter where it is no letter's, and by author; each in the order it was made. */
  function grouped(rows: Row[]): ProposalView[] {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const of = row.letterId ?? matterOf(row) ?? row.entityId;
      const key = [of, row.proposedBy, row.state, row.state === 'open' ? '' : row.decidedBy].join(' ');
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const places = createPlaces(store);
    return [...groups].flatMap(([key, of]) => view(key, of, places) ?? []).sort((a, b) => b.at - a.at);
  }

  const isForMe = (of: ProposalView): boolean => of.mayDismiss && !(of.isMine && of.mayNotAccept !== null);

  return {
    lists() {
      const open = grouped(openRows());
      const decided = db
        .select()
        .from(proposal)
        .where(ne(proposal.state, 'open'))
        .orderBy(desc(proposal.decidedAt), asc(proposal.ordinal))
        .limit(mostDecided * 20)
        .all();
      const isMyConcern = (row: Row): boolean => mayDecide || row.proposedBy === userId;
      return {
        toDecide: open.filter(isForMe),
        mine: open.filter((of) => of.isMine && !isForMe(of)),
        decided: grouped(decided.filter(isMyConcern))
          .sort((a, b) => (b.decidedAt ?? Number.MAX_SAFE_INTEGER) - (a.decidedAt ?? Number.MAX_SAFE_INTEGER))
          .slice(0, mostDecided),
      };
    },

    text(letterId, proposalIds) {
      const wanted = new Set(proposalIds);
      const rows = db.select().from(proposal).where(eq(proposal.letterId, letterId)).orderBy(asc(proposal.ordinal)).all();
      const updates = rows
        .filter((row) => wanted.has(row.proposalId) && row.entity === 'letter_update')
        .map(({ patch }) => new Uint8Array(Buffer.from(String(patch['payload']).replace(/^\\x/, ''), 'hex')));
      const { before, after, loose } = letterWith(letterId, updates);
      return ok({ paragraphs: redline(before, after), loose });
    },

    decide(proposalIds, decision) {
      if (!mayDecide) return err({ code: 'forbidden', what: 'proposals', reason: 'Your role may read proposals, not decide them.' });
      const rows = proposalIds.flatMap((id) => db.select().from(proposal).where(eq(proposal.proposalId, id)).get() ?? []);
      if (rows.length === 0) return err({ code: 'not_found', what: 'the proposal' });
      if (rows.some(({ state }) => state !== 'open'))
        return err({ code: 'conflict', what: 'the proposal', reason: 'A colleague has decided it already.' });
      const [first] = rows;
      const refused = decision === 'accepted' && first ? mayNotAccept(rows, letterOf(first)) : null;
      if (refused !== null) return err({ code: 'conflict', what: 'the proposal', reason: refused });
      return write((change) => {
        for (const row of rows.sort((a, b) => a.ordinal - b.ordinal)) change.patch('proposal', row.proposalId, { state: decision });
        return ok({});
      });
    },

    count() {
      if (!mayDecide) return 0;
      // asked with every change of the status bar: only one's own are looked at closely, where there are any
      const { others, own } = store.compiled(countSql).get({ userId }) as { others: number; own: number };
      return others + (own === 0 ? 0 : grouped(openRows(userId)).filter(isForMe).length);
    },

    tidings(proposalIds) {
      const isRecent = db.select().from(verdictLog).where(eq(verdictLog.verdict, 'rejected'));
      const fromHere = new Set(isRecent.all().map(({ proposalId }) => proposalId));
      const rows = proposalIds
        .flatMap((id) => db.select().from(proposal).where(eq(proposal.proposalId, id)).get() ?? [])
        .filter((row) => row.proposedBy === userId && fromHere.has(row.proposalId));
      return grouped(rows).map(tidingOf);
    },
  };
}

/** "Rivera demand was finalized by Elena Pardo on Nov 20, 2026; your 3 edits wait for her in the inbox." */
function tidingOf(of: ProposalView): string {
  const kept = keptWords(of);
  if (of.state === 'open')
    return `${of.why.replace(/^It\b/, of.title).replace(/\.$/, '')}; your ${kept} for ${of.waitsFor} in the inbox. Nothing is lost.`;
  const did = of.state === 'accepted' ? 'accepted' : 'dismissed';
  return `${of.decidedByName ?? 'A colleague'} ${did} what you proposed for ${of.title}.`;
}

function keptWords({ edits, changes }: ProposalView): string {
  const total = edits + changes.length;
  const word = changes.length === 0 ? countOf('letter_update', total).replace(' of the letter', '') : countOf('', total);
  return `${word} ${total === 1 ? 'waits' : 'wait'}`;
}

function whyOf(row: Row, of: LetterRow | undefined, whose: string): string {
  switch (row.reason) {
    case 'letter_finalized':
    case 'letter_archived': {
      const on = of?.finalizedAt ? ` on ${dayWord(of.finalizedAt)}` : '';
      return row.reason === 'letter_archived' ? `It was finalized${on} and is archived.` : `It was finalized${on}.`;
    }
    case 'deleted':
      return row.letterId === null ? 'What they belong to was deleted meanwhile.' : 'It was deleted meanwhile.';
    case 'role_ended':
      return `${whose} role no longer allows such changes.`;
    default:
      return 'It builds on changes that are not at the firm yet.';
  }
}

function acceptingWords(rows: Row[], of: LetterRow | undefined): string {
  if (rows[0]?.letterId === null || !of) return 'Accepting makes these changes at the firm, under their author’s name.';
  const isOpen = of.status === 'Draft' || of.status === 'In_Review';
  const isBeside = rows.every(({ entity }) => entity === 'collaboration');
  const withThis = isBeside ? 'with this beside it' : 'with this text in it';
  if (isBeside && ((isOpen && of.deletedAt === null) || !rows.some((row) => changesLetter(row, of))))
    return 'Accepting puts this beside the letter, under its author’s name. The letter itself stays as it is.';
  if (of.deletedAt !== null && isOpen) return `Accepting brings the letter back ${withThis}.`;
  if (of.status === 'Archived' || of.deletedAt !== null)
    return 'The letter itself stays as it is: accepting begins a new draft with its text and this.';
  if (!isOpen)
    return `Accepting opens the letter as a draft again ${withThis}. The finalized version is kept; finalizing again makes the next one.`;
  return 'Accepting puts this text into the letter, under its author’s name.';
}

/** What was refused before anybody looked at it may name anything: one such row must not cost the list. */
const idIn = <S extends z.ZodType>(ids: S, named: string | null): z.infer<S> | null => ids.safeParse(named).data ?? null;

/** Whether the letter has to be open for it, and there: what is only said about a letter stands beside it as it is (`steno.letter_for_remark`). */
function changesLetter({ entity, op, patch }: Row, of: LetterRow | undefined): boolean {
  if (entity !== 'collaboration') return true;
  if (of?.deletedAt !== null) return true;
  return op === 'insert' ? patch['change_type'] !== 'Comment' : patch['outcome'] === 'accepted';
}

/** Whether only an attorney may take this in, whatever the letter is: a template, and what Finalize froze. */
function isAttorneys({ entity, patch }: Row): boolean {
  return entity.startsWith('template') || (entity === 'letter_version' && patch['is_major'] !== false);
}

function matterOf({ matterId, patch, entity, entityId }: Row): string | null {
  if (matterId !== null) return matterId;
  return entity === 'matter' ? entityId : typeof patch['matter_id'] === 'string' ? patch['matter_id'] : null;
}

function titleOf({ entity, patch }: Row, { matter, letter: letterTitle }: Place): string {
  const named = patch['title'] ?? patch['template_name'] ?? patch['file_name'];
  return letterTitle ?? matter ?? (typeof named === 'string' ? named : entity.startsWith('letter') ? 'A letter' : thingWord(entity));
}
