import { prosemirrorJSONToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { isValidLetterUpdate } from '../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, docFrom, letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { anyLetter } from '../support/random-letter.ts';
import { letterSchema as schema } from './letter-schema.ts';

const { process: here } = globalThis as { process?: { env: Partial<Record<string, string>> } };
const seed = Number(here?.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`letter-layout seed ${String(seed)} (repeat with STENO_SEED)`);

test('any letter is the same after blocks, body, editor and back, and every body of it is valid', () => {
  fc.assert(
    fc.property(anyLetter, (blocks) => {
      const body = letterBodyFromBlocks(blocks);
      expect(isValidLetterUpdate(body)).toBe(true);
      expect(blocksFromLetterBody(body)).toEqual(blocks);
      const fragment = docFrom([body]).getXmlFragment('body');
      const before = fragment.toJSON();
      const node = yXmlFragmentToProseMirrorRootNode(fragment, schema);
      node.check();
      // the editor deletes from the shared document whatever its schema refuses
      expect(fragment.toJSON()).toBe(before);
      const doc = new Y.Doc();
      prosemirrorJSONToYXmlFragment(schema, node.toJSON(), doc.getXmlFragment('body'));
      const again = Y.encodeStateAsUpdate(doc);
      expect(isValidLetterUpdate(again)).toBe(true);
      expect(blocksFromLetterBody(again)).toEqual(blocks);
    }),
    { seed, numRuns: 150 },
  );
});
