import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDayLong, formatDayShort, formatService, parseDay } from '../../src/shared/days.ts';

const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('each form a letter or table prints is read back to the same day', () => {
  fc.assert(
    fc.property(day, (iso) => {
      const [year = '', month = '', date = ''] = iso.split('-');
      for (const text of [iso, formatDayLong(iso), formatDayShort(iso), `${month}/${date}/${year}`]) expect(parseDay(text)).toBe(iso);
    }),
  );
});

test.each(['2024-02-30', '13/01/2024', 'Febtober 3, 2024', '02/15', 'yesterday', '2023-02-29', 'March 0, 2024'])('%s is no day', (text) => {
  expect(parseDay(text)).toBeNull();
});

test.each([
  ['2024-02-15', '2024-02-15', 'Feb 15, 2024'],
  ['2024-02-20', '2024-07-12', 'Feb 20, 2024 – Jul 12, 2024'],
  ['2024-04-01', '2024-08-31', 'Apr 2024 – Aug 2024'],
  ['2024-02-01', '2024-02-29', 'Feb 2024'],
  ['2024-04-01', '2024-08-30', 'Apr 1, 2024 – Aug 30, 2024'],
  [null, null, ''],
])('service from %s to %s prints as %s: no day that the bill does not name', (from, to, text) => {
  expect(formatService(from, to)).toBe(text);
});
