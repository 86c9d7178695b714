import { Extension, type Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { Hit, HitFinder } from './hits.ts';

interface Shown {
  /** Null while nothing is looked for: then a keystroke costs nothing here. */
  finder: HitFinder | null;
  hits: readonly Hit[];
  /** Which of them is in hand; -1: none. */
  at: number;
  decorations: DecorationSet;
}
/** What the bar tells: what to look for, or which hit is in hand. */
type News = { finder: HitFinder | null; at: number } | { at: number };

const key = new PluginKey<Shown>('hits');
const nothing: Shown = { finder: null, hits: [], at: -1, decorations: DecorationSet.empty };
/** More are not drawn at once: somebody who looks for "e" gets those around the one in hand. */
const mostDrawn = 600;

/** Marks all places that say what is looked for, and the one in hand. */
export const hitMarks = Extension.create({
  name: 'hitMarks',
  addProseMirrorPlugins: () => [
    new Plugin<Shown>({
      key,
      state: {
        init: () => nothing,
        apply(tr, before) {
          const news = tr.getMeta(key) as News | undefined;
          if (!news && (before.finder === null || !tr.docChanged)) return before;
          const finder = news && 'finder' in news ? news.finder : before.finder;
          if (finder === null) return nothing;
          const isSame = finder === before.finder && !tr.docChanged;
          const hits = isSame ? before.hits : finder.in(tr.doc);
          const at = Math.min(news?.at ?? before.at, hits.length - 1);
          return { finder, hits, at, decorations: DecorationSet.create(tr.doc, drawn(tr.doc, hits, at)) };
        },
      },
      props: { decorations: (state) => key.getState(state)?.decorations },
    }),
  ],
});

function drawn(doc: Node, hits: readonly Hit[], at: number): Decoration[] {
  const first = Math.max(0, Math.min(at - mostDrawn / 2, hits.length - mostDrawn));
  return hits.slice(first, first + mostDrawn).flatMap(({ from, to, variable }, nth) => {
    const attributes = { class: first + nth === at ? 'hit hit-held' : 'hit' };
    const inline = Decoration.inline(from, to, attributes);
    if (variable === null) return [inline];
    // an inline decoration colours words only: chips are marked each by itself
    const chips: Decoration[] = [];
    doc.nodesBetween(from, to, (node, position) => {
      if (node.isInline && node.isAtom && !node.isText) chips.push(Decoration.node(position, position + node.nodeSize, attributes));
      return true;
    });
    return [inline, ...chips];
  });
}

/** What is found now; the same object for as long as it is. */
export const hitsIn = (editor: Editor): Pick<Shown, 'hits' | 'at'> => key.getState(editor.state) ?? nothing;

/** Looks for something else (null: for nothing any more), with the hit in hand that `choose` picks. */
export function lookFor(editor: Editor, finder: HitFinder | null, choose: (hits: readonly Hit[]) => number = () => -1): void {
  const at = finder === null ? -1 : choose(finder.in(editor.state.doc));
  tellPlugin(editor, { finder, at });
}

/** Takes a hit in hand, and on screen. */
export function holdHit(editor: Editor, at: number): void {
  tellPlugin(editor, { at });
  const hit = hitsIn(editor).hits[at];
  if (!hit) return;
  const { node } = editor.view.domAtPos(hit.from);
  const element = editor.view.dom.querySelector('.hit-held') ?? (node instanceof Element ? node : node.parentElement);
  element?.scrollIntoView({ block: 'center' });
}

function tellPlugin(editor: Editor, news: News): void {
  if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr.setMeta(key, news).setMeta('addToHistory', false));
}
