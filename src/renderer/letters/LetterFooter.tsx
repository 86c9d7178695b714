import type { Editor } from '@tiptap/core';
import { useEffect, useMemo, useState } from 'react';
import type { LetterValues } from '../../shared/letters.ts';
import { count } from '../ui/values.tsx';
import { createLetterMeter } from './letter-size.ts';

/** So long after the last change the words are counted again. */
const restMs = 400;

/** How long the letter is, and what is selected of it; counted when nobody types. */
export function LetterFooter({ editor, values }: { editor: Editor; values: LetterValues }) {
  const meter = useMemo(() => createLetterMeter(values), [values]);
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      if (editor.isDestroyed) return;
      const { doc, selection } = editor.state;
      const { words, pages } = meter.of(doc);
      const whole = `${count(words, 'word')}, about ${count(pages, 'page')}`;
      const selected = selection.empty ? 0 : meter.wordsIn(doc, selection.from, selection.to);
      setText(selected > 0 ? `${selected.toLocaleString('en-US')} of ${count(words, 'word')} selected` : whole);
    };
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(tell, restMs);
    };
    tell();
    editor.on('transaction', later);
    return () => {
      clearTimeout(timer);
      editor.off('transaction', later);
    };
  }, [editor, meter]);
  return <footer className="letter-footer quiet">{text}</footer>;
}
