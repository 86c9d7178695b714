import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

const list = '\n\nEnclosures\n\nExhibit A: report\nExhibit B: bills';

test.each([
  [`See Exhibit C.${list}`, ['C']],
  [`See Exhibits A, B and D (Ex. E at 4).${list}`, ['D', 'E']],
])('is found: %s', (text, found) => expect(quotes('exhibit_missing', text)).toEqual(found));
test.each([[`See Exhibits A and B.${list}`], ['See Exhibit C.'], [`An Exhibition of art.${list}`]])('nothing: %s', (text) =>
  expect(quotes('exhibit_missing', text)).toEqual([]),
);
