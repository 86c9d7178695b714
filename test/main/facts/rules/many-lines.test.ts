import { expect, test } from 'vitest';
import { headingAbove } from '../../../../src/main/facts/rules/bill-providers.ts';
import { readRows, type Row } from '../../../../src/main/facts/rules/bill-rows.ts';
import { extraction } from '../../../../src/main/facts/rules/rules-worker.ts';

const head = 'Mercy Hospital\n\nDate\tCPT\tDescription\tBilled';
const bill = (text: string) => extraction({ name: 'bill.csv', kind: 'Bill', pages: [{ page: 1, text }] });

test('of a table of very many lines the first are taken, and the rest is said to be left', () => {
  const row = '01/02/2024\t99213\tOffice visit\t$10.00';
  const few = bill(`${head}\n${`${row}\n`.repeat(5_000)}`);
  expect([few.bills.lines.length, few.left]).toEqual([5_000, []]);
  const many = bill(`${head}\n${`${row}\n`.repeat(5_001)}`);
  expect([many.bills.lines.length, many.left]).toEqual([
    5_000,
    ['Of its 5,001 bill lines only the first 5,000 were taken: the others are in no total.'],
  ]);
  expect(many.bills.lines.every((line, n, all) => n === 0 || line.start > (all[n - 1]?.start ?? 0))).toBe(true);
});

test('of very many totals and facts, too', () => {
  const totals = bill(`${head}\n${'Total\t\t\t$10.00\n'.repeat(1_001)}`);
  expect([totals.bills.statedTotals.length, totals.left]).toEqual([
    1_000,
    ['Of its 1,001 printed totals only the first 1,000 were compared.'],
  ]);
  const claims = Array.from({ length: 300 }, (_, n) => `Claim Number: HM-2024-${String(100_000 + n)}`).join('\n');
  const facts = bill(claims);
  expect([facts.facts.length, facts.left]).toEqual([200, ['Of its 300 facts only 200 were taken.']]);
});

test('what stands above a table is looked at as far as a heading goes', () => {
  let looked = 0;
  const rows = new Proxy<Row[]>(readRows(1, 'DATE  CHARGES\n'.repeat(5_000)), {
    get: (target, key, receiver) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked += 1;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  headingAbove(rows, 4_999);
  expect(looked).toBeLessThan(20);
});

test('a text longer than any name is no provider, and the line says that nobody is named', () => {
  const line = (provider: string) =>
    bill(`Statement of account\n\nDate\tProvider\tCPT\tBilled\n01/02/2024\t${provider}\t99213\t$10.00`).bills.lines[0];
  expect(line('Mercy Hospital')).toMatchObject({ provider: 'Mercy Hospital', problem: null });
  const [longest, longer] = [line('M'.repeat(255)), line('M'.repeat(256))];
  expect(longest).toMatchObject({ provider: 'M'.repeat(255), problem: null });
  expect(longer).toMatchObject({ provider: 'Unknown provider', billedCents: 1000 });
  expect(longer?.problem).toContain('does not say who the provider is');
});
