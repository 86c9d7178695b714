import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

const she = 'Ms. Alvarez fell. Ms. Alvarez was hurt. ';

test.each([
  ['a title', `${she}Mr. Alvarez lost his job.`, ['Mr', 'his']],
  ['a pronoun against the titles', `${she}Ms. Alvarez could not lift his arm.`, ['his']],
  [
    'a pronoun against five others',
    'Maria Alvarez hurt her neck, her back, her arm, her knee and her hand. Maria Alvarez says he is in pain.',
    ['he'],
  ],
])('is found: %s', (_what, text, found) => expect(quotes('wrong_gender', text)).toEqual(found));

test.each([
  ['another person of the sentence', `${she}Ms. Alvarez told the officer what he asked.`],
  ['a husband of the same name', `${she}Mr. Alvarez, her husband, drove her home.`],
  ['a couple', `${she}Mr. and Mrs. Alvarez came home.`],
  ['nothing tells which', 'Maria Alvarez hurt her neck. Maria Alvarez says he is in pain.'],
  ['a sentence that does not name the client', `${she}He ran the red light.`],
])('nothing: %s', (_what, text) => expect(quotes('wrong_gender', text)).toEqual([]));
