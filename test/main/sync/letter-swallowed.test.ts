import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block } from '../../../src/shared/letters.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, readLetterBody } from '../../../src/main/sync/letter-doc.ts';
import { swallowedWords } from '../../../src/main/sync/letter-swallowed.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`letter-swallowed seed ${String(seed)} (repeat with STENO_SEED)`);

const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });

/** Somebody's laptop: what she does becomes updates, as an editor hands them on. */
class Writer {
  readonly doc = new Y.Doc();
  readonly updates: Uint8Array[] = [];
  constructor(clientId: number) {
    this.doc.clientID = clientId;
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'firm') this.updates.push(update);
    });
  }
  take(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.doc, update, 'firm');
  }
  get body(): Y.XmlFragment {
    return this.doc.getXmlFragment('body');
  }
  textOf(nth: number): Y.XmlText {
    return (this.body.get(nth) as Y.XmlElement).get(0) as Y.XmlText;
  }
  type(nth: number, at: number, words: string): void {
    this.textOf(nth).insert(at, words);
  }
  remove(nth: number): void {
    this.body.delete(nth, 1);
  }
}
const base = letterBodyFromBlocks([paragraph('One stands first.'), paragraph('Two is in the middle.'), paragraph('Three stands last.')], 1);
const numbered = (updates: readonly Uint8Array[]) => updates.map((payload, nth) => ({ updateId: `u${String(nth)}`, payload }));
const merged = (updates: readonly Uint8Array[]): Uint8Array => readLetterBody(updates).state;
const found = (updates: readonly Uint8Array[]) => swallowedWords(numbered(updates), merged(updates));

function three(): [Writer, Writer, Writer] {
  const writers: [Writer, Writer, Writer] = [new Writer(11), new Writer(22), new Writer(33)];
  for (const writer of writers) writer.take([base]);
  return writers;
}

test('[S32] two delete the same paragraph while a third writes in it: her words are gone from the letter, and are told', () => {
  const [elena, john, ruth] = three();
  elena.remove(1);
  john.remove(1);
  ruth.type(1, 3, ' (so Ruth saw it)');
  ruth.type(1, 3, ' indeed');
  const updates = [base, ...elena.updates, ...ruth.updates, ...john.updates];
  expect(JSON.stringify(blocksFromLetterBody(merged(updates)))).not.toContain('Ruth');
  const [one, ...more] = found(updates);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ text: ' (so Ruth saw it) indeed', updateIds: ['u2', 'u3'], index: 1 });
  // in whatever order and however often they come, and joined
  expect(found([...updates].reverse()).map(({ key, text }) => [key, text])).toEqual([[one?.key, one?.text]]);
  expect(found([...updates, ...ruth.updates]).map(({ key }) => key)).toEqual([one?.key]);
  expect(found([base, Y.mergeUpdates([...elena.updates, ...john.updates]), Y.mergeUpdates(ruth.updates)]).map(({ key }) => key)).toEqual([
    one?.key,
  ]);
});

test('whoever saw the words and deleted the paragraph meant to: nothing is told; nor of what its own writer took out', () => {
  const [elena, , ruth] = three();
  ruth.type(1, 3, ' (so Ruth saw it)');
  elena.take(ruth.updates);
  elena.remove(1);
  expect(found([base, ...ruth.updates, ...elena.updates])).toEqual([]);
  ruth.type(0, 3, ' never mind');
  ruth.textOf(0).delete(3, 11);
  expect(found([base, ...ruth.updates, ...elena.updates])).toEqual([]);
});

test('a whole list goes with what was typed in one of its items; the words would stand where it stood', () => {
  const list: Block = { type: 'list', ordered: true, items: [[paragraph('First term.')], [paragraph('Second term.')]] };
  const start = letterBodyFromBlocks([paragraph('The terms:'), list, paragraph('Sincerely,')], 1);
  const [elena, john] = [new Writer(11), new Writer(22)];
  for (const writer of [elena, john]) writer.take([start]);
  elena.remove(1);
  const second = (((john.body.get(1) as Y.XmlElement).get(1) as Y.XmlElement).get(0) as Y.XmlElement).get(0) as Y.XmlText;
  second.insert(0, 'Interest of ten percent. ');
  expect(found([start, ...elena.updates, ...john.updates])).toMatchObject([{ text: 'Interest of ten percent. ', index: 1 }]);
});

test('only spaces and marks are nobody’s loss', () => {
  const [elena, john] = three();
  elena.remove(1);
  john.type(1, 3, '  - ');
  expect(found([base, ...elena.updates, ...john.updates])).toEqual([]);
});

test('[S32] property: whatever three people write and delete apart, each letter typed stands in the text, was deleted by somebody who had seen it, or is told', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('type' as const), who: fc.nat(2), nth: fc.nat(9), at: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), who: fc.nat(2), nth: fc.nat(9), at: fc.constant(0) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), who: fc.nat(2), nth: fc.nat(9), at: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('sync' as const), who: fc.nat(2), nth: fc.nat(9), at: fc.constant(0) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const writers = three();
      const all = (): Uint8Array[] => [base, ...writers.flatMap(({ updates }) => updates)];
      /** Letters that somebody who had them before her eyes took out. */
      const meant = new Set<string>();
      const typed: string[] = [];
      for (const { kind, who, nth, at } of steps) {
        const writer = writers[who] ?? writers[0];
        if (kind === 'sync') writer.take(all());
        else if (writer.body.length === 0) continue;
        else if (kind === 'remove') {
          const index = nth % writer.body.length;
          for (const letter of writer.textOf(index).toJSON()) meant.add(letter);
          writer.remove(index);
        } else {
          const text = writer.textOf(nth % writer.body.length);
          const from = at % (text.length + 1);
          if (kind === 'type') {
            // each letter is another one, so that none is taken for its neighbour
            const letter = String.fromCharCode(0x4e00 + typed.length);
            typed.push(letter);
            text.insert(from, letter);
          } else {
            for (const letter of text.toJSON().slice(from, from + 3)) meant.add(letter);
            text.delete(from, Math.min(3, text.length - from));
          }
        }
      }
      const updates = all();
      const standing = JSON.stringify(blocksFromLetterBody(merged(updates)));
      const told = found(updates)
        .map(({ text }) => text)
        .join('');
      for (const letter of typed) {
        const isTold = told.split(letter).length - 1;
        expect(isTold, letter).toBe(standing.includes(letter) || meant.has(letter) ? 0 : 1);
      }
    }),
    { seed, numRuns: 300 },
  );
});
