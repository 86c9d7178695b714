import * as Y from 'yjs';
import { docFrom } from '../../src/main/sync/letter-doc.ts';

/** Where words stand in one run of a letter's text, as an editor tells of a selection. */
export function placeOfWords(state: Uint8Array, words: string): string {
  const doc = docFrom([state]);
  const runs: Y.XmlText[] = [];
  const look = (node: unknown): void => {
    if (node instanceof Y.XmlText) runs.push(node);
    else if (node instanceof Y.XmlFragment) node.toArray().forEach(look);
  };
  look(doc.getXmlFragment('body'));
  const textOf = (run: Y.XmlText): string => (run.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
  const run = runs.find((one) => textOf(one).includes(words));
  if (!run) throw new Error(`no run of the letter holds “${words}”`);
  const from = textOf(run).indexOf(words);
  const encoded = [from, from + words.length].map((at) =>
    Buffer.from(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(run, at))).toString('base64'),
  );
  doc.destroy();
  return encoded.join('.');
}
