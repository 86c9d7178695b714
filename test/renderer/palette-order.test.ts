import { expect, test } from 'vitest';
import { narrow } from '../../src/renderer/shell/palette-order.ts';

const groups = [
  {
    group: 'Matters',
    actions: [{ label: 'Rivera', description: 'Ana Rivera v. Acme' }, { label: 'Acme Holding' }, { label: 'Okafor', description: '' }],
  },
  { group: 'Commands', actions: [{ label: 'Go to the inbox', keywords: ['conflicts', 'refused'] }, { label: 'Sync now' }] },
];
const found = (typed: string, most = 12) =>
  narrow(groups, typed, most).map(({ group, actions }) => [group, ...actions.map(({ label }) => label)]);

test('what is called as was typed comes before what is told of in such words, and a group of which nothing is left is gone', () => {
  expect(found('acme')).toEqual([['Matters', 'Acme Holding', 'Rivera']]);
  expect(found(' CONFLICT ')).toEqual([['Commands', 'Go to the inbox']]);
  expect(found('no such thing')).toEqual([]);
});

test('with nothing typed all are there, as many as there is room for', () => {
  expect(found('')).toEqual([
    ['Matters', 'Rivera', 'Acme Holding', 'Okafor'],
    ['Commands', 'Go to the inbox', 'Sync now'],
  ]);
  expect(found('', 4)).toEqual([
    ['Matters', 'Rivera', 'Acme Holding', 'Okafor'],
    ['Commands', 'Go to the inbox'],
  ]);
});
