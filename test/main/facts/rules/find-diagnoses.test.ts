import { expect, test } from 'vitest';
import { normals, rulesFind } from '../../../support/rule-facts.ts';

test('codes with their words: beside, before in brackets, and where text recognition took the S for a dollar sign', () => {
  const text =
    'Primary Diagnosis: Cervical strain (ICD-10: S13.4XXA)\nM54.2 Cervicalgia\nICD-10-CM: S134XXD\n$52.501A Fracture of lower end of right radius\nPaid: $52.50';
  expect(rulesFind('diagnosis', text).map(({ value, normal, confidence }) => [value, normal, confidence > 70])).toEqual([
    ['S13.4XXA Cervical strain', 'S134XXA', true],
    ['M54.2 Cervicalgia', 'M542', true],
    ['S134XXD', 'S134XXD', true],
    ['S52.501A Fracture of lower end of right radius', 'S52501A', false],
  ]);
});

test.each([
  ['2015-09-30', '847.0', 'rule:icd9'],
  ['2015-10-01', '847.0', 'rule:icd9-ended'],
  ['2015-10-01', 'S13.4XXA', 'rule:icd10'],
  ['2015-09-30', 'S13.4XXA', 'rule:icd10-too-early'],
])('on %s the code %s is %s: marked, not dropped', (day, code, method) => {
  const label = code.startsWith('S') ? 'ICD-10' : 'ICD-9';
  const [found] = rulesFind('diagnosis', `Date of Service: ${day}\n${label}: ${code}`);
  expect(found).toMatchObject({ normal: code.replace('.', ''), method });
  expect((found?.confidence ?? 0) > 50).toBe(!/-(?:ended|too-early)$/.test(method));
});

test('without a day of service no code is marked', () => {
  expect(rulesFind('diagnosis', 'ICD-9: 847.0').map(({ method }) => method)).toEqual(['rule:icd9']);
});

test('no code: a vertebra, a ZIP code, an amount, a part, a score, and whatever a letter says', () => {
  const text = 'L4-L5, C5-C6, 20901, $847.00, 847.0 mg, part 52159-06902, GCS 15, unit B12.\nTotal 724.2';
  expect(normals('diagnosis', text)).toEqual([]);
  expect(normals('diagnosis', 'S13.4XXA', 'Correspondence')).toEqual([]);
});

test('words count only under a heading of diagnoses; each item says its own first', () => {
  const text =
    'Exam\n1. Right hip tenderness.\n\n6. MDM / Assessment\n\n1. Right hip contusion, post-fall — no fracture on imaging. Soft-tissue injury.\n2. Lumbar strain; degenerative changes\nas noted.\n3. No acute fracture.\n\n7. Treatment\n1. Pain medication.';
  expect(normals('diagnosis', text)).toEqual(['right hip contusion, post-fall', 'lumbar strain']);
});

test('an impression may hold several; what it did not find is none', () => {
  expect(
    normals('diagnosis', 'Impression: No acute fracture. Mild disc bulge L4–L5. Findings are consistent with age-related injury.'),
  ).toEqual(['mild disc bulge l4-l5']);
});
