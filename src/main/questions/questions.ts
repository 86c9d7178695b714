import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { DocumentKind, Oddity } from '../../shared/documents.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { QuestionView, SettleQuestion } from '../../shared/questions.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { isSaid } from '../documents/documents.ts';
import { lossDayOf, type Facts } from '../facts/facts.ts';
import { documentsWith } from '../find/find.ts';
import type { Clock } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { document, page, question, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';
import type { Evidence, EvidenceDocument, QuestionRule } from './evidence.ts';
import { chargedTwice } from './rules/charged-twice.ts';
import { oddPages } from './rules/odd-pages.ts';
import { billsWithoutRecords, recordsWithoutBills } from './rules/records-and-bills.ts';
import { treatmentGaps } from './rules/treatment-gaps.ts';

/** What is missing or odd in a matter's evidence, found anew from what is here, and what people answered to it. */
export interface Questions {
  /** Open ones first, then those that somebody looked into. */
  list(matterId: string): QuestionView[];
  /** What people answered, by key: also of what another feature asks (contradictions). */
  answers(matterId: string): Map<string, QuestionView['settled']>;
  /** Errors: forbidden. */
  settle(input: SettleQuestion): Outcome<Nothing>;
  /** Answers what another feature asks, within its own change. */
  answerWithin(change: Change, matterId: string, key: string, note: string | null): void;
}

interface QuestionsInput {
  store: Store;
  write: Write;
  facts: Pick<Facts, 'list' | 'ledger'>;
  userId: string;
  mayWrite: boolean;
  /** Whether this person may let a sentence of fact stand that cites nothing. */
  mayAttest: boolean;
  clock: Clock;
}

/** Answers to these are attestations: an attorney's, which the firm's database holds to as well (0035_review.sql). */
export const isAttested = (key: string): boolean => key.startsWith('lint:unsupported_sentence:');

/** In the order in which they are listed. */
const rules: readonly QuestionRule[] = [billsWithoutRecords, recordsWithoutBills, chargedTwice, treatmentGaps, oddPages];

const Oddities = z.array(Oddity).nullable().catch(null);

export function createQuestions({ store, write, facts, userId, mayWrite, mayAttest, clock }: QuestionsInput): Questions {
  const { db } = store;

  function documentsOf(matterId: string): EvidenceDocument[] {
    const rows = db
      .select({
        documentId: document.documentId,
        fileName: document.fileName,
        kind: document.documentType,
        state: document.processingStatus,
        said: document.processingReason,
      })
      .from(document)
      .where(and(eq(document.matterId, matterId), isNull(document.deletedAt)))
      .orderBy(asc(document.relativePath))
      .all();
    // not the text of the pages, which is most of what a matter has
    const pages = db
      .select({
        documentId: page.documentId,
        number: page.pageNumber,
        // of a long text nothing but its length is read
        letters: sql<number>`octet_length(${page.extractedText}) > 60 or ${page.extractedText} glob '*[0-9A-Za-z]*'`,
        rotation: page.rotation,
        oddities: page.oddities,
      })
      .from(page)
      .where(inArray(page.documentId, db.select({ id: document.documentId }).from(document).where(eq(document.matterId, matterId))))
      .orderBy(asc(page.pageNumber))
      .all();
    const byDocument = Map.groupBy(pages, ({ documentId }) => documentId);
    // what a newer version took the place of is asked about no more
    return rows
      .filter(({ said }) => !isSaid(said, 'replaced'))
      .map(({ documentId, fileName, kind, state }) => ({
        documentId: documentId as DocumentId,
        fileName,
        kind: DocumentKind.catch('Other').parse(kind),
        isRead: state === 'read',
        pages: (byDocument.get(documentId) ?? []).map(({ number, letters, rotation, oddities }) => ({
          page: number,
          hasWords: letters === 1,
          rotation: rotation ?? 0,
          oddities: Oddities.parse(oddities) ?? [],
        })),
      }));
  }

  function evidenceOf(matterId: string): Evidence {
    // several rules ask the same
    const mentioning = new Map<string, Set<string> | null>();
    return {
      documents: documentsOf(matterId),
      lines: facts.ledger(matterId).lines.filter(({ state }) => state !== 'rejected'),
      lossDay: lossDayOf(facts.list(matterId)),
      mentioning(words, kind) {
        const asked = [kind, ...words].join('\n');
        const known = mentioning.get(asked);
        if (known !== undefined) return known;
        const found = documentsWith(store, matterId, words, kind);
        mentioning.set(asked, found);
        return found;
      },
    };
  }

  function answers(matterId: string): Map<string, QuestionView['settled']> {
    const rows = db
      .select({ q: question, first: user.firstName, last: user.lastName })
      .from(question)
      .leftJoin(user, eq(user.userId, question.decidedBy))
      .where(and(eq(question.matterId, matterId), isNull(question.deletedAt), eq(question.isSettled, true)))
      .all();
    // an answer under another id than its question's was not given here and could not be taken back here
    const own = rows.filter(({ q }) => q.questionId === idOf('question', matterId, q.questionKey));
    return new Map(
      own.map(({ q, first, last }) => [
        q.questionKey,
        {
          byName: first !== null && last !== null ? `${first} ${last}` : null,
          at: q.decidedAt ?? q.updatedAt ?? 0,
          note: q.note,
          areOwn: false,
        },
      ]),
    );
  }

  const answerOf = (isSettled: boolean, note: string | null) => ({ isSettled, note, decidedBy: userId, decidedAt: clock.now() });
  function put(change: Change, matterId: string, questionKey: string, answer: ReturnType<typeof answerOf>): void {
    const questionId = idOf('question', matterId, questionKey);
    if (!change.insert('question', { questionId, matterId, questionKey, ...answer })) change.patch('question', questionId, answer);
  }

  return {
    list(matterId) {
      const evidence = evidenceOf(matterId);
      const settled = answers(matterId);
      const found = rules
        .flatMap((rule) => rule(evidence))
        .map(({ ownKeys = [], ...one }) => {
          const answer = settled.get(one.key) ?? null;
          return {
            ...one,
            mayBeOwn: ownKeys.length > 0,
            settled: answer && { ...answer, areOwn: ownKeys.some((key) => settled.has(key)) },
          };
        });
      return [...found.filter((one) => !one.settled), ...found.filter((one) => one.settled)];
    },
    answers,
    answerWithin(change, matterId, key, note) {
      put(change, matterId, key, answerOf(true, note));
    },
    settle({ matterId, key, isSettled, areOwn, note }) {
      if (!mayWrite)
        return err({
          code: 'forbidden',
          what: 'answering questions about the evidence',
          reason: 'Your role may read them, not change them.',
        });
      if (isSettled && !mayAttest && isAttested(key))
        return err({
          code: 'forbidden',
          what: 'this sentence',
          reason: 'Only an attorney can let a sentence of fact stand without a source.',
        });
      const answer = answerOf(isSettled, note === '' ? null : note);
      // of what is asked again only where the answer may be about more than the question
      const evidence = key.startsWith('charged_twice:') ? evidenceOf(matterId) : null;
      const asked = evidence && chargedTwice(evidence).find((one) => one.key === key);
      const ownKeys = asked?.ownKeys ?? [];
      if (areOwn && ownKeys.length === 0) return err({ code: 'not_found', what: 'these charges' });
      if (areOwn && isSettled && note === '')
        return err({
          code: 'invalid_input',
          what: 'the note',
          reason: 'Say why they are charges of their own: both will be in the total.',
        });
      const answered = answers(matterId);
      return write((change) => {
        put(change, matterId, key, answer);
        const isOwn = isSettled && areOwn;
        for (const ownKey of ownKeys) if (isOwn || answered.has(ownKey)) put(change, matterId, ownKey, { ...answer, isSettled: isOwn });
        return ok({});
      });
    },
  };
}
