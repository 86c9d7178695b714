import * as Y from 'yjs';
import { changeOf, fragmentName } from './letter-doc.ts';
import { letterYDoc } from './y-doc.ts';

/**
 * An edit made without an editor: a new paragraph after the first block whose text contains `after`, or at the end.
 * Takes the body's state and returns the Yjs update to add to it.
 */
export function insertParagraph(state: Uint8Array, after: string, text: string): Uint8Array {
  return withParagraph(state, text, (nodes) => {
    const index = nodes.findIndex((node) => (node instanceof Y.XmlElement || node instanceof Y.XmlText) && node.toJSON().includes(after));
    return index < 0 ? nodes.length : index + 1;
  });
}

/** The same, before the block of this number, counted from 0; at the end where there are fewer. */
export function insertParagraphAt(state: Uint8Array, index: number, text: string): Uint8Array {
  return withParagraph(state, text, (nodes) => Math.min(index, nodes.length));
}

function withParagraph(state: Uint8Array, text: string, place: (nodes: unknown[]) => number): Uint8Array {
  const doc = letterYDoc();
  Y.applyUpdate(doc, state);
  const fragment = doc.getXmlFragment(fragmentName);
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(text)]);
  const update = changeOf(doc, () => {
    fragment.insert(place(fragment.toArray()), [paragraph]);
  });
  doc.destroy();
  return update;
}
