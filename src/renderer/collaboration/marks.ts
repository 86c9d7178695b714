import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { CollaborationId } from '../../shared/ids.ts';
import { boundTo, findPlace } from '../presence/place.ts';

/** An open comment or suggestion as the text shows it. */
export interface Mark {
  collaborationId: CollaborationId;
  place: string;
  /** Of a suggestion: what would stand there. */
  becomes: string | null;
  /** It comes as a paragraph of its own. */
  isBlock: boolean;
}
/** What is marked in the letter now; the editor listens, the panel beside it tells. */
export interface Marks {
  set(marks: readonly Mark[], held: CollaborationId | null): void;
  now(): { marks: readonly Mark[]; held: CollaborationId | null };
  subscribe(listener: () => void): () => void;
  /** One of them was clicked in the text. */
  pick(id: CollaborationId): void;
  onPick(listener: (id: CollaborationId) => void): () => void;
}

export function createMarks(): Marks {
  let now: ReturnType<Marks['now']> = { marks: [], held: null };
  const listeners = new Set<() => void>();
  const pickers = new Set<(id: CollaborationId) => void>();
  return {
    set(marks, held) {
      now = { marks, held };
      for (const listener of listeners) listener();
    },
    now: () => now,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    pick(id) {
      for (const picker of pickers) picker(id);
    },
    onPick(picker) {
      pickers.add(picker);
      return () => {
        pickers.delete(picker);
      };
    },
  };
}

const key = new PluginKey<DecorationSet>('collaboration');

/** Draws comments and suggestions into the letter, and says which one was clicked. */
export function marksOf(marks: Marks): Extension {
  return Extension.create({
    name: 'collaborationMarks',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, before, _old, state) {
            const isNews = tr.getMeta(key) === true;
            if (!tr.docChanged && !isNews) return before;
            // what is typed here reaches Yjs after this: until then marks are moved along with the text
            if (!isNews && boundTo(state)?.isChangeOrigin !== true) return before.map(tr.mapping, tr.doc);
            return DecorationSet.create(state.doc, drawn(state, marks.now()));
          },
        },
        props: {
          decorations: (state) => key.getState(state),
          handleClick(_view, _position, event) {
            const id = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-remark]')?.dataset['remark'] : undefined;
            const mark = marks.now().marks.find(({ collaborationId }) => collaborationId === id);
            if (mark) marks.pick(mark.collaborationId);
            return false;
          },
        },
        view(view) {
          let isGone = false;
          const tell = (): void => {
            if (!isGone) view.dispatch(view.state.tr.setMeta(key, true).setMeta('addToHistory', false));
          };
          const stop = marks.subscribe(tell);
          // an editor that is being made takes no transaction
          queueMicrotask(tell);
          return {
            destroy() {
              isGone = true;
              stop();
            },
          };
        },
      }),
    ],
  });
}

function drawn(state: EditorState, { marks, held }: ReturnType<Marks['now']>): Decoration[] {
  return marks.flatMap(({ collaborationId, place, becomes, isBlock }) => {
    const found = findPlace(state, place);
    if (!found) return [];
    const [from, to] = [Math.min(found.anchor, found.head), Math.max(found.anchor, found.head)];
    const isHeld = collaborationId === held;
    const attributes = {
      class: `${becomes === null ? 'remark' : 'remark-was'}${isHeld ? ' remark-held' : ''}`,
      'data-remark': collaborationId,
    };
    const old = to > from ? [Decoration.inline(from, to, attributes)] : [];
    if (becomes === null || becomes === '') return old;
    const news = Decoration.widget(to, () => newWords(collaborationId, becomes, isHeld, isBlock), {
      key: `${collaborationId}:${String(isHeld)}:${becomes}`,
      side: 5,
      ignoreSelection: true,
    });
    return [...old, news];
  });
}

function newWords(collaborationId: CollaborationId, becomes: string, isHeld: boolean, isBlock: boolean): HTMLElement {
  const element = document.createElement('ins');
  element.className = `remark-becomes${isHeld ? ' remark-held' : ''}${isBlock ? ' remark-block' : ''}`;
  element.dataset['remark'] = collaborationId;
  element.contentEditable = 'false';
  // it is no part of the letter yet; the list beside it says the same
  element.setAttribute('aria-hidden', 'true');
  element.textContent = becomes;
  return element;
}
