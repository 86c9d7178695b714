import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { holdsBareValues, isValidLetterUpdate, setsAnew } from '../../../src/main/sync/letter-check.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';

function update(build: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  build(doc);
  return Y.encodeStateAsUpdate(doc);
}

function paragraph(name = 'paragraph', text = 'Hello'): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

const good = letterBodyFromBlocks([
  { type: 'heading', level: 1, content: [{ type: 'text', text: 'A', underline: true }] },
  { type: 'paragraph', content: [{ type: 'variable', name: 'client_name' }] },
]);

describe('accepted', () => {
  test('a whole body, an edit on top of one, a deletion, and what a merge leaves behind', () => {
    const doc = new Y.Doc();
    const edits: Uint8Array[] = [];
    doc.on('update', (bytes: Uint8Array) => edits.push(bytes));
    Y.applyUpdate(doc, good);
    const body = doc.getXmlFragment('body');
    body.insert(1, [paragraph()]);
    body.delete(0, 1);
    const text = (body.get(0) as Y.XmlElement).get(0) as Y.XmlText;
    text.format(0, 2, { bold: {} });
    expect([good, ...edits, Y.encodeStateAsUpdate(doc)].map(isValidLetterUpdate)).not.toContain(false);
    expect(edits.length).toBeGreaterThan(3);
  });

  test('an edit that leans on an update which has not arrived', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, good);
    const before = Y.encodeStateVector(doc);
    doc.getXmlFragment('body').insert(2, [paragraph()]);
    expect(isValidLetterUpdate(Y.encodeStateAsUpdate(doc, before))).toBe(true);
  });
});

/** A heading whose level is changed, as its own update and as what the letter is then. */
function levelled(): { before: Uint8Array; change: Uint8Array; after: Uint8Array } {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, good);
  const changes: Uint8Array[] = [];
  doc.on('update', (bytes: Uint8Array) => changes.push(bytes));
  (doc.getXmlFragment('body').get(0) as Y.XmlElement).setAttribute('level', 2 as never);
  return { before: good, change: changes[0] ?? new Uint8Array(), after: Y.encodeStateAsUpdate(doc) };
}

/** A value that stands after a word, as a laptop that means ill could write it: its bytes name no attribute, as those of `levelled` name none. */
function valueAmongWords(): { change: Uint8Array; after: Uint8Array } {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, good);
  const changes: Uint8Array[] = [];
  doc.on('update', (bytes: Uint8Array) => changes.push(bytes));
  doc.transact((transaction) => {
    const body = doc.getXmlFragment('body');
    const value = new Y.ContentAny([7]) as never;
    const left = (body.get(1) as unknown as { _item: Y.Item })._item;
    new Y.Item(Y.createID(doc.clientID, 0), left, left.lastId, null, null, body, null, value).integrate(transaction, 0);
  });
  return { change: changes[0] ?? new Uint8Array(), after: Y.encodeStateAsUpdate(doc) };
}

describe('an attribute that is set anew', () => {
  test('is accepted, by itself and in the letter', () => {
    const { change, after } = levelled();
    expect([change, after].map(isValidLetterUpdate)).toEqual([true, true]);
    expect([change, after].map(setsAnew)).toEqual([true, true]);
    expect([change, after].map(holdsBareValues)).toEqual([false, false]);
  });

  test('a value among words looks like it until it is in the letter, which is refused', () => {
    const { change, after } = valueAmongWords();
    expect(setsAnew(change)).toBe(true);
    expect(isValidLetterUpdate(after)).toBe(false);
    expect(holdsBareValues(after)).toBe(true);
  });
});

describe('refused', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('{"type":"doc"}')],
    ['another root than body', update((doc) => doc.getXmlFragment('other').insert(0, [paragraph()]))],
    ['a map on the root', update((doc) => doc.getMap('body').set('level', 'x'))],
    ['a node the editor would delete', update((doc) => doc.getXmlFragment('body').insert(0, [paragraph('iframe')]))],
    [
      'a mark the editor would delete the text for',
      update((doc) => {
        const element = paragraph();
        doc.getXmlFragment('body').insert(0, [element]);
        (element.get(0) as Y.XmlText).format(0, 3, { blink: {} });
      }),
    ],
    [
      'an unknown attribute',
      update((doc) => {
        const element = paragraph();
        element.setAttribute('onclick', 'x');
        doc.getXmlFragment('body').insert(0, [element]);
      }),
    ],
    ['an embedded object', update((doc) => doc.getXmlFragment('body').insert(0, [embed()]))],
    [
      'nesting no editor survives',
      update((doc) => {
        let parent: Y.XmlFragment = doc.getXmlFragment('body');
        for (let level = 0; level < 200; level += 1) {
          const child = new Y.XmlElement('blockquote');
          parent.insert(0, [child]);
          parent = child;
        }
      }),
    ],
  ])('%s', (_, bytes) => {
    expect(isValidLetterUpdate(bytes)).toBe(false);
  });

  function embed(): Y.XmlText {
    const text = new Y.XmlText();
    text.insertEmbed(0, { html: '<script>' });
    return text;
  }

  test('a deletion so long that it would swallow what a colleague has yet to type', () => {
    // One client, one struct, client 1 at clock 0: a GC of 2^40 characters, no deletions.
    const length = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    expect(isValidLetterUpdate(Uint8Array.from([1, 1, 1, 0, 0, ...length, 0]))).toBe(false);
    expect(isValidLetterUpdate(Uint8Array.from([1, 1, 1, 0, 0, 5, 0]))).toBe(true);
  });

  test('every cut of a good update', () => {
    const accepted = [...good.keys()].filter((length) => isValidLetterUpdate(good.subarray(0, length)));
    expect(accepted).toEqual([]);
  });

  test('a string whose length reaches past the end, in a buffer that has neighbours', () => {
    const pool = Buffer.concat([Buffer.from(good.subarray(0, good.length - 1)), Buffer.alloc(4000, 'secret')]);
    expect(isValidLetterUpdate(pool.subarray(0, good.length - 1))).toBe(false);
  });
});

test('random bytes and random damage never throw', () => {
  const damage = fc.record({ at: fc.nat({ max: good.length - 1 }), byte: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(damage, { maxLength: 4 }), (noise, changes) => {
      isValidLetterUpdate(noise);
      const bytes = good.slice();
      for (const { at, byte } of changes) bytes[at] = byte;
      isValidLetterUpdate(bytes);
    }),
    { numRuns: 2000 },
  );
});
