import { expect, test } from 'vitest';
import { patchInWords } from '../../../src/main/sync/words.ts';
import { offlinePolicy } from '../../../src/shared/ai.ts';

test('a decision of several values is said in words, what nobody decided left out', () => {
  const policy = { ...offlinePolicy, provider: 'anthropic', model: 'claude-opus-5', leaves: 'redacted', monthLimitMicrodollars: 5_000_000 };
  expect(patchInWords({ policy })).toBe(
    'policy: provider anthropic, model claude-opus-5, leaves redacted, month limit microdollars 5000000',
  );
  expect(patchInWords({ template_content: { sections: [{ title: 'Facts' }] } })).toBe('template content: {"sections":[{"title":"Facts"}]}');
});
