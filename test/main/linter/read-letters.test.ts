import { describe, expect, test } from 'vitest';
import { read } from '../../../src/main/documents/read/read-worker.ts';
import { lintPages } from '../../../src/main/linter/lint-worker.ts';
import { lintRules } from '../../../src/main/linter/lint-rules.ts';
import type { Finding } from '../../../src/shared/linter.ts';
import { cleanDemand, cleanPremises, cleanTimeLimit, seeded, seededDefects } from '../../support/demand-text.ts';
import { asDocx, asPdf } from '../../support/letter-files.ts';

const formats = { docx: asDocx, pdf: asPdf } as const;
type Format = keyof typeof formats;

/** As Word or a PDF program saves it, through the reader of case folders. */
async function lintFile(text: string, format: Format): Promise<Finding[]> {
  const file = await read({ bytes: await formats[format](text), fileName: `letter.${format}` });
  if (!file.ok) throw new Error(file.error.code);
  return (await lintPages({ pages: file.value.pages, isMarkdown: false, matter: null })).findings;
}

describe.each(['docx', 'pdf'] as const)('read from a %s', (format) => {
  test('letters in which nothing is wrong: nothing is found', async () => {
    for (const clean of [cleanDemand, cleanTimeLimit, cleanPremises]) expect(await lintFile(clean, format)).toEqual([]);
  });

  test.each(seededDefects.map((defect) => [defect.rule, defect.what, defect] as const))('%s: %s', async (rule, _what, defect) => {
    const found = await lintFile(seeded(defect), format);
    const own = found.filter((finding) => finding.rule === rule);
    expect(own.some(({ quote }) => quote.includes(defect.quote))).toBe(true);
    for (const finding of found) expect([rule, ...(defect.with ?? [])]).toContain(finding.rule);
    const usual = lintRules.find(({ id }) => id === rule)?.severity;
    expect(own.every(({ severity }) => severity === usual || rule === 'stray_party')).toBe(true);
  });
});

test('a letter that ends on its second page: a finding there says so', async () => {
  const [first] = seededDefects.filter(({ rule }) => rule === 'criminal_threat');
  const [found] = await lintFile(first ? seeded(first) : '', 'pdf');
  expect(found?.place.page).toBe(2);
});
