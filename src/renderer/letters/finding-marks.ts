import { Extension, type Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { boundTo } from '../presence/place.ts';
import { placeOfFinding } from './finding-places.ts';

interface Found {
  findings: readonly FindingView[];
  values: LetterValues;
}
interface Marked {
  found: Found | null;
  decorations: DecorationSet;
}
const key = new PluginKey<Marked>('findings');

/** Underlines what the linter found; what is typed moves the lines along until it has looked again. */
export const findingMarks = Extension.create({
  name: 'findingMarks',
  addProseMirrorPlugins: () => [
    new Plugin<Marked>({
      key,
      state: {
        init: () => ({ found: null, decorations: DecorationSet.empty }),
        apply(tr, before, _old, state) {
          const news = tr.getMeta(key) as Found | undefined;
          if (!tr.docChanged && !news) return before;
          // what a colleague typed comes as a whole new text, along which nothing can be moved
          if (!news && boundTo(state)?.isChangeOrigin !== true)
            return { ...before, decorations: before.decorations.map(tr.mapping, tr.doc) };
          const found = news ?? before.found;
          return { found, decorations: DecorationSet.create(tr.doc, found ? drawn(tr.doc, found) : []) };
        },
      },
      props: { decorations: (state) => key.getState(state)?.decorations },
    }),
  ],
});

function drawn(doc: Node, { findings, values }: Found): Decoration[] {
  return findings.flatMap((finding) => {
    const span = finding.muted ? null : placeOfFinding(doc, finding, values);
    return span ? [Decoration.inline(span.from, span.to, { class: classOf(finding), title: finding.reason })] : [];
  });
}

/** What only wants a source is marked more quietly than what is wrong: while one writes, much of it has none yet. */
const classOf = ({ rule, severity }: FindingView): string =>
  rule === 'unsupported_sentence' ? 'finding-unsupported' : `finding-${severity}`;

/** Tells the editor what the linter found. */
export function markFindings(editor: Editor, findings: readonly FindingView[], values: LetterValues): void {
  editor.view.dispatch(editor.state.tr.setMeta(key, { findings, values } satisfies Found).setMeta('addToHistory', false));
}
