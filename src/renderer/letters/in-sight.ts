import type { Node } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';

/** A block of the letter's own, not one within another. */
export interface Sighted {
  node: Node;
  /** Its position in the document, and which of the blocks it is. */
  start: number;
  index: number;
}

/** The blocks that can be seen now, and those up to so many screens above and below. */
export function blocksInSight(view: EditorView, screens = 0): Sighted[] {
  const scroller = view.dom.closest('.letter-scroll')?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
  const beyond = (scroller.bottom - scroller.top) * screens;
  const [top, bottom] = [scroller.top - beyond, scroller.bottom + beyond];
  const { doc } = view.state;
  const starts: number[] = [];
  doc.forEach((_node, offset) => starts.push(offset));
  // blocks stand one below the other: the first in sight is found by halves
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rectOf(view, starts[middle] ?? 0).bottom < top) low = middle + 1;
    else high = middle;
  }
  const found: Sighted[] = [];
  for (let index = low; index < starts.length; index += 1) {
    const start = starts[index] ?? 0;
    if (rectOf(view, start).top > bottom) break;
    found.push({ node: doc.child(index), start, index });
  }
  return found;
}

function rectOf(view: EditorView, position: number): { top: number; bottom: number } {
  const element = view.nodeDOM(position);
  return element instanceof HTMLElement ? element.getBoundingClientRect() : { top: 0, bottom: 0 };
}
