import type { LintRuleId } from '../../src/shared/linter.ts';
import type { Block } from '../../src/shared/letters.ts';

export interface MatterDefect {
  rule: LintRuleId;
  what: string;
  /** Typed below the facts of one of Steno's letters. */
  add: Block[];
  with?: LintRuleId[];
  quote: string;
}

const says = (text: string): Block[] => [{ type: 'paragraph', content: [{ type: 'text', text }] }];

/** What only the matter can tell, typed into a letter of the invented case of test/main/export/letter-fixture.ts. */
export const ofMatter: readonly MatterDefect[] = [
  { rule: 'amount_differs', what: 'a total of the bills that is not the ledger’s', add: says('The total billed comes to $20,000.00.'), quote: '$20,000.00' },
  { rule: 'amount_differs', what: 'a provider’s bill that is another', add: says('Fairhaven Fire & Rescue charged $1,500.00.'), quote: '$1,500.00' },
  { rule: 'amount_differs', what: 'a wage loss that no record says', add: says('The lost wages are $4,100.00.'), quote: '$4,100.00' },
  { rule: 'typed_amount', what: 'a total typed by hand', add: says('The bills come to $16,098.00 in all.'), quote: '$16,098.00' },
  { rule: 'other_matter', what: 'another matter’s client', add: says('We ask that you speak with Oscar Lindqvist.'), quote: 'Oscar Lindqvist' },
  { rule: 'other_matter', what: 'another matter’s claim number', add: says('See our letter in ZK-55-90013 of last week.'), quote: 'ZK-55-90013' },
  { rule: 'fact_differs', what: 'another claim number', add: says('Claim number: LM-2024-0799'), quote: 'LM-2024-0799' },
  { rule: 'fact_differs', what: 'another policy number', add: says('Policy number: HM-5520199'), quote: 'HM-5520199' },
  { rule: 'fact_differs', what: 'another year of the car', add: says('The car was a 2017 Honda Accord.'), quote: '2017 Honda Accord' },
  { rule: 'name_spelling', what: 'a witness’s name one letter off', add: says('Tomas Brandl saw it.'), quote: 'Brandl' },
  { rule: 'two_loss_dates', what: 'another date of loss', add: says('The incident of February 16, 2024 was reported at once.'), quote: 'February 16, 2024' },
  { rule: 'exhibit_missing', what: 'an exhibit that nothing cites', add: says('The video is Exhibit K.'), quote: 'K' },
]; // prettier-ignore
