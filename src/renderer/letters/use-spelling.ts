import type { Editor, Extension } from '@tiptap/core';
import { useEffect, useState } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { useBridge, useCoreEvent } from '../client.ts';
import { misspelledAt, spellingMarks, type Speller } from './spelling-marks.ts';
import type { SpelledWord } from './spelling-words.ts';

interface Remembering extends Speller {
  setValues(values: LetterValues): void;
  forget(): void;
}

/** Asks core about each word once for as long as the letter is open. */
function createSpeller(bridge: Bridge, letterId: LetterId, first: LetterValues): Remembering {
  let values = first;
  const known = new Map<string, boolean>();
  const listeners = new Set<() => void>();
  return {
    values: () => values,
    setValues(next) {
      values = next;
    },
    isRight: (word) => known.get(word),
    async ask(words) {
      const answer = await bridge.call('letters.spelling', { letterId, words: [...words] }).catch(() => null);
      if (!answer?.ok || !answer.value.isOn) return false;
      const unknown = new Set(answer.value.unknown);
      for (const word of words) known.set(word, !unknown.has(word));
      return true;
    },
    forget() {
      known.clear();
      for (const listener of listeners) listener();
    },
    onForgotten(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Spelling in a letter: what the editor needs for it, before it is there. */
export function useSpeller(letterId: LetterId, values: LetterValues): { extension: Extension; forget: () => void } {
  const bridge = useBridge();
  const [speller] = useState(() => createSpeller(bridge, letterId, values));
  const [extension] = useState(() => spellingMarks(speller));
  useEffect(() => {
    speller.setValues(values);
  }, [speller, values]);
  // names of facts are right words
  useCoreEvent('facts.changed', () => {
    speller.forget();
  });
  return { extension, forget: speller.forget };
}

/** The underlined word whose menu is open, asked for with the mouse, the menu key or Alt+Enter. */
export function useSpellingMenu(editor: Editor, mayEdit: boolean) {
  const [asked, setAsked] = useState<SpelledWord | null>(null);
  useEffect(() => {
    if (!mayEdit) return;
    const open = (position: number | undefined, event: Event): void => {
      const word = position === undefined ? null : misspelledAt(editor, position);
      if (!word) return;
      event.preventDefault();
      setAsked(word);
    };
    const onMenu = (event: MouseEvent): void => {
      if (!(event.target instanceof Node) || !editor.view.dom.contains(event.target)) return;
      const isOnWord = event.target instanceof Element && event.target.closest('.misspelled');
      // by the menu key it comes for the caret
      open(isOnWord ? editor.view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos : editor.state.selection.from, event);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && event.altKey && !event.defaultPrevented && editor.view.hasFocus())
        open(editor.state.selection.from, event);
    };
    document.addEventListener('contextmenu', onMenu);
    // after the findings' own Alt+Enter, before the editor's Enter
    window.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('contextmenu', onMenu);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [editor, mayEdit]);
  return {
    asked,
    close: () => {
      setAsked(null);
    },
  };
}
