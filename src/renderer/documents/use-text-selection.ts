import { useEffect, useState, type RefObject } from 'react';
import type { Selected, Spot } from './select-words.ts';

/** What is selected in pages of text, in the system's own way. Where pages are pictures, `PageDesk` selects by their word boxes. */
export function useTextSelection(within: RefObject<HTMLElement | null>): Selected | null {
  const [selected, setSelected] = useState<Selected | null>(null);
  useEffect(() => {
    const look = () => {
      const range = rangeWithin(within.current);
      const from = range && spotOf(range.startContainer, range.startOffset);
      const to = range && spotOf(range.endContainer, range.endOffset);
      setSelected(from && to ? { from, to } : null);
    };
    document.addEventListener('selectionchange', look);
    return () => {
      document.removeEventListener('selectionchange', look);
    };
  }, [within]);
  return selected;
}

function rangeWithin(element: HTMLElement | null): Range | null {
  const selection = document.getSelection();
  if (!element || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return element.contains(range.startContainer) && element.contains(range.endContainer) ? range : null;
}

/** How far into a page's text a place of the window is. */
function spotOf(node: Node, offset: number): Spot | null {
  const element = node instanceof Element ? node : node.parentElement;
  const sheet = element?.closest('.paper-text');
  const page = Number(element?.closest('[data-page]')?.getAttribute('data-page'));
  if (!sheet || !page) return null;
  const before = document.createRange();
  before.selectNodeContents(sheet);
  before.setEnd(node, offset);
  const at = before.toString().length;
  return { page, start: at, end: at };
}
