import type { AnswerView, DraftingView } from '../../shared/drafting.ts';
import { ok } from '../../shared/result.ts';
import { answerPrompt } from '../ai/ai.ts';
import { answerOf, extractOf } from './answer.ts';
import { evidenceOf, passagesFor } from './evidence.ts';
import { inWords, leftOut, showComing, type Request, type Standing, type Tools } from './request.ts';
import { citedAnswer } from './suggesting.ts';

/** Answers a question about a matter's file: by a model from passages, or, where none answers, by the passages themselves. Never by anything else. */
export async function answerQuestion(
  { store, write, ai, find, history, knownOf, assistantOf }: Tools,
  request: Request,
  question: string,
  { matterId, values }: Standing,
): Promise<void> {
  const { letterId, signal } = request;
  const { passages, setAside } = await passagesFor({ store, find }, matterId, question);
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
    if (!signal.aborted) request.note({ state: 'failed', coming: [], problem });
  };
  if (!begun.ok) {
    fail(inWords(begun.error));
    return;
  }
  const finish = (found: AnswerView, refused: DraftingView['refused']): void => {
    if (signal.aborted) {
      fail('Stopped before the answer was whole.');
      return;
    }
    const written = write((change) => {
      history.complete(change, begun.value, { suggestions: [], refused: refused.length, answer: found });
      return ok({});
    });
    const notes = leftOut(setAside);
    if (written.ok) request.note({ state: 'done', coming: [], answer: found, refinementId: begun.value.refinementId, refused, notes });
    else fail(inWords(written.error));
  };
  const extract = async (words: string): Promise<void> => {
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
      showComing(request, items, values);
    },
  });
  if (!asked.ok) {
    fail(signal.aborted ? 'Stopped before the answer was whole.' : inWords(asked.error.error));
    return;
  }
  const { taken, refused } = citedAnswer(store, matterId, asked.value.value, passages, null);
  if (taken.length === 0) await extract('The assistant found no answer in the file. These passages say most about it.');
  else finish(answerOf(taken), refused);
}
