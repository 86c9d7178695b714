import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, formatDayLong } from '../../../src/shared/days.ts';
import type { BillLineView, FactView } from '../../../src/shared/facts.ts';
import type { Block } from '../../../src/shared/letters.ts';
import type { Finding, LintRuleId } from '../../../src/shared/linter.ts';
import { formatCents } from '../../../src/shared/money.ts';
import { chronologyOf } from '../../../src/main/facts/chronology.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { computeLetterValues } from '../../../src/main/letters/values.ts';
import type { LintRule } from '../../../src/main/linter/lint-rule.ts';
import { createLinter, ourLetter, type LintMatter, type LintLetter } from '../../../src/main/linter/linter.ts';
import { without } from '../../support/lint.ts';
import { billLine, fact, letterhead } from '../export/letter-fixture.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
const runs = { seed, numRuns: 60 } as const;
console.info(`linter, generated letters: seed ${String(seed)}`);

interface Case {
  template: number;
  facts: FactView[];
  lines: BillLineView[];
  lossDay: string;
  letterDate: string;
  demandCents: number;
  otherClient: string;
}

const firsts = ['Amara', 'Beatriz', 'Chidi', 'Dmitri', 'Eleanor', 'Farid', 'Grace', 'Hiroshi'];
const lasts = ['Abernathy', 'Bouchard', 'Castellano', 'Delacroix', 'Eriksen', 'Fitzwilliam', 'Gutierrez', 'Hawthorne'];
const providers = [
  'Cedar Hill Hospital',
  'Lakeside Imaging',
  'Northgate Chiropractic',
  'Orchard Physical Therapy',
  'Pinewood Orthopedics',
  'Quarry Ambulance',
];

/** A case whose visits leave no gap of more than sixty days and lie between the loss and the letter. */
const aCase: fc.Arbitrary<Case> = fc
  .record({
    template: fc.nat(defaultTemplates.length - 1),
    people: fc.uniqueArray(fc.nat(63), { minLength: 5, maxLength: 5, selector: (n) => n % 8 }),
    lossDay: fc.integer({ min: 0, max: 2_500 }).map((n) => addDays('2017-01-02', n)),
    visits: fc.array(
      fc.record({
        after: fc.nat(59),
        provider: fc.nat(providers.length - 1),
        billed: fc.integer({ min: 1_000, max: 900_000 }),
        share: fc.nat(100),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    until: fc.integer({ min: 1, max: 400 }),
    wages: fc.option(fc.integer({ min: 10_000, max: 2_000_000 })),
    demandCents: fc.integer({ min: 1_000_000, max: 90_000_000 }),
    number: fc.integer({ min: 100_000, max: 999_999 }),
    hasCounsel: fc.boolean(),
  })
  .map(({ template, people, lossDay, visits, until, wages, demandCents, number, hasCounsel }) => {
    const [client = '', defendant = '', adjuster = '', witness = '', otherClient = ''] = people.map(
      (n) => `${firsts[n >> 3] ?? ''} ${lasts[n & 7] ?? ''}`,
    );
    let day = lossDay;
    const lines = visits.map(({ after, provider, billed, share }) => {
      day = addDays(day, after);
      const paid = Math.floor((billed * share) / 250);
      return billLine(providers[provider] ?? '', day, billed, paid, { adjusted: Math.floor((billed - paid) / 5) });
    });
    const facts = [
      fact('client_name', client),
      fact('defendant_name', defendant),
      fact('adjuster', adjuster),
      fact('witness', witness),
      fact('carrier', 'Harborline Mutual Insurance Company'),
      fact('date_of_loss', formatDayLong(lossDay), { normal: lossDay }),
      fact('place_of_loss', '77 Pier Road, Fairhaven, Ohio'),
      fact('claim_number', `HL-${String(number)}`),
      fact('policy_number', `HM-${String(number + 7)}`),
      fact('vehicle', '2016 Honda Accord'),
      ...(hasCounsel ? [fact('opposing_counsel', 'Prentice Vale LLP')] : []),
      ...(wages === null ? [] : [fact('wage_loss', formatCents(wages), { normal: String(wages) })]),
    ];
    return { template, facts, lines, lossDay, letterDate: addDays(day, until), demandCents, otherClient };
  });

function drafted(
  { template, facts, lines, letterDate, demandCents, otherClient }: Case,
  more: Block[],
): { letter: LintLetter; matter: LintMatter } {
  const ledger = buildLedger(lines, []);
  const input = { firm: letterhead, facts, ledger, letter: { title: 'Demand', demandCents, letterDate } };
  const before = computeLetterValues({ ...input, blocks: [] });
  const made = templateToBlocks(defaultTemplates[template]?.content, {
    has: (name) => (before.variables[name]?.state ?? 'missing') !== 'missing',
  });
  if (!made.ok) throw new Error(made.error.code);
  const blocks = [...made.value.blocks, ...more];
  const values = computeLetterValues({ ...input, blocks });
  const others = [{ clients: [otherClient], carriers: [], claimNumbers: ['XX-777001'] }];
  return {
    letter: ourLetter({ blocks, values, letterDate, demandCents }),
    matter: { facts, ledger, chronology: chronologyOf(facts, lines), values, others },
  };
}

function lint(of: Case, more: Block[] = [], rules?: readonly LintRule[]): Finding[] {
  const { letter, matter } = drafted(of, more);
  return createLinter(rules).lint(letter, matter);
}

const says = (...texts: string[]): Block[] => texts.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }));
const text = (of: Case, kind: FactView['kind']): string => of.facts.find((one) => one.kind === kind)?.value ?? '';

/** Typed below the drafted letter, from what the case holds. */
const defects: Record<string, { rule: LintRuleId; add(of: Case): Block[]; of?(of: Case): Case }> = {
  'an equation': { rule: 'sentence_sum', add: () => says('The costs were $111.00 + $222.00 = $334.00.') },
  'a list': { rule: 'list_sum', add: () => says('Taxi: $111.00', 'Crutches: $222.00', 'Total: $334.00') },
  'a total that is not the ledger’s': { rule: 'amount_differs', add: ({ lines }) => says(`The total charges are ${formatCents(lines.reduce((sum, { billedCents }) => sum + billedCents, 101))}.`) },
  'the demand typed': { rule: 'typed_amount', add: ({ demandCents }) => says(`We would take ${formatCents(demandCents)} today.`) },
  'words and figures': { rule: 'amount_words', add: () => says('The taxi was one hundred eleven dollars ($112.00).') },
  'a malformed amount': { rule: 'malformed_amount', add: () => says('The taxi was $200,00.') },
  'treatment after the letter': { rule: 'date_after_letter', add: ({ letterDate }) => says(`Our client was examined again on ${formatDayLong(addDays(letterDate, 9))}.`) },
  'treatment before the loss': { rule: 'date_before_loss', add: ({ lossDay }) => says(`Our client was examined on ${formatDayLong(addDays(lossDay, -9))}.`) },
  'another day of the loss': { rule: 'two_loss_dates', add: ({ lossDay }) => says(`The incident of ${formatDayLong(lossDay)} was seen by many.`, `Few saw the incident of ${formatDayLong(addDays(lossDay, 1))} itself.`) },
  'no day': { rule: 'impossible_date', add: () => says('See our letter of February 30, 2024.') },
  'a weekday': { rule: 'weekday_wrong', add: () => says('See our letter of Monday, February 15, 2024.') },
  'a time zone': { rule: 'time_zone', add: () => says('We spoke at 3 p.m. PST on June 15, 2024.') },
  'another matter’s client': { rule: 'other_matter', add: ({ otherClient }) => says(`We spoke with ${otherClient} at length.`) },
  'another matter’s claim': { rule: 'other_matter', add: () => says('We wrote about XX-777001 at length.') },
  'another claim number': { rule: 'fact_differs', add: () => says('Claim number: HL-1000001') },
  'another car': { rule: 'fact_differs', add: () => says('There was a 2015 Honda Accord.') },
  'a name misspelled': { rule: 'name_spelling', add: (of) => says(`We spoke with ${text(of, 'client_name')}e at length.`) },
  'a paragraph twice': { rule: 'doubled_paragraph', add: () => says('We spoke with your office at length about all of this last week.', 'We spoke with your office at length about all of this last week.') },
  'a word twice': { rule: 'doubled_word', add: () => says('We spoke with with your office.') },
  'a choice': { rule: 'unresolved_choice', add: () => says('We spoke at 3 a.m./p.m. with your office.') },
  'a placeholder': { rule: 'placeholder', add: () => says('We spoke with [ADJUSTER NAME] at length.') },
  'a threat': { rule: 'criminal_threat', add: () => says('Unless you pay we will press charges.') },
  'a title': { rule: 'wrong_gender', add: (of) => says(`Ms. ${text(of, 'client_name')} called. Ms. ${text(of, 'client_name')} wrote.`, `Mr. ${text(of, 'client_name')} came.`) },
  'an ICD-9 code': { rule: 'code_out_of_time', add: () => says('The diagnosis code 847.0 is on it.') },
  'a letter before its loss': { rule: 'letter_before_loss', add: () => [], of: (of) => ({ ...of, letterDate: addDays(of.lossDay, -200) }) },
  'a gap nobody explains': {
    rule: 'treatment_gap',
    add: () => [],
    of: (of) => {
      const days = [61, 122, 183].map((after) => addDays(of.letterDate, after));
      return { ...of, letterDate: addDays(of.letterDate, 190), lines: [...of.lines, ...days.map((day) => billLine('Cedar Hill Hospital', day, 5_000, 0))] };
    },
  },
  'twenty days to accept': { rule: 'time_limit_short', add: () => says('This demand must be accepted within 20 days of receipt.'), of: (of) => ({ ...of, template: 2 }) },
  'an exhibit': { rule: 'exhibit_missing', add: () => says('The video is Exhibit ZZ.') },
}; // prettier-ignore

test('a letter drafted from any ledger through any of our templates: nothing is found', () => {
  fc.assert(
    fc.property(aCase, (of) => {
      expect(lint(of).map(({ rule, quote }) => [rule, quote])).toEqual([]);
    }),
    { ...runs, numRuns: 300 },
  );
});

describe.each(Object.entries(defects))('%s', (_what, { rule, add, of: changed = (of) => of }) => {
  test('is found in any letter by its rule alone, and without the rule by none', () => {
    fc.assert(
      fc.property(aCase.map(changed), (of) => {
        const found = lint(of, add(of));
        expect(found.length).toBeGreaterThan(0);
        expect([...new Set(found.map((finding) => finding.rule))]).toEqual([rule]);
        expect(lint(of, add(of), without(rule))).toEqual([]);
      }),
      runs,
    );
  });
});

test('a linter that saw the letter before finds the same as a new one, and reads what changed only', () => {
  const edits = fc.array(fc.tuple(fc.constantFrom(...Object.keys(defects)), fc.nat(1_000)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(aCase, edits, (of, steps) => {
      const linter = createLinter();
      const first = drafted(of, []);
      linter.lint(first.letter, first.matter);
      expect(linter.readLast()).toBeGreaterThan(10);
      let more: Block[] = [];
      for (const [what, at] of steps) {
        const own = defects[what]?.add(of) ?? [];
        more = more.toSpliced(at % (more.length + 1), 0, ...own);
        const { letter, matter } = drafted(of, more);
        expect(linter.lint(letter, matter)).toEqual(createLinter().lint(letter, matter));
        expect(linter.readLast()).toBeLessThanOrEqual(own.length);
      }
    }),
    { ...runs, numRuns: 30 },
  );
});

test('a key stays while the thing is the same, wherever it stands, and is another for another thing', () => {
  fc.assert(
    fc.property(aCase, (of) => {
      const keys = (...texts: string[]): string[] => lint(of, says(...texts)).map(({ key }) => key);
      const [key] = keys('The taxi was $200,00.');
      expect(keys('A word before.', 'It was said that the taxi was $200,00.')).toEqual([key]);
      expect(keys('The taxi was $300,00.')).not.toContain(key);
    }),
    { ...runs, numRuns: 10 },
  );
});
