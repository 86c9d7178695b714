import type { z } from 'zod';
import type { ProviderName } from '../../shared/ai.ts';
import { chipText } from '../../shared/citations.ts';
import type { Anchor, Refine, RefiningView, SuggestionData } from '../../shared/collaboration.ts';
import { explain } from '../../shared/errors.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { refinePrompt, type Ai, type Answer, type Known, type RefinedText } from '../ai/ai.ts';
import { freshIdsInOrder } from '../host/ids.ts';
import { citeMarks, evidenceOf, pageOf, passagesFor, unknownValue, type History, type Passage } from '../drafting/drafting.ts';
import type { Find } from '../find/find.ts';
import type { Letters } from '../letters/letters.ts';
import { readable, suggestWords, textBlocks, type TextBlock } from '../sync/letter-suggestion.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';

/** Asking the assistant to write parts of a letter otherwise. What it answers is suggestions like a colleague's: nothing of it is in the letter before a person accepts it. */
export interface Refining {
  /** Begins to ask; what becomes of it is told by `state`. Errors: forbidden, conflict (the letter is closed, or it is being asked), not_found. */
  refine(input: z.output<typeof Refine>): Outcome<Nothing>;
  stop(letterId: string): Outcome<Nothing>;
  /** For as long as Steno runs. */
  state(letterId: string): RefiningView;
}

interface RefiningInput {
  store: Store;
  find: Pick<Find, 'retrieve'>;
  history: History;
  write: Write;
  letters: Pick<Letters, 'body'>;
  ai: Pick<Ai, 'ask'>;
  /** Names and numbers of a matter, to be taken out before anything leaves. */
  knownOf(matterId: string): Known[];
  /** Who would answer about a matter: rules rewrite no sentences. */
  assistantOf(matterId: string): { provider: ProviderName; model: string | null };
  locked: string | null;
  onChanged(letterId: string): void;
  onBug(error: unknown): string;
}

/** Of one request, characters. */
const mostChars = 40_000;
/** Of the file, what has to do with the instruction. */
const mostPassages = 6;
/** Who wants other words for what stands there needs nothing of the file, so nothing of it leaves. */
const wantsMore =
  /\b(?:add|mention|includ|cit(?:e|ing)|insert|bring (?:in|up)|refer|quot|explain|describ|expand|elaborat|detail|support|source|evidence|from the (?:file|record|report))/i;
const idle: RefiningView = { state: 'idle', made: 0, refused: [], problem: null };

export function createRefining(input: RefiningInput): Refining {
  const { store, find, history, write, letters, ai, knownOf, assistantOf, locked, onChanged, onBug } = input;
  const states = new Map<string, RefiningView>();
  const running = new Map<string, AbortController>();

  function note(letterId: string, change: Partial<RefiningView>): void {
    states.set(letterId, { ...(states.get(letterId) ?? idle), ...change });
    onChanged(letterId);
  }

  /** Each change becomes a suggestion, or is refused with a reason; against the letter as it is now. */
  function take(
    letterId: string,
    asked: readonly TextBlock[],
    passages: readonly Passage[],
    { value: { changes }, model, promptVersion: prompt }: Answer<RefinedText>,
    begun: { refinementId: string; startedAt: number },
  ): Outcome<Pick<RefiningView, 'made' | 'refused'>> {
    const body = letters.body(letterId);
    if (!body.ok) return body;
    const { matterId, state, values, isOpen } = body.value;
    const isValue = (name: string): boolean => Object.hasOwn(values.variables, name);
    if (!isOpen) return err({ code: 'conflict', what: 'the letter', reason: 'It was finalized meanwhile. Nothing was suggested.' });
    const refused: RefiningView['refused'] = [];
    const now = textBlocks(state);
    const made = changes.flatMap(({ paragraph, quote, becomes, why, sources }): { data: SuggestionData; position: Anchor }[] => {
      const refuse = (reason: string) => {
        refused.push({ quote: quote.slice(0, 300), becomes: becomes.slice(0, 1_000), why: reason });
        return [];
      };
      const unknown = unknownValue(becomes, isValue);
      if (unknown !== null) return refuse(`It names a value that the letter does not have: ${unknown}.`);
      const sent = asked.find(({ block }) => block === paragraph);
      if (!sent || now.find(({ block }) => block === paragraph)?.text !== sent.text)
        return refuse(sent ? 'Somebody changed that paragraph meanwhile.' : 'It was not asked about that paragraph.');
      const cited = citeMarks(becomes, sources, { passages, pageOf: (documentId, page) => pageOf(store, matterId, documentId, page) });
      const edit = suggestWords(state, { block: paragraph, quote, becomes: cited.named }, (chip) => chipText(values, chip));
      if (!edit) return refuse('The words it wants to replace do not stand in that paragraph, or would stay as they are.');
      const data: SuggestionData = {
        update: Buffer.from(edit.update).toString('base64'),
        was: edit.was,
        becomes: edit.becomes,
        why: why.trim() === '' ? null : why,
        model: model ?? 'the assistant',
        prompt,
        isBlock: false,
        doubts: cited.doubts,
      };
      const quoted = readable(edit.was, (chip) => chipText(values, chip));
      return [{ data, position: { place: edit.place, quote: quoted.slice(0, 2_000) } }];
    });
    // in the order in which it gave them
    const ids = freshIdsInOrder(made.length);
    return write((change) => {
      for (const [n, { data, position }] of made.entries())
        change.insert('collaboration', { collaborationId: ids[n] ?? '', letterId, changeType: 'Suggestion', changeData: data, position });
      history.complete(change, begun, { suggestions: ids, refused: refused.length, answer: null });
      return ok({ made: made.length, refused });
    });
  }

  async function run({ letterId, blocks, instruction }: z.output<typeof Refine>, signal: AbortSignal): Promise<void> {
    const body = letters.body(letterId);
    if (!body.ok) {
      note(letterId, { state: 'failed', problem: explain(body.error).advice });
      return;
    }
    const asked = textBlocks(body.value.state).filter(
      ({ block, text }) => text.trim() !== '' && (blocks === null || blocks.includes(block)),
    );
    if (asked.reduce((sum, { text }) => sum + text.length, 0) > mostChars) {
      note(letterId, { state: 'failed', problem: 'That is too much text for one request. Select the paragraphs that it is about.' });
      return;
    }
    const { matterId } = body.value;
    const found = wantsMore.test(instruction) ? await passagesFor({ store, find }, matterId, instruction, mostPassages) : null;
    const passages = found?.passages ?? [];
    const about = { title: null, pages: passages.map(({ documentId, page }) => ({ documentId, page })) };
    const prompt = `${refinePrompt.id}/${String(refinePrompt.version)}`;
    const begun = history.begin({ letterId, kind: 'refine', instruction, about, ...assistantOf(matterId), prompt });
    const fail = (problem: string): void => {
      if (begun.ok) history.fail(begun.value, problem);
      if (!signal.aborted) note(letterId, { state: 'failed', problem });
    };
    if (!begun.ok) {
      fail(explain(begun.error).advice);
      return;
    }
    const answer = await ai.ask({
      prompt: refinePrompt,
      evidence: [...asked.map(({ block, text }) => ({ label: `paragraph ${String(block)}`, text })), ...evidenceOf(passages)],
      known: knownOf(matterId),
      instruction,
      question: { letterId },
      matterId,
      documentId: null,
      signal,
      refinementId: begun.value.refinementId,
    });
    if (signal.aborted) fail('Stopped before the answer was whole. Nothing was suggested.');
    else if (!answer.ok) {
      const { title, advice } = explain(answer.error.error);
      fail(`${title} ${advice}`);
    } else {
      const taken = take(letterId, asked, passages, answer.value, begun.value);
      if (taken.ok) note(letterId, { state: 'done', ...taken.value });
      else fail(explain(taken.error).advice);
    }
  }

  return {
    state: (letterId) => states.get(letterId) ?? idle,

    refine(input) {
      const { letterId } = input;
      if (locked !== null) return err({ code: 'forbidden', what: 'suggestions', reason: locked });
      const body = letters.body(letterId);
      if (!body.ok) return body;
      if (!body.value.isOpen)
        return err({ code: 'conflict', what: 'the letter', reason: 'It is closed: nothing can be changed in it any more.' });
      if (assistantOf(body.value.matterId).provider === 'offline')
        return err({
          code: 'invalid_input',
          what: 'the assistant',
          reason: 'No model is set up for this matter, and rules rewrite no sentences. An administrator can choose one in Settings.',
        });
      if (running.has(letterId))
        return err({ code: 'conflict', what: 'the assistant', reason: 'It is being asked about this letter already.' });
      const cancelling = new AbortController();
      running.set(letterId, cancelling);
      note(letterId, { ...idle, state: 'asking' });
      void run(input, cancelling.signal)
        .catch((error: unknown) => {
          if (running.get(letterId) === cancelling)
            note(letterId, { state: 'failed', problem: explain({ code: 'internal', reference: onBug(error) }).advice });
        })
        .finally(() => {
          // it may have been stopped, and asked again
          if (running.get(letterId) === cancelling) running.delete(letterId);
        });
      return ok({});
    },

    stop(letterId) {
      running.get(letterId)?.abort();
      if (running.delete(letterId)) note(letterId, idle);
      return ok({});
    },
  };
}
