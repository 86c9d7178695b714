import type { RedlinePiece } from '../../shared/sync.ts';
import { compare, inRuns } from './differences.ts';

/** One text against another, by paragraph and then word by word. All of `before` is in the pieces that are not added, all of `after` in those not removed. */
export function redline(before: string, after: string): RedlinePiece[][] {
  const paragraphs: RedlinePiece[][] = [];
  const steps = compare(paragraphsOf(before), paragraphsOf(after));
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at];
    const next = steps[at + 1];
    if (!step) continue;
    if (step.kind === 'removed' && next?.kind === 'added') {
      paragraphs.push(...pair(step.items, next.items));
      at += 1;
    } else for (const text of step.items) paragraphs.push([{ kind: step.kind, text }]);
  }
  return paragraphs;
}

/** Paragraphs that were replaced, each beside the one that took its place. */
function pair(removed: string[], added: string[]): RedlinePiece[][] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, n) => {
    const [was, is] = [removed[n], added[n]];
    if (was === undefined) return [{ kind: 'added' as const, text: is ?? '' }];
    if (is === undefined) return [{ kind: 'removed' as const, text: was }];
    return inRuns(compare(wordsOf(was), wordsOf(is))).map(({ kind, items }) => ({ kind, text: items.join('') }));
  });
}

function paragraphsOf(text: string): string[] {
  return text === '' ? [] : text.split('\n\n');
}

/** Words, and the space between them: joined they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/\S+|\s+/g) ?? [];
}
