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

test('what a label gives away on one page is taken out of all of them', () => {
  const { texts } = redact(['Claim No. 8812-77A', 'Re: 8812-77A\nborn 3/9/86, Mar 9, 1986', 'paid on 8812-77A'], maria);
  expect(texts).toEqual(['Claim No. ⟦NUMBER-2⟧', 'Re: ⟦NUMBER-2⟧\nborn ⟦BIRTH-DATE-1⟧, ⟦BIRTH-DATE-1.2⟧', 'paid on ⟦NUMBER-2⟧']);
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
        /(?<!\p{L})(?:maria|rivera)(?!\p{L})|(?<!\d)123-45-6789(?!\d)|CLM-2024-88|(?<!\d)3\/9\/1986(?!\d)|(?<!\d)\(555\) 010-0142(?!\d)/iu,
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
