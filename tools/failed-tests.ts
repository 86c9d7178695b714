/** One test that failed: where, and the first line of why. */
export interface FailedTest {
  name: string;
  why: string;
}

type Fields = Record<string, unknown>;
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);
const firstLine = (value: unknown): string => (typeof value === 'string' ? (value.split('\n')[0] ?? '') : '').slice(0, 1_000);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** From vitest's own report (`--reporter=json`). */
export function failedInVitest(report: Fields): FailedTest[] {
  return listOf(report.testResults).flatMap((file) => {
    const where = textOf(file.name).replace(/^.*\/test\//, 'test/');
    const failed = listOf(file.assertionResults).filter(({ status }) => status === 'failed');
    // a file that failed as a whole has no test that says so
    if (failed.length === 0 && file.status === 'failed') return [{ name: where, why: firstLine(file.message) }];
    return failed.map((test) => ({
      name: `${where} > ${textOf(test.fullName)}`,
      why: firstLine((test.failureMessages as unknown[] | undefined)?.[0]),
    }));
  });
}

/** From Playwright's (`--reporter=json`), whose suites lie in each other. */
export function failedInPlaywright(report: Fields): FailedTest[] {
  return listOf(report.suites).flatMap((suite) => [
    ...failedInPlaywright(suite),
    ...listOf(suite.specs)
      .filter(({ ok }) => ok !== true)
      .map((spec) => {
        const results = listOf(spec.tests).flatMap((test) => listOf(test.results));
        const error = results.map((result) => (result.error as Fields | undefined)?.message).find((message) => message !== undefined);
        return { name: `${textOf(spec.file)} > ${textOf(spec.title)}`, why: firstLine(error) };
      }),
  ]);
}
