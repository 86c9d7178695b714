import type { z } from 'zod';
import type { AskFile, DraftingView, DraftSections, HistoryView, RequestKind, SectionView, SuggestAnswer } from '../../shared/drafting.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { firstClientOf, inlinesOf, suggestBlocks } from '../sync/letter-insertion.ts';
import { answerQuestion } from './answering.ts';
import { draftByModel, draftByTemplate } from './draft-section.ts';
import { inWords, type Request, type Standing, type Tools } from './request.ts';
import { sectionsOf, type Section } from './sections.ts';
import { suggestDrafted } from './suggesting.ts';

export { citeMarks, unknownValue } from './cite.ts';
export { evidenceOf, pageOf, passagesFor, type Passage } from './evidence.ts';
export { createHistory, type History } from './history.ts';
export { bare, factual, figuresIn, sentencesOf } from './sentences.ts';
export { unsupportedIn } from './support.ts';

/**
 * The assistant drafts sections of a letter and answers questions about its matter's file. What it drafts comes as suggestions that nobody has accepted yet; what it answers, with the pages.
 * An answer that is stopped, breaks off or comes too late leaves nothing behind; sections that were drafted before stay.
 */
export interface Drafting {
  sections(letterId: string): Outcome<SectionView[]>;
  /** Begins; what becomes of it is told by `state`. Errors: forbidden, conflict (closed, or at it already), not_found, invalid_input (no such section). */
  draft(input: z.output<typeof DraftSections>): Outcome<Nothing>;
  ask(input: z.output<typeof AskFile>): Outcome<Nothing>;
  stop(letterId: string): Outcome<Nothing>;
  /** For as long as Steno runs. */
  state(letterId: string): DraftingView;
  /** A paragraph of an answer, as a suggestion. Errors: forbidden, conflict, not_found. */
  suggestAnswer(input: z.output<typeof SuggestAnswer>): Outcome<Nothing>;
  history(letterId: string): HistoryView;
}

interface DraftingInput extends Tools {
  /** Why this person may suggest nothing, or null. */
  locked: string | null;
  onChanged(letterId: string): void;
  onBug(error: unknown): string;
  random?(): number;
}
type Wanted = Pick<z.output<typeof DraftSections>, 'after' | 'instruction'>;

const idle: DraftingView = {
  ...{ state: 'idle', kind: null, section: null, sectionsDone: 0, sections: 0, coming: [], made: 0, refused: [], notes: [], problem: null },
  ...{ question: null, answer: null, refinementId: null },
};
const closed = err({ code: 'conflict' as const, what: 'the letter', reason: 'It is closed: nothing can be changed in it any more.' });
export function createDrafting({ locked, onChanged, onBug, random = Math.random, ...tools }: DraftingInput): Drafting {
  const { write, letters, history, assistantOf } = tools;
  const states = new Map<string, DraftingView>();
  const running = new Map<string, AbortController>();
  const stateOf = (letterId: string): DraftingView => states.get(letterId) ?? idle;

  function note(letterId: string, change: Partial<DraftingView>): void {
    states.set(letterId, { ...stateOf(letterId), ...change });
    onChanged(letterId);
  }

  async function draft(request: Request, sections: readonly Section[], { after, instruction }: Wanted, standing: Standing): Promise<void> {
    const firstClient = firstClientOf(random);
    let nth = 0;
    for (const [n, section] of sections.entries()) {
      request.note({ section: section.title, sectionsDone: n, coming: [] });
      const place = { after: after ?? section.last, firstClient, nth };
      const isByModel = assistantOf(standing.matterId).provider !== 'offline';
      const done = isByModel
        ? await draftByModel(tools, request, section, instruction, standing, place)
        : draftByTemplate(tools, request, section, instruction, standing, place);
      if (request.signal.aborted) return;
      if ('problem' in done) {
        request.note({ state: 'failed', coming: [], problem: done.problem });
        return;
      }
      nth += done.made;
    }
    request.note({ state: 'done', section: null, sectionsDone: sections.length, coming: [] });
  }

  /** Runs one request about a letter; the next has to wait for it. */
  function begin(letterId: string, first: Partial<DraftingView>, work: (request: Request) => Promise<void>): Outcome<Nothing> {
    if (running.has(letterId)) return err({ code: 'conflict', what: 'the assistant', reason: 'It is at this letter already.' });
    const cancelling = new AbortController();
    running.set(letterId, cancelling);
    states.set(letterId, { ...idle, state: 'asking', ...first });
    onChanged(letterId);
    const request: Request = {
      ...{ letterId, signal: cancelling.signal, now: () => stateOf(letterId) },
      note: (change) => {
        note(letterId, change);
      },
    };
    void work(request)
      .catch((error: unknown) => {
        const reference = onBug(error);
        if (running.get(letterId) === cancelling)
          note(letterId, { state: 'failed', coming: [], problem: inWords({ code: 'internal', reference }) });
      })
      .finally(() => {
        // it may have been stopped, and asked again
        if (running.get(letterId) !== cancelling) return;
        running.delete(letterId);
        onChanged(letterId);
      });
    return ok({});
  }

  function standingOf(letterId: string): Outcome<Standing & { isOpen: boolean }> {
    if (locked !== null) return err({ code: 'forbidden', what: 'the assistant', reason: locked });
    return letters.body(letterId);
  }

  return {
    sections(letterId) {
      const body = letters.body(letterId);
      if (!body.ok) return body;
      const all = sectionsOf(letters.templateSections(letterId), body.value.state, body.value.values);
      return ok(all.map(({ block, title, isInTemplate }) => ({ block, title, isInTemplate })));
    },
    state: stateOf,
    history: (letterId) => history.of(letterId),

    draft(request) {
      const { letterId, sections: wanted, after } = request;
      const standing = standingOf(letterId);
      if (!standing.ok) return standing;
      if (!standing.value.isOpen) return closed;
      const { state, values } = standing.value;
      const all = sectionsOf(letters.templateSections(letterId), state, values);
      const sections = all.filter(({ block }) => wanted === null || wanted.includes(block));
      if (sections.length === 0 || (wanted !== null && sections.length < wanted.length))
        return err({ code: 'invalid_input', what: 'the section', reason: 'The letter has no such heading any more. Choose one again.' });
      const [only] = sections;
      const isInside = after === null || (sections.length === 1 && only && after >= only.block && after <= only.last);
      if (!isInside)
        return err({ code: 'invalid_input', what: 'the place', reason: 'It is not in that section. Put the caret there again.' });
      const kind: RequestKind = wanted === null ? 'letter' : 'section';
      return begin(letterId, { kind, sections: sections.length }, (under) => draft(under, sections, request, standing.value));
    },

    ask(request) {
      const standing = standingOf(request.letterId);
      if (!standing.ok) return standing;
      return begin(request.letterId, { kind: 'question', question: request.question }, (under) =>
        answerQuestion(tools, under, request.question, standing.value),
      );
    },

    stop(letterId) {
      running.get(letterId)?.abort();
      if (running.delete(letterId)) note(letterId, { state: 'stopped', coming: [], section: null });
      return ok({});
    },

    suggestAnswer({ letterId, refinementId, paragraph, after }) {
      const standing = standingOf(letterId);
      if (!standing.ok) return standing;
      if (!standing.value.isOpen) return closed;
      const found = history.answer(letterId, refinementId)?.paragraphs[paragraph];
      if (!found) return err({ code: 'not_found', what: 'the answer' });
      const block = { type: 'paragraph' as const, content: inlinesOf(found.named) };
      const insertions = suggestBlocks(standing.value.state, { after: after ?? 0, firstClient: firstClientOf(random), nth: 0 }, [block]);
      if (!insertions)
        return err({
          code: 'conflict',
          what: 'the letter',
          reason: 'The paragraph it should stand behind is gone. Put the caret elsewhere.',
        });
      return write((change) => {
        const row = history.of(letterId).requests.find((one) => one.refinementId === refinementId);
        const by = {
          model: row?.model ?? null,
          prompt: row?.model ? row.promptVersion : null,
          why: row?.instruction?.slice(0, 5_000) ?? null,
        };
        suggestDrafted(change, letterId, { insertions, doubts: [found.doubts] }, by);
        return ok({});
      });
    },
  };
}
