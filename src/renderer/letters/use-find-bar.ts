import type { Editor } from '@tiptap/core';
import { useEffect, useState } from 'react';

export interface Asked {
  words: string;
  replaces: boolean;
  /** How often the key was pressed: each time the bar is written in. */
  times: number;
}

/** The bar over the letter: asked for with Ctrl/Cmd+F, or Ctrl/Cmd+H to replace as well. */
export function useFindBar(editor: Editor) {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.defaultPrevented) return;
      const name = event.key.toLowerCase();
      if (name !== 'f' && name !== 'h') return;
      // a page of a document may stand beside the letter: who is in it looks for words there
      if (event.target !== document.body && !(event.target instanceof Element && event.target.closest('.matter-tab'))) return;
      event.preventDefault();
      event.stopPropagation();
      const { from, to } = editor.state.selection;
      const selected = to - from > 0 && to - from <= 200 ? editor.state.doc.textBetween(from, to, '\n') : '';
      const isWords = selected !== '' && !selected.includes('\n');
      setAsked((before) => ({
        words: isWords ? selected : (before?.words ?? ''),
        replaces: name === 'h',
        times: (before?.times ?? 0) + 1,
      }));
    };
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
    };
  }, [editor]);
  return {
    asked,
    setWords: (words: string) => {
      setAsked((before) => before && { ...before, words });
    },
    close: () => {
      setAsked(null);
    },
  };
}
