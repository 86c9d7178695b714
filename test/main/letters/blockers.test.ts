import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/shared/letters.ts';
import { blockersFor } from '../../../src/main/letters/blockers.ts';
import { billLine, draft, fact, facts, lines } from '../export/letter-fixture.ts';

describe('a drafted letter', () => {
  test('with everything approved is blocked by nothing for an attorney, by the role for a paralegal', () => {
    const { blocks, values } = draft();
    expect(blockersFor(blocks, values, 'Attorney')).toEqual([]);
    expect(blockersFor(blocks, values, 'Paralegal').map(({ kind }) => kind)).toEqual(['role']);
    expect(blockersFor(blocks, values, 'Viewer').map(({ kind }) => kind)).toEqual(['role']);
  });

  test('names the demand that was not entered and the fact nobody approved, in reading order', () => {
    const unread = facts.map((one) => (one.kind === 'place_of_loss' ? { ...one, state: 'proposed' as const } : one));
    const { blocks, values } = draft({ facts: unread, demandCents: null });
    expect(blockersFor(blocks, values, 'Attorney')).toEqual([
      {
        kind: 'proposed',
        text: 'Place of loss: “Lakeside Market, 77 Pier Road, Fairhaven, Ohio” was found but nobody has approved it.',
        variable: 'place_of_loss',
      },
      { kind: 'missing', text: 'The demand has not been entered.', variable: 'demand_amount' },
    ]);
  });

  test('names bill lines nobody approved once, however many totals it uses', () => {
    const { blocks, values } = draft({ lines: [...lines, billLine('New', '2024-09-01', 1000, 0, { state: 'proposed' })] });
    expect(blockersFor(blocks, values, 'Admin')).toEqual([
      {
        kind: 'unread_total',
        text: 'The totals rest on bill lines to be checked: sum of 7 bill lines, 1 not yet approved.',
        variable: 'total_billed',
      },
    ]);
  });

  test('is not blocked by a total whose wages alone are open twice: the wages are named, not the bills', () => {
    const open = facts.map((one) => (one.kind === 'wage_loss' ? { ...one, state: 'proposed' as const } : one));
    const { blocks, values } = draft({ facts: open });
    expect(blockersFor(blocks, values, 'Attorney').map(({ kind, variable }) => [kind, variable])).toEqual([['proposed', 'wage_loss']]);
  });

  test('without bill lines says so', () => {
    const { blocks, values } = draft({ lines: [] });
    expect(blockersFor(blocks, values, 'Attorney').map(({ text }) => text)).toContain(
      'The specials table is empty: no bill lines have been found.',
    );
  });
});

test('what the letter does not use does not block it', () => {
  const { values } = draft({ facts: [fact('claim_number', 'X', { state: 'proposed' })], lines: [], demandCents: null });
  expect(blockersFor([{ type: 'paragraph', content: [{ type: 'text', text: 'Hello.' }] }], values, 'Attorney')).toEqual([]);
});

test('a citation of something no document shows is named', () => {
  const blocks: Block[] = [{ type: 'paragraph', content: [{ type: 'citation', of: 'firm_name' }] }];
  expect(blockersFor(blocks, draft().values, 'Attorney')).toEqual([
    { kind: 'missing', text: 'Firm is cited, but no document supports it.', variable: 'firm_name' },
  ]);
});

test('a fact is to be entered, what no document tells to be written, and what an attorney confirms to be taken out', () => {
  const names = ['place_of_loss', 'known_liens', 'confirm_no_complaint_is_filed'];
  const blocks: Block[] = [{ type: 'paragraph', content: names.map((name) => ({ type: 'variable', name })) }];
  const { values } = draft({ facts: [] });
  const variables = Object.fromEntries(
    ['known_liens', 'confirm_no_complaint_is_filed'].map((name) => [
      name,
      {
        name,
        label: name === 'known_liens' ? 'Known liens' : 'Confirm no complaint is filed',
        text: '',
        state: 'missing' as const,
        sources: [],
        working: null,
      },
    ]),
  );
  expect(blockersFor(blocks, { ...values, variables: { ...values.variables, ...variables } }, 'Attorney').map(({ text }) => text)).toEqual([
    'Place of loss: nothing found yet. Enter it under Facts, or take it out of the letter.',
    'Known liens: no document tells Steno. Write it in place of the mark, or take it out of the letter.',
    'Confirm no complaint is filed. An attorney takes this mark out of the letter once it is so.',
  ]);
});
