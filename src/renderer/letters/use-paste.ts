import { useEffect, useState } from 'react';
import type { LetterValues } from '../../shared/letters.ts';
import { cleanPaste } from './paste.ts';
import type { PasteProgress } from './paste-large.ts';

/** What is pasted into a letter: the editor's part, how far a long one is, and what a person should know of the last one. */
export function usePaste(values: LetterValues) {
  const [progress, setProgress] = useState<PasteProgress | null>(null);
  const [text, setText] = useState<string | null>(null);
  const [names] = useState(createNames);
  useEffect(() => {
    names.set(Object.keys(values.variables));
  }, [names, values]);
  // an editor keeps its extensions for as long as it lives
  const [extension] = useState(() => cleanPaste({ isKnown: names.has, say: setText, onProgress: setProgress }));
  return {
    extension,
    progress,
    text,
    onRead: () => {
      setText(null);
    },
  };
}

function createNames(): { set(names: readonly string[]): void; has(name: string): boolean } {
  let known = new Set<string>();
  return {
    set(names) {
      known = new Set(names);
    },
    has: (name) => known.has(name),
  };
}
