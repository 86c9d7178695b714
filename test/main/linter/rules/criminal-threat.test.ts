import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['Unless you pay, we will seek criminal charges against your insured.', ['criminal charges']],
  ['If this is not settled we will report your insured to the police.', ['report your insured to the police']],
  ['Our client reserves the right to press charges.', ['press charges']],
])('is found: %s', (text, found) => expect(quotes('criminal_threat', text)).toEqual(found));
test.each([
  ['Your insured was charged with a criminal offense and pleaded guilty.'],
  ['We will prosecute this action to judgment.'],
  ['The driver was arrested at the scene.'],
  ['She reported the collision to the police.'],
])('nothing: %s', (text) => expect(quotes('criminal_threat', text)).toEqual([]));
