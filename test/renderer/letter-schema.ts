import { getSchema, Node as TipTapNode, type Extensions } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { layoutExtensions } from '../../src/renderer/letters/layout.ts';

function atom(name: string, inline: boolean, attribute?: string): TipTapNode {
  return TipTapNode.create({
    name,
    group: inline ? 'inline' : 'block',
    inline,
    atom: true,
    addAttributes: () => (attribute ? { [attribute]: { default: '' } } : {}),
    renderHTML: () => ['span'],
  });
}
/** The editor's own, with chips that draw nothing. */
export const letterNodes: Extensions = [
  StarterKit.configure({ document: false }),
  atom('variable', true, 'name'),
  atom('citation', true, 'of'),
  atom('specialsTable', false),
  atom('exhibitList', false),
  ...layoutExtensions,
];
export const letterSchema = getSchema(letterNodes);
