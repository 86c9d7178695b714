import { Extension, type Editor } from '@tiptap/core';
import { Plugin, PluginKey, type PluginView } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { LetterValues } from '../../shared/letters.ts';
import { boundTo } from '../presence/place.ts';
import { blocksInSight } from './in-sight.ts';
import { wordsOf, type SpelledWord } from './spelling-words.ts';

/** Says which words nobody knows, and remembers it. */
export interface Speller {
  values(): LetterValues;
  /** Known already: whether it is right. undefined: nobody asked yet. */
  isRight(word: string): boolean | undefined;
  /** Asks for words; false where spelling is off or could not be asked. */
  ask(words: readonly string[]): Promise<boolean>;
  /** What is remembered may be wrong now: words in sight are looked at again. */
  onForgotten(listener: () => void): () => void;
}

const key = new PluginKey<DecorationSet>('spelling');
/** So long after the last key, or turn of the wheel, words in sight are looked at. */
const restMs = 300;
/** As many words as a question may hold (shared/spelling.ts). */
const mostAsked = 500;

/** Underlines words that nobody knows, of those in sight only; while keys are pressed the lines move along and nothing else is done. */
export function spellingMarks(speller: Speller): Extension {
  return Extension.create({
    name: 'spellingMarks',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, before, _old, state) {
            const news = tr.getMeta(key) as SpelledWord[] | undefined;
            if (news) return DecorationSet.create(tr.doc, news.map(drawn));
            if (!tr.docChanged) return before;
            // what a colleague typed comes as a whole new text; the look that follows draws anew
            return boundTo(state)?.isChangeOrigin === true ? DecorationSet.empty : before.map(tr.mapping, tr.doc);
          },
        },
        props: { decorations: (state) => key.getState(state) },
        view: (view) => watch(view, speller),
      }),
    ],
  });
}

const drawn = ({ word, from, to }: SpelledWord): Decoration =>
  Decoration.inline(
    from,
    to,
    { class: 'misspelled', title: `“${word}” is in no dictionary here. Alt+Enter shows what may be meant.` },
    { word },
  );

function watch(view: EditorView, speller: Speller): PluginView {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), restMs);
  };
  const look = async (): Promise<void> => {
    if (isGone) return;
    const unasked = (): string[] =>
      [...new Set(inSight(view, speller.values()).map(({ word }) => word))].filter((word) => speller.isRight(word) === undefined);
    if (!(await askedAll(speller, unasked()))) {
      show([]);
      return;
    }
    const { selection } = view.state;
    // the word that is being written is not found fault with
    const isBeingWritten = ({ from, to }: SpelledWord): boolean =>
      view.hasFocus() && selection.empty && selection.from >= from && selection.from <= to;
    show(
      view.isDestroyed
        ? []
        : inSight(view, speller.values()).filter((word) => speller.isRight(word.word) === false && !isBeingWritten(word)),
    );
  };
  const show = (wrong: SpelledWord[]): void => {
    if (isGone) return;
    const before = key.getState(view.state)?.find() ?? [];
    if (before.length === wrong.length && before.every(({ from, to }, nth) => wrong[nth]?.from === from && wrong[nth].to === to)) return;
    view.dispatch(view.state.tr.setMeta(key, wrong).setMeta('addToHistory', false));
  };
  // scrolling does not bubble
  document.addEventListener('scroll', soon, true);
  window.addEventListener('resize', soon);
  const stop = speller.onForgotten(soon);
  soon();
  return {
    update(_view, before) {
      if (before.doc !== view.state.doc || !before.selection.eq(view.state.selection)) soon();
    },
    destroy() {
      isGone = true;
      clearTimeout(timer);
      document.removeEventListener('scroll', soon, true);
      window.removeEventListener('resize', soon);
      stop();
    },
  };
}

async function askedAll(speller: Speller, words: readonly string[]): Promise<boolean> {
  for (let at = 0; at < words.length; at += mostAsked) if (!(await speller.ask(words.slice(at, at + mostAsked)))) return false;
  return true;
}

/** The words of the blocks that can be seen now. */
function inSight(view: EditorView, values: LetterValues): SpelledWord[] {
  return blocksInSight(view).flatMap(({ node, start }) => {
    if (node.isTextblock) return wordsOf(node, start + 1, values);
    const found: SpelledWord[] = [];
    node.descendants((inner, offset) => {
      if (inner.isTextblock) found.push(...wordsOf(inner, start + 1 + offset + 1, values));
      return !inner.isTextblock;
    });
    return found;
  });
}

/** The underlined word at a position; null where none is. */
export function misspelledAt(editor: Editor, position: number): SpelledWord | null {
  const [found] = key.getState(editor.state)?.find(position, position) ?? [];
  const word: unknown = (found?.spec as { word?: unknown } | undefined)?.word;
  return found && typeof word === 'string' ? { word, from: found.from, to: found.to } : null;
}
