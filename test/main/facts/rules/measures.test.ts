import { describe, expect, test } from 'vitest';
import type { DocumentKind } from '../../../../src/shared/documents.ts';
import { extractFacts } from '../../../../src/main/facts/rules/extract-facts.ts';

const said = (text: string, kind: DocumentKind = 'Incident_Report') =>
  extractFacts({ name: 'x.txt', kind, pages: [{ page: 1, text }] }).filter((fact) => fact.kind === 'measure');
const normals = (text: string, kind?: DocumentKind): string[] => said(text, kind).map(({ normal }) => normal);

describe('measures at the scene', () => {
  test.each([
    ['He placed a cone “approximately four feet” from it.', 'warning cone|distance|in|48|48'],
    ['Footage shows the cone 5–6 feet from the slip point.', 'warning cone|distance|in|60|72'],
    ['The warning sign stood 3 to 4 ft away.', 'warning cone|distance|in|36|48'],
    ['11      a cone that\n12      was actually 5 to 6 feet away', 'warning cone|distance|in|60|72'],
    ['A sweep check is required every 15 minutes.', 'sweep check|due|min|15|15'],
    ['Store policy requires a 15-minute “sweep check” of all areas.', 'sweep check|due|min|15|15'],
    ['The last inspection was 41 minutes before the fall.', 'sweep check|gap|min|41|41'],
    ['The last documented sweep was 41 minutes\n19      before the customer fell', 'sweep check|gap|min|41|41'],
    ['An inspection is due every two hours.', 'sweep check|due|min|120|120'],
    ['The spill had been there for at least 27 minutes.', 'spill|time|min|27|27'],
    ['Skid marks of 42 feet lead to the crosswalk.', 'skid marks|distance|in|504|504'],
  ])('%s', (text, normal) => {
    expect(normals(text)).toEqual([normal]);
  });
  test.each([
    ['what somebody denies', 'The cone was not four feet away.'],
    ['no thing of the scene', 'She fell 4 feet from the door and waited 15 minutes.'],
    ['a thing of another sentence', 'There was a cone. The aisle is 6 feet wide.'],
    ['a time that says neither how often nor how long before', 'The sweep took 15 minutes.'],
    ['how large a thing is', 'The spill was 3 feet wide.'],
    ['the wrong way round', 'The cone was 6 to 5 feet away.'],
    ['a date or a price', 'The cone cost $4 in 2024-02-15 feet.'],
  ])('none in %s', (_what, text) => {
    expect(normals(text)).toEqual([]);
  });
  test('none of what a physician writes', () => {
    expect(normals('She slipped beside a cone 4 feet away.', 'Medical_Record')).toEqual([]);
  });
  test('the quote holds both the thing and how far it was', () => {
    expect(said('Later he placed a wet-floor cone “approximately four feet” from it.')[0]?.quote).toBe(
      'wet-floor cone “approximately four feet',
    );
  });
});

describe('earlier conditions', () => {
  const found = (text: string, kind: DocumentKind = 'Medical_Record') =>
    extractFacts({ name: 'x.txt', kind, pages: [{ page: 1, text }] }).filter((fact) => fact.kind === 'earlier_condition');
  test.each([
    ['PMH: Hypertension. Lumbar strain 2019 (resolved per pt).', 'lumbar spine|earlier|2019'],
    ['Mild degenerative changes at C5-C6 (age-appropriate).', 'cervical spine|degenerative or pre-existing|'],
    ['Disc bulge L4–L5. Findings are consistent with age.', 'lumbar spine|degenerative or pre-existing|'],
    ['She has a history of left knee surgery.', 'knee|earlier|'],
    ['Chronic neck pain, treated by a chiropractor.', 'cervical spine|degenerative or pre-existing|'],
  ])('%s', (text, normal) => {
    expect([...new Set(found(text).map((fact) => fact.normal))]).toEqual([normal]);
  });
  test.each([
    ['what is denied', 'Denies prior back pain. No history of neck injury. No degenerative changes at L4-L5.'],
    ['the loss itself', 'Seen 02/16/2024. Lumbar strain 2024 after a fall.'],
    ['what a family had', 'Family history of back pain in mother.'],
    ['a visit', 'Since the previous visit neck pain is better.'],
    ['no part of the body', 'Chronic pain. Degenerative changes.'],
  ])('none in %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });
  test('what the other side alleges is no record', () => {
    expect(found('Her lumbar injuries are pre-existing.', 'Pleading')).toEqual([]);
  });
  test('a list’s items are sentences of their own, a page’s width ends none', () => {
    const list =
      'Past Medical History\n\n« Hypertension — on lisinopril 10mg daily\nMild lumbar strain, 2019, resolved with conservative care\n« No prior surgeries';
    expect(found(list).map(({ quote }) => quote)).toEqual(['Mild lumbar strain, 2019, resolved with conservative care']);
    const wide = `The MRI shows a disc bulge at L4-L5 with ${'minimal narrowing and '.repeat(3)}\npre-existing degenerative changes.`;
    expect(found(wide)[0]?.quote).toBe(wide);
  });
});
