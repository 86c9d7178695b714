import { createHash } from 'node:crypto';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { AskAssistant, AskedDocument } from '../../shared/ai.ts';
import { Oddity } from '../../shared/documents.ts';
import { explain } from '../../shared/errors.ts';
import { factLabels, FactKind } from '../../shared/facts.ts';
import type { DocumentId, MatterId } from '../../shared/ids.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { factsPrompt, type Ai, type Answer, type FoundFacts } from '../ai/ai.ts';
import { isSaid } from '../documents/documents.ts';
import type { Clock } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { RetryLater, type JobHandler, type Jobs } from '../jobs/jobs.ts';
import { document, fact, page } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { createAsked } from './asked.ts';
import { knownOf } from './known.ts';
import { isSaidBy, verify, type ReadPage } from './verify.ts';

/** Asking a model what documents state. It proposes; what it says is held against the pages before it becomes a proposal, and a person decides. */
export interface Asking {
  /** Puts documents in the queue; all read ones of the matter where none is named. Errors: forbidden. */
  ask(input: z.output<typeof AskAssistant>): Outcome<Nothing>;
  /** Ends it for a matter: what waits and what runs. Proposals that are here stay. */
  stop(matterId: string): Outcome<Nothing>;
  /** What became of it, also of what was asked before Steno was last closed. */
  asked(matterId: string): AskedDocument[];
  handlers: Record<string, JobHandler>;
}

interface AskingInput {
  store: Store;
  write: Write;
  ai: Ai;
  jobs: Jobs;
  clock: Clock;
  mayNotDecide: string | null;
  onChanged(matterId: MatterId): void;
  /** Writes a bug down; its reference. */
  onBug(error: unknown): string;
}

export const askJob = 'ask-assistant';
const Payload = z.object({ documentId: z.string(), matterId: z.string(), waits: z.boolean() });
/** Of one call, characters: below what models take in, so that little is lost where one fails. */
const mostChars = 40_000;
/** Less than rules are given: a person looks at each. */
const confidence = 60;
const mostRefused = 200;

/** What passes by itself, so that who wants to may wait for it. */
const passing = new Set(['unreachable', 'overloaded', 'rate_limited']);

export function createAsking({ store, write, ai, jobs, clock, mayNotDecide, onChanged, onBug }: AskingInput): Asking {
  const { db } = store;
  const kept = createAsked({ store, clock, onChanged });

  const pagesOf = (on: Change['db'], documentId: string): ReadPage[] =>
    on
      .select({ page: page.pageNumber, text: page.extractedText, oddities: page.oddities })
      .from(page)
      .where(and(eq(page.documentId, documentId), isNull(page.deletedAt)))
      .orderBy(asc(page.pageNumber))
      .all()
      .map(({ page: number, text, oddities }) => ({
        page: number,
        text,
        hidden: z
          .array(Oddity)
          .catch([])
          .parse(oddities ?? []),
      }));

  /** Holds an answer against the pages as they are now, and proposes what stands. */
  function propose(
    documentId: string,
    matterId: string,
    { value, provider, model, promptVersion }: Answer<FoundFacts>,
  ): Outcome<Pick<AskedDocument, 'proposed' | 'known' | 'refused'>> {
    return write((change) => {
      const result: Pick<AskedDocument, 'proposed' | 'known' | 'refused'> = { proposed: 0, known: 0, refused: [] };
      const now = change.db.select().from(document).where(eq(document.documentId, documentId)).get();
      if (!now || now.deletedAt !== null || isSaid(now.processingReason, 'replaced'))
        return err({
          code: 'conflict',
          what: 'the document',
          reason: 'It was replaced or removed while the assistant read it. Nothing was proposed.',
        });
      const pages = pagesOf(change.db, documentId);
      const here = change.db
        .select({ kind: fact.kind, normal: fact.normal, state: fact.state })
        .from(fact)
        .where(and(eq(fact.documentId, documentId), isNull(fact.deletedAt)))
        .all();
      for (const said of value.facts) {
        const refuse = (why: string): void => {
          const kind = FactKind.safeParse(said.kind);
          const shown = {
            kind: kind.success ? factLabels[kind.data] : said.kind,
            value: said.value.slice(0, 300),
            page: said.page,
            quote: said.quote.slice(0, 500),
          };
          if (result.refused.length < mostRefused) result.refused.push({ ...shown, why });
        };
        const verdict = verify(said, pages);
        if ('why' in verdict) {
          refuse(verdict.why);
          continue;
        }
        const found = verdict.fact;
        const { kind, normal } = found;
        if (
          isSaidBy(
            found,
            here.filter(({ state }) => state !== 'rejected'),
          )
        ) {
          result.known += 1;
          continue;
        }
        if (isSaidBy(found, here)) {
          refuse('It was turned down before in this document.');
          continue;
        }
        // rules have said what they find when the document was read
        if (model === null) continue;
        const { start: startOffset, end: endOffset, ...rest } = found;
        const factId = idOf('fact', documentId, kind, normal, 'model');
        const method = `model:${provider}`;
        const added = change.insert('fact', {
          factId,
          matterId,
          documentId,
          ...rest,
          startOffset,
          endOffset,
          confidence,
          method,
          model: model.slice(0, 200),
          promptVersion,
          state: 'proposed',
        });
        if (added) result.proposed += 1;
        else refuse('It was removed before from this document.');
        here.push({ kind, normal, state: 'proposed' });
      }
      return ok(result);
    });
  }

  async function askAbout(documentId: string, matterId: string, waits: boolean, signal: AbortSignal): Promise<void> {
    const pages = pagesOf(db, documentId);
    const parts = inParts(pages);
    kept.note(documentId, { state: 'asking', pages: pages.length, problem: null, mayWait: false });
    if (parts.length === 0) {
      kept.note(documentId, { state: 'failed', problem: 'It has no text that could be read yet.' });
      return;
    }
    for (const [nth, part] of parts.entries()) {
      const key = createHash('sha256')
        .update(JSON.stringify([nth, part]))
        .digest('hex');
      if (kept.isAnswered(documentId, key)) continue;
      const answered = await ai.ask({
        prompt: factsPrompt,
        evidence: part.map(({ page: number, text }) => ({ label: `page ${String(number)}`, text })),
        known: knownOf(store, matterId),
        question: { documentId },
        matterId,
        documentId,
        signal,
      });
      // the queue looks at why: what was called off is gone from it, what was only interrupted comes again
      if (signal.aborted) throw new RetryLater('stopped');
      if (!answered.ok) {
        const { title, advice } = explain(answered.error.error);
        const isPassing = passing.has(answered.error.outcome);
        const problem = answered.error.outcome === 'cancelled' ? null : `${title} ${advice}`;
        kept.note(documentId, { state: isPassing && waits ? 'waiting' : 'failed', problem, mayWait: isPassing });
        if (isPassing && waits) throw new RetryLater(answered.error.outcome);
        return;
      }
      const proposed = propose(documentId, matterId, answered.value);
      if (!proposed.ok) {
        kept.note(documentId, { state: 'failed', problem: explain(proposed.error).advice });
        return;
      }
      const before = kept.of(documentId);
      const { proposed: more, known, refused } = proposed.value;
      kept.answered(documentId, key, {
        proposed: (before?.proposed ?? 0) + more,
        known: (before?.known ?? 0) + known,
        refused: [...(before?.refused ?? []), ...refused].slice(0, mostRefused),
        pagesDone: part.at(-1)?.page ?? 0,
      });
    }
    kept.note(documentId, { state: 'done', pagesDone: pages.length });
  }

  return {
    ask({ matterId, documentIds, waits }) {
      if (mayNotDecide !== null) return err({ code: 'forbidden', what: 'facts and bills', reason: mayNotDecide });
      const wanted = db
        .select({ documentId: document.documentId, said: document.processingReason })
        .from(document)
        .where(and(eq(document.matterId, matterId), isNull(document.deletedAt)))
        .all()
        .filter(
          ({ documentId, said }) => (documentIds === null || documentIds.includes(documentId as DocumentId)) && !isSaid(said, 'replaced'),
        );
      const put = store.transaction((tx) => {
        for (const { documentId } of wanted)
          jobs.enqueue(tx, askJob, documentId, { documentId, matterId, waits } satisfies z.infer<typeof Payload>);
        return ok({});
      });
      if (!put.ok) return put;
      for (const { documentId } of wanted) kept.begin(documentId, matterId, waits);
      onChanged(matterId);
      jobs.wake();
      return ok({});
    },

    stop(matterId) {
      for (const { documentId, state } of kept.list(matterId)) {
        if (state !== 'waiting' && state !== 'asking') continue;
        jobs.cancel(askJob, documentId);
        kept.note(documentId, { state: 'stopped', problem: null });
      }
      return ok({});
    },

    asked: (matterId) => kept.list(matterId),

    handlers: {
      [askJob]: async (payload, signal) => {
        const { documentId, matterId, waits } = Payload.parse(payload);
        // stopped, by a person or by closing Steno, or gone with its document
        if ((kept.of(documentId)?.state ?? 'stopped') === 'stopped') return;
        try {
          await askAbout(documentId, matterId, waits, signal);
        } catch (error) {
          if (error instanceof RetryLater || signal.aborted) throw error;
          // the queue would try it four times more, each of them at the firm's cost
          kept.note(documentId, { state: 'failed', problem: explain({ code: 'internal', reference: onBug(error) }).advice });
        }
      },
    },
  };
}

/** Pages as they are sent, some at a time; a page that is too long by itself in pieces. What nobody sees on them is not sent. */
function inParts(pages: readonly ReadPage[]): { page: number; text: string }[][] {
  const pieces = pages.flatMap((one) => {
    const text = one.hidden.reduce(
      (seen, { start, end }) => seen.slice(0, start) + ' '.repeat(Math.max(0, end - start)) + seen.slice(end),
      one.text,
    );
    return text.trim() === '' ? [] : cut(text).map((piece) => ({ page: one.page, text: piece }));
  });
  const parts: { page: number; text: string }[][] = [];
  let room = 0;
  for (const piece of pieces) {
    if (room < piece.text.length) {
      parts.push([]);
      room = mostChars;
    }
    parts.at(-1)?.push(piece);
    room -= piece.text.length;
  }
  return parts;
}

function cut(text: string): string[] {
  if (text.length <= mostChars) return [text];
  const line = text.lastIndexOf('\n', mostChars);
  const at = line > mostChars / 2 ? line + 1 : mostChars;
  return [text.slice(0, at), ...cut(text.slice(at))];
}
