import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ChronologyView } from '../../shared/chronology.ts';
import { DocumentKind } from '../../shared/documents.ts';
import type { BillLineView, CorrectBillLine, CorrectFact, FactView, LedgerView } from '../../shared/facts.ts';
import type { LossesView } from '../../shared/losses.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { FoundFacts } from '../ai/ai.ts';
import { isSaid, replacedReason, sayOf, type Subject } from '../documents/documents.ts';
import { WorkerKilled, type Clock, type Workers } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { runReader } from '../host/readers.ts';
import { billLine, document, fact, page } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { chronologyOf } from './chronology.ts';
import { lossesOf } from './losses.ts';
import { normalForm } from './normal-form.ts';
import { createReading } from './reading.ts';
import type { RuleDocument } from './rules/proposals.ts';
import type { Extraction } from './rules/rules-worker.ts';

export { askJob, createAsking, type Asking } from './asking.ts';
export { knownOf } from './known.ts';
export { givesOrders, placeOf, type ReadPage } from './verify.ts';
export { chargedTwiceKey, ownChargesKeys, sameCharges } from './charges.ts';
export { gapsBetween, lossDayOf } from './chronology.ts';
export { hoursNeeded, lossesOf } from './losses.ts';

const rulesWorker = new URL('./rules/rules-worker.ts', import.meta.url);
/** Why something that the rules proposed was taken back. */
const otherKind = 'The document was said to be of another kind.';
/** Reasons of rejections that nobody's judgement of the value is behind. */
export const takenBackReasons: readonly string[] = [otherKind, replacedReason];
const tookTooLong = 'Looking for facts and bill lines in it took too long and was stopped; enter them by hand.';
const splitIt = 'Split the file and put the parts in the folder.';
const rulesMs = 20_000;

export interface Facts {
  list(matterId: string): FactView[];
  ledger(matterId: string): LedgerView;
  chronology(matterId: string): ChronologyView;
  losses(matterId: string): LossesView;
  /**
   * Finds facts and bill lines of a read document by rule; running it again adds nothing. Where a person said what the document is, what the rules no longer propose is taken
   * back, unless somebody decided about it: sums must not hold on to what a document was taken for.
   */
  extract(documentId: string): Promise<Outcome<Nothing>>;
  /** What rules say of a document, in the form in which a model is asked for it. */
  answerOffline(question: unknown): Promise<FoundFacts>;
  /** The document's file was replaced by a newer version: its bill lines no longer count (a person may approve them again), nor its unapproved facts. */
  supersede(change: Change, documentId: string): void;
  /** The document came with a file that was replaced by a version without it: what nobody decided about counts no more. */
  setAside(change: Change, documentId: string): void;
  /**
   * It is there again: what counted no more is proposed again, also what a person had approved, for her to see. True where its kind was corrected and its facts
   * have to be looked for anew.
   */
  bringBack(change: Change, documentId: string): boolean;
  correct(input: z.output<typeof CorrectFact>): Outcome<FactView>;
  decide(factIds: readonly string[], decision: 'approved' | 'rejected'): Outcome<Nothing>;
  /** Approves these and rejects those in one change: of values for one thing one holds. */
  decideBetween(approved: readonly string[], rejected: readonly string[]): Outcome<Nothing>;
  correctBillLine(input: z.output<typeof CorrectBillLine>): Outcome<BillLineView>;
  decideBillLines(billLineIds: readonly string[], decision: 'approved' | 'rejected'): Outcome<Nothing>;
}

interface FactsInput {
  store: Store;
  write: Write;
  workers: Workers;
  clock: Clock;
  userId: string;
  /** Why this user may not decide about facts, or null. */
  mayNotDecide: string | null;
}

export function createFacts({ store, write, workers, clock, userId, mayNotDecide }: FactsInput): Facts {
  const { db } = store;

  const { factRows, lineRows, ledger } = createReading(store);

  function decided(state: 'approved' | 'rejected' | 'corrected', reason: string) {
    return { state, decidedBy: userId, decidedAt: clock.now(), decisionReason: reason === '' ? null : reason };
  }
  interface Proposal {
    entity: 'fact' | 'bill_line';
    id: string;
    state: string;
    method: string;
    reason: string | null;
  }
  /** Facts and bill lines of a document. */
  function proposalsOf(change: Change, documentId: string): Proposal[] {
    return [
      ...change.db
        .select({ id: fact.factId, state: fact.state, method: fact.method, reason: fact.decisionReason })
        .from(fact)
        .where(eq(fact.documentId, documentId))
        .all()
        .map((row) => ({ ...row, entity: 'fact' as const })),
      ...change.db
        .select({ id: billLine.billLineId, state: billLine.state, method: billLine.method, reason: billLine.decisionReason })
        .from(billLine)
        .where(eq(billLine.documentId, documentId))
        .all()
        .map((row) => ({ ...row, entity: 'bill_line' as const })),
    ];
  }
  const proposedAgain = { state: 'proposed' as const, decidedBy: null, decidedAt: null, decisionReason: null };
  function setAside(change: Change, documentId: string): void {
    say(change, documentId, [['replaced', replacedReason]]);
    const reason = decided('rejected', replacedReason);
    for (const { entity, id, state } of proposalsOf(change, documentId)) if (state === 'proposed') change.patch(entity, id, reason);
  }
  /** Proposals that the rules no longer make of a document leave the sums, and come back with the kind of document that made them. */
  function takeBack(change: Change, documentId: string, proposed: ReadonlySet<string>): void {
    for (const { entity, id, state, method, reason } of proposalsOf(change, documentId)) {
      if (state === 'proposed' && method.startsWith('rule:') && !proposed.has(id)) change.patch(entity, id, decided('rejected', otherKind));
      else if (state === 'rejected' && reason === otherKind && proposed.has(id)) change.patch(entity, id, proposedAgain);
    }
  }
  /** Puts what the rules have to say of a document in the place of what they said before. */
  function say(change: Change, documentId: string, lines: readonly [Subject, string | null][]): void {
    const row = change.db.select({ reason: document.processingReason }).from(document).where(eq(document.documentId, documentId)).get();
    if (!row) return;
    let processingReason = row.reason;
    for (const [subject, line] of lines) processingReason = sayOf(processingReason, subject, line);
    if (processingReason !== row.reason) change.patch('document', documentId, { processingReason });
  }
  function refuse<T>(): Outcome<T> {
    return err({ code: 'forbidden', what: 'facts and bills', reason: mayNotDecide ?? '' });
  }
  function each(change: Change, entity: 'fact' | 'bill_line', ids: readonly string[], decision: 'approved' | 'rejected'): Outcome<Nothing> {
    for (const id of ids)
      if (!change.patch(entity, id, decided(decision, '')))
        return err({ code: 'not_found', what: entity === 'fact' ? 'the fact' : 'the bill line' });
    return ok({});
  }

  /** Runs the rules over a document as it is now. Rejects with WorkerKilled. */
  function runRules(found: typeof document.$inferSelect): Promise<Extraction> {
    const pages = db
      .select({ page: page.pageNumber, text: page.extractedText })
      .from(page)
      .where(eq(page.documentId, found.documentId))
      .orderBy(asc(page.pageNumber))
      .all();
    const input: RuleDocument = {
      name: found.fileName,
      kind: DocumentKind.catch('Other').parse(found.documentType),
      isKindSaid: found.kindBy === 'person',
      pages,
    };
    const chars = pages.reduce((total, { text }) => total + text.length, 0);
    return runReader(workers, { module: rulesWorker, task: 'extract', input: () => input, sizeBytes: 2 * chars, timeoutMs: rulesMs });
  }

  async function extract(documentId: string): Promise<Outcome<Nothing>> {
    const found = db.select().from(document).where(eq(document.documentId, documentId)).get();
    if (!found) return err({ code: 'not_found', what: 'the document' });
    const { matterId } = found;
    let extraction: Extraction;
    try {
      extraction = await runRules(found);
    } catch (error) {
      if (!(error instanceof WorkerKilled) || error.cause === 'aborted') throw error;
      // the document itself is read and kept
      return write((change) => {
        say(change, documentId, [['rules', tookTooLong]]);
        return ok({});
      });
    }
    // not waited for: what rules find they find again
    const outcome = store.jot(() =>
      write<{ isStale: boolean }>((change) => {
        const now = change.db.select().from(document).where(eq(document.documentId, documentId)).get();
        // a person said meanwhile what it is: these were looked for in something else
        if (now && (now.documentType !== found.documentType || (now.kindBy === 'person') !== (found.kindBy === 'person')))
          return ok({ isStale: true });
        const proposed = new Set<string>();
        for (const f of extraction.facts) {
          const { kind, value, normal, confidence, quote, method } = f;
          const factId = idOf('fact', documentId, kind, f.page, f.start, method);
          proposed.add(factId);
          const place = { documentId, page: f.page, startOffset: f.start, endOffset: f.end, quote };
          change.insert('fact', { factId, matterId, kind, value, normal, confidence, method, ...place, state: 'proposed' });
        }
        extraction.bills.lines.forEach((line, lineOrder) => {
          const { start: startOffset, end: endOffset, owedCents: _owed, paidBy: _facts, ...rest } = line;
          const billLineId = idOf('bill_line', documentId, line.page, startOffset, lineOrder);
          proposed.add(billLineId);
          change.insert('bill_line', { billLineId, matterId, documentId, lineOrder, startOffset, endOffset, ...rest, state: 'proposed' });
        });
        for (const total of extraction.bills.statedTotals) {
          const { start: startOffset, end: endOffset, ...rest } = total;
          const statedTotalId = idOf('stated_total', documentId, total.page, startOffset);
          change.insert('stated_total', { statedTotalId, matterId, documentId, startOffset, endOffset, ...rest });
        }
        const unread = [...extraction.bills.problems, ...extraction.malformed.amounts];
        const days = [...extraction.bills.lines.flatMap(unreadDay), ...extraction.malformed.days];
        const left = extraction.left.length > 0 ? `${extraction.left.join(' ')} ${splitIt}` : null;
        say(change, documentId, [
          ['amounts', unread.length > 0 ? unreadReason('Amounts', unread) : null],
          ['days', days.length > 0 ? unreadReason('Dates', days) : null],
          ['rules', left],
        ]);
        if (found.kindBy === 'person') takeBack(change, documentId, proposed);
        if (isSaid(now?.processingReason ?? null, 'replaced')) setAside(change, documentId); // replaced before it was read
        return ok({ isStale: false });
      }),
    );
    if (!outcome.ok) return outcome;
    return outcome.value.isStale ? extract(documentId) : ok({});
  }

  return {
    list: (matterId) => factRows(eq(fact.matterId, matterId)),

    ledger,

    losses: (matterId) => lossesOf(factRows(eq(fact.matterId, matterId))),
    chronology: (matterId) => chronologyOf(factRows(eq(fact.matterId, matterId)), ledger(matterId).lines),

    extract,

    async answerOffline(question) {
      const { documentId } = z.object({ documentId: z.string() }).parse(question);
      const found = db.select().from(document).where(eq(document.documentId, documentId)).get();
      if (!found) return { facts: [] };
      const { facts } = await runRules(found).catch((error: unknown) => {
        if (!(error instanceof WorkerKilled) || error.cause === 'aborted') throw error;
        return { facts: [] };
      });
      return { facts: facts.slice(0, 500).map(({ kind, value, page: number, quote }) => ({ kind, value, page: number, quote })) };
    },

    supersede(change, documentId) {
      const row = change.db.select({ said: document.processingReason }).from(document).where(eq(document.documentId, documentId)).get();
      // another laptop saw it first, and somebody may have decided since
      if (isSaid(row?.said ?? null, 'replaced')) return;
      setAside(change, documentId);
      const reason = decided('rejected', replacedReason);
      for (const { entity, id, state } of proposalsOf(change, documentId))
        if (entity === 'bill_line' && state !== 'proposed' && state !== 'rejected') change.patch(entity, id, reason);
    },

    setAside,

    bringBack(change, documentId) {
      say(change, documentId, [['replaced', null]]);
      for (const { entity, id, state, reason } of proposalsOf(change, documentId))
        if (state === 'rejected' && reason === replacedReason) change.patch(entity, id, proposedAgain);
      const row = change.db.select({ kindBy: document.kindBy }).from(document).where(eq(document.documentId, documentId)).get();
      return row?.kindBy === 'person';
    },

    correct({ factId, value, reason }) {
      if (mayNotDecide) return refuse();
      const current = factRows(eq(fact.factId, factId))[0];
      if (!current) return err({ code: 'not_found', what: 'the fact' });
      const normalized = normalForm(current.kind, value);
      if (!normalized.ok) return normalized;
      const outcome = write((change) => {
        const readValue = current.readValue ?? (normalized.value.value === current.value ? null : current.value);
        change.patch('fact', factId, { ...normalized.value, ...(readValue !== null && { readValue }), ...decided('corrected', reason) });
        return ok({});
      });
      if (!outcome.ok) return outcome;
      const fresh = factRows(eq(fact.factId, factId))[0];
      return fresh ? ok(fresh) : err({ code: 'not_found', what: 'the fact' });
    },

    decide: (factIds, decision) => (mayNotDecide ? refuse() : write((change) => each(change, 'fact', factIds, decision))),
    decideBetween(approved, rejected) {
      if (mayNotDecide) return refuse();
      return write((change) => {
        // what was corrected stays corrected, and whoever approved one has approved it
        const open = approved.filter((id) => factRows(eq(fact.factId, id))[0]?.state === 'proposed');
        const first = each(change, 'fact', open, 'approved');
        return first.ok ? each(change, 'fact', rejected, 'rejected') : first;
      });
    },
    decideBillLines: (ids, decision) => (mayNotDecide ? refuse() : write((change) => each(change, 'bill_line', ids, decision))),

    correctBillLine({ billLineId, provider, billedCents, adjustedCents, paidCents, reason }) {
      if (mayNotDecide) return refuse();
      const current = lineRows(eq(billLine.billLineId, billLineId))[0];
      if (!current) return err({ code: 'not_found', what: 'the bill line' });
      const readValues = current.readAs ?? {
        provider: current.provider,
        billed_cents: current.billedCents,
        adjusted_cents: current.adjustedCents,
        paid_cents: current.paidCents,
      };
      const outcome = write((change) => {
        change.patch('bill_line', billLineId, {
          provider,
          billedCents,
          adjustedCents,
          paidCents,
          readValues,
          ...decided('corrected', reason),
        });
        return ok({});
      });
      if (!outcome.ok) return outcome;
      const fresh = lineRows(eq(billLine.billLineId, billLineId))[0];
      return fresh ? ok(fresh) : err({ code: 'not_found', what: 'the bill line' });
    },
  };
}

/** A bill line whose day could not be read stands in the ledger with its problem, and is told with the other days. */
function unreadDay({
  page: number,
  quote,
  problem,
}: Extraction['bills']['lines'][number]): { page: number; quote: string; reason: string }[] {
  const reason = /(?:The year of )?“[^”]{1,40}” (?:has two digits|is no day of the calendar); read it from the page\./.exec(
    problem ?? '',
  )?.[0];
  return reason === undefined ? [] : [{ page: number, quote, reason }];
}

/** What looks like money or a day and was left out rather than guessed at, for the evidence list. */
function unreadReason(what: 'Amounts' | 'Dates', problems: readonly { page: number; quote: string; reason: string }[]): string {
  const places = problems
    .slice(0, 5)
    .map(({ page: number, quote, reason }) => `page ${String(number)}, “${quote.slice(0, 80)}”: ${reason}`);
  const more = problems.length > places.length ? ` and ${String(problems.length - places.length)} more` : '';
  return `${what} that cannot be read without guessing, enter them by hand: ${places.join('; ')}${more}.`.slice(0, 2000);
}
