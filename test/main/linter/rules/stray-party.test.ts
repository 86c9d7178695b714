import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['Our client, James Brennan, was hurt.', ['James Brennan']],
  ['Ms. Brennan was hurt.', ['Brennan']],
  ['Please ask Allstate for its file.', ['Allstate']],
  ['Great Plains Casualty Company must answer.', ['Great Plains Casualty Company']],
])('is found: %s', (text, found) => expect(quotes('stray_party', text)).toEqual(found));

test.each([
  ['Our client, Maria Alvarez, was hurt. Ms. Alvarez fell.'],
  ['James Brennan saw it. Mr. Brennan told the officer.'],
  ['Her health insurer, Great Plains Casualty Company, has a lien.'],
  ['Harbor Mutual must answer.'],
])('nothing: %s', (text) => expect(quotes('stray_party', text)).toEqual([]));
