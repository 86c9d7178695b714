import { expect, test } from 'vitest';
import { countsOf, marksIn } from '../../../src/main/find/marks.ts';
import { stemOf } from '../../../src/main/find/stem.ts';
import { sentences } from '../../bench/evidence-pages.ts';

const endings = 's es ies ed ing eed ly y e ational tional izer ation ator alism iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness ment ion able ible ance ence ant ent ou ism ate iti ous ive ize logi bli'.split(' '); // prettier-ignore
const beginnings = [
  't',
  'd',
  'sk',
  'hop',
  'pa',
  'rel',
  'fract',
  'invoic',
  'agr',
  'siz',
  'happ',
  'sens',
  'mir',
  'op',
  'nat',
  'ba',
  'e',
  'y',
  'ye',
  'oxy',
];

test('a stem begins as its word does, but for its last letter: words that begin otherwise need not be stemmed', async () => {
  const words = new Set([
    ...(await sentences()).flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? []),
    ...beginnings.flatMap((head) => endings.flatMap((tail) => [head + tail, ...endings.map((more) => head + tail + more)])),
  ]);
  expect(words.size).toBeGreaterThan(20_000);
  for (const word of words) {
    const stem = stemOf(word);
    const beginning = stem.slice(0, Math.min(3, stem.length - 1));
    expect(word.startsWith(beginning), `${word} becomes ${stem}`).toBe(true);
  }
});

test('rows of words are marked and counted in whatever ending, case and accents; the longest of those that begin at a place', () => {
  const text = 'Résumé: the PATIENTS fell. Falls, slip and fall; fallen. Injuries. The résumés of 12 patients.';
  const said = (rows: string[]): string[] => marksIn(text, rows).map(({ start, end }) => text.slice(start, end));
  expect(said(['patient', 'resume'])).toEqual(['Résumé', 'PATIENTS', 'résumés', 'patients']);
  expect(said(['fall', 'slip', 'slip and fall'])).toEqual(['Falls', 'slip and fall', 'fall']);
  expect(said(['injury'])).toEqual(['Injuries']);
  expect(said(['12 patients'])).toEqual(['12 patients']);
  expect(countsOf(text, ['patient', 'fall', 'slip and fall', 'none'])).toEqual({ length: 15, counts: [2, 2, 1, 0] });
});
