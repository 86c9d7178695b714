import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block } from '../../../src/shared/letters.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`letter-merge seed ${String(seed)} (repeat with STENO_SEED)`);

const base: Block[] = [
  {
    type: 'paragraph',
    content: [
      { type: 'text', text: 'We represent ' },
      { type: 'variable', name: 'client_name' },
      { type: 'text', text: '.' },
    ],
  },
  { type: 'list', ordered: false, items: [[{ type: 'paragraph', content: [{ type: 'text', text: 'one' }] }]] },
  { type: 'specialsTable' },
];

type Edit = { do: 'type' | 'erase' | 'bold' | 'newParagraph' | 'chip'; at: number; replica: 0 | 1 };
const edit = fc.record<Edit>({
  do: fc.constantFrom('type', 'erase', 'bold', 'newParagraph', 'chip'),
  at: fc.nat({ max: 10_000 }),
  replica: fc.constantFrom(0, 1),
});

/** Two people who start from one letter and edit apart; every typed character is one no one else types. */
function editApart(edits: Edit[]): { updates: Uint8Array[]; typed: string[] } {
  const start = letterBodyFromBlocks(base, 1);
  const updates = [start];
  const typed: string[] = [];
  const docs = [0, 1].map(() => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, start);
    doc.on('update', (update: Uint8Array) => updates.push(update));
    return doc;
  });
  for (const { at, replica, ...what } of edits) {
    const body = docs[replica]?.getXmlFragment('body');
    if (!body) continue;
    const texts = textsIn(body);
    const text = texts[at % Math.max(1, texts.length)];
    const index = text ? at % (text.length + 1) : 0;
    const letter = String.fromCharCode(0xe000 + typed.length);
    if (what.do === 'type' && text) {
      text.insert(index, letter, {});
      typed.push(letter);
    } else if (what.do === 'bold') text?.format(0, index, { bold: {} });
    else if (what.do === 'erase' && text && text.length > 0) text.delete(at % text.length, 1);
    else if (what.do === 'newParagraph') {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(letter)]);
      body.insert(at % (body.length + 1), [paragraph]);
      typed.push(letter);
    } else if (what.do === 'chip') {
      const chip = new Y.XmlElement('variable');
      chip.setAttribute('name', 'claim_number');
      const paragraph = body.toArray().find((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === 'paragraph');
      paragraph?.insert(at % (paragraph.length + 1), [chip]);
    }
  }
  return { updates, typed };
}

function textsIn(node: Y.XmlFragment): Y.XmlText[] {
  return node.toArray().flatMap((child) => (child instanceof Y.XmlText ? [child] : child instanceof Y.XmlFragment ? textsIn(child) : []));
}

const deliveries = fc.array(fc.nat({ max: 10_000 }), { maxLength: 80 });

/** Each update at least once, in an order and with repeats that the network chose. */
function deliver(updates: Uint8Array[], order: number[]): Uint8Array[] {
  const queue = updates.map((update, index) => ({ update, key: ((order[index % Math.max(1, order.length)] ?? 0) * (index + 7)) % 1009 }));
  const shuffled = queue.sort((a, b) => a.key - b.key).map(({ update }) => update);
  return [...shuffled, ...order.flatMap((pick) => updates.slice(pick % updates.length, (pick % updates.length) + 1))];
}

describe('[S8] letter bodies edited apart', () => {
  test('come out the same whatever the order and repeats, and every update of theirs is valid', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 60 }), deliveries, deliveries, (edits, one, two) => {
        const { updates } = editApart(edits);
        expect(updates.every(isValidLetterUpdate)).toBe(true);
        const atOne = deliver(updates, one).reduce((state, update) => mergeLetterUpdates([state, update]), letterBodyFromBlocks([], 2));
        const atTwo = mergeLetterUpdates([letterBodyFromBlocks([], 2), ...deliver(updates, two)]);
        expect(blocksFromLetterBody(atOne)).toEqual(blocksFromLetterBody(atTwo));
        expect(isValidLetterUpdate(atOne)).toBe(true);
      }),
      { seed, numRuns: 150 },
    );
  });

  test('keep every character that someone typed and no one erased', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 60 }), deliveries, (edits, order) => {
        const { updates, typed } = editApart(edits.filter((one) => one.do !== 'erase'));
        const letters = JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(deliver(updates, order))));
        for (const letter of typed) expect(letters.split(letter)).toHaveLength(2);
      }),
      { seed, numRuns: 150 },
    );
  });

  test('control: without one of the updates something typed is missing, so the test above can fail', () => {
    const { updates, typed } = editApart([
      { do: 'type', at: 3, replica: 0 },
      { do: 'newParagraph', at: 1, replica: 1 },
    ]);
    const letters = JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(updates.slice(0, -1))));
    expect(typed.filter((letter) => letters.includes(letter))).toHaveLength(1);
  });
});
