import { describe, expect, test } from 'vitest';
import { FactKind } from '../../../src/shared/facts.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { blockersFor } from '../../../src/main/letters/blockers.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { TemplateContent } from '../../../src/shared/template-content.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { blocksFromLetterBody, letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { allBlocks, letterText, variablesUsed } from '../../../src/main/sync/letter-text.ts';
import { draft, fact, facts } from '../export/letter-fixture.ts';

/** The invented case before suit, as an insurer gets it. */
const beforeSuit = [
  ...facts.filter(({ kind }) => kind !== 'court_case_number' && kind !== 'opposing_counsel'),
  fact('carrier', 'Harborline Mutual'),
  fact('adjuster', 'Dana Whitfield'),
  fact('policy_number', 'HM-5520188'),
];

/** What each template asks a person for, in reading order, where the case holds every fact Steno can find. */
const asked: Record<string, string[]> = {
  'Premises liability demand': [],
  'Auto collision demand': [],
  'Time-limited demand, California': [
    'address_for_time_limited_demands',
    'policy_type',
    'confirm_no_complaint_or_arbitration_demand_is_filed',
    'ground_of_liability',
    'known_injuries',
    'policy_limits',
    'known_liens',
  ],
  'Time-limited offer, Georgia': [
    'postal_address_of_the_insurer',
    'confirm_no_named_defendant_has_answered',
    'ground_of_liability',
    'confirm_all_records_needed_to_evaluate_are_enclosed',
    'acceptance_date',
    'other_parties_released',
    'full_or_limited',
    'what_each_party_receives',
    'claims_released',
    'payment_date',
  ],
  'UM/UIM demand': [
    'own_insurer',
    'own_insurer_address',
    'uninsured_or_underinsured',
    'own_policy_number',
    'own_claim_number',
    'limits_of_this_coverage',
    'liability_insurance_of_the_other_motorist',
    'liability_settlement',
    'confirm_what_policy_and_state_require_before_a_settlement',
    'credits_and_offsets',
  ],
  'Vehicle contract refund demand': [
    'seller_administrator_and_finance_company',
    'contract_kind',
    'contract_number',
    'vehicle',
    'cancellation_date',
    'contract_date',
    'contract_price',
    'contract_term',
    'reason_for_cancellation',
    'claims_and_refunds_paid',
    'confirm_client_wants_the_contract_cancelled',
    'refund_rule',
    'confirm_refund_rule_and_its_date',
    'cancellation_terms',
    'unused_term',
    'refund_method',
    'refund_deductions',
  ],
};

function indexOf(name: string): number {
  return defaultTemplates.findIndex((template) => template.name === name);
}

test('names are unique, each category has one default, and the first is the one a premises case takes', () => {
  const names = defaultTemplates.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(Object.keys(asked));
  for (const [category, templates] of Map.groupBy(defaultTemplates, (template) => template.category))
    expect([category, templates.filter(({ isDefault }) => isDefault).length]).toEqual([category, 1]);
});

describe.each(defaultTemplates.map(({ name }, index) => [name, index] as const))('%s', (name, template) => {
  const content = defaultTemplates[template]?.content;
  const whole = TemplateContent.parse(content);

  test('declares the variables it uses, has no malformed tag and survives the editor', () => {
    for (const known of [true, false]) {
      const drafted = templateToBlocks(content, { has: () => known });
      const blocks = drafted.ok ? drafted.value.blocks : [];
      expect(drafted.ok && drafted.value.problems).toEqual([]);
      for (const used of variablesUsed(blocks).shown) expect(whole.variables).toContain(used);
      expect(blocksFromLetterBody(letterBodyFromBlocks(blocks))).toEqual(blocks);
    }
  });

  test('every sentence with a finding of fact is cited: the facts, treatment and wage sections', () => {
    const { blocks } = draft({ template });
    const sections = new Map<string, Block[]>();
    let title = '';
    for (const block of allBlocks(blocks)) {
      if (block.type === 'heading') title = block.content.map((inline) => (inline.type === 'text' ? inline.text : '')).join('');
      else sections.set(title, [...(sections.get(title) ?? []), block]);
    }
    // Each sentence that shows a fact carries its citation before the full stop; sums of cited amounts need none of their own.
    const computed = new Set(['economic_total', 'provider_count', 'service_period', 'total_adjusted', 'total_paid', 'total_owed']);
    let checked = 0;
    for (const section of ['Facts', 'Known injuries', 'Treatment and specials', 'Wage loss']) {
      for (const block of sections.get(section) ?? []) {
        if (block.type !== 'paragraph') continue;
        const { shown, cited } = variablesUsed([block]);
        for (const used of shown.filter((one) => !computed.has(one) && !(section === 'Known injuries' && one === 'client_name'))) {
          expect(cited).toContain(used);
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(5);
  });

  test('drafted from a whole case it asks for nothing but what no document tells, and each mark in the text blocks Finalize', () => {
    const { blocks, values } = draft({ template, facts: beforeSuit });
    const missing = blockersFor(blocks, values, 'Attorney');
    expect(missing.map(({ kind, variable }) => [kind, variable])).toEqual((asked[name] ?? []).map((one) => ['missing', one]));
    const labels = missing.map(({ variable }) => values.variables[variable ?? '']?.label);
    const marks = [...letterText(blocks, values).matchAll(/\[([^\]]*)\]/g)].map(([, label]) => label);
    expect(new Set(marks)).toEqual(new Set(labels));
  });

  test('drafted from an empty case it names every fact, sum and entry it lacks', () => {
    const { blocks, values } = draft({ template, facts: [], lines: [], demandCents: null });
    const missing = new Set(blockersFor(blocks, values, 'Attorney').map(({ variable }) => variable));
    const given = new Set(['firm_name', 'firm_address', 'firm_email', 'letter_date', 'response_deadline']);
    const used = variablesUsed(blocks).shown.filter((one) => !given.has(one));
    for (const one of used) expect(missing).toContain(one);
    expect(used.filter((one) => FactKind.options.some((kind) => kind === one)).length).toBeGreaterThan(1);
  });

  test('reads as a letter: no title guesses a gender, no threat, no FRE 408 label, nothing unresolved', () => {
    for (const more of [{ template }, { template, facts: beforeSuit }]) {
      const { blocks, values } = draft(more);
      const text = letterText(blocks, values);
      expect(text).toContain('$125,000.00');
      expect(text).toContain('(Ex. A at 1)');
      expect(text).not.toMatch(/\b(?:he|she|his|her|him|hers|Mr|Mrs|Ms|Miss|Sir|Madam)\b/i);
      expect(text).not.toMatch(/408|criminal|prosecut|sanction|bad faith|excess judgment|\{\{|\}\}/i);
      expect(text).not.toMatch(/ [.,;]| {2}|\(\)/);
    }
  });

  test('each section of a law it names stands in its authorities, with a source and a day; no authority is printed', () => {
    const text = whole.sections.map((section) => section.content).join('\n');
    const named = [...text.matchAll(/(?:sections?|§) (\d[\d.-]*\d)(?: to (\d[\d.]*\d))?/gi)].flatMap(([, first, last]) => [first, last]);
    for (const number of named.filter((one) => one !== undefined))
      expect(whole.authorities.some(({ citation }) => citation.includes(number))).toBe(true);
    const { blocks, values } = draft({ template });
    for (const { citation, source } of whole.authorities) {
      expect(citation.length * source.length).toBeGreaterThan(0);
      expect(letterText(blocks, values)).not.toContain(source);
    }
  });
});

function textOf(name: string, more: Parameters<typeof draft>[0] = {}): string {
  const { blocks, values } = draft({ template: indexOf(name), facts: beforeSuit, ...more });
  return letterText(blocks, values);
}

test('California: what section 999.1 asks of a demand is there, and the time runs from transmission', () => {
  const text = textOf('Time-limited demand, California');
  for (const part of [
    'TIME-LIMITED DEMAND\nCalifornia Code of Civil Procedure section 999',
    'Date of loss: February 15, 2024\nLocation of loss: Lakeside Market, 77 Pier Road, Fairhaven, Ohio\nClaim number: LM-2024-0788',
    'offers to settle all claims against your insureds that arise from the occurrence of February 15, 2024 for $125,000.00',
    'within the policy limits',
    'it includes the satisfaction of all liens',
    'every other insured under the policy a complete release from all present and future liability for the occurrence',
    'injuries of Grace Nguyễn-Okafor that are known to us today',
    'are enclosed as the exhibits',
    'until 11:59 p.m. Pacific Time on November 6, 2024.', // 33 days after October 4
    'the thirty-third day after the day of transmission',
  ])
    expect(text).toContain(part);
});

test('Georgia: seven numbered terms and no condition beside them, none with a computed date', () => {
  const text = textOf('Time-limited offer, Georgia');
  const terms = text.slice(text.indexOf('Material terms\n'), text.indexOf('This is an offer to enter'));
  expect(terms.match(/^\d\. [A-Z][a-z ]+\./gm)).toEqual([
    '1. Acceptance.',
    '2. Payment.',
    '3. Parties released.',
    '4. Release.',
    '5. Claims released.',
    '6. Date of payment.',
    '7. Statement under oath.',
  ]);
  expect(terms).toContain('[Acceptance date], a date not less than 30 days from your receipt');
  expect(terms).toContain('[Payment date], a date not less than 40 days from your receipt');
  expect(text).toContain('O.C.G.A. § 9-11-67.1');
  expect(text).toContain('VIA CERTIFIED MAIL, RETURN RECEIPT REQUESTED');
  expect(text).not.toMatch(/November 6, 2024|[Pp]lease|you must|preserve|policy limits/);
});

test('a time-limited letter to an insurer whose insured has counsel asks an attorney first', () => {
  for (const name of ['Time-limited demand, California', 'Time-limited offer, Georgia']) {
    expect(textOf(name, { facts: [...facts, fact('carrier', 'Harborline Mutual')] })).toContain(
      'Copy to Prentice Vale LLP, counsel for Lakeside Market, Inc. [Confirm counsel agrees to a letter to the insurer]',
    );
    expect(textOf(name)).not.toContain('Confirm counsel');
  }
});

test('UM/UIM: never takes the carrier, policy or claim number of the file, which may be the other side’s', () => {
  expect(textOf('UM/UIM demand')).not.toMatch(/Harborline|HM-5520188|LM-2024-0788|Whitfield/);
});

test('a refund asks for one sum, the demand', () => {
  const text = textOf('Vehicle contract refund demand');
  expect(text.match(/\$[\d,.]*\d/g)).toEqual(['$125,000.00', '$125,000.00']);
  expect(text).not.toMatch(/treatment|injur/i);
});

test('wages, counsel and case number appear only when known; the defendant is addressed when no counsel or carrier is', () => {
  const full = draft();
  expect(letterText(full.blocks, full.values)).toContain('Counsel for Lakeside Market, Inc.');
  const bare = draft({ facts: [] });
  const text = letterText(bare.blocks, bare.values);
  expect(text).not.toMatch(/Wage loss|Counsel:|Court case number/);
  expect(text).toContain('[Defendant]');
  expect(text).toContain('[Date of loss].');
});
