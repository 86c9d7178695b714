import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putBack, putBackDeep, redact, type Known } from '../../../src/main/ai/redact.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`redact seed ${String(seed)} (repeat with STENO_SEED)`);

const maria: Known[] = [
  { kind: 'PERSON', value: 'Maria Rivera' },
  { kind: 'ORGANIZATION', value: 'BestValue Grocer, Inc.' },
  { kind: 'BIRTH-DATE', value: '1986-03-09' },
  { kind: 'NUMBER', value: 'CLM-2024-88' },
];
const of = (text: string, known: Known[] = []): string => redact([text], known).texts[0] ?? '';

test('a number that begins with a name is taken out whole', () => {
  const known: Known[] = [...maria, { kind: 'PERSON', value: 'Elena Pardo' }, { kind: 'NUMBER', value: 'PARDO-24-0412' }];
  expect(of('Our file PARDO-24-0412, Pardo', known)).toBe('Our file ⟦NUMBER-2⟧, ⟦PERSON-2⟧');
});

test('a person, her spellings, and the words she is called by', () => {
  expect(of('MARIA\nRIVERA fell. Ms. Rivera said: maria rivera.', maria)).toBe('⟦PERSON-1⟧ fell. Ms. ⟦PERSON-1.2⟧ said: ⟦PERSON-1.3⟧.');
  expect(of('Riverain and Mariana stay.', maria)).toBe('Riverain and Mariana stay.');
  expect(of('At BestValue Grocer, Inc. the Grocer of BestValue', maria)).toBe('At ⟦ORGANIZATION-1⟧ the Grocer of ⟦ORGANIZATION-1.2⟧');
});

test.each([
  ['SSN: 123-45-6789', 'SSN: ⟦SSN-1⟧'],
  ['Social Security No. 123456789', 'Social Security No. ⟦SSN-1⟧'],
  ['SSN XXX-XX-6789 on file', 'SSN XXX-XX-⟦SSN-1⟧ on file'],
  ['call (555) 010-0142 or 555-010-0142', 'call ⟦PHONE-1⟧ or ⟦PHONE-2⟧'],
  ['to m.rivera+x@mail.example.org.', 'to ⟦EMAIL-1⟧.'],
  ['DOB: 03/09/1986, seen 03/10/2024', 'DOB: ⟦BIRTH-DATE-1⟧, seen 03/10/2024'],
  ['Date of Birth March 9, 1986. Born 1986-03-09', 'Date of Birth ⟦BIRTH-DATE-1⟧. Born ⟦BIRTH-DATE-1.2⟧'],
  ['Claim Number: AB-99812', 'Claim Number: ⟦NUMBER-1⟧'],
  ['claim 99-812-7', 'claim ⟦NUMBER-1⟧'],
  ['Policy # 7781234 and MRN 00412345', 'Policy # ⟦NUMBER-1⟧ and MRN ⟦NUMBER-2⟧'],
  ['Medical Record No.: A1234567', 'Medical Record No.: ⟦NUMBER-1⟧'],
  ['Account\nAC7788123', 'Account\n⟦NUMBER-1⟧'],
  ['Visit 2024-02-15: billed $1,250.00 on 02/15/2024', 'Visit 2024-02-15: billed $1,250.00 on 02/15/2024'],
])('%s', (text, sent) => {
  expect(of(text)).toBe(sent);
});

test.each([
  ['SSN 123\u201145\u20116789', 'SSN ⟦SSN-1⟧'],
  ['SSN: 123–45–6789', 'SSN: ⟦SSN-1⟧'],
  ['123 - 45 - 6789 on chart', '⟦SSN-1⟧ on chart'],
  ['SSN 123.45.6789', 'SSN ⟦SSN-1⟧'],
  ['hers is XXX-XX-6789', 'hers is XXX-XX-⟦SSN-1⟧'],
  ['***–**–6789', '***–**–⟦SSN-1⟧'],
  ['SSN ending in 6789', 'SSN ending in ⟦SSN-1⟧'],
  ['Phone 555\u2011010\u20110142', 'Phone ⟦PHONE-1⟧'],
  ['tel 555–010–0142', 'tel ⟦PHONE-1⟧'],
  ['Phone (555)\u00a0010-0142', 'Phone ⟦PHONE-1⟧'],
  ['call 5550100142 or +15550100143', 'call ⟦PHONE-1⟧ or ⟦PHONE-2⟧'],
  ['DOB: 03051980, 3/5/80', 'DOB: ⟦BIRTH-DATE-1⟧, ⟦BIRTH-DATE-1.2⟧'],
  ['DOB 12/14\n/1971', 'DOB ⟦BIRTH-DATE-1⟧'],
  ['DOB\t|\t12.14.1971; 12/14/1971', 'DOB\t|\t⟦BIRTH-DATE-1⟧; ⟦BIRTH-DATE-1.2⟧'],
  ['Date of Birth (mm/dd/yyyy): 12/14/1971', 'Date of Birth (mm/dd/yyyy): ⟦BIRTH-DATE-1⟧'],
  ['born 5-Mar-1980; March 5, 1980', 'born ⟦BIRTH-DATE-1⟧; ⟦BIRTH-DATE-1.2⟧'],
  ['Claim No.: CL 2024 889123, paid', 'Claim No.: ⟦NUMBER-1⟧, paid'],
  ['Policy # ABC 123 456 of 2024', 'Policy # ⟦NUMBER-1⟧ of 2024'],
  ['Member ID: W1234 56789; W1234', 'Member ID: ⟦NUMBER-1⟧; ⟦NUMBER-1.2⟧'],
  ['Claim 99812 02/15/2024', 'Claim ⟦NUMBER-1⟧ 02/15/2024'],
  ['Account AC7788123 2024-02-15 1,250.00', 'Account ⟦NUMBER-1⟧ 2024-02-15 1,250.00'],
  ['Account AC7788123 250.00', 'Account ⟦NUMBER-1⟧ 250.00'],
  ['Visit on 02/15/2024. A claim for 12000 of May 3, 2024', 'Visit on 02/15/2024. A claim for 12000 of May 3, 2024'],
  ['VISIT MAR 15 2024, case of 2024 100', 'VISIT MAR 15 2024, case of 2024 100'],
])('however it is written: %j', (text, sent) => {
  expect(of(text)).toBe(sent);
});

const people: Known[] = [
  { kind: 'PERSON', value: "Maria O'Brien" },
  { kind: 'PERSON', value: 'Ana García-López' },
  { kind: 'PERSON', value: 'José Núñez' },
];
test.each([
  ['Ms. O’Brien came', 'Ms. ⟦PERSON-1⟧ came'],
  ['Mrs. García was seen', 'Mrs. ⟦PERSON-2⟧ was seen'],
  ['LOPEZ, Ana', '⟦PERSON-2⟧, ⟦PERSON-2.2⟧'],
  ['ANA GARCI\u0301A\u2011LO\u0301PEZ', '⟦PERSON-2⟧'],
  ['Jose Nunez', '⟦PERSON-3⟧'],
  ['Jose\u0301 Nu\u0301n\u0303ez', '⟦PERSON-3⟧'],
  ['José\u00a0Núñez', '⟦PERSON-3⟧'],
  ['Mar\u00adia and Ma\u00ad\nria', '⟦PERSON-1⟧ and ⟦PERSON-1.2⟧'],
  ['Ｍａｒｉａ', '⟦PERSON-1⟧'],
  ['Maria\u200bNunez™ and Maria²', '⟦PERSON-1⟧\u200b⟦PERSON-3⟧™ and ⟦PERSON-1⟧²'],
  ['Mariá\u0301na and Joséphine stay', 'Mariá\u0301na and Joséphine stay'],
])('a name that is known one way is known the other: %j', (text, sent) => {
  const { texts, tokens } = redact([text], people);
  expect(texts).toEqual([sent]);
  expect(putBack(sent, tokens)).toBe(text);
});

test('what a label gives away on one page is taken out of all of them', () => {
  const { texts } = redact(['Claim No. 8812-77A', 'Re: 8812-77A\nborn 3/9/86, Mar 9, 1986', 'paid on 8812-77A'], maria);
  expect(texts).toEqual(['Claim No. ⟦NUMBER-2⟧', 'Re: ⟦NUMBER-2⟧\nborn ⟦BIRTH-DATE-1⟧, ⟦BIRTH-DATE-1.2⟧', 'paid on ⟦NUMBER-2⟧']);
});

test('a number is found as others write it, and not in a day or an amount', () => {
  expect(of('File CLM 2024 88, CLM202488, clm.2024-88.', maria)).toBe('File ⟦NUMBER-1⟧, ⟦NUMBER-1.2⟧, ⟦NUMBER-1.3⟧.');
  expect(of('SSN: 123-45-6789; form 123456789; 123 45 6789')).toBe('SSN: ⟦SSN-1⟧; form ⟦SSN-1.2⟧; ⟦SSN-1.3⟧');
  expect(of('Claim 99812-70. Paid $99812.70.')).toBe('Claim ⟦NUMBER-1⟧. Paid $99812.70.');
});

test('a document that writes our tokens gets its own words back, not a name', () => {
  const text = 'Maria Rivera. Ignore this: ⟦PERSON-1⟧ ⟦x⟧';
  const { texts, tokens } = redact([text], maria);
  expect(texts[0]).toBe('⟦PERSON-1⟧. Ignore this: ⟦MARK-1⟧ ⟦MARK-1.2⟧');
  expect(putBack(texts[0] ?? '', tokens)).toBe(text);
});

test('only tokens that were given out are put back, in every text of an answer', () => {
  const { tokens } = redact(['Maria Rivera'], maria);
  const answer = { facts: [{ value: '⟦PERSON-1⟧', quote: 'says ⟦PERSON-7⟧', page: 1, extra: null }], note: ['⟦PERSON-1⟧'] };
  expect(putBackDeep(answer, tokens)).toEqual({
    facts: [{ value: 'Maria Rivera', quote: 'says ⟦PERSON-7⟧', page: 1, extra: null }],
    note: ['Maria Rivera'],
  });
});

const words = fc.constantFrom(
  'Maria',
  'Rivera',
  'MARIA RIVERA',
  'rivera',
  'SSN',
  '123-45-6789',
  'DOB:',
  '3/9/1986',
  'Claim No.',
  'CLM-2024-88',
  '⟦PERSON-1⟧',
  '⟦',
  '⟧',
  '(555) 010-0142',
  'a@b.example',
  '$1,200.00',
  'İstanbul',
  '🚑',
  '$&',
  '\n',
  'Account',
  'X99812',
  'Policy',
  'O’Brien',
  "O'Brien",
  'García-López',
  'Garcia',
  'Jose\u0301',
  'Núñez',
  'Ma\u00adria',
  'Ma\u00ad\nria',
  '\u0301',
  '\u00ad',
  'ﬁ',
  'f',
  'i',
  'ﷺ',
  '\u2011',
  '\u00a0',
  '´',
  '123–45–6789',
  '5550100142',
  '12/14\n/1971',
  'CL 2024 889123',
);
const paper = fc
  .array(fc.oneof({ weight: 4, arbitrary: words }, fc.string({ maxLength: 8 })), { maxLength: 40 })
  .chain((parts) => fc.constantFrom(' ', '', '\n').map((by) => parts.join(by)));
const name = fc.record({
  kind: fc.constantFrom('PERSON' as const, 'ORGANIZATION' as const, 'NUMBER' as const),
  value: fc.oneof(words, fc.string({ maxLength: 12 })),
});

test('what was taken out is put back to the letter, whatever the text and the names', () => {
  fc.assert(
    fc.property(fc.array(paper, { maxLength: 4 }), fc.array(name, { maxLength: 5 }), (texts, names) => {
      const { texts: sent, tokens } = redact(texts, [...maria, ...names]);
      expect(sent.map((text) => putBack(text, tokens))).toEqual(texts);
    }),
    { seed, numRuns: 400 },
  );
});

test('nothing of what was taken out is left in what is sent', () => {
  fc.assert(
    fc.property(fc.array(paper, { minLength: 1, maxLength: 4 }), (texts) => {
      const sent = redact(texts, maria)
        .texts.join('\n')
        .replace(/⟦[^⟦⟧]*⟧/g, ' ');
      expect(sent).not.toMatch(
        /(?<![\p{L}\p{M}])(?:maria|rivera)(?![\p{L}\p{M}])|(?<![\d\p{M}])(?:123[-–]45[-–]6789|3\/9\/1986|\(555\) 010-0142)(?![\d\p{M}])|CLM-2024-88/iu,
      );
    }),
    { seed, numRuns: 400 },
  );
});

test('two hundred thousand characters of a hostile page take no longer than a page may', () => {
  const hostile = `${'Claim '.repeat(9000)}${'1-'.repeat(20_000)}${'a@'.repeat(20_000)}${'('.repeat(20_000)}${'born '.repeat(8000)}`;
  const { texts, tokens } = redact([hostile], maria);
  expect(putBack(texts[0] ?? '', tokens)).toBe(hostile);
});
