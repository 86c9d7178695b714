import { useEffect, useRef } from 'react';
import { useKeys } from '../ui/keys.ts';

/** Which keys belong to a document: all wherever the focus is, those that turn its pages, or none while another one has them. */
export type HeldKeys = 'all' | 'turning' | 'none';

interface ViewerKeys {
  held: HeldKeys;
  turning: Record<string, () => unknown>;
  tools: Record<string, () => unknown>;
  onFind: () => void;
  /** Copies what is selected by hand; null: nothing is, and the system copies what it has. */
  onCopy: (() => void) | null;
}

/** The keys of a document. `keyWords` lists them for a person. */
export function useViewerKeys(keys: ViewerKeys): void {
  const { held, turning, tools } = keys;
  useKeys({ ...(held !== 'none' && turning), ...(held === 'all' && tools) });
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (latest.current.held !== 'all' || event.defaultPrevented || event.altKey || event.shiftKey) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
        event.preventDefault();
        latest.current.onFind();
      }
    };
    const onCopy = (event: ClipboardEvent) => {
      const { held: now, onCopy: copy } = latest.current;
      const target = event.target;
      const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (now !== 'all' || !copy || isTyping || event.defaultPrevented) return;
      event.preventDefault();
      // the clipboard is being written to already: ours follows when that is over
      queueMicrotask(copy);
    };
    window.addEventListener('keydown', onKeyDown);
    document.addEventListener('copy', onCopy);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('copy', onCopy);
    };
  }, []);
}

/** What a person reads under "Keys". */
export const keyWords: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['←', '→'], does: 'page before, page after' },
  { keys: ['↑', '↓'], does: 'scroll' },
  { keys: ['PgUp', 'PgDn'], does: 'a screen up, a screen down' },
  { keys: ['Home', 'End'], does: 'first page, last page' },
  { keys: ['+', '−'], does: 'larger, smaller' },
  { keys: ['w', 'p'], does: 'fit the width, fit the page' },
  { keys: ['r', 'R'], does: 'turn the page, turn all pages' },
  { keys: ['Ctrl F'], does: 'find in this document' },
  { keys: ['n', 'N'], does: 'next place, previous place' },
  { keys: ['c'], does: 'copy what is marked, with its citation' },
  { keys: ['<', '>'], does: 'mark a word less, a word more' },
  { keys: ['b'], does: 'open another document beside' },
  { keys: ['?'], does: 'this list' },
];
