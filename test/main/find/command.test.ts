import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { caseCommands } from '../../../src/main/cli/case-commands.ts';
import type { FindAnswer } from '../../../src/shared/find.ts';
import { caseOfPapers } from '../../support/case-papers.ts';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'steno-search-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
mkdirSync(join(folder, 'Medical'));
writeFileSync(join(folder, 'Medical', 'er.txt'), 'Seen on 03/02/2024. The x-ray shows a fractured clavicle.');
writeFileSync(join(folder, 'note.txt'), 'Call the adjuster.');

test('steno search reads a case folder and says where its pages say it', async () => {
  const { outcome, said } = await runCommand(caseCommands['search'], [folder, 'March 2, 2024', 'collarbone']);
  expect(outcome).toMatchObject({
    ok: true,
    value: {
      hits: [{ relativePath: 'Medical/er.txt', page: 1, quote: 'Seen on 03/02/2024.', why: [{ how: 'synonym', found: 'clavicle' }] }],
      waitingPages: 0,
    },
  });
  const [hit] = (outcome as { value: FindAnswer }).value.hits;
  expect(hit?.sentence).toEqual({ start: 0, end: 19 });
  expect(said).toContain('Medical/er.txt p. 1  (synonym: clavicle)');
  expect(said).toContain('[03/02/2024]');
});

test('without words it says what is missing; where nothing says it, that', async () => {
  expect((await runCommand(caseCommands['search'], [folder])).outcome).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  expect((await runCommand(caseCommands['search'], [folder, 'zzyzx'])).said).toContain('Nothing in the folder says that.');
});

test('of a question steno search --linked finds what the pages it is about are linked to, and says by which way', async () => {
  const papers = mkdtempSync(join(tmpdir(), 'steno-linked-'));
  try {
    for (const [path, text] of Object.entries(caseOfPapers)) {
      mkdirSync(join(papers, path, '..'), { recursive: true });
      writeFileSync(join(papers, path), text);
    }
    const question = [papers, 'What lies behind the $1,200.00 billed?'];
    const { outcome, said } = await runCommand(caseCommands['search'], [...question, '--linked']);
    const hits = (outcome as { value: FindAnswer }).value.hits;
    const [way] = hits.filter(({ relativePath }) => relativePath === 'Medical/er-record.txt').map(({ path }) => path);
    expect(way).toMatchObject([
      { fileName: 'ledger.csv', link: { kind: 'record_for', isFrom: false } },
      { fileName: 'er-record.txt', link: null },
    ]);
    expect(said).toContain('by ledger.csv p. 1 (rests on the record) > er-record.txt p. 1');
    // control: by words alone it is not found
    expect((await runCommand(caseCommands['search'], question)).said).not.toContain('er-record.txt');
  } finally {
    rmSync(papers, { recursive: true, force: true });
  }
});
