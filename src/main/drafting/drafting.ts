import type { z } from 'zod';
import type { ProviderName } from '../../shared/ai.ts';
import { chipText, isPassage } from '../../shared/citations.ts';
import type { SuggestionData } from '../../shared/collaboration.ts';
import type {
  AnswerView,
  AskFile,
  DraftingView,
  DraftSections,
  HistoryView,
  RequestKind,
  SectionView,
  SuggestAnswer,
} from '../../shared/drafting.ts';
import { explain } from '../../shared/errors.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { answerPrompt, CitedParagraph, draftPrompt, type Ai, type CitedText, type Evidence, type Known } from '../ai/ai.ts';
import type { Find } from '../find/find.ts';
import { freshIdsInOrder } from '../host/ids.ts';
import type { Letters } from '../letters/letters.ts';
import type { Store } from '../store/store.ts';
import { firstClientOf, inlinesOf, suggestBlocks, type Insertion } from '../sync/letter-insertion.ts';
import { readable } from '../sync/letter-suggestion.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { answerOf, extractOf } from './answer.ts';
import { citeParagraph, type Cited } from './cite.ts';
import { evidenceOf, pageOf, passagesFor, type Passage } from './evidence.ts';
import type { History } from './history.ts';
import { sectionsOf, templateBlocks, type Section } from './sections.ts';

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

interface DraftingInput {
  store: Store;
  write: Write;
  letters: Pick<Letters, 'body'>;
  ai: Pick<Ai, 'ask'>;
  find: Pick<Find, 'retrieve'>;
  history: History;
  /** Names and numbers of a matter, to be taken out before anything leaves. */
  knownOf(matterId: string): Known[];
  /** Who would answer about a matter, as the firm and the matter decided. */
  assistantOf(matterId: string): { provider: ProviderName; model: string | null };
  /** Why this person may suggest nothing, or null. */
  locked: string | null;
  onChanged(letterId: string): void;
  onBug(error: unknown): string;
  random?(): number;
}

const idle: DraftingView = {
  ...{ state: 'idle', kind: null, section: null, sectionsDone: 0, sections: 0, coming: [], made: 0, refused: [], notes: [], problem: null },
  ...{ question: null, answer: null, refinementId: null },
};
const closed = err({ code: 'conflict' as const, what: 'the letter', reason: 'It is closed: nothing can be changed in it any more.' });
/** What is shown of an answer while it comes. */
const mostComing = 30;
const mostOfSection = 12_000;
/** Who wrote what the template says. */
const byTemplate = 'the template';

/** The letter at one moment; suggestions of one request are made against it, so that they keep their order. */
interface Standing {
  matterId: string;
  state: Uint8Array;
  values: LetterValues;
}
interface Drafted {
  insertions: Insertion[];
  doubts: string[][];
}

export function createDrafting(input: DraftingInput): Drafting {
  const { store, write, letters, ai, find, history, knownOf, assistantOf, locked, onChanged, onBug, random = Math.random } = input;
  const states = new Map<string, DraftingView>();
  const running = new Map<string, AbortController>();
  const stateOf = (letterId: string): DraftingView => states.get(letterId) ?? idle;

  function note(letterId: string, change: Partial<DraftingView>): void {
    states.set(letterId, { ...stateOf(letterId), ...change });
    onChanged(letterId);
  }

  /** What came so far, for eyes. */
  function coming(letterId: string, items: readonly unknown[], values: LetterValues, signal: AbortSignal): void {
    if (signal.aborted) return;
    const texts = items.slice(0, mostComing).flatMap((item) => CitedParagraph.safeParse(item).data?.text ?? []);
    note(letterId, { coming: texts.map((text) => readable(text.replace(/\s*\[\[\d+\]\]/g, ''), (chip) => chipText(values, chip))) });
  }

  /** A whole answer in a form a letter can hold, or why each paragraph is not. */
  function cited(matterId: string, { paragraphs }: CitedText, passages: readonly Passage[], values: LetterValues | null) {
    const refused: DraftingView['refused'] = [];
    const taken = paragraphs.flatMap((paragraph): Cited[] => {
      const one = citeParagraph(paragraph, {
        passages,
        pageOf: (documentId, page) => pageOf(store, matterId, documentId, page),
        isValue: values && ((name) => Object.hasOwn(values.variables, name)),
      });
      if (!('why' in one)) return [one];
      refused.push({ text: paragraph.text.slice(0, 1_000), why: one.why });
      return [];
    });
    return { taken, refused };
  }

  /** Makes suggestions of what was drafted. In the change, what of it the letter takes: none where it was closed meanwhile. */
  function suggest(
    change: Change,
    letterId: string,
    { insertions, doubts }: Drafted,
    by: Pick<SuggestionData, 'model' | 'prompt' | 'why'>,
  ): string[] {
    const ids = freshIdsInOrder(insertions.length);
    for (const [n, { update, was, becomes, place }] of insertions.entries()) {
      const data: SuggestionData = {
        ...{ update: Buffer.from(update).toString('base64'), was, becomes, ...by },
        ...{ isBlock: true, doubts: doubts[n] ?? [] },
      };
      change.insert('collaboration', {
        collaborationId: ids[n] ?? '',
        letterId,
        changeType: 'Suggestion',
        changeData: data,
        position: { place, quote: '' },
      });
    }
    return ids;
  }

  const isStillOpen = (letterId: string): boolean => {
    const body = letters.body(letterId);
    return body.ok && body.value.isOpen;
  };
  const closedMeanwhile = 'The letter was finalized or deleted meanwhile. Nothing was suggested.';

  /** One section, by a model. The error is words for the person. */
  async function draftByModel(
    letterId: string,
    section: Section,
    instruction: string,
    standing: Standing,
    { after, firstClient, nth }: { after: number; firstClient: number; nth: number },
    signal: AbortSignal,
  ): Promise<{ made: number } | { problem: string }> {
    const { matterId, state, values } = standing;
    const purpose = section.template?.content ?? '';
    const words = [section.title, instruction, purpose.replace(/\{\{[^{}]*\}\}/g, ' ')].join(' ');
    const { passages, setAside } = await passagesFor({ store, find }, matterId, words);
    const { provider, model } = assistantOf(matterId);
    const about = { title: section.title, pages: passages.map(({ documentId, page }) => ({ documentId, page })) };
    const prompt = `${draftPrompt.id}/${String(draftPrompt.version)}`;
    const begun = history.begin({ letterId, kind: 'section', instruction, about, provider, model, prompt });
    if (!begun.ok) return { problem: explain(begun.error).advice };
    const answer = await ai.ask({
      prompt: draftPrompt,
      evidence: [
        { label: 'heading', text: section.title },
        ...piece('template', purpose),
        ...piece('what stands there already', section.text),
        { label: 'values', text: namesOf(values) },
        ...evidenceOf(passages),
      ],
      known: knownOf(matterId),
      ...(instruction !== '' && { instruction }),
      question: null,
      matterId,
      documentId: null,
      signal,
      refinementId: begun.value.refinementId,
      onItems: (items) => {
        coming(letterId, items, values, signal);
      },
    });
    const fail = (problem: string): { problem: string } => {
      history.fail(begun.value, problem);
      return { problem };
    };
    if (signal.aborted) return fail('Stopped before the answer was whole. Nothing was suggested.');
    if (!answer.ok) return fail(inWords(answer.error.error));
    const { taken, refused } = cited(matterId, answer.value.value, passages, values);
    const blocks = taken.map(({ named }) => ({ type: 'paragraph' as const, content: inlinesOf(named) }));
    const insertions = suggestBlocks(state, { after, firstClient, nth }, blocks);
    if (!insertions || !isStillOpen(letterId)) return fail(closedMeanwhile);
    const written = write((change) => {
      const by = {
        model: answer.value.model ?? 'the assistant',
        prompt: answer.value.promptVersion,
        why: `For “${section.title}”.`.slice(0, 5_000),
      };
      const suggestions = suggest(change, letterId, { insertions, doubts: taken.map(({ doubts }) => doubts) }, by);
      history.complete(change, begun.value, { suggestions, refused: refused.length, answer: null });
      return ok({});
    });
    if (!written.ok) return fail(inWords(written.error));
    const now = stateOf(letterId);
    const left =
      setAside > 0
        ? [`${setAside === 1 ? 'A passage was' : `${String(setAside)} passages were`} left out: its words give orders to the assistant.`]
        : [];
    const empty = taken.length === 0 && refused.length === 0 ? [`Nothing was found in the file for “${section.title}”.`] : [];
    note(letterId, {
      made: now.made + insertions.length,
      refused: [...now.refused, ...refused],
      notes: [...new Set([...now.notes, ...left, ...empty])],
    });
    return { made: insertions.length };
  }

  /** One section, as the firm's template has it. */
  function draftByTemplate(
    letterId: string,
    section: Section,
    instruction: string,
    { state, values }: Standing,
    place: { after: number; firstClient: number; nth: number },
  ): { made: number } | { problem: string } {
    const blocks = templateBlocks(section, values);
    const now = stateOf(letterId);
    if (!blocks) {
      note(letterId, {
        notes: [...now.notes, `The letter’s template has no section “${section.title}”, and without a model nothing else can be drafted.`],
      });
      return { made: 0 };
    }
    const made = suggestBlocks(state, place, blocks) ?? [];
    const lines = (text: string): string[] => text.split('\n').map((line) => line.replace(/^(?:- |> |\d+\. )+/, '').trim());
    const here = new Set(lines(section.text));
    const fresh = made.filter(({ becomes }) => !lines(becomes).every((line) => here.has(line)));
    if (fresh.length === 0) {
      note(letterId, { notes: [...now.notes, `What the template says under “${section.title}” stands in the letter already.`] });
      return { made: 0 };
    }
    const about = { title: section.title, pages: [] };
    const begun = history.begin({
      letterId,
      kind: 'section',
      instruction,
      about,
      provider: 'offline',
      model: byTemplate,
      prompt: 'template',
    });
    if (!begun.ok) return { problem: inWords(begun.error) };
    const written = write((change) => {
      const by = { model: byTemplate, prompt: null, why: `The template’s “${section.title}”.`.slice(0, 5_000) };
      const suggestions = suggest(change, letterId, { insertions: fresh, doubts: [] }, by);
      history.complete(change, begun.value, { suggestions, refused: 0, answer: null });
      return ok({});
    });
    if (!written.ok) return { problem: inWords(written.error) };
    const plainly = 'No model is set up for this matter: these are the template’s words, with the values that are known.';
    note(letterId, { made: now.made + fresh.length, notes: [...new Set([plainly, ...now.notes])] });
    return { made: made.length };
  }

  async function draft(
    { letterId, after, instruction }: z.output<typeof DraftSections>,
    sections: readonly Section[],
    standing: Standing,
    signal: AbortSignal,
  ): Promise<void> {
    const firstClient = firstClientOf(random);
    let nth = 0;
    for (const [n, section] of sections.entries()) {
      note(letterId, { section: section.title, sectionsDone: n, coming: [] });
      const place = { after: after ?? section.last, firstClient, nth };
      const isByModel = assistantOf(standing.matterId).provider !== 'offline';
      const done = isByModel
        ? await draftByModel(letterId, section, instruction, standing, place, signal)
        : draftByTemplate(letterId, section, instruction, standing, place);
      if (signal.aborted) return;
      if ('problem' in done) {
        note(letterId, { state: 'failed', coming: [], problem: done.problem });
        return;
      }
      nth += done.made;
    }
    note(letterId, { state: 'done', section: null, sectionsDone: sections.length, coming: [] });
  }

  async function answer(
    { letterId, question }: z.output<typeof AskFile>,
    { matterId, values }: Standing,
    signal: AbortSignal,
  ): Promise<void> {
    const { passages, setAside } = await passagesFor({ store, find }, matterId, question);
    if (signal.aborted) return;
    const { provider, model } = assistantOf(matterId);
    const isByModel = provider !== 'offline';
    const about = { title: null, pages: passages.map(({ documentId, page }) => ({ documentId, page })) };
    const prompt = isByModel ? `${answerPrompt.id}/${String(answerPrompt.version)}` : 'passages';
    const begun = history.begin({
      letterId,
      kind: 'question',
      instruction: question,
      about,
      provider,
      model: isByModel ? model : 'passages',
      prompt,
    });
    const fail = (problem: string): void => {
      if (begun.ok) history.fail(begun.value, problem);
      if (!signal.aborted) note(letterId, { state: 'failed', coming: [], problem });
    };
    if (!begun.ok) return fail(inWords(begun.error));
    const finish = (found: AnswerView, refused: DraftingView['refused']): void => {
      const written = write((change) => {
        history.complete(change, begun.value, { suggestions: [], refused: refused.length, answer: found });
        return ok({});
      });
      if (!written.ok) return fail(inWords(written.error));
      const notes =
        setAside > 0
          ? [`${setAside === 1 ? 'A passage was' : `${String(setAside)} passages were`} left out: its words give orders to the assistant.`]
          : [];
      note(letterId, { state: 'done', coming: [], answer: found, refinementId: begun.value.refinementId, refused, notes });
    };
    const extract = async (words: string | null): Promise<void> => {
      finish(await extractOf({ store, find }, matterId, question, words), []);
    };
    if (!isByModel) return extract('No model is set up for this matter: these passages of the file say most about it.');
    if (passages.length === 0) return extract('No passage of the file says anything about it, so nobody was asked.');
    const asked = await ai.ask({
      prompt: answerPrompt,
      evidence: evidenceOf(passages),
      known: knownOf(matterId),
      instruction: question,
      question: null,
      matterId,
      documentId: null,
      signal,
      refinementId: begun.value.refinementId,
      onItems: (items) => {
        coming(letterId, items, values, signal);
      },
    });
    if (signal.aborted) return fail('Stopped before the answer was whole.');
    if (!asked.ok) return fail(inWords(asked.error.error));
    const { taken, refused } = cited(matterId, asked.value.value, passages, null);
    if (taken.length === 0) return extract('The assistant found no answer in the file. These passages say most about it.');
    finish(answerOf(taken), refused);
  }

  /** Runs one request about a letter; the next has to wait for it. */
  function begin(letterId: string, first: Partial<DraftingView>, work: (signal: AbortSignal) => Promise<void>): Outcome<Nothing> {
    if (running.has(letterId)) return err({ code: 'conflict', what: 'the assistant', reason: 'It is at this letter already.' });
    const cancelling = new AbortController();
    running.set(letterId, cancelling);
    states.set(letterId, { ...idle, state: 'asking', ...first });
    onChanged(letterId);
    void work(cancelling.signal)
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
      const all = sectionsOf(store, letterId, body.value.state, body.value.values);
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
      const all = sectionsOf(store, letterId, state, values);
      const sections = all.filter(({ block }) => wanted === null || wanted.includes(block));
      if (sections.length === 0 || (wanted !== null && sections.length < wanted.length))
        return err({ code: 'invalid_input', what: 'the section', reason: 'The letter has no such heading any more. Choose one again.' });
      const [only] = sections;
      const isInside = after === null || (sections.length === 1 && only && after >= only.block && after <= only.last);
      if (!isInside)
        return err({ code: 'invalid_input', what: 'the place', reason: 'It is not in that section. Put the caret there again.' });
      const kind: RequestKind = wanted === null ? 'letter' : 'section';
      return begin(letterId, { kind, sections: sections.length }, (signal) => draft(request, sections, standing.value, signal));
    },

    ask(request) {
      const standing = standingOf(request.letterId);
      if (!standing.ok) return standing;
      return begin(request.letterId, { kind: 'question', question: request.question }, (signal) => answer(request, standing.value, signal));
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
        suggest(change, letterId, { insertions, doubts: [found.doubts] }, by);
        return ok({});
      });
    },
  };
}

const inWords = (error: Parameters<typeof explain>[0]): string => {
  const { title, advice } = explain(error);
  return `${title} ${advice}`;
};

const piece = (label: string, text: string): Evidence[] => (text.trim() === '' ? [] : [{ label, text: text.slice(0, mostOfSection) }]);

/** The values a letter may name, without what they are: those are put in here. */
function namesOf({ variables }: LetterValues): string {
  return Object.values(variables)
    .filter(({ name, state }) => state !== 'missing' && !isPassage(name))
    .map(({ name, label, sources }) => `{{${name}}}: ${label}${sources.length > 0 ? '' : ' (has no sources to cite)'}`)
    .join('\n');
}
