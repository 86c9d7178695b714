import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redactedPdf } from '../../support/redacted-pdf.ts';
import { look, lookAround, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steno-okafor-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is odd about the evidence is asked, opens at its place, and is settled with a note', async ({ tab }) => {
  test.setTimeout(180_000);
  writeFileSync(join(folder, 'claim notes.pdf'), await redactedPdf());
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: 'Choose a case folder' }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  const panel = tab.getByRole('region', { name: 'Questions about the evidence' });
  await expect(panel.getByRole('heading', { name: '2 questions about the evidence' })).toBeVisible({ timeout: 60_000 });
  await expect(tab.getByText('Being read')).toHaveCount(0); // though no fact was found in it
  await expect(panel.getByText('Words on page 1 of “claim notes.pdf” are covered, not removed.')).toBeVisible();
  await lookAround(tab, 'questions');

  const covered = panel.getByRole('listitem').filter({ hasText: 'are covered' });
  await covered.getByRole('button', { name: 'claim notes.pdf' }).click();
  await expect(tab.getByLabel('Pages of claim notes.pdf').locator('mark').first()).toBeVisible();
  await look(tab, 'questions-place');
  await tab.getByRole('button', { name: '2 open questions' }).click();

  await covered.getByRole('button', { name: 'Settle' }).click();
  await covered.getByLabel('What did you find?').fill('Their redaction. Not to be used before Dana has decided.');
  await look(tab, 'questions-note');
  await covered.getByRole('button', { name: 'Settle' }).click();
  await expect(panel.getByRole('heading', { name: '1 question about the evidence' })).toBeVisible();
  await panel.getByText('1 settled question').click();
  await expect(panel.getByText('“Their redaction. Not to be used before Dana has decided.”')).toBeVisible();
  await expect(panel.getByText('Elena Pardo')).toBeVisible();
  await look(tab, 'questions-settled');
  await panel.getByRole('button', { name: 'Open again' }).click();
  await expect(panel.getByRole('heading', { name: '2 questions about the evidence' })).toBeVisible();
});
