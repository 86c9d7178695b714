import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { fact } from '../../export/letter-fixture.ts';

const others = [
  {
    clients: ['Oscar J. Lindqvist', 'Maria Alvarez', 'Cher'],
    carriers: ['Penrose Casualty Company', 'Harbor Mutual'],
    claimNumbers: ['ZK-55-90013', '77'],
  },
];
const matter = matterOf([fact('client_name', 'Maria Alvarez'), fact('carrier', 'Harbor Mutual Insurance Company')], [], others);
const found = (text: string): string[] => quotes('other_matter', text, matter);

test.each([
  ['We spoke with OSCAR LINDQVIST.', ['OSCAR LINDQVIST']],
  ['Mr. Oscar J. Lindqvist’s bills', ['Oscar J. Lindqvist']],
  ['Re: Lindqvist, Oscar', ['Lindqvist, Oscar']],
  ['our file ZK5590013 or ZK 55', ['ZK5590013']],
  ['Penrose Casualty Company has paid', ['Penrose Casualty Company']],
])('is found: %s', (text, quoted) => expect(found(text)).toEqual(quoted));

test.each([['Maria Alvarez and Harbor Mutual agree'], ['Oscar Wilde, and Lindqvist Street'], ['77 visits; cher ami']])(
  'nothing: %s',
  (text) => expect(found(text)).toEqual([]),
);
