import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { docFrom, fragmentName } from '../../../src/main/sync/letter-doc.ts';

/** Each by a writer of its own, all at the beginning of the letter, in the order that is dearest to Yjs. */
function crowd(writers: number): Uint8Array[] {
  return Array.from({ length: writers }, (_, n) => {
    const doc = new Y.Doc();
    doc.clientID = n + 1;
    doc.getXmlFragment(fragmentName).insert(0, [new Y.XmlElement('hardBreak')]);
    return Y.encodeStateAsUpdate(doc);
  });
}
/** How often Yjs asks whose of two items at one place comes first: what grows with the square. */
function comparisons(work: () => void): number {
  let count = 0;
  const { add } = Set.prototype;
  Set.prototype.add = function (this: Set<unknown>, value: unknown) {
    if (value instanceof Y.Item) count += 1;
    return add.call(this, value);
  };
  try {
    work();
  } finally {
    Set.prototype.add = add;
  }
  return count;
}

test('[S8] a letter with thousands of writers at one place is joined in steps that grow with their number, not with its square', () => {
  const updates = crowd(2_000);
  let length = 0;
  const merged = comparisons(() => (length = docFrom(updates).getXmlFragment(fragmentName).length));
  expect(length).toBe(2_000);
  expect(merged).toBeLessThan(200_000);
  // control: one by one
  const oneByOne = comparisons(() => {
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    expect(doc.getXmlFragment(fragmentName).toJSON()).toBe(docFrom(updates).getXmlFragment(fragmentName).toJSON());
  });
  expect(oneByOne).toBeGreaterThan(1_000_000);
});
