import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cautionsOf, uncited } from '../../../src/main/collaboration/cautions.ts';
import { formatCents } from '../../../src/shared/money.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`cautions seed ${String(seed)} (repeat with STENO_SEED)`);

const about = (becomes: string, was = '', known: string[] = []): string[] =>
  cautionsOf(was, becomes, known).map((caution) => /“(.+)”/.exec(caution)?.[1] ?? caution);

test.each([
  ['$19,748 in bills', ['$19,748.00'], []],
  ['$19,748.00 in bills', ['total of $ 19748'], []],
  ['$19,748.50 in bills', ['$19,748.00'], ['$19,748.50']],
  ['On February 15, 2024 she fell', ['February 15, 2024'], []],
  ['On February 16, 2024 she fell', ['February 15, 2024'], ['February 16, 2024']],
  ['35% of 24 visits on 12/24/2023.', ['35 %'], ['24', '12/24/2023']],
  ['one of two, 3 of 4', [], []],
  ['$2,023.00 and $60,601', ['March 24, 2023', 'IL 60601'], ['$2,023.00', '$60,601']],
  ['2.5 million dollars, three million, $9 million', [], ['2.5 million', 'three million', '$9 million']],
  ['It cost $９９,９９９ or 1e9', [], ['$99,999', '1e9']],
])('%s', (becomes, known, expected) => {
  expect(about(becomes, '', known)).toEqual(expected);
});

test('what stood there before is no news, however often it stands there now', () => {
  expect(about('$100.00 and $100.00, not $200.00 or $200.00', 'It was $100.00.')).toEqual(['$200.00']);
});

test('every amount that is not known is told, every one that is known is not', () => {
  const cents = fc.uniqueArray(fc.integer({ min: 1_000, max: 99_999_999 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(cents, fc.nat(), (amounts, at) => {
      const cut = at % amounts.length;
      const [known, news] = [amounts.slice(0, cut).map(formatCents), amounts.slice(cut).map(formatCents)];
      expect(about([...news, ...known].map((amount) => `pays ${amount}, then`).join(' '), '', known)).toEqual(news);
    }),
    { seed },
  );
});

test('of a model’s sentences those of fact without a source are told, each whole', () => {
  const was = 'Maria Rivera fell. She was hurt.';
  const becomes =
    'Maria Rivera fell. She was badly hurt. We demand $750,000.00 by June 1. Officer John Doe saw it {{cite:witness}}. He said {{limits}}. It was so (Ex. Q at 9). Will you pay 5 %? It was 2.5 feet wide';
  expect(uncited(was, becomes, (named) => named.replace('{{limits}}', 'a lot'))).toEqual(
    [
      'She was badly hurt.',
      'We demand $750,000.00 by June 1.',
      'He said a lot.',
      'It was so (Ex. Q at 9).',
      'Will you pay 5 %?',
      'It was 2.5 feet wide',
    ].map((one) => `“${one}” names no source.`),
  );
});

test('a hostile row without a space costs no more than its length', () => {
  const long = 'A'.repeat(100_000);
  expect(uncited('', long, (named) => named)).toEqual([]);
});
