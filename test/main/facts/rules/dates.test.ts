import { describe, expect, test } from 'vitest';
import { readDay, readService, readTime } from '../../../../src/main/facts/rules/dates.ts';

describe('dates of records', () => {
  test('readDay', () => {
    expect(
      ['2024-02-15', 'Feb. 5, 2024', 'February\n15, 2024', '2/5/24', '12/31/69', '1/1/70', 'Sept 3, 2024', '02/30/2024', 'soon'].map(
        readDay,
      ),
    ).toEqual(['2024-02-15', '2024-02-05', '2024-02-15', '2024-02-05', '2069-12-31', '1970-01-01', '2024-09-03', null, null]);
  });

  test('readTime', () => {
    expect(
      ['2:38 PM', '12:05 a.m.', '12:00 pm', '1:30pm', '14:43 hrs', '13:00 PM', '2:61 PM'].map((text) => readTime(text)?.normal ?? null),
    ).toEqual(['14:38', '00:05', '12:00', '13:30', '14:43', null, null]);
    expect(readTime('14:43 hrs')?.value).toBe('2:43 PM');
  });

  test('readService: days, months and spans', () => {
    const cases: [string, string | null, string | null][] = [
      ['Emergency Department (2024-02-15)', '2024-02-15', '2024-02-15'],
      ['(16 visits, 2024-04 through 2024-08)', '2024-04-01', '2024-08-31'],
      ['3/1/24 - 3/9/24', '2024-03-01', '2024-03-09'],
      ['February 2024', '2024-02-01', '2024-02-29'],
      ['3 visits', null, null],
      ['99213-24', null, null],
    ];
    for (const [text, from, to] of cases) expect([text, readService(text)]).toEqual([text, from && to ? { from, to } : null]);
  });
});
