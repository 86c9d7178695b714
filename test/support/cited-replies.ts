import type { ReceivedRequest, Reply } from './model-server.ts';

/** The number of the passage that says it, as the request has it. */
export const passageNumber = ({ body }: ReceivedRequest, words: string): number => {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] };
  const user = messages.find(({ role }) => role === 'user')?.content ?? '';
  const pieces = [...user.matchAll(/<[0-9a-f]{32} passage (\d+)>\n([\s\S]*?)\n<\/[0-9a-f]{32}>/g)];
  return Number(pieces.find(({ 2: text = '' }) => text.includes(words))?.[1] ?? 0);
};
export interface Said {
  text: string;
  sources?: { mark: number; words?: string; passage?: number; quote: string }[];
}
/** A model that says so, with the passages that hold the words of each source. */
export const says =
  (name: 'draft' | 'answer', ...paragraphs: Said[]) =>
  (request: ReceivedRequest): Reply => ({
    does: 'tool',
    name,
    usage: { input: 1_000, output: 200 },
    input: {
      paragraphs: paragraphs.map(({ text, sources = [] }) => ({
        text,
        sources: sources.map(({ mark, quote, words = quote, passage }) => ({
          mark,
          quote,
          passage: passage ?? passageNumber(request, words),
        })),
      })),
    },
  });
