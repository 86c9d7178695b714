import { describe, expect, test } from 'vitest';
import type { FactView } from '../../../src/shared/facts.ts';
import { type Block, LetterValues } from '../../../src/shared/letters.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { lastName } from '../../../src/main/letters/fact-choice.ts';
import { computeLetterValues } from '../../../src/main/letters/values.ts';
import { billLine, fact, letterhead } from '../export/letter-fixture.ts';

const cite = (...names: string[]): Block => ({ type: 'paragraph', content: names.map((of) => ({ type: 'citation', of })) });

function values(
  facts: FactView[],
  more: { lines?: ReturnType<typeof billLine>[]; blocks?: Block[]; demandCents?: number | null; letterDate?: string | null } = {},
) {
  return LetterValues.parse(
    computeLetterValues({
      firm: letterhead,
      facts,
      ledger: buildLedger(more.lines ?? [], []),
      letter: { title: 'T', demandCents: more.demandCents ?? null, letterDate: more.letterDate ?? null },
      blocks: more.blocks ?? [],
    }),
  );
}

test('of what a case has many a letter takes none for the one: the other driver’s car is no contract’s vehicle', () => {
  const { variables } = values(
    [fact('vehicle', '2019 Honda Accord'), fact('diagnosis', 'S13.4XXA'), fact('policy_limits', '$25,000.00', { normal: '2500000' })],
    { blocks: [{ type: 'paragraph', content: [{ type: 'variable', name: 'vehicle' }] }] },
  );
  expect(variables['vehicle']).toMatchObject({ state: 'missing', text: '' });
  expect(variables['diagnosis']).toBeUndefined();
  // control: a kind of one value is taken
  expect(variables['policy_limits']).toMatchObject({ state: 'approved', text: '$25,000.00' });
});

test('a name that a row of the ledger has is nobody’s to type', () => {
  const name = `line_billed__${'0a'.repeat(16)}`;
  const asked = [{ name, label: 'Billed', type: 'money' as const, required: false, help: '' }];
  const blocks: Block[] = [{ type: 'paragraph', content: [{ type: 'variable', name }] }];
  const letter = {
    title: 'T',
    demandCents: null,
    letterDate: null,
    asked,
    entered: { [name]: { type: 'money' as const, value: 99_999_900 } },
  };
  const { variables } = computeLetterValues({ firm: letterhead, facts: [], ledger: buildLedger([], []), letter, blocks });
  expect(variables[name]).toMatchObject({ state: 'missing', text: '' });
});

test('a charge that two statements repeat is one line of a letter’s sum, and waits for one approval', () => {
  const [first, again] = [billLine('PT', '2024-03-01', 10_000, 0), billLine('PT', '2024-03-01', 10_000, 0, { state: 'proposed' })];
  const second = {
    ...again,
    source: { ...again.source, documentId: '00000000-0000-4000-8000-000000000999' as typeof again.source.documentId },
  };
  const { variables } = values([], { lines: [first, second] });
  expect(variables['total_billed']).toMatchObject({ text: '$100.00', state: 'computed', working: 'sum of 1 bill line' });
  expect(variables['total_billed']?.sources).toHaveLength(2);
});

describe('which fact a letter uses', () => {
  const date = (day: string, more: Parameters<typeof fact>[2]): FactView => fact('date_of_loss', day, { normal: day, ...more });
  test.each([
    [
      'a correction beats an approval of higher confidence',
      [date('2024-02-01', { state: 'approved', confidence: 100 }), date('2024-02-02', { state: 'corrected', confidence: 10 })],
      'February 2, 2024',
    ],
    [
      'an approval beats a proposal of higher confidence',
      [date('2024-02-01', { state: 'proposed', confidence: 100 }), date('2024-02-02', { confidence: 10 })],
      'February 2, 2024',
    ],
    [
      'confidence decides among proposals',
      [date('2024-02-01', { state: 'proposed', confidence: 70 }), date('2024-02-02', { state: 'proposed', confidence: 71 })],
      'February 2, 2024',
    ],
    [
      'then the number of agreeing documents, two places in one counting once',
      [
        date('2024-02-01', { at: [3, 1] }),
        date('2024-02-01', { at: [3, 2] }),
        date('2024-02-02', { at: [1, 1] }),
        date('2024-02-02', { at: [4, 1] }),
      ],
      'February 2, 2024',
    ],
    [
      'a rejected fact is never used',
      [date('2024-02-01', { state: 'rejected', confidence: 100 }), date('2024-02-02', { state: 'proposed', confidence: 1 })],
      'February 2, 2024',
    ],
  ])('%s', (_, facts, expected) => {
    expect(values(facts).variables['date_of_loss']?.text).toBe(expected);
    expect(values(facts.toReversed()).variables['date_of_loss']?.text).toBe(expected);
  });

  test('a tie is broken the same way in every order', () => {
    const facts = [date('2024-02-01', { at: [2, 1] }), date('2024-02-02', { at: [1, 5] }), date('2024-02-03', { at: [1, 2] })];
    const texts = [facts, facts.toReversed(), [facts[1], facts[0], facts[2]].filter((one) => one !== undefined)].map(
      (order) => values(order).variables['date_of_loss']?.text,
    );
    expect(new Set(texts).size).toBe(1);
  });

  test('only rejected facts leave it missing, and a correction counts as approved', () => {
    expect(values([fact('claim_number', 'X', { state: 'rejected' })]).variables['claim_number']).toMatchObject({
      state: 'missing',
      text: '',
    });
    expect(values([fact('claim_number', 'X', { state: 'corrected' })]).variables['claim_number']?.state).toBe('approved');
    expect(values([fact('claim_number', 'X', { state: 'proposed' })]).variables['claim_number']?.state).toBe('proposed');
  });

  test('its sources are its own place first, then one of each document that says the same', () => {
    const facts = [
      fact('claim_number', 'X', { at: [1, 4], confidence: 50 }),
      fact('claim_number', 'X', { at: [3, 7], confidence: 99 }),
      fact('claim_number', 'X', { at: [1, 2], confidence: 50 }),
      fact('claim_number', 'Y', { at: [2, 1], confidence: 10 }),
    ];
    expect(values(facts).variables['claim_number']?.sources.map(({ documentName, page }) => `${documentName} ${String(page)}`)).toEqual([
      'billing-ledger.pdf 7',
      'incident-report.txt 2',
    ]);
  });
});

test.each([
  ['Maria Rivera', 'Rivera'],
  ['Rivera, Maria', 'Rivera'],
  ['Maria de la Cruz', 'de la Cruz'],
  ['John Q. Public, Jr.', 'Public'],
  ['Walter Smith III', 'Smith'],
  ['Ludwig van Beethoven', 'van Beethoven'],
  ['Grace Nguyễn-Okafor', 'Nguyễn-Okafor'],
  ['Madonna', 'Madonna'],
  ['Dr. De Angelo Moss, M.D.', 'Moss'],
])('the last name of %s is %s, without a title', (name, expected) => {
  expect(lastName(name)).toBe(expected);
});

describe('amounts are expressions', () => {
  const lines = [billLine('A', '2024-02-15', 10_000, 4_000, { adjusted: 500 }), billLine('B', '2024-03-01', 2_345, 0)];

  test('totals, their working and their pages', () => {
    const { variables } = values([], { lines });
    expect(
      [variables['total_billed'], variables['total_adjusted'], variables['total_paid'], variables['total_owed']].map((one) => one?.text),
    ).toEqual(['$123.45', '$5.00', '$40.00', '$78.45']);
    expect(variables['total_billed']).toMatchObject({ state: 'computed', working: 'sum of 2 bill lines' });
    expect(variables['provider_count']?.text).toBe('2 providers');
    expect(variables['service_period']?.text).toBe('from February 15, 2024 through March 1, 2024');
  });

  test('a line nobody has approved makes every total proposed and says how many', () => {
    const { variables } = values([], { lines: [...lines, billLine('B', '2024-03-02', 1, 0, { state: 'proposed' })] });
    expect(variables['total_owed']).toMatchObject({ state: 'proposed', working: 'sum of 3 bill lines, 1 not yet approved' });
  });

  test('economic losses are bills plus wages, and only as approved as both', () => {
    const wages = fact('wage_loss', '3960', { normal: '396000', at: [4, 1] });
    const { variables } = values([wages], { lines });
    expect(variables['economic_total']).toMatchObject({
      text: '$4,083.45',
      state: 'computed',
      working: 'sum of 2 bill lines + wage loss $3,960.00',
    });
    expect(variables['economic_total']?.sources.map(({ documentName }) => documentName)).toEqual([
      'billing-ledger.pdf',
      'wage-statement.pdf',
    ]);
    expect(variables['wage_loss']?.text).toBe('$3,960.00');
    expect(values([{ ...wages, state: 'proposed' }], { lines }).variables['economic_total']?.state).toBe('proposed');
    expect(values([], { lines }).variables['economic_total']?.text).toBe('$123.45');
  });

  test('without bill lines totals are missing, not zero', () => {
    expect(values([]).variables['total_billed']).toMatchObject({ state: 'missing', text: '' });
  });
});

test('the reply is due 33 days after the letter, across a month and a leap day', () => {
  expect(values([], { letterDate: '2024-02-01' }).variables['response_deadline']?.text).toBe('March 5, 2024');
  expect(values([]).variables['response_deadline']?.state).toBe('missing');
});

test('exhibits are lettered by first citation in the letter, the table citing every bill page, an uncited document none', () => {
  const facts = [
    fact('claim_number', 'X', { at: [4, 1] }),
    fact('client_name', 'Ann Lee', { at: [2, 1] }),
    fact('witness', 'Bo', { at: [1, 1] }),
  ];
  const blocks: Block[] = [
    { type: 'list', ordered: false, items: [[cite('client_name')]] },
    { type: 'specialsTable' },
    cite('claim_number', 'client_name'),
  ];
  const { exhibits } = values(facts, { blocks, lines: [billLine('A', '2024-01-01', 1, 0)] });
  expect(exhibits.map(({ mark, name }) => `${mark} ${name}`)).toEqual(['A complaint.docx', 'B billing-ledger.pdf', 'C wage-statement.pdf']);
});

test('a name nothing defines comes back missing, whatever it is called', () => {
  const blocks: Block[] = [
    { type: 'paragraph', content: ['speed_limit', '__proto__', 'constructor'].map((name) => ({ type: 'variable', name })) },
  ];
  const { variables } = computeLetterValues({
    firm: letterhead,
    facts: [],
    ledger: buildLedger([], []),
    letter: { title: 'T', demandCents: 5 },
    blocks,
  });
  expect(variables['speed_limit']).toMatchObject({ label: 'Speed limit', state: 'missing' });
  expect(Object.hasOwn(variables, '__proto__') && Object.hasOwn(variables, 'constructor')).toBe(true);
  expect(variables['demand_amount']).toMatchObject({ text: '$0.05', state: 'entered' });
});
