import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AnswerView, type HistoryView, type RequestKind, type RequestView } from '../../shared/drafting.ts';
import { ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { AccountView } from '../../shared/session.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import { aiRefinement, assistantCall } from '../store/assistant-schema.ts';
import { collaboration } from '../store/collaboration-schema.ts';
import { user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';

/** What was asked, before it is sent. `about`: in names and places, no text of a document. */
export interface Asked {
  letterId: string;
  kind: RequestKind;
  instruction: string;
  about: { title: string | null; pages: { documentId: string; page: number }[] };
  provider: string;
  model: string | null;
  prompt: string;
}
/** What became of it. */
export interface Ended {
  suggestions: string[];
  refused: number;
  answer: AnswerView | null;
}

/** The history of what the assistant was asked about letters: rows that travel, one a request; a call that was made for it names it, so that its cost stands once. */
export interface History {
  /** Its id, which the calls made for it name. */
  begin(asked: Asked): Outcome<{ refinementId: string; startedAt: number }>;
  /** In the change that makes its suggestions, so that both are or neither is. */
  complete(change: Change, begun: { refinementId: string; startedAt: number }, ended: Ended): void;
  fail(begun: { refinementId: string; startedAt: number }, problem: string): Outcome<Nothing>;
  of(letterId: string): HistoryView;
  /** The answer of a request, while it is kept. */
  answer(letterId: string, refinementId: string): AnswerView | null;
}

interface HistoryInput {
  store: Store;
  write: Write;
  clock: Clock;
  account: Pick<AccountView, 'userId' | 'firstName' | 'lastName'>;
}

const About = z.object({ title: z.string().nullable() });
const Output = z.object({
  suggestions: z.array(z.string()).catch([]),
  refused: z.number().int().catch(0),
  answer: AnswerView.nullable().catch(null),
});
const nothing: z.infer<typeof Output> = { suggestions: [], refused: 0, answer: null };
const mostShown = 200;
/** Of an answer that is kept, characters: the table takes 400,000 bytes. */
const mostKept = 300_000;

export function createHistory({ store, write, clock, account }: HistoryInput): History {
  const { db } = store;
  const passed = (startedAt: number): number => Math.max(0, Math.round(clock.now() - startedAt));

  function names(): Map<string, string> {
    const rows = db.select({ id: user.userId, first: user.firstName, last: user.lastName }).from(user).all();
    return new Map([
      ...rows.map(({ id, first, last }): [string, string] => [id, `${first} ${last}`]),
      [account.userId, `${account.firstName} ${account.lastName}`],
    ]);
  }
  const rowsOf = (letterId: string) =>
    db
      .select()
      .from(aiRefinement)
      .where(and(eq(aiRefinement.letterId, letterId), isNull(aiRefinement.deletedAt)))
      .orderBy(desc(aiRefinement.createdAt), desc(aiRefinement.refinementId))
      .all();
  const outputOf = (text: string | null): z.infer<typeof Output> => Output.catch(nothing).parse(parsed(text));

  return {
    begin({ letterId, kind, instruction, about, provider, model, prompt }) {
      const refinementId = freshId();
      const begun = { refinementId, startedAt: clock.now() };
      return write((change) => {
        change.insert('ai_refinement', {
          refinementId,
          letterId,
          kind,
          // what was asked without words is told by its kind
          instruction: instruction === '' ? '-' : instruction,
          provider,
          aiModel: (model ?? 'none').slice(0, 100),
          promptVersion: prompt.slice(0, 60),
          inputContent: JSON.stringify(about),
          status: 'Pending',
        });
        change.patch('ai_refinement', refinementId, { status: 'Processing' });
        return ok(begun);
      });
    },

    complete(change, { refinementId, startedAt }, ended) {
      const whole = JSON.stringify(ended);
      const outputContent = whole.length > mostKept ? JSON.stringify({ ...ended, answer: null }) : whole;
      change.patch('ai_refinement', refinementId, { status: 'Completed', outputContent, processingTimeMs: passed(startedAt) });
    },

    fail: ({ refinementId, startedAt }, problem) =>
      write((change) => {
        change.patch('ai_refinement', refinementId, {
          status: 'Failed',
          errorMessage: problem.slice(0, 2_000),
          processingTimeMs: passed(startedAt),
        });
        return ok({});
      }),

    of(letterId) {
      const rows = rowsOf(letterId);
      const known = names();
      const outcomes = new Map(
        db
          .select({ id: collaboration.collaborationId, outcome: collaboration.outcome })
          .from(collaboration)
          .where(eq(collaboration.letterId, letterId))
          .all()
          .map(({ id, outcome }) => [id, outcome]),
      );
      const spent = new Map(
        db
          .select({
            id: assistantCall.refinementId,
            calls: sql<number>`count(*)`,
            tokens: sql<number>`coalesce(sum(coalesce(${assistantCall.inputTokens}, 0) + coalesce(${assistantCall.outputTokens}, 0) + coalesce(${assistantCall.cachedTokens}, 0)), 0)`,
            cost: sql<number>`coalesce(sum(${assistantCall.costMicrodollars}), 0)`,
            unknown: sql<number>`count(*) - count(${assistantCall.costMicrodollars})`,
          })
          .from(assistantCall)
          .innerJoin(aiRefinement, eq(aiRefinement.refinementId, assistantCall.refinementId))
          .where(and(eq(aiRefinement.letterId, letterId), isNull(assistantCall.deletedAt)))
          .groupBy(assistantCall.refinementId)
          .all()
          .map((row) => [row.id, row]),
      );
      const all = [...spent.values()];
      const sum = (of: 'calls' | 'cost' | 'unknown'): number => all.reduce((total, row) => total + row[of], 0);
      return {
        requests: rows.slice(0, mostShown).map((row): RequestView => {
          const output = outputOf(row.outputContent);
          const count = (outcome: 'accepted' | 'rejected'): number =>
            output.suggestions.filter((id) => outcomes.get(id) === outcome).length;
          const cost = spent.get(row.refinementId);
          const isEnded = row.status === 'Completed' || row.status === 'Failed';
          return {
            refinementId: row.refinementId,
            kind: row.kind,
            instruction: row.instruction === '-' ? null : row.instruction,
            about: About.safeParse(parsed(row.inputContent)).data?.title ?? null,
            byName: known.get(row.requestedBy ?? row.createdBy ?? '') ?? 'Somebody who left the firm',
            at: row.createdAt ?? 0,
            model: row.provider === 'offline' ? null : row.aiModel,
            promptVersion: row.promptVersion,
            state: !isEnded ? 'asking' : row.status === 'Completed' ? 'done' : 'failed',
            problem: row.errorMessage,
            made: output.suggestions.length,
            accepted: count('accepted'),
            rejected: count('rejected'),
            refused: output.refused,
            calls: cost?.calls ?? 0,
            tokens: cost?.tokens ?? 0,
            costMicrodollars: cost && cost.unknown > 0 ? null : (cost?.cost ?? 0),
            answer: output.answer,
          };
        }),
        calls: sum('calls'),
        costMicrodollars: sum('cost'),
        unknownCost: sum('unknown'),
      };
    },

    answer(letterId, refinementId) {
      const row = rowsOf(letterId).find((one) => one.refinementId === refinementId);
      return row ? outputOf(row.outputContent).answer : null;
    },
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
