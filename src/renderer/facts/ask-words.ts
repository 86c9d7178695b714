import type { AskedDocument } from '../../shared/ai.ts';
import { count } from '../ui/values.tsx';

/** Where asking about a document stands: "asking, page 4 of 12", "2 facts to check, 3 known already". */
export function askedWords({ state, pagesDone, pages, proposed, known, refused, problem }: AskedDocument): string {
  if (state === 'waiting') return problem === null ? 'waits for its turn' : 'waits until it can be reached';
  if (state === 'asking') return pages > 1 ? `asking, ${String(pagesDone)} of ${count(pages, 'page')} done` : 'asking';
  if (state === 'stopped') return 'stopped';
  if (state === 'failed') return 'no answer';
  const parts = [
    proposed > 0 ? `${count(proposed, 'new fact')} to check` : 'no new facts',
    ...(known > 0 ? [`${String(known)} known already`] : []),
    ...(refused.length > 0 ? [`${String(refused.length)} refused`] : []),
  ];
  return parts.join(', ');
}
