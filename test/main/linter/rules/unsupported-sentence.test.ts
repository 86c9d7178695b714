import { expect, test } from 'vitest';
import type { DocumentId } from '../../../../src/shared/ids.ts';
import type { Block, Inline, LetterValues, LetterVariable } from '../../../../src/shared/letters.ts';
import { createLinter, ourLetter, ourRules } from '../../../../src/main/linter/linter.ts';
import { noValues } from '../../../support/letter-values.ts';

const values: LetterValues = {
  ...noValues,
  variables: {
    date_of_loss: { name: 'date_of_loss', label: 'Date of loss', text: 'February 15, 2024', state: 'approved', sources: [], working: null },
  },
};
const text = (words: string): Inline => ({ type: 'text', text: words });
const cite: Inline = { type: 'citation', of: 'date_of_loss' };
const day: Inline = { type: 'variable', name: 'date_of_loss' };
const paragraph = (...content: Inline[]): Block => ({ type: 'paragraph', content });

function found(...blocks: Block[]): string[] {
  const letter = ourLetter({ blocks, values: values, letterDate: '2026-01-12', demandCents: null });
  return createLinter(ourRules)
    .lint(letter, null)
    .filter(({ rule }) => rule === 'unsupported_sentence')
    .map(({ quote }) => quote);
}

test('a sentence of fact without a source is found; the one beside it that cites is not', () => {
  expect(found(paragraph(text('The floor was wet. She fell '), cite, text('. An ambulance came.')))).toEqual([
    'The floor was wet.',
    'An ambulance came.',
  ]);
  expect(found(paragraph(text('She fell. '), cite, text(' We demand payment.')))).toEqual([]);
});

test('a citation behind the full stop is the sentence’s before it, and of none before that', () => {
  const documentId = '0190a000-0000-7000-8000-000000000001' as DocumentId;
  const source = { documentId, documentName: 'report.pdf', page: 2, start: 0, end: 4, quote: 'fell' };
  const proved: LetterValues = {
    ...values,
    variables: { date_of_loss: { ...(values.variables['date_of_loss'] as LetterVariable), sources: [source] } },
    exhibits: [{ mark: 'A', documentId, name: 'report.pdf' }],
  };
  const blocks = [paragraph(text('The floor was wet. She fell. '), cite, text(' She broke her arm.'))];
  const letter = ourLetter({ blocks, values: proved, letterDate: null, demandCents: null });
  expect(letter.blocks[0]?.text).toBe('The floor was wet. She fell. (Ex. A at 2) She broke her arm.');
  expect(
    createLinter(ourRules)
      .lint(letter, null)
      .map(({ quote }) => quote),
  ).toEqual(['The floor was wet.', 'She broke her arm.']);
});

test('a value is no source of what is typed around it', () => {
  const quotes = found(paragraph(text('Your insured was drunk on '), day, text('.')));
  expect(quotes).toHaveLength(1);
  expect(quotes[0]).toMatch(/^Your insured was drunk on .+\.$/);
});

test('what a person entered for a variable is her words', () => {
  const injuries = {
    name: 'injuries',
    label: 'Injuries',
    text: 'Ms. Rivera lost her left leg',
    state: 'entered' as const,
    sources: [],
    working: null,
  };
  const entered: LetterValues = { ...values, variables: { ...values.variables, injuries } };
  const blocks = [paragraph({ type: 'variable', name: 'injuries' }, text('.'))];
  const quotes = createLinter(ourRules).lint(ourLetter({ blocks, values: entered, letterDate: null, demandCents: null }), null);
  expect(quotes.map(({ quote }) => quote)).toEqual(['Ms. Rivera lost her left leg.']);
});

test('headings, addresses, computed rows and what nobody knows yet are let be', () => {
  expect(
    found(
      { type: 'heading', level: 2, content: [text('Losses')] },
      paragraph(text('Best Value Grocers\n500 Main Street\nAustin, Texas 78701')),
      { type: 'specialsTable' },
      paragraph(text('She was born on '), { type: 'variable', name: 'nobody_knows' }, text('.')),
    ),
  ).toEqual([]);
});

test('an entry of a list counts like a sentence where it is one', () => {
  const list: Block = {
    type: 'list',
    ordered: false,
    items: [
      [paragraph(text('The store kept no log.'))],
      [paragraph(text('photographs and reports;'))],
      [paragraph(text('12 visits to a clinic, all of which were paid;'))],
    ],
  };
  expect(found(list)).toEqual(['The store kept no log.', '12 visits to a clinic, all of which were paid;']);
});

test('no form hides a fact: no full stop, another mark, a heading, a cell, a place behind many others or behind what only looks short', () => {
  for (const end of ['', ';', '…', '.]', '.»', '?'])
    expect(found(paragraph(text(`Ms. Rivera was badly hurt${end}`))), end).toEqual([`Ms. Rivera was badly hurt${end}`]);
  expect(found({ type: 'heading', level: 2, content: [text('The store was warned twice')] })).toHaveLength(1);
  const cell = (words: string) => [paragraph(text(words))];
  expect(found({ type: 'table', rows: [{ cells: [cell('Surgery'), cell('She was operated on twice')] }] } as unknown as Block)).toEqual([
    'She was operated on twice',
  ]);
  expect(found(paragraph(text('She fell again. '.repeat(60))))).toHaveLength(60);
  const cited = (words: string) => found(paragraph(text(words), cite, text('.')));
  expect(cited('She worked at Acme Inc. Mr. Doe was drunk. She saw it at 5 p.m. She fell hard.He ran ')).toEqual([
    'She worked at Acme Inc.',
    'Mr. Doe was drunk.',
    'She saw it at 5 p.m.',
    'She fell hard.',
  ]);
  expect(found(paragraph(text('We write to you. '.repeat(2_000))))).toHaveLength(1);
});

test('the same sentence has the same key wherever it stands, another one another', () => {
  const keys = (...blocks: Block[]) =>
    createLinter(ourRules)
      .lint(ourLetter({ blocks, values: values, letterDate: null, demandCents: null }), null)
      .map(({ key }) => key);
  const [first] = keys(paragraph(text('She fell.')));
  expect(keys(paragraph(text('We write to you.')), paragraph(text('She  fell.')))).toContain(first);
  expect(keys(paragraph(text('She fell twice.')))).not.toContain(first);
});
