import type { Provider } from './provider.ts';

/** Answers of rules and templates, by the tool that is asked for: the input of the tool. Nothing leaves the laptop. */
export type OfflineAnswers = Record<string, (question: unknown) => Promise<unknown>>;

/**
 * The assistant without a model: always there. It is asked like the others and answers in their form, so that whatever is built on the assistant works without
 * one. `question` is what the caller asked about, before it became words for a model.
 */
export function createOffline(answers: OfflineAnswers, question: unknown): Provider {
  return {
    name: 'offline',
    async *stream({ tool }, signal) {
      const answer = answers[tool.name];
      signal.throwIfAborted();
      if (answer) yield { type: 'tool', json: JSON.stringify(await answer(question)) };
      yield { type: 'usage', usage: { input: 0, output: 0, cached: 0, cacheWritten: 0 } };
      yield { type: 'stop', reason: 'done' };
    },
  };
}
