import { expect, test } from 'vitest';
import { rulesFind } from '../../../support/rule-facts.ts';

const quotes = (text: string, of: Parameters<typeof rulesFind>[2]): string[] =>
  rulesFind('liability_quote', text, of).map(({ value }) => value);

test('of a transcript: answers of more than a word where question or answer bears on fault, without the numbers of its lines', () => {
  const text =
    '11  Q.  Do you recall that day?\n12  A.  Yes, I recall that day well.\n13  Q.  Had the cooler leaked before?\n14  A.  I recall two prior\n15      incidents.\n16  Q.  And the cone?\n17  MR. HALE: Objection.\n18  A.  Yes.\n19  A.  It was not near her path.';
  const found = rulesFind('liability_quote', text, 'Testimony');
  expect(found.map(({ value }) => value)).toEqual(['“I recall two prior incidents.”', '“It was not near her path.”']);
  expect(found[0]?.quote).toBe('I recall two prior\n15      incidents.');
});

test('of reports and statements: sentences that bear on fault, each by itself; Mr. ends none', () => {
  expect(
    quotes(
      'Mr. Vane stated he was fine. Mr. Vane admitted fault and stated he was distracted. He wore a seatbelt.\nThe 2:12 PM scheduled sweep was not recorded.\n\nUNIT 2 (at fault)\nNo one spoke.',
      'Police_Report',
    ),
  ).toEqual(['“Mr. Vane admitted fault and stated he was distracted.”', '“The 2:12 PM scheduled sweep was not recorded.”']);
  expect(
    quotes('I did not know either driver. He should have pulled over. We had warned him twice before. It rained.', 'Testimony'),
  ).toEqual(['“He should have pulled over.”', '“We had warned him twice before.”']);
});

test('of pleadings only what the other side admits; of bills and letters nothing', () => {
  const text =
    '¶ 7. ADMITTED that Plaintiff fell at the location. Defendant failed to warn invitees. BestValue admits a small quantity of liquid was there.';
  expect(quotes(text, 'Pleading')).toEqual([
    '“ADMITTED that Plaintiff fell at the location.”',
    '“BestValue admits a small quantity of liquid was there.”',
  ]);
  expect(quotes('He should have pulled over before.', 'Correspondence')).toEqual([]);
});

test('a statement is one whatever its document was taken for', () => {
  expect(quotes('STATEMENT OF NORA PIKE\nHe should have pulled over before.', 'Other')).toHaveLength(1);
});
