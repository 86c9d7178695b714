import { isPassage } from '../../shared/citations.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { ok } from '../../shared/result.ts';
import { draftPrompt, type Evidence } from '../ai/ai.ts';
import { inlinesOf, suggestBlocks } from '../sync/letter-insertion.ts';
import { evidenceOf, passagesFor } from './evidence.ts';
import { inWords, leftOut, showComing, type Request, type Standing, type Tools } from './request.ts';
import type { Section } from './sections.ts';
import { citedAnswer, suggestDrafted } from './suggesting.ts';

/** Where a section's blocks go: behind which block, and as which of all that one request makes (letter-insertion.ts). */
interface Place {
  after: number;
  firstClient: number;
  nth: number;
}
/** How many blocks were made, or why none could be, in words. */
type Done = { made: number } | { problem: string };

const mostOfSection = 12_000;
/** Who wrote what the template says. */
const byTemplate = 'the template';
const closedMeanwhile = 'The letter was finalized or deleted meanwhile. Nothing was suggested.';

/** One section, by a model. */
export async function draftByModel(
  { store, write, letters, ai, find, history, knownOf, assistantOf }: Tools,
  request: Request,
  section: Section,
  instruction: string,
  { matterId, state, values }: Standing,
  place: Place,
): Promise<Done> {
  const { letterId, signal } = request;
  const purpose = section.template?.content ?? '';
  const words = [section.title, instruction, purpose.replace(/\{\{[^{}]*\}\}/g, ' ')].join(' ');
  const { passages, setAside } = await passagesFor({ store, find }, matterId, words);
  const { provider, model } = assistantOf(matterId);
  const about = { title: section.title, pages: passages.map(({ documentId, page }) => ({ documentId, page })) };
  const prompt = `${draftPrompt.id}/${String(draftPrompt.version)}`;
  const begun = history.begin({ letterId, kind: 'section', instruction, about, provider, model, prompt });
  if (!begun.ok) return { problem: inWords(begun.error) };
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
      showComing(request, items, values);
    },
  });
  const fail = (problem: string): { problem: string } => {
    history.fail(begun.value, problem);
    return { problem };
  };
  if (signal.aborted) return fail('Stopped before the answer was whole. Nothing was suggested.');
  if (!answer.ok) return fail(inWords(answer.error.error));
  const { taken, refused } = citedAnswer(store, matterId, answer.value.value, passages, values);
  const blocks = taken.map(({ named }) => ({ type: 'paragraph' as const, content: inlinesOf(named) }));
  const insertions = suggestBlocks(state, place, blocks);
  const now = letters.body(letterId);
  if (!insertions || !now.ok || !now.value.isOpen) return fail(closedMeanwhile);
  const written = write((change) => {
    const by = {
      model: answer.value.model ?? 'the assistant',
      prompt: answer.value.promptVersion,
      why: `For “${section.title}”.`.slice(0, 5_000),
    };
    const suggestions = suggestDrafted(change, letterId, { insertions, doubts: taken.map(({ doubts }) => doubts) }, by);
    history.complete(change, begun.value, { suggestions, refused: refused.length, answer: null });
    return ok({});
  });
  if (!written.ok) return fail(inWords(written.error));
  const empty = taken.length === 0 && refused.length === 0 ? [`Nothing was found in the file for “${section.title}”.`] : [];
  const told = request.now();
  request.note({
    made: told.made + insertions.length,
    refused: [...told.refused, ...refused],
    notes: [...new Set([...told.notes, ...leftOut(setAside), ...empty])],
  });
  return { made: insertions.length };
}

/** One section, as the firm's template has it. */
export function draftByTemplate(
  { write, history, letters }: Tools,
  request: Request,
  section: Section,
  instruction: string,
  { state }: Standing,
  place: Place,
): Done {
  const { letterId } = request;
  const blocks = section.template && letters.draftTemplateSection(request.letterId, section.template);
  const now = request.now();
  if (!blocks) {
    request.note({
      notes: [...now.notes, `The letter’s template has no section “${section.title}”, and without a model nothing else can be drafted.`],
    });
    return { made: 0 };
  }
  const made = suggestBlocks(state, place, blocks) ?? [];
  const lines = (text: string): string[] => text.split('\n').map((line) => line.replace(/^(?:- |> |\d+\. )+/, '').trim());
  const here = new Set(lines(section.text));
  const fresh = made.filter(({ becomes }) => !lines(becomes).every((line) => here.has(line)));
  if (fresh.length === 0) {
    request.note({ notes: [...now.notes, `What the template says under “${section.title}” stands in the letter already.`] });
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
    const suggestions = suggestDrafted(change, letterId, { insertions: fresh, doubts: [] }, by);
    history.complete(change, begun.value, { suggestions, refused: 0, answer: null });
    return ok({});
  });
  if (!written.ok) return { problem: inWords(written.error) };
  const plainly = 'No model is set up for this matter: these are the template’s words, with the values that are known.';
  request.note({ made: now.made + fresh.length, notes: [...new Set([plainly, ...now.notes])] });
  return { made: made.length };
}

const piece = (label: string, text: string): Evidence[] => (text.trim() === '' ? [] : [{ label, text: text.slice(0, mostOfSection) }]);

/** The values a letter may name, without what they are: those are put in here. */
function namesOf({ variables }: LetterValues): string {
  return Object.values(variables)
    .filter(({ name, state }) => state !== 'missing' && !isPassage(name))
    .map(({ name, label, sources }) => `{{${name}}}: ${label}${sources.length > 0 ? '' : ' (has no sources to cite)'}`)
    .join('\n');
}
