import { expect, test } from 'vitest';
import { normals, rulesFind } from '../../../support/rule-facts.ts';

test('a drug with its dose, its route and how often', () => {
  const text =
    'IV ketorolac 30mg x1.\nRx: Ibuprofen 600mg PO q6h prn x10 days.\nCyclobenzaprine (Flexeril) 5mg, take 1 tablet at bedtime as needed for muscle spasm (7-day supply)\nTook 400mg ibuprofen at home. Lisinopril 10mg qd. Simvastatin 20 mg nightly';
  expect(rulesFind('medication', text).map(({ normal, value }) => [normal, value])).toEqual([
    ['ketorolac 30 mg', 'Ketorolac 30 mg, IV x1'],
    ['ibuprofen 600 mg', 'Ibuprofen 600 mg, PO q6h prn x10 days'],
    ['cyclobenzaprine 5 mg', 'Cyclobenzaprine 5 mg, take 1 tablet at bedtime as needed for muscle spasm'],
    ['ibuprofen 400 mg', 'Ibuprofen 400 mg'],
    ['lisinopril 10 mg', 'Lisinopril 10 mg, qd'],
    ['simvastatin 20 mg', 'Simvastatin 20 mg, nightly'],
  ]);
});

test('what a patient is allergic to, or denies, was not taken; nor is a drug without a dose told, or one in a letter', () => {
  expect(
    normals('medication', 'Allergies: amoxicillin 500 mg (rash)\nDenies ibuprofen 200 mg use\nIbuprofen as needed\nApril 10 mg'),
  ).toEqual([]);
  expect(normals('medication', 'Ibuprofen 600mg', 'Correspondence')).toEqual([]);
});
