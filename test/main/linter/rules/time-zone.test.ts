import { expect, test } from 'vitest';
import { isDaylightTime } from '../../../../src/main/linter/rules/time-zone.ts';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['2024-03-09', false],
  ['2024-03-10', true],
  ['2024-11-02', true],
  ['2024-11-03', false],
  ['2026-03-08', true],
])('daylight time on %s: %s', (day, is) => expect(isDaylightTime(day)).toBe(is));

test.each([
  ['by 5:00 p.m. PST on June 14, 2024', ['PST']],
  ['by 5:00 p.m. EDT on January 14, 2025', ['EDT']],
  ['until 5:00 p.m. Pacific Standard Time on June 14, 2024', ['Pacific Standard Time']],
])('is found: %s', (text, found) => expect(quotes('time_zone', text)).toEqual(found));
test.each([
  ['by 5:00 p.m. PDT on June 14, 2024'],
  ['by 5:00 p.m. Pacific Time on June 14, 2024'],
  ['by 5:00 p.m. MST on June 14, 2024'],
  ['by 5:00 p.m. PST'],
])('nothing: %s', (text) => expect(quotes('time_zone', text)).toEqual([]));
