import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDayLong, formatDayShort, parseDay } from '../../src/shared/days.ts';

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
