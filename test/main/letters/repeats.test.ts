import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { chronologyOf } from '../../../src/main/facts/chronology.ts';
import { blockersFor } from '../../../src/main/letters/blockers.ts';
import { computeLetterValues, repeatsOf } from '../../../src/main/letters/values.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import type { BillLineView, FactView } from '../../../src/shared/facts.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { parseCents } from '../../../src/shared/money.ts';
import { billLine, fact, facts, letterhead, lines } from '../export/letter-fixture.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);
console.log(`repeats seed ${String(seed)} (repeat with STENO_SEED)`);

function inputOf(of: readonly BillLineView[], known: readonly FactView[] = facts) {
  const ledger = buildLedger(of, []);
  return {
    firm: letterhead,
    facts: known,
    ledger,
    letter: { title: 'D', demandCents: 100, letterDate: '2024-10-04' },
    chronology: () => chronologyOf(known, ledger.lines),
  };
}
function draftFrom(content: string, input: ReturnType<typeof inputOf>): Block[] {
  const repeats = repeatsOf(input);
  const made = templateToBlocks(
    { sections: [{ id: 's', title: 'S', content, order: 1, heading: false }] },
    { has: () => true, items: repeats.items, fields: repeats.fields },
  );
  if (!made.ok) throw new Error(made.error.code);
  return made.value.blocks;
}
const textOf = (blocks: Block[], input: ReturnType<typeof inputOf>): string =>
  letterText(blocks, computeLetterValues({ ...input, blocks }));
const providerRows = '{{#each providers}}\n- {{provider}}; {{provider_billed}}; {{provider_paid}} {{cite:provider_billed}}\n{{/each}}';

test('totals printed by repeats are the ledger’s, whatever the bills say', () => {
  const aLine = fc.record({
    provider: fc.constantFrom(
      'Harbor General',
      'HARBOR  general',
      'Lake Therapy',
      'Dr. Raye',
      '{{total_billed}}',
      '**Bold** {{#each providers}}',
    ),
    day: fc.constantFrom('2024-02-15', '2024-03-01', '2024-03-02'),
    billed: fc.integer({ min: 1, max: 5_000_000 }),
    state: fc.constantFrom('approved' as const, 'proposed' as const, 'rejected' as const),
  });
  fc.assert(
    fc.property(fc.array(aLine, { maxLength: 12 }), (all) => {
      const input = inputOf(
        all.map(({ provider, day, billed, state }, n) => billLine(provider, day, billed + n, 0, { state, page: n + 1 })),
      );
      const sum = (content: string): number => {
        const figures = textOf(draftFrom(content, input), input)
          .split('\n')
          .map((row) => row.split('; ').at(-1) ?? '');
        return figures.reduce((total, figure) => total + (parseCents(figure) ?? 0), 0);
      };
      const { billedCents } = input.ledger.totals;
      expect(sum('{{#each providers}}\n{{provider}}; {{provider_billed}}\n{{/each}}')).toBe(billedCents);
      expect(sum('{{#each bill_lines}}\n{{line_provider}}; {{line_billed}}\n{{/each}}')).toBe(billedCents);
      expect(sum('{{#each providers}}\n{{#each bill_lines}}\n{{line_provider}}; {{line_billed}}\n{{/each}}\n{{/each}}')).toBe(billedCents);
    }),
    { seed, numRuns: 100 },
  );
});

describe('a row once drafted', () => {
  const before = inputOf(lines);
  const blocks = draftFrom(providerRows, before);

  test('passes through the letter’s body and the check of what a laptop sends', () => {
    const body = letterBodyFromBlocks(blocks);
    expect(isValidLetterUpdate(body)).toBe(true);
    expect(blocksFromLetterBody(body)).toEqual(blocks);
  });

  test('says what the bills say now: a corrected line changes it, and its citation opens the page', () => {
    expect(textOf(blocks, before)).toContain('Fairhaven Fire & Rescue; $1,410.00; $940.00 (Ex. A at 2)');
    const corrected = lines.map((line) =>
      line.provider === 'Fairhaven Fire & Rescue' ? { ...line, billedCents: 150_000, state: 'corrected' as const } : line,
    );
    expect(textOf(blocks, inputOf(corrected))).toContain('Fairhaven Fire & Rescue; $1,500.00');
    expect(blockersFor(blocks, computeLetterValues({ ...before, blocks }), 'Attorney')).toEqual([]);
  });

  test('whose provider goes away is a mark that blocks, never another’s figure', () => {
    const after = inputOf(lines.filter(({ provider }) => provider !== 'Fairhaven Fire & Rescue'));
    expect(textOf(blocks, after)).toContain('[Provider]; [Provider, billed]; [Provider, paid]');
    const blockers = blockersFor(blocks, computeLetterValues({ ...after, blocks }), 'Attorney');
    expect(blockers.map(({ kind }) => kind)).toEqual(['missing', 'missing', 'missing']);
    expect(blockers[0]?.text).toContain('no longer in the evidence');
  });

  test('rests on bill lines: one that nobody approved blocks it once, as it does the totals', () => {
    const open = inputOf(lines.map((line, n) => (n === 2 ? { ...line, state: 'proposed' as const } : line)));
    const kinds = blockersFor(blocks, computeLetterValues({ ...open, blocks }), 'Attorney').map(({ kind }) => kind);
    expect(kinds).toEqual(['unread_total']);
  });
});

test('a bill line that another statement repeats counts no more, and its row is a mark', () => {
  const one = billLine('Harbor General', '2024-02-15', 5_000, 0);
  const input = inputOf([one]);
  const blocks = draftFrom('{{#each bill_lines}}\n{{line_billed}}\n{{/each}}', input);
  expect(textOf(blocks, input)).toBe('$50.00');
  const after = { ...input, ledger: { ...input.ledger, lines: input.ledger.lines.map((line) => ({ ...line, sameAs: line.billLineId })) } };
  expect(textOf(blocks, after)).toBe('[Line, billed]');
});

test('visits and facts: each once, with its sources; a rejected one is a mark', () => {
  const known = [fact('diagnosis', 'S13.4XXA', { at: [1, 1] }), fact('diagnosis', 'S13.4XXA', { at: [3, 2] }), fact('diagnosis', 'M54.2')];
  const input = inputOf(lines, known);
  const blocks = draftFrom(
    '{{#each diagnoses}}\n- {{diagnosis}} {{cite:diagnosis}}\n{{/each}}\n{{#each visits}}\n{{visit_date}}: {{visit_provider}}, {{visit_billed}}\n{{/each}}',
    input,
  );
  const text = textOf(blocks, input);
  expect(text.match(/S13\.4XXA/g)).toHaveLength(1);
  expect(text).toContain('S13.4XXA (Ex. A at 1; Ex. B at 2)');
  expect(text).toContain('February 15, 2024: Fairhaven Fire & Rescue, $1,410.00');
  const rejected = inputOf(
    lines,
    known.map((one) => (one.value === 'M54.2' ? { ...one, state: 'rejected' as const } : one)),
  );
  expect(textOf(blocks, rejected)).toContain('[Diagnosis]');
});
