import { expect, test } from 'vitest';
import { connectAdmin } from '../../../src/main/admin/admin.ts';

test.each([
  ['none at all', '', { what: 'the command', reason: /--url URL.*STENO_ADMIN_URL/ }],
  ['one that names no server', 'postgres://[nope', { what: 'the database address', reason: /postgres:\/\/user:password@host/ }],
  [
    'one whose certificate is not there',
    'postgres://postgres@127.0.0.1:1/steno?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
    { what: 'the database address', reason: /a file that is not there: \/nowhere\/ca\.pem/ },
  ],
])('an address of the database that cannot be used says what is wrong with it: %s', async (_, url, { what, reason }) => {
  expect(await connectAdmin(url)).toEqual({
    ok: false,
    error: { code: 'invalid_input', what, reason: expect.stringMatching(reason) as unknown },
  });
});
