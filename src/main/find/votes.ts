import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { FindVote } from '../../shared/find.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { idOf } from '../host/ids.ts';
import { feedback } from '../store/link-schema.ts';
import { document } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';
import { parseQuery } from './parse.ts';
import { stemOf } from './stem.ts';

/** A question as votes know it: by hashes, so that nobody reads in them what was asked. Endings, order and small words make no other question. */
interface AskedBefore {
  hash: string;
  words: Set<string>;
}

const mostWords = 24;
/** Questions that share less of their words are about something else. */
const leastShared = 0.4;
/** The last ones; older judgements have had their time. */
const mostVotes = 5_000;
/** Everywhere in questions, and of no weight in telling one from another. */
const questionWords = new Set(
  'how much many any there about tell me us our you your please does say says said show find list name give can could would should will shall have been being'.split(
    ' ',
  ),
);
export const isQuestionWord = (word: string): boolean => questionWords.has(word);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export function questionOf(words: string): AskedBefore {
  const said = parseQuery(words).parts.flatMap(({ words: own, told, asked }) =>
    told === null ? own.flatMap((row) => row.split(' ')) : [told, ...(own.length > 0 ? [] : [asked])].slice(0, 1),
  );
  const telling = said.filter((word) => !isQuestionWord(word));
  const stems = [...new Set((telling.length > 0 ? telling : said).map(stemOf))].sort();
  return { hash: hashOf(stems.join(' ')), words: new Set(stems.slice(0, mostWords).map((word) => hashOf(word).slice(0, 8))) };
}

/** What people said of a passage for this question or one much like it: 1 for each of them, less the less alike. */
export interface Votes {
  documentId: string;
  page: number;
  start: number;
  end: number;
  net: number;
  /** What this person said of it for this very question. */
  mine: boolean | null;
}

interface VoteRow {
  documentId: string;
  page: number;
  start: number;
  end: number;
  hash: string;
  words: string | null;
  isHelpful: number;
  by: string | null;
}

/** All votes that bear on a question. */
export function votesFor(store: Store, question: string, userId: string | null): Votes[] {
  const rows = store
    .compiled(
      `select f.document_id as documentId, f.page, f.start_offset as start, f.end_offset as end, f.query_hash as hash, f.query_words as words, f.is_helpful as isHelpful,
         f.created_by as by
       from feedback f where f.subject = 'chunk' and f.is_helpful is not null and f.page is not null and f.query_hash is not null and f.document_id is not null and f.deleted_at is null
       order by f.rowid desc limit ?`,
    )
    .all(mostVotes) as VoteRow[];
  if (rows.length === 0) return [];
  const asked = questionOf(question);
  const byPlace = new Map<string, Votes>();
  for (const { documentId, page, start, end, hash, words, isHelpful, by } of rows) {
    const likeness = hash === asked.hash ? 1 : sharedOf(asked.words, words);
    if (likeness < leastShared) continue;
    const key = `${documentId} ${String(page)} ${String(start)}`;
    const votes = byPlace.get(key) ?? { documentId, page, start, end, net: 0, mine: null };
    votes.net += isHelpful === 1 ? likeness : -likeness;
    if (hash === asked.hash && by === userId) votes.mine = isHelpful === 1;
    byPlace.set(key, votes);
  }
  return [...byPlace.values()];
}

/** The share of words two questions have in common. What a newer Steno keeps there in another form counts as nothing. */
function sharedOf(asked: Set<string>, kept: string | null): number {
  // nearly all votes are about something else
  if (kept === null || ![...asked].some((word) => kept.includes(word))) return 0;
  const parsed: unknown = JSON.parse(kept);
  const other = new Set(Array.isArray(parsed) ? parsed.filter((word) => typeof word === 'string') : []);
  const both = [...asked].filter((word) => other.has(word)).length;
  return both === 0 ? 0 : both / (asked.size + other.size - both);
}

/** What is said of a passage: the votes for its place, and a little of those for others of its document. From -1.5 to 1.5. */
export function netVotes(votes: readonly Votes[], at: { documentId: string; pageNumber: number; start: number; end: number }): number {
  let [here, nearby] = [0, 0];
  for (const { documentId, page, start, end, net } of votes) {
    if (documentId !== at.documentId) continue;
    if (page === at.pageNumber && start < at.end && end > at.start) here += net;
    else nearby += net;
  }
  return Math.max(-1.5, Math.min(1.5, here + 0.2 * nearby));
}

/** What this person said of a passage for this very question. */
export const ownVote = (votes: readonly Votes[], at: { documentId: string; pageNumber: number; start: number }): boolean | null =>
  votes.find(({ documentId, page, start }) => documentId === at.documentId && page === at.pageNumber && start === at.start)?.mine ?? null;

export interface Judging {
  /** A thumb up or down for a passage as the answer to a question; null takes it back. The later word of a person counts. */
  vote(input: FindVote): Outcome<Nothing>;
}

export function createJudging({
  store,
  write,
  userId,
  mayNotDecide,
}: {
  store: Store;
  write: Write;
  userId: string;
  mayNotDecide: string | null;
}): Judging {
  return {
    vote({ words, documentId, page, passage, isHelpful }) {
      if (mayNotDecide !== null) return err({ code: 'forbidden', what: 'what was found', reason: mayNotDecide });
      if (!store.db.select().from(document).where(eq(document.documentId, documentId)).get())
        return err({ code: 'not_found', what: 'the document' });
      const { hash: queryHash, words: hashed } = questionOf(words);
      const { start: startOffset, end: endOffset } = passage;
      const feedbackId = idOf('feedback', 'vote', userId, queryHash, documentId, page, startOffset);
      return write((change) => {
        const known = change.db.select().from(feedback).where(eq(feedback.feedbackId, feedbackId)).get();
        if (known) change.patch('feedback', feedbackId, { isHelpful });
        else if (isHelpful !== null)
          change.insert('feedback', {
            feedbackId,
            subject: 'chunk',
            documentId,
            page,
            startOffset,
            endOffset,
            queryHash,
            queryWords: [...hashed],
            isHelpful,
          });
        return ok({});
      });
    },
  };
}
