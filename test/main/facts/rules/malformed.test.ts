import { expect, test } from 'vitest';
import { extractBillLines } from '../../../../src/main/facts/rules/bill-lines.ts';
import { malformedIn } from '../../../../src/main/facts/rules/malformed.ts';
import type { RuleDocument } from '../../../../src/main/facts/rules/proposals.ts';

function told(text: string, kind: RuleDocument['kind'] = 'Correspondence'): [string[], string[]] {
  const document: RuleDocument = { name: 'x', kind, pages: [{ page: 1, text }] };
  const { amounts, days } = malformedIn(document, extractBillLines(document));
  for (const { page, start, end, quote } of [...amounts, ...days]) expect(document.pages[page - 1]?.text.slice(start, end)).toBe(quote);
  return [amounts.map(({ quote }) => quote), days.map(({ quote }) => quote)];
}

test('amounts and days that nobody can read without guessing are told with their place', () => {
  expect(told('An ambulance of $200,00, a bill of 1.234,56 and $1.280,00; a visit of 02/30/2024, born 3/4/78.')).toEqual([
    ['$200,00', '$1.280,00', '1.234,56'],
    ['02/30/2024', '3/4/78'],
  ]);
});

test('what can be read is not told: commas after amounts, words after them, numbers that are none', () => {
  expect(
    told('$200.00, $1,234.50. $2.5 million, $5k; 1.2.3,45 v1.234,567; seen 02/29/2024 and 3/4/24; form of 05/27/19; $52.501A'),
  ).toEqual([[], []]);
});

test('the row of a bill that cannot be read is told once, by the bill', () => {
  const text =
    'Hill Clinic\nPatient\nVisit Date: January 2, 2024\n\nDate\tCPT\tDescription\tBilled\n01/02/2024\t99213\tVisit\t$200,00\n02/30/2024\t99214\tVisit\t$100.00\n';
  const document: RuleDocument = { name: 'x', kind: 'Bill', pages: [{ page: 1, text }] };
  const bills = extractBillLines(document);
  expect(bills.problems).toHaveLength(1);
  // the day of the visit stands in for none that the row writes
  expect(bills.lines.map(({ serviceFrom, problem }) => [serviceFrom, problem])).toEqual([
    [null, '“02/30/2024” is no day of the calendar; read it from the page.'],
  ]);
  expect(told(text, 'Bill')).toEqual([[], []]);
});
