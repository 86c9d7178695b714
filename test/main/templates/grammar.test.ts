import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TemplateContent } from '../../../src/shared/template-content.ts';
import { vocabulary } from '../../../src/main/letters/values.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { checkTemplate } from '../../../src/main/templates/check.ts';
import { parseTemplate } from '../../../src/main/templates/grammar.ts';
import { allBlocks } from '../../../src/main/sync/letter-text.ts';
import type { DraftWorld } from '../../../src/main/templates/expand.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);
console.log(`template grammar seed ${String(seed)} (repeat with STENO_SEED)`);

const amounts: Record<string, number> = { total_billed: 1_000_000 };
const world: DraftWorld = {
  has: (name) => name === 'client_name' || name in amounts || name.startsWith('provider__'),
  cents: (name) => amounts[name] ?? (name === 'provider_billed__aa' ? 5_000 : name === 'provider_billed__bb' ? 50_000 : null),
  items: (list, within) =>
    list === 'providers' ? ['aa', 'bb'] : list === 'visits' ? [] : list === 'bill_lines' ? [`of${within[0]?.key ?? ''}`] : null,
  fields: (list) => (list === 'providers' ? ['provider', 'provider_billed'] : list === 'bill_lines' ? ['line_code'] : []),
};
const aSection = (content: string) => ({ sections: [{ id: 's', title: 'S', content, order: 1, heading: false }] });

function drafted(content: string, of: DraftWorld = world): { text: string; problems: string[] } {
  const made = templateToBlocks(aSection(content), of);
  if (!made.ok) throw new Error(made.error.code);
  const inlines = [...allBlocks(made.value.blocks)].flatMap((block) =>
    'content' in block && block.type !== 'quote' ? [...block.content, { type: 'break' as const }] : [],
  );
  const text = inlines
    .map((one) =>
      one.type === 'text' ? one.text : one.type === 'variable' ? `{${one.name}}` : one.type === 'citation' ? `(${one.of})` : '/',
    )
    .join('');
  return { text: text.replace(/\/$/, ''), problems: made.value.problems };
}

describe('conditions', () => {
  test.each([
    ['{{#if client_name}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if not client_name}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if has client_name}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if claim_number is empty}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if claim_number is not empty}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if total_billed > $9,999.99}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if total_billed > 10000}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if total_billed >= $10,000.00}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if total_billed is less than $10,000.01}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if wage_loss > $0.00}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if providers}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if visits}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if providers > 1}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if providers is at most 1}}yes{{else}}no{{/if}}', 'no'],
  ])('%s reads %s', (content, expected) => {
    expect(drafted(content)).toEqual({ text: expected, problems: [] });
  });

  test.each(['{{#if total_billed > much}}kept{{/if}}', '{{#if 3 > 2}}kept{{/if}}', '{{#if a b c}}kept{{/if}}'])(
    '%s is told, and its text kept',
    (content) => {
      const { text, problems } = drafted(content);
      expect([text, problems.length]).toEqual(['kept', 1]);
    },
  );
});

describe('repeats', () => {
  test('each row names its item, in text and citations, and other variables are the letter’s', () => {
    expect(
      drafted('{{#each providers}}\n- {{provider}}: {{provider_billed}} {{cite:provider_billed}} of {{client_name}}\n{{/each}}\nEnd').text,
    ).toBe(
      '{provider__aa}: {provider_billed__aa} (provider_billed__aa) of {client_name}/{provider__bb}: {provider_billed__bb} (provider_billed__bb) of {client_name}/End',
    );
  });
  test('rows stand within rows, and a condition within a row is about that row', () => {
    expect(drafted('{{#each providers}}{{provider}}{{#each bill_lines}}[{{line_code}}]{{/each}}{{/each}}').text).toBe(
      '{provider__aa}[{line_code__ofaa}]{provider__bb}[{line_code__ofbb}]',
    );
    expect(drafted('{{#each providers}}{{#if provider_billed > $100.00}}{{provider}}{{/if}}{{/each}}').text).toBe('{provider__bb}');
  });
  test('of an empty list what stands after else', () => {
    expect(drafted('{{#each visits}}a{{else}}none{{/each}}').text).toBe('none');
  });
  test('of a list nobody knows the text stands once', () => {
    expect(drafted('{{#each cats}}kept{{/each}}').text).toBe('kept');
  });
  test('a repeat without end is refused with words', () => {
    const many = Array.from({ length: 100 }, (_, n) => String(n));
    const made = templateToBlocks(aSection('{{#each providers}}{{#each bill_lines}}x{{/each}}{{/each}}'), { ...world, items: () => many });
    expect(made).toMatchObject({ ok: false, error: { code: 'unsupported', what: 'the section “S”' } });
  });
});

test('whatever is typed, no words are lost, nothing fails, and the places of problems are places of the text', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{a}}',
    '{{#if a}}',
    '{{#if a > $1.00}}',
    '{{#if',
    '{{else}}',
    '{{/if}}',
    '{{#each providers}}',
    '{{#each x}}',
    '{{/each}}',
    '**',
    '*',
    '\n',
    '- ',
    '> ',
    '>',
    '1. ',
    ' ',
    '\r\n',
  );
  const word = fc.integer({ min: 0, max: 99 }).map((n) => `w${String(n)}w`);
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, word, fc.string({ maxLength: 3 })), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const whole = text.replaceAll('{{else}}', '');
      const kept = JSON.stringify(drafted(whole, { ...world, has: () => true, cents: () => 1_000 }).text);
      // what a condition or a repeat is about is a name, and no words
      for (const found of whole.replace(/\{\{#(?:if|each)\b[^{}]*\}\}/g, '').match(/w\d+w/g) ?? []) expect(kept).toContain(found);
      const problems = checkTemplate(TemplateContent.parse(aSection(text)), vocabulary());
      for (const { at, length } of problems) expect(at >= 0 && length > 0 && at + length <= text.length).toBe(true);
      for (const { at, length, text: words } of parseTemplate(text).problems) expect(words).toContain(text.slice(at, at + length));
    }),
    { seed, numRuns: 300 },
  );
});

test.each([
  ['quotes in quotes', '>'.repeat(150_000)],
  ['quotes in quotes, spaced', '> '.repeat(80_000)],
  ['conditions in conditions', '{{#if a}}'.repeat(20_000)],
  ['repeats in repeats', '{{#each providers}}'.repeat(10_000)],
  ['repeats in repeats, closed', `${'{{#each providers}}'.repeat(40)}x${'{{/each}}'.repeat(40)}`],
  ['braces', '{'.repeat(199_000)],
  ['half tags', '{{#if '.repeat(30_000)],
  ['stars', '*'.repeat(199_000)],
  ['tags on one line', '{{/if}}'.repeat(28_000)],
])('%s, as many as fit, end in a letter or in words', (_, content) => {
  const made = templateToBlocks(aSection(content), world);
  expect(made.ok || made.error.code === 'unsupported').toBe(true);
  expect(checkTemplate(TemplateContent.parse(aSection(content)), vocabulary()).length).toBeLessThanOrEqual(200);
});

test('problems are told with what was meant', () => {
  const content = TemplateContent.parse({
    ...aSection(
      '{{cliam_number}} {{#each provders}}{{provider}}{{/each}} {{#if client_name > $5.00}}x{{/if}} {{#each providers}}{{provider_biled}}{{/each}} {{own}} {{own_party_address}} {{provider}}',
    ),
    variables: ['own', { name: 'own_party', label: 'P', type: 'party' }],
  });
  expect(checkTemplate(content, vocabulary()).map(({ text }) => text)).toEqual([
    'Nothing is called “cliam_number”; did you mean “claim_number”?',
    'There is no list “provders”; did you mean “providers”?',
    expect.stringContaining('Nothing is called “provider”'),
    '“client_name” is no amount, so it cannot be compared with one.',
    'Nothing is called “provider_biled”; did you mean “provider_billed”?',
    expect.stringContaining('Nothing is called “provider”'),
  ]);
});

test('rows are counted over all sections together', () => {
  const section = (id: string) => ({ id, title: id, content: '{{#each providers}}x{{/each}}'.repeat(600), order: 1, heading: false });
  expect(templateToBlocks({ sections: [section('a')] }, world).ok).toBe(true);
  expect(templateToBlocks({ sections: [section('a'), section('b')] }, world)).toMatchObject({ error: { code: 'unsupported' } });
});

test('a condition of a page is none, and its text is kept', () => {
  expect(drafted(`{{#if ${' '.repeat(20_000)}visits}}kept{{/if}}`).text).toContain('kept');
  // control: there is no visit
  expect(drafted('{{#if  visits}}kept{{/if}}').text).not.toContain('kept');
});
