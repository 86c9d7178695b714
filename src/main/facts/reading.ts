import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import type { SourceRef } from '../../shared/documents.ts';
import { BillLineView, FactKind, type FactView, type LedgerView } from '../../shared/facts.ts';
import type { BillLineId, DocumentId, FactId, MatterId } from '../../shared/ids.ts';
import { isSaid } from '../documents/documents.ts';
import { idOf } from '../host/ids.ts';
import { billLine, document, fact, question, statedTotal, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { factProblem } from './fact-problem.ts';
import { buildLedger } from './ledger.ts';
import { payersOf, paymentKey } from './rules/payment-key.ts';

type Where = ReturnType<typeof eq>;

/** Facts and bill lines as they stand in the store, and the ledger over them; nothing is changed. */
export interface Reading {
  factRows(where: Where): FactView[];
  /** In the order of their documents; who paid and what repeats another is in the ledger's lines only. */
  lineRows(where: Where): BillLineView[];
  ledger(matterId: string): LedgerView;
}

export function createReading({ db }: Store): Reading {
  const factRows = (where: ReturnType<typeof eq>) =>
    db
      .select({ f: fact, documentName: document.fileName, first: user.firstName, last: user.lastName })
      .from(fact)
      .leftJoin(document, eq(document.documentId, fact.documentId))
      .leftJoin(user, eq(user.userId, fact.decidedBy))
      .where(and(where, isNull(fact.deletedAt)))
      .orderBy(asc(fact.kind), asc(fact.factId))
      .all()
      // a kind that only a newer Steno knows waits unseen; it must not close the whole list
      .filter(({ f }) => FactKind.safeParse(f.kind).success)
      .map(({ f, documentName, first, last }): FactView => ({
        factId: f.factId as FactId,
        matterId: f.matterId as MatterId,
        kind: FactKind.parse(f.kind),
        value: f.value,
        readValue: f.readValue,
        normal: f.normal,
        confidence: f.confidence,
        state: f.state,
        source: sourceOf(f, documentName),
        method: f.method,
        problem: factProblem({ kind: FactKind.parse(f.kind), normal: f.normal, method: f.method }),
        model: f.model,
        decidedByName: first && last ? `${first} ${last}` : null,
        decidedAt: f.decidedAt,
      }));

  const lineRows = (where: ReturnType<typeof eq>) =>
    db
      .select({ l: billLine, documentName: document.fileName })
      .from(billLine)
      .leftJoin(document, eq(document.documentId, billLine.documentId))
      .where(and(where, isNull(billLine.deletedAt)))
      .orderBy(asc(billLine.documentId), asc(billLine.lineOrder))
      .all()
      .map(({ l, documentName }): BillLineView => ({
        billLineId: l.billLineId as BillLineId,
        matterId: l.matterId as MatterId,
        provider: l.provider,
        serviceFrom: l.serviceFrom,
        serviceTo: l.serviceTo,
        code: l.code,
        description: l.description,
        units: l.units,
        billedCents: l.billedCents,
        adjustedCents: l.adjustedCents,
        paidCents: l.paidCents,
        paidBy: [],
        owedCents: l.billedCents - l.adjustedCents - l.paidCents,
        problem: l.problem,
        state: l.state,
        source: sourceOf(l, documentName),
        readAs: BillLineView.shape.readAs.catch(null).parse(l.readValues),
        sameAs: null,
        alsoIn: [],
      }));

  /** Whether a person said that a charge which two statements seem to repeat is two; an answer under another id than its question's is none. */
  function answeredIn(matterId: string): (key: string) => boolean {
    const rows = db
      .select({ id: question.questionId, key: question.questionKey })
      .from(question)
      .where(and(eq(question.matterId, matterId), eq(question.isSettled, true), isNull(question.deletedAt)))
      .all();
    const keys = new Set(rows.filter(({ id, key }) => id === idOf('question', matterId, key)).map(({ key }) => key));
    return (key) => keys.has(key);
  }

  /** Payments are facts of their own, each for a charge of its document; what a person rejected names no payer. */
  function withPayers(matterId: string, lines: BillLineView[]): BillLineView[] {
    const payments = db
      .select({ documentId: fact.documentId, normal: fact.normal })
      .from(fact)
      .where(and(eq(fact.matterId, matterId), eq(fact.kind, 'payment'), ne(fact.state, 'rejected'), isNull(fact.deletedAt)))
      .orderBy(asc(fact.factId))
      .all();
    const byCharge = Map.groupBy(payments, ({ documentId, normal }) => `${documentId} ${normal.split('|', 2).join('|')}`);
    return lines.map((line) => {
      const key = paymentKey(line);
      const paidBy = byCharge
        .get(`${line.source.documentId} ${key}`)
        ?.map(({ normal }) => payersOf(normal, key))
        .find((one) => one !== null);
      return paidBy ? { ...line, paidBy } : line;
    });
  }

  function ledger(matterId: string): LedgerView {
    const totals = db
      .select({ t: statedTotal, documentName: document.fileName, said: document.processingReason })
      .from(statedTotal)
      .leftJoin(document, eq(document.documentId, statedTotal.documentId))
      .where(and(eq(statedTotal.matterId, matterId), isNull(statedTotal.deletedAt)))
      .orderBy(asc(statedTotal.documentId), asc(statedTotal.page), asc(statedTotal.startOffset))
      .all();
    return buildLedger(
      withPayers(matterId, lineRows(eq(billLine.matterId, matterId))),
      // the lines of a file that was replaced count no more: nothing is to agree with its totals
      totals
        .filter(({ said }) => !isSaid(said, 'replaced'))
        .map(({ t, documentName }) => ({
          label: t.label,
          provider: t.provider,
          billedCents: t.billedCents,
          paidCents: t.paidCents,
          owedCents: t.owedCents,
          source: sourceOf(t, documentName),
        })),
      answeredIn(matterId),
    );
  }

  return { factRows, lineRows, ledger };
}

function sourceOf(
  row: { documentId: string; page: number; startOffset: number; endOffset: number; quote: string },
  documentName: string | null,
): SourceRef {
  return {
    documentId: row.documentId as DocumentId,
    documentName: documentName ?? 'a document that is not here yet',
    page: row.page,
    start: row.startOffset,
    end: row.endOffset,
    quote: row.quote,
  };
}
