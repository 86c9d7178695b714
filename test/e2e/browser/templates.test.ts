import { AlignmentType, Document, HeadingLevel, Packer, Paragraph, TextRun } from 'docx';
import type { Page } from '@playwright/test';
import { letter, look, lookAround, openSampleCase, openTab, sampleCase, signIn, startDemoFirm, waitForScans } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

const rail = (tab: Page, name: string) => tab.getByRole('navigation', { name: 'Main' }).getByRole('button', { name });
const library = (tab: Page) => tab.getByRole('region', { name: 'Library' });
const row = (tab: Page, name: string) => library(tab).getByRole('row').filter({ hasText: name });
const side = (tab: Page) => tab.getByRole('complementary', { name: 'Beside the template' });
const text = (tab: Page, section: string) => tab.getByRole('textbox', { name: `Text of ${section}` });
const sections = (tab: Page) => tab.getByRole('list', { name: 'Sections of the template' }).getByRole('listitem');
const showSide = (tab: Page, name: string) => side(tab).getByRole('tab', { name }).click();

async function publish(tab: Page, why: string): Promise<void> {
  await tab.getByRole('button', { name: 'Publish…' }).click();
  await tab.getByRole('textbox', { name: /^What changed/ }).fill(why);
  await tab
    .getByRole('form', { name: 'Publish' })
    .getByRole('button', { name: /^Publish/ })
    .click();
  await expect(tab.getByText('Published. Colleagues draft').first()).toBeVisible();
  await expect(tab.getByRole('button', { name: 'Publish…' })).toBeDisabled();
}

test('the library: written, published, compared, restored; drafted from with what it asks and a row for each provider', async ({ tab }) => {
  test.setTimeout(300_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await waitForScans(tab);

  await rail(tab, 'Templates').click();
  await expect(library(tab).getByRole('rowgroup')).toHaveCount(7);
  await lookAround(tab, 'templates-library');
  await tab.getByRole('textbox', { name: 'Filter templates' }).fill('georgia');
  await expect(library(tab).getByRole('row', { name: /Auto collision/ })).toHaveCount(0);
  await expect(row(tab, 'Time-limited offer, Georgia')).toBeVisible();
  await tab.getByRole('textbox', { name: 'Filter templates' }).fill('nothing has these');
  await expect(tab.getByText('No template matches')).toBeVisible();
  await look(tab, 'templates-no-match');
  await tab.getByRole('textbox', { name: 'Filter templates' }).fill('');

  // a new one, by the keyboard
  await tab.keyboard.press('Escape');
  await library(tab).focus();
  await tab.keyboard.press('n');
  await tab.getByRole('textbox', { name: 'Name' }).fill('Stair fall demand');
  await tab.getByRole('combobox', { name: 'Category' }).fill('Premises liability');
  await tab.keyboard.press('Enter');
  await expect(tab.getByRole('heading', { name: 'Stair fall demand' })).toBeVisible();
  await expect(sections(tab)).toHaveCount(1);
  await look(tab, 'templates-new');

  await showSide(tab, 'Asks');
  await side(tab).getByRole('button', { name: 'Ask for something' }).click();
  await side(tab).getByRole('textbox', { name: 'Question' }).fill('Inspected on');
  await side(tab).getByRole('combobox', { name: 'Type' }).selectOption('date');
  await side(tab).getByRole('checkbox', { name: 'No letter without it' }).check();
  await expect(side(tab).getByRole('textbox', { name: 'Name in the text' })).toHaveValue('inspected_on');

  await tab.getByRole('button', { name: 'Add a section' }).click();
  await tab.getByRole('textbox', { name: 'Title of section 2' }).fill('Treatment');
  await text(tab, 'Treatment').fill(
    'The stairs were inspected on {{inspected_on}} for {{cliam_number}}.\n\n{{#each providers}}\n- {{provider}}: {{provider_billed}} {{cite:provider_billed}}\n{{/each}}\n\nTogether {{total_billed}}.{{#if total_billed > $1.00}} More than a dollar.',
  );
  await showSide(tab, 'Problems');
  await expect(side(tab).getByRole('list', { name: 'Problems' }).getByRole('listitem')).toHaveCount(2);
  await expect(side(tab)).toContainText('did you mean “claim_number”?');
  await expect(side(tab)).toContainText('is never closed');
  await lookAround(tab, 'templates-problems');
  await side(tab)
    .getByRole('button', { name: /claim_number/ })
    .click();
  await tab.keyboard.type('{{claim_number}}');
  await expect(side(tab).getByRole('list', { name: 'Problems' }).getByRole('listitem')).toHaveCount(1);
  await expect(text(tab, 'Treatment')).toHaveValue(/for \{\{claim_number\}\}\./);
  await text(tab, 'Treatment').press('Control+End');
  await tab.keyboard.type('{{/if}}');
  await expect(side(tab)).toContainText('Nothing is wrong');

  // what is inserted from the menu stands at the caret and is undone like what is typed
  await tab.getByRole('group', { name: 'Insert into Treatment' }).getByRole('button', { name: 'Variable' }).click();
  await tab.getByRole('textbox', { name: 'Find a variable' }).fill('adjuster');
  await tab.getByRole('menuitem', { name: /Adjuster/ }).click();
  await expect(text(tab, 'Treatment')).toHaveValue(/\{\{adjuster\}\}$/);
  await expect(text(tab, 'Treatment')).toBeFocused();
  await tab.keyboard.press('Control+z');
  await expect(text(tab, 'Treatment')).toHaveValue(/\{\{\/if\}\}$/);

  // the section moves by keyboard and back by its button
  await tab.keyboard.press('Alt+ArrowUp');
  await expect(sections(tab).first().getByRole('textbox').first()).toHaveValue('Treatment');
  await expect(text(tab, 'Treatment')).toBeFocused();
  await tab.getByRole('button', { name: 'Move down: Treatment' }).click();
  await expect(sections(tab).last().getByRole('textbox').first()).toHaveValue('Treatment');

  await showSide(tab, 'Preview');
  const preview = side(tab).getByRole('region', { name: 'Preview of the letter' });
  await expect(preview).toContainText(`Together ${sampleCase.billed}. More than a dollar.`);
  await expect(preview).toContainText('[Inspected on]');
  await expect(preview.locator('[data-marker]')).toHaveCount(sampleCase.providers);
  await expect(tab.getByText('Draft saved')).toBeVisible();
  await lookAround(tab, 'templates-editor');

  // what is not published nobody drafts from; a reload keeps the draft
  await tab.reload();
  await expect(text(tab, 'Treatment')).toHaveValue(/The stairs were inspected/);
  await publish(tab, 'First edition');
  await showSide(tab, 'Versions');
  await expect(side(tab).getByRole('list', { name: 'Versions of the template' })).toContainText('First edition');
  await text(tab, 'Treatment').press('Control+End');
  await tab.keyboard.type(' A second edition.');
  await expect(tab.getByText('Draft saved')).toBeVisible();
  await publish(tab, 'Second edition');
  await expect(side(tab).getByRole('list', { name: 'Versions of the template' })).toContainText('Version 2');
  for (const title of ['Version 1', 'Version 2'])
    await side(tab)
      .getByRole('checkbox', { name: `Choose to compare: ${title}` })
      .check();
  await side(tab).getByRole('button', { name: 'Compare the two' }).click();
  const compared = tab.getByRole('region', { name: 'Compared versions' });
  await expect(compared.locator('ins')).toHaveText([' A second edition.']);
  await lookAround(tab, 'templates-compared');
  await tab.keyboard.press('Escape');
  await side(tab).getByRole('button', { name: 'Restore: Version 1' }).click();
  await expect(side(tab).getByRole('list', { name: 'Versions of the template' })).toContainText('Restored: version 1');
  await expect(text(tab, 'Treatment')).not.toHaveValue(/second edition/);

  // default, retired and back
  await tab.getByRole('button', { name: 'Templates', exact: true }).last().click();
  await expect(row(tab, 'Stair fall demand')).toContainText('In use');
  await library(tab).getByRole('button', { name: 'More for Stair fall demand' }).click();
  await tab.getByRole('menuitem', { name: 'Make default' }).click();
  await expect(row(tab, 'Stair fall demand')).toContainText('Default');
  await expect(row(tab, 'Premises liability demand')).not.toContainText('Default');
  await library(tab).getByRole('button', { name: 'More for Auto collision demand' }).click();
  await tab.getByRole('menuitem', { name: 'Retire' }).click();
  await expect(row(tab, 'Auto collision demand')).toContainText('Retired');
  await look(tab, 'templates-retired');
  await tab.getByText('nobody drafts from it any more').locator('..').getByRole('button', { name: 'Undo' }).click();
  await expect(row(tab, 'Auto collision demand')).toContainText('In use');

  // a letter from it: asked first, then written with a row for each provider
  await rail(tab, 'Matters').click();
  await tab.getByRole('button', { name: sampleCase.title }).first().click();
  await openTab(tab, 'Letter');
  await tab.getByRole('radio', { name: /Stair fall demand/ }).check();
  await expect(tab.getByRole('button', { name: 'Draft from template' })).toBeDisabled();
  await look(tab, 'templates-asked');
  await tab.getByLabel(/Inspected on/).fill('2024-03-04');
  await tab.getByRole('button', { name: 'Draft from template' }).click();
  await expect(letter(tab)).toContainText('The stairs were inspected on March 4, 2024');
  await expect(letter(tab).locator('li')).toHaveCount(sampleCase.providers);
  await expect(letter(tab)).toContainText(`Together ${sampleCase.billed}.`);
  await lookAround(tab, 'templates-letter');
  // changed in the inspector, it changes in the letter
  await letter(tab).locator('[data-chip="inspected_on"]').click();
  const inspector = tab.getByRole('complementary', { name: 'Inspector' });
  await inspector.getByRole('tab', { name: 'Sources' }).click();
  await inspector.getByLabel(/Inspected on/).fill('2024-03-05');
  await inspector.getByRole('button', { name: 'Enter' }).click();
  await expect(letter(tab)).toContainText('The stairs were inspected on March 5, 2024');
  await look(tab, 'templates-entered');
  await inspector.getByRole('tab', { name: 'Versions' }).click();
  await expect(inspector).toContainText('Drafted from “Stair fall demand”, version 3');
});

test('a letter that the firm uses becomes a template: gaps are mapped, what looks like another case is decided, nothing of it is published', async ({
  tab,
}) => {
  const paragraphs = [
    'Dear [ADJUSTER NAME],',
    'Claim Number: ________',
    'On March 3, 2021 our client Harold Finch paid $4,061.25.',
    'We await your reply by [REPLY DATE].',
  ];
  const heading = new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun('Facts of the claim')] });
  const children = [heading, ...paragraphs.map((text) => new Paragraph({ children: [new TextRun(text)] }))];
  const document = { run: { font: 'Garamond', size: 26 }, paragraph: { spacing: { line: 360, after: 120 } } };
  const heading1 = { run: { size: 30, bold: true, allCaps: true }, paragraph: { alignment: AlignmentType.CENTER } };
  const properties = { page: { margin: { top: 1440, bottom: 1440, left: 1800, right: 1800 } } };
  const buffer = await Packer.toBuffer(new Document({ styles: { default: { document, heading1 } }, sections: [{ properties, children }] }));
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await rail(tab, 'Templates').click();
  await tab
    .getByLabel('Word document')
    .setInputFiles({ name: 'notes.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('no Word at all') });
  await expect(tab.getByText('The file notes.docx is damaged.')).toBeVisible();
  await look(tab, 'templates-import-refused');
  await tab.getByLabel('Word document').setInputFiles({ name: 'Our demand.docx', mimeType: 'application/octet-stream', buffer });
  await expect(tab.getByRole('combobox', { name: '[ADJUSTER NAME] becomes' })).toHaveValue('adjuster');
  await expect(tab.getByRole('combobox', { name: '[Claim Number] becomes' })).toHaveValue('claim_number');
  await expect(tab.getByRole('combobox', { name: '[REPLY DATE] becomes' })).toHaveValue('response_deadline');
  await expect(tab.getByRole('button', { name: 'Make the template' })).toBeDisabled();
  await lookAround(tab, 'templates-import');
  // the keys: the date and the amount become variables, the name stays
  await tab.getByRole('button', { name: 'Words: March 3, 2021' }).focus();
  await tab.keyboard.press('v');
  await tab.keyboard.press('v');
  await tab.keyboard.press('s');
  await expect(tab.getByText('Everything is decided.')).toBeVisible();
  await tab.getByRole('combobox', { name: 'Category' }).fill('Auto');
  await expect(
    tab.getByLabel(/^Letters look as this one does: Garamond, 13 points, lines 1\.5 apart, margins 1 by 1\.25 inches/),
  ).toBeChecked();
  await tab.getByRole('button', { name: 'Make the template' }).click();
  await expect(text(tab, 'Facts of the claim')).toHaveValue(/Dear \{\{adjuster\}\},\n\nClaim Number: \{\{claim_number\}\}/);
  await expect(text(tab, 'Facts of the claim')).toHaveValue(/our client Harold Finch paid \{\{\w+\}\}\./);
  await showSide(tab, 'Problems');
  await expect(side(tab)).toContainText('Nothing is wrong');
  await expect(tab.getByText('Not published yet')).toBeVisible();

  // it looks as the firm's letters do, in the template and in what is drafted from it; taken off, it can be had back
  await expect(tab.getByText('Its letters are set in Garamond, 13 points')).toBeVisible();
  await tab.getByRole('button', { name: 'Use Steno’s own' }).click();
  await expect(tab.getByText('Its letters are set in Garamond')).toHaveCount(0);
  await tab.getByText('Its letters will look as Steno’s own.').locator('..').getByRole('button', { name: 'Undo' }).click();
  await expect(tab.getByText('Its letters are set in Garamond')).toBeVisible();
  await lookAround(tab, 'templates-look');
  await publish(tab, 'As we have always written them');
  await rail(tab, 'Matters').click();
  await openSampleCase(tab);
  await openTab(tab, 'Letter');
  await tab.getByRole('radio', { name: /Our demand/ }).check();
  await tab.getByRole('button', { name: 'Draft from template' }).click();
  const styled = letter(tab).getByRole('heading', { name: 'Facts of the claim' });
  await expect(styled).toHaveCSS('text-transform', 'uppercase');
  await expect(styled).toHaveCSS('text-align', 'center');
  await expect(letter(tab)).toHaveCSS('font-family', /^"?Garamond/);
  await lookAround(tab, 'templates-look-letter');
});

test('a paralegal reads the library and changes nothing', async ({ tab }) => {
  await startDemoFirm(tab);
  await signIn(tab, 'John Watson');
  await rail(tab, 'Templates').click();
  await expect(tab.getByText('An attorney or administrator changes templates')).toBeVisible();
  await expect(tab.getByRole('button', { name: 'New template' })).toHaveCount(0);
  await library(tab).getByRole('button', { name: 'Auto collision demand' }).click();
  await expect(text(tab, 'Facts')).not.toBeEditable();
  await expect(tab.getByRole('button', { name: /Publish/ })).toHaveCount(0);
  await look(tab, 'templates-reading');
});
