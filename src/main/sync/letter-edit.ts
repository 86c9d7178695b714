import * as Y from 'yjs';
import { fragmentName } from './letter-doc.ts';

/**
 * An edit made without an editor: a new paragraph after the first block whose text contains `after`, or at the end.
 * Takes the body's state and returns the Yjs update to add to it.
 */
export function insertParagraph(state: Uint8Array, after: string, text: string): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const before = Y.encodeStateVector(doc);
  const fragment = doc.getXmlFragment(fragmentName);
  const index = fragment
    .toArray()
    .findIndex((node) => (node instanceof Y.XmlElement || node instanceof Y.XmlText) && node.toJSON().includes(after));
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(text)]);
  fragment.insert(index < 0 ? fragment.length : index + 1, [paragraph]);
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  return update;
}
