import { expect, test } from 'vitest';
import { patchInWords, thingWord } from '../../../src/main/sync/words.ts';
import { offlinePolicy } from '../../../src/shared/ai.ts';

test('a decision of several values is said in words, what nobody decided left out', () => {
  const policy = { ...offlinePolicy, provider: 'anthropic', model: 'claude-opus-5', leaves: 'redacted', monthLimitMicrodollars: 5_000_000 };
  expect(patchInWords('assistant_policy', { policy })).toBe(
    'policy: provider anthropic, model claude-opus-5, leaves redacted, month limit microdollars 5000000',
  );
  expect(patchInWords('template_version', { template_content: { sections: [{ title: 'Facts' }] } })).toBe(
    'template content: {"sections":[{"title":"Facts"}]}',
  );
});

test('what two people entered for a template is a choice with words, whatever else stands beside it', () => {
  const asked = [{ name: 'inspected_on', label: 'Inspected on', type: 'date' }];
  const entered = { inspected_on: { type: 'date', value: '2024-03-04' }, fee: { type: 'money', value: 120_000 } };
  expect(patchInWords('letter', { metadata: { template: { name: 'Stairs' }, asked, entered } })).toBe(
    'what was entered for the template: Inspected on: March 4, 2024, fee: $1,200.00',
  );
  expect(patchInWords('letter', { metadata: { asked, entered: {} } })).toBe('what was entered for the template: nothing');
  expect(patchInWords('letter', { metadata: { entered: { x: { type: 'from a newer app' } } } })).toBe(
    'what was entered for the template: x: a value that only a newer version of Steno can show',
  );
});

test.each<[string, Record<string, unknown>, string]>([
  ['A comment', { change_type: 'Comment', change_data: { text: 'Too low.' } }, '“Too low.”'],
  ['A reply', { change_type: 'Comment', parent_id: 'x', change_data: { text: 'No.' } }, '“No.”'],
  ['A comment', { change_data: { text: 'Too high.', mentions: [], wasEdited: true } }, '“Too high.”'],
  ['A comment', { change_data: { text: 'a'.repeat(600) } }, `“${'a'.repeat(500)}…”`],
  ['A suggestion', { change_data: suggestionOf('thirty', 'twenty', null) }, '“thirty” becomes “twenty”'],
  ['A suggestion', { change_data: suggestionOf('thirty', '', 'Not agreed.') }, '“thirty” is taken out (Not agreed.)'],
  ['A suggestion', { change_data: suggestionOf('', 'At once.', '') }, '“At once.” is put in'],
  ['A suggestion', { is_resolved: true, outcome: 'accepted' }, 'accepted'],
  ['A comment', { change_data: { text: 'Fine.' }, is_resolved: true, colour: 'red' }, '“Fine.”; resolved; colour: red'],
  ['A comment or suggestion', { outcome: 'a'.repeat(600) }, `outcome: ${'a'.repeat(500)}`],
  ['A comment or suggestion', { change_data: [1], is_resolved: 5 }, 'change data: [1]; is resolved: 5'],
  ['A comment or suggestion', { is_resolved: true }, 'resolved'],
  ['A comment or suggestion', { is_resolved: false }, 'open'],
])('%s is told apart by what is changed of it, and says what it says', (what, patch, said) => {
  expect([thingWord('collaboration', patch), patchInWords('collaboration', patch)]).toEqual([what, said]);
});

function suggestionOf(was: string, becomes: string, why: string | null) {
  return { update: 'AAA=', was, becomes, why, model: null, prompt: null };
}

test('what a review answered is said whole: its outcome is no suggestion’s', () => {
  expect(patchInWords('review', { outcome: 'changes', answer: 'See page 12.' })).toBe('outcome: changes; answer: See page 12.');
});
