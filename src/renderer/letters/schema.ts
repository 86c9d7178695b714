import { mergeAttributes, Node, type Extensions } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import { ReactNodeViewRenderer, type ReactNodeViewProps } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import type { ComponentType } from 'react';
import type { XmlFragment } from 'yjs';
import { CitationChip, ExhibitListView, SpecialsTableView, VariableChip } from './chips.tsx';
import { layoutExtensions } from './layout.ts';

/** An inline atom that names a variable; main reads the same node and attribute (shared/letters.ts). */
function inlineChip(name: string, attribute: string, view: ComponentType<ReactNodeViewProps>): Node {
  return Node.create({
    name,
    group: 'inline',
    inline: true,
    atom: true,
    selectable: true,
    draggable: true,
    addAttributes: () => ({
      [attribute]: {
        default: '',
        parseHTML: (element: HTMLElement) => element.getAttribute(`data-${attribute}`) ?? '',
        renderHTML: (attributes: Record<string, unknown>) => ({ [`data-${attribute}`]: attributes[attribute] }),
      },
    }),
    parseHTML: () => [{ tag: `span[data-steno="${name}"]` }],
    renderHTML: ({ HTMLAttributes }) => ['span', mergeAttributes(HTMLAttributes, { 'data-steno': name })],
    addNodeView: () => ReactNodeViewRenderer(view, { as: 'span' }),
  });
}

function blockAtom(name: string, view: ComponentType<ReactNodeViewProps>): Node {
  return Node.create({
    name,
    group: 'block',
    atom: true,
    selectable: true,
    draggable: true,
    parseHTML: () => [{ tag: `div[data-steno="${name}"]` }],
    renderHTML: () => ['div', { 'data-steno': name }],
    addNodeView: () => ReactNodeViewRenderer(view),
  });
}

export function letterExtensions(body: XmlFragment): Extensions {
  return [
    StarterKit.configure({
      document: false,
      heading: { levels: [1, 2, 3] },
      // Yjs keeps the undo history, of this user's changes only.
      undoRedo: false,
      // What a letter's plain blocks cannot hold would be lost in its DOCX.
      link: false,
      strike: false,
      code: false,
      codeBlock: false,
      horizontalRule: false,
      // It writes a paragraph into every letter that ends otherwise, also into those that may only be read.
      trailingNode: false,
    }),
    Collaboration.configure({ fragment: body }),
    inlineChip('variable', 'name', VariableChip),
    inlineChip('citation', 'of', CitationChip),
    blockAtom('specialsTable', SpecialsTableView),
    blockAtom('exhibitList', ExhibitListView),
    ...layoutExtensions,
  ];
}
