import type { ProviderName } from '../../shared/ai.ts';
import { chipText } from '../../shared/citations.ts';
import type { DraftingView } from '../../shared/drafting.ts';
import { explain } from '../../shared/errors.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { CitedParagraph, type Ai, type Known } from '../ai/ai.ts';
import type { Find } from '../find/find.ts';
import type { Letters } from '../letters/letters.ts';
import type { Store } from '../store/store.ts';
import { readable } from '../sync/letter-suggestion.ts';
import type { Write } from '../sync/outbox.ts';
import type { History } from './history.ts';

/** What every request to the assistant needs. */
export interface Tools {
  store: Store;
  write: Write;
  letters: Pick<Letters, 'body' | 'templateSections' | 'draftTemplateSection'>;
  ai: Pick<Ai, 'ask'>;
  find: Pick<Find, 'retrieve'>;
  history: History;
  /** Names and numbers of a matter, to be taken out before anything leaves. */
  knownOf(matterId: string): Known[];
  /** Who would answer about a matter, as the firm and the matter decided. */
  assistantOf(matterId: string): { provider: ProviderName; model: string | null };
}

/** The letter at one moment; suggestions of one request are made against it, so that they keep their order. */
export interface Standing {
  matterId: string;
  state: Uint8Array;
  values: LetterValues;
}

/** One request on its way: where it tells of itself, and whether it is still wanted. */
export interface Request {
  letterId: string;
  signal: AbortSignal;
  now(): DraftingView;
  note(change: Partial<DraftingView>): void;
}

/** What is shown of an answer while it comes. */
const mostComing = 30;

/** Shows what came so far, for eyes. */
export function showComing(request: Request, items: readonly unknown[], values: LetterValues): void {
  if (request.signal.aborted) return;
  const texts = items.slice(0, mostComing).flatMap((item) => CitedParagraph.safeParse(item).data?.text ?? []);
  request.note({ coming: texts.map((text) => readable(text.replace(/\s*\[\[\d+\]\]/g, ''), (chip) => chipText(values, chip))) });
}

export const inWords = (error: Parameters<typeof explain>[0]): string => {
  const { title, advice } = explain(error);
  return `${title} ${advice}`;
};

export const leftOut = (setAside: number): string[] =>
  setAside === 0
    ? []
    : [`${setAside === 1 ? 'A passage was' : `${String(setAside)} passages were`} left out: its words give orders to the assistant.`];
