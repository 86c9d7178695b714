import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type EditorState, type PluginView, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { UserId } from '../../shared/ids.ts';
import type { PersonHere } from '../../shared/presence.ts';
import type { Attendant } from './attendant.ts';
import { hueOf } from './hues.ts';
import { boundTo, findPlace, placeOf } from './place.ts';
import { nameOf } from './words.ts';

interface Caret {
  person: PersonHere;
  anchor: number;
  head: number;
  /** Counts the places she told of: a new one shows her name again. */
  turn: number;
}
interface Carets {
  /** By person; who has told of no place that is known here is not in it. */
  carets: ReadonlyMap<UserId, Caret>;
  decorations: DecorationSet;
}
const key = new PluginKey<Carets>('carets');

/** The others' carets and selections in the letter, and where this window's own is, told to the attendant. */
export function caretsOf(attendant: Attendant): Extension {
  return Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [caretsPlugin(attendant)],
  });
}

function caretsPlugin(attendant: Attendant): Plugin<Carets> {
  return new Plugin<Carets>({
    key,
    state: {
      init: () => ({ carets: new Map(), decorations: DecorationSet.empty }),
      apply(tr, before, _oldState, state) {
        const news = tr.getMeta(key) as readonly PersonHere[] | undefined;
        if (!tr.docChanged && !news) return before;
        const people = news ?? [...before.carets.values()].map(({ person }) => person);
        // What was typed here reaches Yjs after this: until then places are moved along with the text.
        const isOurs = tr.docChanged && boundTo(state)?.isChangeOrigin !== true;
        const carets = new Map<UserId, Caret>();
        for (const person of people) {
          const was = moved(before.carets.get(person.userId), tr);
          const caret = isOurs && !news ? was : caretOf(state, person, was);
          if (caret) carets.set(person.userId, caret);
        }
        return {
          carets,
          decorations: DecorationSet.create(
            state.doc,
            [...carets.values()].flatMap((caret) => drawn(caret, state.doc)),
          ),
        };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view: (view) => watch(view, attendant),
  });
}

/** The same caret after a change of the text. */
function moved(caret: Caret | undefined, tr: Transaction): Caret | undefined {
  if (!caret || !tr.docChanged) return caret;
  return { ...caret, anchor: tr.mapping.map(caret.anchor, -1), head: tr.mapping.map(caret.head, -1) };
}

/** Where she is now; where her words are not here yet, where she was. */
function caretOf(state: EditorState, person: PersonHere, was: Caret | undefined): Caret | undefined {
  if (person.place === null) return undefined;
  const found = findPlace(state, person.place);
  const turn = was === undefined ? 0 : was.person.place === person.place ? was.turn : was.turn + 1;
  if (found) return { person, ...found, turn };
  return was && { ...was, person, turn };
}

function drawn({ person, anchor, head, turn }: Caret, doc: Node): Decoration[] {
  if (person.state === 'away' || person.state === 'near') return [];
  const last = doc.content.size;
  const hue = String(hueOf(person.userId));
  const [from, to] = [Math.min(anchor, head, last), Math.min(Math.max(anchor, head), last)];
  const mark = Decoration.widget(Math.min(head, last), () => caretElement(person, hue), {
    key: `${person.userId}:${String(turn)}:${hue}`,
    side: 10,
    ignoreSelection: true,
  });
  return from === to ? [mark] : [Decoration.inline(from, to, { class: 'caret-selection', 'data-hue': hue }), mark];
}

function caretElement(person: PersonHere, hue: string): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'caret';
  caret.dataset['hue'] = hue;
  caret.dataset['person'] = person.userId;
  // read aloud it would stand in the middle of a sentence; the list of people says the same
  caret.setAttribute('aria-hidden', 'true');
  caret.dataset['name'] = nameOf(person); // shown by the stylesheet
  return caret;
}

function watch(view: EditorView, attendant: Attendant): PluginView {
  let people: readonly PersonHere[] = [];
  let isGone = false;
  const dispatch = (news: readonly PersonHere[]): void => {
    if (!isGone) view.dispatch(view.state.tr.setMeta(key, news).setMeta('addToHistory', false));
  };
  const onPeople = (): void => {
    if (attendant.people() !== people) {
      people = attendant.people();
      dispatch(people);
    }
    find();
  };
  const find = (): void => {
    const wanted = attendant.takeWanted();
    if (wanted === null) return;
    const element = view.dom.querySelector(`.caret[data-person="${CSS.escape(wanted)}"]`);
    if (element) element.scrollIntoView({ block: 'center' });
    else if (people.some((person) => person.userId === wanted && person.place !== null)) later = wanted;
  };
  let later: UserId | null = null;
  const stop = attendant.subscribe(onPeople);
  // an editor that is being made takes no transaction
  queueMicrotask(onPeople);
  return {
    update(_view, before) {
      const { state } = view;
      if (state.doc !== before.doc && boundTo(state)?.isChangeOrigin !== true) attendant.typed();
      const carets = key.getState(state)?.carets ?? new Map<UserId, Caret>();
      const sections = new Map<UserId, string>();
      for (const [userId, { head }] of carets) {
        const title = sectionAt(state.doc, head);
        if (title !== null) sections.set(userId, title);
      }
      // a colleague whose place was in words that had not come yet
      const isNew = state.doc !== before.doc;
      queueMicrotask(() => {
        if (isGone) return;
        attendant.setSections(sections);
        if (view.hasFocus()) attendant.stand(placeOf(view.state));
        if (isNew && people.some(({ userId, place }) => place !== null && !carets.has(userId))) dispatch(people);
        if (later !== null) {
          const wanted = later;
          later = null;
          attendant.find(wanted);
        }
      });
    },
    destroy() {
      isGone = true;
      stop();
      attendant.setSections(new Map());
    },
  };
}

/** The heading above a position. */
function sectionAt(doc: Node, position: number): string | null {
  let title: string | null = null;
  doc.forEach((node, offset) => {
    if (node.type.name === 'heading' && offset <= position) title = node.textContent.trim() || title;
  });
  return title;
}
