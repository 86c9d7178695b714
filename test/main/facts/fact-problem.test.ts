import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factProblem, hasVinCheckDigit } from '../../../src/main/facts/fact-problem.ts';

test('the check digit of a VIN: published examples hold', () => {
  for (const vin of ['1M8GDM9AXKP042788', '11111111111111111', '1HGCM82633A004352', '5GZCZ43D13S812715'])
    expect([vin, hasVinCheckDigit(vin)]).toEqual([vin, true]);
  for (const vin of ['4T1BF1FK5CU123456', '1M8GDM9A1KP042788', '1M8GDM9AXKP04278', '1M8GDM9AXKPO42788'])
    expect([vin, hasVinCheckDigit(vin)]).toEqual([vin, false]);
});

test('one wrong character is found, save where it stands for the same value', () => {
  const vin = '1M8GDM9AXKP042788';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 9 }), (at, digit) => {
      const before = vin[at] ?? '';
      // the ninth checks the others; letters share values with digits
      fc.pre(at !== 8 && /\d/.test(before) && before !== String(digit));
      expect(hasVinCheckDigit(`${vin.slice(0, at)}${String(digit)}${vin.slice(at + 1)}`)).toBe(false);
    }),
  );
});

test('a code of a set that did not hold that day is marked; others are not', () => {
  const of = (method: string) => factProblem({ kind: 'diagnosis', normal: '8470', method });
  expect([of('rule:icd9-ended'), of('rule:icd10-too-early'), of('rule:icd9')].map((problem) => problem?.slice(0, 9))).toEqual([
    'An ICD-9-',
    'An ICD-10',
    undefined,
  ]);
});
