import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/shared/letters.ts';
import { variablesUsed } from '../../../src/main/sync/letter-text.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';

function parse(content: string, known: string[] = []): { blocks: Block[]; problems: string[] } {
  const drafted = templateToBlocks(
    { sections: [{ id: 's', title: 'S', content, order: 1, heading: false }] },
    {
      has: (name) => known.includes(name),
    },
  );
  if (!drafted.ok) throw new Error('refused');
  return drafted.value;
}

describe('content', () => {
  test('paragraphs, line breaks, lists, quotes, marks, chips and tables', () => {
    const { blocks, problems } = parse(
      'A **b** *c* {{ Client_Name }} {{cite:client_name}}.\nD\n\n- one\n- two\n1. three\n> q1\n> q2\n{{specials_table}}\n{{exhibit_list}}',
    );
    expect(problems).toEqual([]);
    expect(blocks).toEqual([
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'A ' },
          { type: 'text', text: 'b', bold: true },
          { type: 'text', text: ' ' },
          { type: 'text', text: 'c', italic: true },
          { type: 'text', text: ' ' },
          { type: 'variable', name: 'client_name' },
          { type: 'text', text: ' ' },
          { type: 'citation', of: 'client_name' },
          { type: 'text', text: '.' },
          { type: 'break' },
          { type: 'text', text: 'D' },
        ],
      },
      { type: 'list', ordered: false, items: ['one', 'two'].map((text) => [{ type: 'paragraph', content: [{ type: 'text', text }] }]) },
      { type: 'list', ordered: true, items: [[{ type: 'paragraph', content: [{ type: 'text', text: 'three' }] }]] },
      {
        type: 'quote',
        content: [{ type: 'paragraph', content: [{ type: 'text', text: 'q1' }, { type: 'break' }, { type: 'text', text: 'q2' }] }],
      },
      { type: 'specialsTable' },
      { type: 'exhibitList' },
    ]);
  });

  test("sections come in order with their titles, and the documents' own names are understood", () => {
    const drafted = templateToBlocks(
      {
        sections: [
          { id: 'b', title: 'Damages', content: 'Suffered:\n{{damages_breakdown}}', order: 2 },
          { id: 'a', title: 'Facts', content: 'On {{incident_date}}', order: 1 },
        ],
        variables: ['incident_date'],
      },
      { has: () => true },
    );
    const blocks = drafted.ok ? drafted.value.blocks : [];
    expect(blocks.map(({ type }) => type)).toEqual(['heading', 'paragraph', 'heading', 'paragraph', 'specialsTable']);
    expect(variablesUsed(blocks).shown).toEqual(['date_of_loss']);
  });

  test.each([{}, { sections: 'x' }, { sections: [{ id: 'a', title: 'T' }] }, null, 'text'])('%j is refused with a reason', (content) => {
    const drafted = templateToBlocks(content, { has: () => true });
    expect(drafted.ok ? null : drafted.error.code).toBe('invalid_input');
  });

  test.each([
    ['a {{client_name b', '{{client_name b'],
    ['a client_name}} b', 'client_name}} b'],
    ['a {{client name}} b', '{{client name}}'],
    ['{{#if x}}kept', 'kept'],
    ['kept{{/if}}', 'kept'],
    ['kept{{else}}too', 'kepttoo'],
    ['{{#if }}kept{{/if}}', 'kept'],
  ])('%j is reported and its text kept', (content, kept) => {
    const { blocks, problems } = parse(content, ['x']);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(blocks)).toContain(kept);
  });

  test.each([
    ['{{#if a}}yes{{else}}no{{/if}}', ['a'], 'yes'],
    ['{{#if a}}yes{{else}}no{{/if}}', [], 'no'],
    ['{{#if a}}{{#if b}}ab{{else}}a{{/if}}{{else}}{{#if b}}b{{else}}none{{/if}}{{/if}}', ['a'], 'a'],
    ['{{#if a}}{{#if b}}ab{{else}}a{{/if}}{{else}}{{#if b}}b{{else}}none{{/if}}{{/if}}', ['b'], 'b'],
    ['{{#if a}}{{#if b}}ab{{else}}a{{/if}}{{else}}{{#if b}}b{{else}}none{{/if}}{{/if}}', ['a', 'b'], 'ab'],
    ['{{#if incident_date}}dated{{/if}}', ['date_of_loss'], 'dated'],
    ['one\n{{#if a}}\ntwo\n{{/if}}\nthree', ['a'], 'one|two|three'],
    ['one\n{{#if a}}\ntwo\n{{/if}}\nthree', [], 'one|three'],
  ])('%j with %j reads %j', (content, known, expected) => {
    const { blocks, problems } = parse(content, known);
    const [first] = blocks;
    const text = first?.type === 'paragraph' ? first.content.map((inline) => (inline.type === 'text' ? inline.text : '|')).join('') : '';
    expect([text, problems]).toEqual([expected, []]);
  });

  test('a section whose conditions all fail leaves no heading behind', () => {
    const drafted = templateToBlocks(
      { sections: [{ id: 'w', title: 'Wages', content: '{{#if wage_loss}}\nLost.\n{{/if}}', order: 1 }] },
      { has: () => false },
    );
    expect(drafted.ok && drafted.value.blocks).toEqual([]);
  });

  test('no words are ever dropped, whatever braces and marks stand between them', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{{a}}',
      '{{#if a}}',
      '{{else}}',
      '{{/if}}',
      '{{cite:',
      '**',
      '*',
      '\n',
      '\n\n',
      '- ',
      '> ',
      '1. ',
      ' ',
    );
    const word = fc.integer({ min: 0, max: 99 }).map((n) => `w${String(n)}w`);
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, word), { maxLength: 30 }), (parts) => {
        // With a known and no else, every word belongs in the letter.
        const text = parts.filter((part) => part !== '{{else}}').join('');
        const kept = JSON.stringify(parse(text, ['a']).blocks);
        for (const found of text.match(/w\d+w/g) ?? []) expect(kept).toContain(found);
      }),
    );
  });
});
