import { expect, test } from 'vitest';
import { lostCopyWords } from '../../src/renderer/session/lost-copy-words.ts';
import type { LostCopy } from '../../src/shared/session.ts';

const copy: LostCopy = {
  ...{
    accountKey: 'a',
    why: 'revoked',
    state: 'done',
    problem: null,
    at: 0,
    rescue: 'nothing',
    changes: 0,
    files: 0,
    unreadable: 0,
    path: null,
  },
};
const full = { code: 'full' as const, what: 'the file', reason: 'Free some disk space.' };

test.each<[Partial<LostCopy>, RegExp]>([
  [{}, /Nothing is lost: the firm has all of your work/],
  [{ state: 'working', rescue: null }, /saves what the firm does not have yet.*Leave it running/],
  [{ state: 'waiting', rescue: null, problem: full }, /not erased yet.*no room left.*Free some disk space.*start Steno again/],
  [
    { rescue: 'file', changes: 1 },
    /^Its copy is erased. 1 change that the firm did not have was saved first.*only your IT can open. Give it to your IT/,
  ],
  [{ rescue: 'file', changes: 3, files: 1 }, /3 changes and 1 file that the firm did not have were saved.*Give them to your IT/],
  [{ rescue: 'sealed_store', unreadable: 1 }, /key to its copy is erased.*only your IT can open it. Give them this folder/],
  [{ rescue: 'lost', changes: 2 }, /2 changes that the firm did not have were lost with it, because your firm has no recovery key/],
  [{ rescue: 'lost', unreadable: 1 }, /Work that the firm did not have was lost/],
  [{ why: 'damaged', state: 'working', rescue: null }, /saves what can be read/],
  [{ why: 'damaged' }, /Nothing waited in it.*All else comes from the firm. Sign in to go on/],
  [
    { why: 'damaged', rescue: 'file', changes: 2, unreadable: 1 },
    /2 changes .* were saved and go to the firm once you sign in. Parts of it could not be read.*which your IT can open/,
  ],
  [{ why: 'damaged', rescue: 'kept', files: 1 }, /1 file .* was saved and goes to the firm.*put aside/],
  [{ why: 'afresh', rescue: 'sealed_store' }, /recovery key: give them this folder/],
  [{ why: 'afresh', rescue: 'kept' }, /opens only with the key that was in this laptop’s keychain/],
])('%j', (change, words) => {
  expect(lostCopyWords({ ...copy, ...change }).advice).toMatch(words);
});

test('what is lost stops, what can be had asks, what is well tells', () => {
  const tone = (change: Partial<LostCopy>): string => lostCopyWords({ ...copy, ...change }).tone;
  expect([
    tone({ rescue: 'lost' }),
    tone({ rescue: 'file' }),
    tone({}),
    tone({ why: 'damaged', unreadable: 1 }),
    tone({ why: 'damaged' }),
  ]).toEqual([...['block', 'ask', 'tell', 'ask', 'tell']]);
});
