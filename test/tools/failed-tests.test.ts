import { expect, test } from 'vitest';
import { failedInPlaywright, failedInVitest } from '../../tools/failed-tests.ts';

test('of a report of vitest: the tests that failed, each with the first line of why, and a file that failed as a whole', () => {
  const report = {
    testResults: [
      {
        name: '/somewhere/test/main/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { fullName: 'group holds', status: 'passed', failureMessages: [] },
          { fullName: 'group breaks', status: 'failed', failureMessages: ['Error: first line\n    at somewhere'] },
        ],
      },
      { name: '/somewhere/test/pg/b.test.ts', status: 'failed', message: 'Cannot find module\nmore', assertionResults: [] },
      { name: '/somewhere/test/pg/c.test.ts', status: 'passed', message: '', assertionResults: [] },
    ],
  };
  expect(failedInVitest(report)).toEqual([
    { name: 'test/main/a.test.ts > group breaks', why: 'Error: first line' },
    { name: 'test/pg/b.test.ts', why: 'Cannot find module' },
  ]);
});

test('of a report of Playwright: specs at any depth that are not ok', () => {
  const spec = (title: string, ok: boolean) => ({
    ...{ title, ok, file: 'browser/a.test.ts' },
    tests: [{ results: [{ error: ok ? undefined : { message: 'Timeout\nmore' } }] }],
  });
  const report = { suites: [{ specs: [spec('one', true)], suites: [{ specs: [spec('two', false)] }] }] };
  expect(failedInPlaywright(report)).toEqual([{ name: 'browser/a.test.ts > two', why: 'Timeout' }]);
});

test('a report that is no report names nothing', () => {
  expect([failedInVitest({}), failedInPlaywright({ suites: 'x' })]).toEqual([[], []]);
});
