import { expect, test } from 'vitest';
import { firstLeaves, leavesInSentence, leavesWords, privacyWords } from '../../src/renderer/settings/words.ts';
import { Leaves } from '../../src/shared/ai.ts';

test('a firm that lets nothing leave and saves something else still lets nothing leave', () => {
  for (const leaves of Leaves.options) expect(firstLeaves({ provider: 'bedrock', leaves })).toBe(leaves);
  // who chooses a provider for the first time wants something to leave
  expect(firstLeaves({ provider: 'offline', leaves: 'nothing' })).toBe('redacted');
});

test('of names that are taken out nobody is promised more than those that Steno knows', () => {
  expect(leavesWords.redacted).toMatch(/that Steno knows$/);
  expect(leavesInSentence('redacted')).toBe('page text without the names and numbers that Steno knows');
  expect(privacyWords('redacted', 'a.example')).toContain('Names it does not know go along.');
});
