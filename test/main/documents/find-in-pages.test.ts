import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAcross, findInPage, fold, foldQuery } from '../../../src/main/documents/find-in-pages.ts';
import { checked } from '../../support/checked.ts';

const found = (text: string, words: string): string[] => findInPage(text, foldQuery(words)).map(({ start, end }) => text.slice(start, end));

test('case, accents, ligatures, quotation marks and gaps do not count', () => {
  expect(found('Diagnosis: Cervical STRAIN.', 'cervical strain')).toEqual(['Cervical STRAIN']);
  expect(found('Señor Muñoz, naïve', 'munoz')).toEqual(['Muñoz']);
  expect(found('The ﬁrst oﬃce visit', 'first office')).toEqual(['ﬁrst oﬃce']);
  expect(found('The first office visit', 'ﬁrst oﬃce')).toEqual(['first office']);
  expect(found('the patient’s “neck”', `patient's "neck"`)).toEqual(['patient’s “neck”']);
  expect(found('Total\t\t$513.00\nTotal   $513.00', 'total $513.00')).toEqual(['Total\t\t$513.00', 'Total   $513.00']);
  expect(found('Straße', 'strasse')).toEqual(['Straße']);
  expect(found('A\u0301da and Áda', 'ada')).toEqual(['A\u0301da', 'Áda']);
});

test('a word that a line’s end broke is found whole, and a hyphen inside a word does not count', () => {
  expect(found('severe radicu-\nlopathy', 'radiculopathy')).toEqual(['radicu-\nlopathy']);
  expect(found('severe radicu-lopathy', 'radiculopathy')).toEqual(['radicu-lopathy']);
  expect(found('severe radicu\u00adlopathy', 'radiculopathy')).toEqual(['radicu\u00adlopathy']);
  expect(found('an X-ray, an xray', 'x-ray')).toEqual(['X-ray', 'xray']);
  // a new name on the next line is no second half, and figures keep what stands between them
  expect(found('left-\nSide', 'leftside')).toEqual([]);
  expect(found('claim 555-0142', '5550142')).toEqual([]);
  expect(found('claim 555-0142', '555-0142')).toEqual(['555-0142']);
  expect(found('2019–2021', '2019-2021')).toEqual(['2019–2021']);
});

test('nothing is found of nothing', () => {
  for (const words of ['', '  ', '\u00ad', '-']) expect(found('some words - here', words)).toEqual([]);
});

test('a page of any length is gone through once', () => {
  const text = 'a b - c '.repeat(100_000);
  expect(fold(text).text).toHaveLength(text.length);
  expect(findInPage(`${text}needle`, 'needle')).toEqual([{ start: text.length, end: text.length + 6 }]);
});

const characters = fc.constantFrom(
  'a',
  'b',
  'B',
  'é',
  'ﬁ',
  'ﬀ',
  'ß',
  '3',
  ' ',
  '\n',
  '\t',
  '-',
  '\u00ad',
  '’',
  "'",
  '.',
  '\u0301',
  '😀',
  'İ',
);
const text = fc.string({ unit: characters, maxLength: 60 });

test('whatever is taken out of a page is found in it, at a place that says it', () => {
  checked(text, fc.nat(60), fc.nat(20), (page, from, length) => {
    const part = page.slice(from, from + length);
    // half a pair is no character
    if (!part.isWellFormed()) return;
    const query = foldQuery(part);
    const places = findInPage(page, query);
    for (const { start, end } of places) {
      expect(start >= 0 && start < end && end <= page.length).toBe(true);
      // the second half of a ligature brings the first along
      expect(fold(page.slice(start, end)).text).toContain(query.trim());
    }
    for (let n = 1; n < places.length; n += 1) expect(places[n]?.start).toBeGreaterThanOrEqual(places[n - 1]?.end ?? 0);
    if (/^\p{L}/u.test(part) && /\p{L}$/u.test(part) && query !== '') expect(places.length).toBeGreaterThan(0);
  });
});

test('every character of the folded text knows where it came from, in order', () => {
  checked(text, (page) => {
    const { text: folded, starts, ends } = fold(page);
    expect([starts.length, ends.length]).toEqual([folded.length, folded.length]);
    for (let n = 0; n < folded.length; n += 1) {
      expect(starts[n]).toBeLessThan(ends[n] ?? 0);
      if (n > 0) expect(starts[n]).toBeGreaterThanOrEqual(starts[n - 1] ?? 0);
    }
  });
});

test('no more than so many places', () => {
  expect(findInPage('a '.repeat(1000), 'a', 10)).toHaveLength(10);
});

/** What two pages say across the break between them. */
function across(one: string, two: string, words: string, lastEnd = 0): [string, string] | null {
  const found = findAcross({ folded: fold(one), lastEnd }, fold(two), two, foldQuery(words));
  return found && [one.slice(found.start), two.slice(found.next.start, found.next.end)];
}

test('words that run across a page break are found, with a gap of any width or a broken word between', () => {
  expect(across('He was diag-', 'nosed with a sprain', 'diagnosed with')).toEqual(['diag-', 'nosed with']);
  expect(across('severe cervical \n\n', '\n  Strain and pain', 'cervical strain')).toEqual(['cervical \n\n', 'Strain']);
  expect(across('left-', 'Side pain', 'left- side')).toEqual(['left-', 'Side']);
  expect(across('a b', 'c', 'a b c')).toEqual(['a b', 'c']);
  for (const words of ['cervical', 'strain', 'strain and', 'x', 'cervical x', 'cervical strain and pain and']) {
    expect(across('severe cervical', 'strain and pain', words)).toBeNull();
  }
  // what was found on the first page already begins no second place
  expect(across('x a b', 'a b', 'b a', 5)).toBeNull();
  expect(across('x a b', 'a b', 'b a', 4)).toEqual(['b', 'a']);
});

test('whatever is taken out across a break is found there, or within a page', () => {
  const words = fc.array(fc.constantFrom('pain', 'neck', 'a', 'X-ray', 'ﬁrst', 'Muñoz,'), { minLength: 1, maxLength: 8 });
  checked(words, words, fc.nat(7), fc.nat(7), (one, two, back, on) => {
    const [first, second] = [one.join(' '), two.join('\n')];
    const query = foldQuery([...one.slice(-back - 1), ...two.slice(0, on + 1)].join(' '));
    const found = findAcross({ folded: fold(first), lastEnd: 0 }, fold(second), second, query);
    expect(found).not.toBeNull();
    if (found) expect(fold(`${first.slice(found.start)} ${second.slice(found.next.start, found.next.end)}`).text).toBe(query);
  });
});
