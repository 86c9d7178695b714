/**
 * What is said of a document beside its state stands in its reason, which travels to all laptops: a line for each subject. Whoever has something to say about
 * one subject puts its line in the place of the last one about it, and leaves the others.
 */
const subjects = {
  pictures:
    /^(?:The page is a picture|All \d+ pages are pictures|\d+ of \d+ pages are pictures|Pages? [\d, …]+(?:is a picture|are pictures) that|Turning its pictures)/,
  amounts: /^Amounts that cannot be read/,
  days: /^Dates that cannot be read/,
  rules: /^(?:Of its [\d,]+ (?:bill lines|printed totals|facts)|Looking for facts)/,
  replaced: /^The file was replaced by a newer version/,
} as const;
export type Subject = keyof typeof subjects;

/** Of a document whose file was edited or saved anew; what the rules proposed of it counts no more. */
export const replacedReason = 'The file was replaced by a newer version.';
const mostChars = 4_000;

/** `said` with another line about a subject; null: nothing is to be said about it any more. */
export function sayOf(said: string | null, subject: Subject, line: string | null): string | null {
  const others = (said ?? '').split('\n').filter((one) => one !== '' && !subjects[subject].test(one));
  return inLines([...(line === null ? [] : [line]), ...others]);
}

export const isSaid = (said: string | null, subject: Subject): boolean =>
  (said ?? '').split('\n').some((line) => subjects[subject].test(line));

/** Null where there is nothing to say. */
export function inLines(lines: readonly (string | null)[]): string | null {
  const said = lines.filter((line) => line !== null && line !== '').join('\n');
  return said === '' ? null : said.slice(0, mostChars).toWellFormed();
}
