import { getSchema, Node as TipTapNode } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { prosemirrorJSONToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block } from '../../../src/shared/letters.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';

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

/** The editor's own schema, built as the renderer builds it. */
const schema = getSchema([
  StarterKit,
  atom('variable', true, 'name'),
  atom('citation', true, 'of'),
  atom('specialsTable', false),
  atom('exhibitList', false),
]);

const letter: Block[] = [
  { type: 'heading', level: 2, content: [{ type: 'text', text: 'Facts' }] },
  {
    type: 'paragraph',
    content: [
      { type: 'text', text: 'On ' },
      { type: 'variable', name: 'date_of_loss' },
      { type: 'text', text: ', ' },
      { type: 'text', text: 'bold', bold: true },
      { type: 'text', text: ' and all three', bold: true, italic: true, underline: true },
      { type: 'break' },
      { type: 'citation', of: 'date_of_loss' },
      { type: 'text', text: '.' },
    ],
  },
  {
    type: 'list',
    ordered: true,
    items: [
      [{ type: 'paragraph', content: [{ type: 'text', text: 'first' }] }],
      [
        { type: 'paragraph', content: [] },
        { type: 'list', ordered: false, items: [[{ type: 'paragraph', content: [{ type: 'text', text: 'inner' }] }]] },
      ],
    ],
  },
  { type: 'quote', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'quoted' }] }] },
  { type: 'specialsTable' },
  { type: 'exhibitList' },
];

function fragmentOf(update: Uint8Array): Y.XmlFragment {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getXmlFragment('body');
}

describe('the encoding is the one TipTap reads', () => {
  test('a body made here opens in the editor without losing a node', () => {
    const fragment = fragmentOf(letterBodyFromBlocks(letter));
    const before = fragment.toJSON();
    const node = yXmlFragmentToProseMirrorRootNode(fragment, schema);
    node.check();
    // The editor deletes from the shared document whatever its schema refuses.
    expect(fragment.toJSON()).toBe(before);
    expect(node.textContent).toBe('FactsOn , bold and all three.firstinnerquoted');
    expect(node.child(0).attrs['level']).toBe(2);
    expect(node.child(1).child(1).attrs['name']).toBe('date_of_loss');
    expect(
      node
        .child(1)
        .child(4)
        .marks.map((mark) => mark.type.name)
        .sort(),
    ).toEqual(['bold', 'italic', 'underline']);
  });

  test('a body written by TipTap from ProseMirror JSON reads back as the same blocks', () => {
    const json: unknown = yXmlFragmentToProseMirrorRootNode(fragmentOf(letterBodyFromBlocks(letter)), schema).toJSON();
    const doc = new Y.Doc();
    prosemirrorJSONToYXmlFragment(schema, json, doc.getXmlFragment('body'));
    expect(blocksFromLetterBody(Y.encodeStateAsUpdate(doc))).toEqual(letter);
  });

  test.each([
    ['no blocks at all', []],
    ['an empty quote', [{ type: 'quote', content: [] }]],
    ['an empty list item', [{ type: 'list', ordered: false, items: [[]] }]],
    ['a list without items', [{ type: 'list', ordered: false, items: [] }]],
    ['a list item that starts with a heading', [{ type: 'list', ordered: false, items: [[{ type: 'heading', level: 3, content: [] }]] }]],
    ['an empty run of text', [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }]],
  ] satisfies [string, Block[]][])('%s still gives a document the schema accepts', (_, blocks) => {
    const fragment = fragmentOf(letterBodyFromBlocks(blocks));
    const before = fragment.toJSON();
    yXmlFragmentToProseMirrorRootNode(fragment, schema).check();
    expect(fragment.toJSON()).toBe(before);
  });
});

test('the same blocks under one clientID give the same bytes, and merging them twice changes nothing', () => {
  const first = letterBodyFromBlocks(letter, 7);
  expect(letterBodyFromBlocks(letter, 7)).toEqual(first);
  expect(blocksFromLetterBody(mergeLetterUpdates([first, first]))).toEqual(letter);
});

test('an update that arrives before the one it leans on takes effect when that one comes', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, letterBodyFromBlocks(letter));
  const base = Y.encodeStateAsUpdate(doc);
  const seen = Y.encodeStateVector(doc);
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText('added later')]);
  doc.getXmlFragment('body').insert(0, [paragraph]);
  const later = Y.encodeStateAsUpdate(doc, seen);
  const waiting = mergeLetterUpdates([later]);
  expect(blocksFromLetterBody(mergeLetterUpdates([waiting, base]))[0]).toEqual({
    type: 'paragraph',
    content: [{ type: 'text', text: 'added later' }],
  });
});

describe('text of what this version does not know is kept', () => {
  function bodyWith(build: (fragment: Y.XmlFragment) => void): Uint8Array {
    const doc = new Y.Doc();
    build(doc.getXmlFragment('body'));
    return Y.encodeStateAsUpdate(doc);
  }
  function nested(name: string, depth: number): Uint8Array {
    return bodyWith((fragment) => {
      let parent: Y.XmlFragment = fragment;
      for (let level = 0; level < depth; level += 1) {
        const child = new Y.XmlElement(name);
        parent.insert(0, [child]);
        parent = child;
      }
      parent.insert(0, [new Y.XmlText('deep')]);
    });
  }

  test('an unknown block becomes paragraphs, an unknown inline node its text', () => {
    const body = bodyWith((fragment) => {
      const panel = new Y.XmlElement('callout');
      const paragraph = new Y.XmlElement('paragraph');
      const mention = new Y.XmlElement('mention');
      mention.insert(0, [new Y.XmlText('B')]);
      paragraph.insert(0, [new Y.XmlText('A'), mention, new Y.XmlText('C')]);
      panel.insert(0, [paragraph]);
      fragment.insert(0, [panel, new Y.XmlText('stray')]);
    });
    expect(blocksFromLetterBody(body)).toEqual([
      { type: 'paragraph', content: [{ type: 'text', text: 'ABC' }] },
      { type: 'paragraph', content: [{ type: 'text', text: 'stray' }] },
    ]);
  });

  test.each(['blockquote', 'paragraph', 'unheard-of'])('%s nested 3,000 deep does not exhaust the stack', (name) => {
    expect(JSON.stringify(blocksFromLetterBody(nested(name, 3000)))).toContain('"deep"');
  });

  test('a heading of level 5 stays a heading', () => {
    const body = bodyWith((fragment) => {
      const heading = new Y.XmlElement<{ level: number }>('heading');
      heading.setAttribute('level', 5);
      fragment.insert(0, [heading as unknown as Y.XmlElement]);
    });
    expect(blocksFromLetterBody(body)).toEqual([{ type: 'heading', level: 3, content: [] }]);
  });
});
