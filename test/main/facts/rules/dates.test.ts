import { describe, expect, test } from 'vitest';
import { readDay, readService, readTime, unreadDays, yearsIn } from '../../../../src/main/facts/rules/dates.ts';

describe('dates of records', () => {
  test('readDay', () => {
    expect(
      ['2024-02-15', 'Feb. 5, 2024', 'February\n15, 2024', 'Sept 3, 2024', '02/30/2024', '2/5/24', 'soon'].map((text) => readDay(text)),
    ).toEqual(['2024-02-15', '2024-02-05', '2024-02-15', '2024-09-03', null, null, null]);
  });

  test('a year of two digits is read where the document writes one year that ends so, and is never guessed', () => {
    const years = (text: string) => yearsIn({ name: 'x', kind: 'Bill', pages: [{ page: 1, text }] });
    expect(readDay('2/5/24', years('Statement of March 1, 2024'))).toBe('2024-02-05');
    expect(readDay('2/5/24', years('Statement of March 1, 2025'))).toBeNull();
    expect(readDay('3/3/24', years('born 1924, seen 2024'))).toBeNull();
    // no years: an amount, a ZIP code's end, a part number
    expect([...years('$2024.00, 12024, AB-2024-7, 2,024 and 2024.5')]).toEqual([]);
    expect(unreadDays('seen 02/30/2024, 3/4/24 and 13/45/2024; back on 03/05/2024, 1/2', years('')).map(({ reason }) => reason)).toEqual([
      '“02/30/2024” is no day of the calendar; read it from the page.',
      'The year of “3/4/24” has two digits; read it from the page.',
      '“13/45/2024” is no day of the calendar; read it from the page.',
    ]);
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
    const years = new Set(['2024']);
    for (const [text, from, to] of cases) expect([text, readService(text, years)]).toEqual([text, from && to ? { from, to } : null]);
  });
});
