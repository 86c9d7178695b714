import { Extension, type Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type PluginView } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { boundTo } from '../presence/place.ts';
import { placeOfFinding } from './finding-places.ts';
import { blocksInSight } from './in-sight.ts';

interface Found {
  findings: readonly FindingView[];
  values: LetterValues;
}
/** Blocks of the letter [first, end), counted from 0. */
interface Sight {
  first: number;
  end: number;
}
interface Marked {
  found: Found | null;
  sight: Sight | null;
  decorations: DecorationSet;
}
const key = new PluginKey<Marked>('findings');

/** Of more than so many findings only those near the screen are drawn: each line under words makes every key typed anywhere a little slower. */
const mostDrawn = 60;
/** Screens above and below. */
const near = 1;
/** So long after the wheel was turned. */
const lookMs = 100;

/** Underlines what the linter found; what is typed moves the lines along until it has looked again. */
export const findingMarks = Extension.create({
  name: 'findingMarks',
  addProseMirrorPlugins: () => [
    new Plugin<Marked>({
      key,
      state: {
        init: () => ({ found: null, sight: null, decorations: DecorationSet.empty }),
        apply(tr, before, _old, state) {
          const news = tr.getMeta(key) as Partial<Marked> | undefined;
          if (!tr.docChanged && !news) return before;
          // what a colleague typed comes as a whole new text, along which nothing can be moved
          if (!news && boundTo(state)?.isChangeOrigin !== true)
            return { ...before, decorations: before.decorations.map(tr.mapping, tr.doc) };
          const { found, sight } = { ...before, ...news };
          return { found, sight, decorations: DecorationSet.create(tr.doc, found ? drawn(tr.doc, found, sight) : []) };
        },
      },
      props: { decorations: (state) => key.getState(state)?.decorations },
      view: watch,
    }),
  ],
});

function drawn(doc: Node, { findings, values }: Found, sight: Sight | null): Decoration[] {
  const isNear = ({ place }: FindingView): boolean => {
    const [block = 0] = place.block;
    return findings.length <= mostDrawn || sight === null || (block >= sight.first && block < sight.end);
  };
  return findings.flatMap((finding) => {
    const span = finding.muted || !isNear(finding) ? null : placeOfFinding(doc, finding, values);
    return span ? [Decoration.inline(span.from, span.to, { class: classOf(finding), title: finding.reason })] : [];
  });
}

/** What only wants a source is marked more quietly than what is wrong: while one writes, much of it has none yet. */
const classOf = ({ rule, severity }: FindingView): string =>
  rule === 'unsupported_sentence' ? 'finding-unsupported' : `finding-${severity}`;

/** Draws anew where the letter is scrolled to. */
function watch(view: EditorView): PluginView {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    timer = undefined;
    const marked = key.getState(view.state);
    if (!marked?.found || marked.found.findings.length <= mostDrawn) return;
    const sight = sightOf(view);
    if (sight.first === marked.sight?.first && sight.end === marked.sight.end) return;
    view.dispatch(view.state.tr.setMeta(key, { sight } satisfies Partial<Marked>).setMeta('addToHistory', false));
  };
  const soon = (): void => {
    timer ??= setTimeout(look, lookMs);
  };
  // scrolling does not bubble
  document.addEventListener('scroll', soon, true);
  window.addEventListener('resize', soon);
  return {
    destroy() {
      clearTimeout(timer);
      document.removeEventListener('scroll', soon, true);
      window.removeEventListener('resize', soon);
    },
  };
}

function sightOf(view: EditorView): Sight {
  const blocks = blocksInSight(view, near);
  const first = blocks[0]?.index ?? 0;
  return { first, end: first + blocks.length };
}

/** Tells the editor what the linter found. */
export function markFindings(editor: Editor, findings: readonly FindingView[], values: LetterValues): void {
  const sight = findings.length > mostDrawn ? sightOf(editor.view) : null;
  const news = { found: { findings, values }, sight } satisfies Partial<Marked>;
  editor.view.dispatch(editor.state.tr.setMeta(key, news).setMeta('addToHistory', false));
}
