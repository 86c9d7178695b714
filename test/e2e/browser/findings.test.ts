import { draftLetter, letter, lookAround, openSampleCase, signIn, startDemoFirm, typeAfter } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

test('what is wrong in the text is underlined as one writes, mended with a key or muted with a reason', async ({ tab }) => {
  test.setTimeout(180_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);
  const inspector = tab.getByRole('complementary', { name: 'Inspector' });
  await expect(letter(tab).locator('.finding-blocks, .finding-asks, .finding-unsupported')).toHaveCount(0); // what Steno drafts is right

  await typeAfter(tab, 'Nothing in this letter waives', ' The the store knew of the spill, which is told on [PAGE].');
  await expect(letter(tab).locator('.finding-asks, .finding-blocks')).toHaveCount(2);
  const inText = inspector.getByRole('region', { name: 'In the text' });
  await expect(inText.getByRole('listitem')).toHaveCount(3);
  const unsupported = inText.getByRole('listitem').filter({ hasText: 'No source:' });
  await expect(unsupported).toHaveCount(1);
  await lookAround(tab, 'findings');

  await test.step('by keyboard: to the next, and mended', async () => {
    await letter(tab).getByText('Counsel:').first().click();
    await tab.keyboard.press('Home');
    await tab.keyboard.press('F8');
    await expect.poll(() => tab.evaluate(() => getSelection()?.toString())).toMatch(/the/i);
    await tab.keyboard.press('Alt+Enter');
    await expect(letter(tab)).not.toContainText('The the store');
    await expect(inText.getByRole('listitem')).toHaveCount(2);
  });

  await test.step('a sentence of fact without a source is attested by an attorney, or struck', async () => {
    await expect(letter(tab).locator('.finding-unsupported')).not.toHaveCount(0);
    await unsupported.getByRole('button', { name: 'Attest…' }).click();
    await expect(unsupported.getByLabel('How you know it')).toBeFocused();
    await tab.keyboard.type('Our client told me so.');
    await tab.keyboard.press('Enter');
    await expect(letter(tab).locator('.finding-unsupported')).toHaveCount(0);
    await inspector.getByRole('button', { name: '1 muted or attested' }).click();
    await expect(inspector.getByText(/Attested by Elena Pardo, .*: Our client told me so\./)).toBeVisible();
    await lookAround(tab, 'attested');
    await inspector.getByRole('button', { name: 'Hide what is muted or attested' }).click();
    await typeAfter(tab, 'Counsel:', ' We write to you again. Nobody put out a cone. We trust that you agree.');
    await expect(unsupported).toContainText('“Nobody put out a cone.”');
    await unsupported.getByRole('button', { name: 'Strike it', exact: true }).click();
    await expect(letter(tab)).toContainText('Counsel: We write to you again. We trust that you agree.');
    await expect(inText.getByRole('listitem')).toHaveCount(1);
  });

  await test.step('muted with a reason, which is kept with the name', async () => {
    await inText.getByRole('button', { name: 'It stays…' }).click();
    await inText.getByLabel('Why it stays').fill('The clerk fills it in.');
    await inText.getByRole('button', { name: 'Mute' }).click();
    await expect(letter(tab).locator('.finding-asks, .finding-blocks')).toHaveCount(0);
    await inspector.getByRole('button', { name: '2 muted or attested' }).click();
    await expect(inspector.getByText(/Muted by Elena Pardo, .*: The clerk fills it in\./)).toBeVisible();
    await inspector.getByRole('button', { name: 'Ask again' }).click();
    await expect(inText.getByRole('listitem')).toHaveCount(1);
  });

  await test.step('of many, what is wrong stands first, and twenty at a time', async () => {
    const said = Array.from({ length: 30 }, (_, n) => `The clerk saw spill number ${String(n + 1)} and walked past it.`);
    await typeAfter(tab, 'We trust that you agree.', ` ${said.join(' ')}`);
    await expect(inText.getByRole('listitem')).toHaveCount(20);
    await expect(inText.getByRole('listitem').first()).not.toContainText('No source:');
    await inText.getByRole('button', { name: 'Show 11 more' }).click();
    await expect(inText.getByRole('listitem')).toHaveCount(31);
    await expect(inText.getByRole('listitem').last()).toContainText('spill number 30');
    await lookAround(tab, 'findings-many');
  });

  await test.step('of a hundred those near the screen are underlined, and others once they come near', async () => {
    await typeAfter(tab, 'We trust that you agree.', ' ');
    await tab.evaluate(() => {
      const sentences = (of: number) =>
        Array.from({ length: 8 }, (_, n) => `The porter of hall ${String(of)} left door ${String(n)} open.`);
      const data = new DataTransfer();
      data.setData('text/html', Array.from({ length: 24 }, (_, of) => `<p>${sentences(of).join(' ')}</p>`).join(''));
      document
        .querySelector('.letter-text')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await expect(inspector.getByRole('tab', { name: /^Findings/ })).toContainText(/2\d\d/);
    const lines = (of: string) =>
      letter(tab)
        .locator('p', { hasText: `hall ${of} left` })
        .locator('.finding-unsupported');
    const scroll = (to: number) => tab.locator('.letter-scroll').evaluate((element, y) => (element.scrollTop = y), to);
    await scroll(0);
    await expect(lines('0')).not.toHaveCount(0);
    await expect(lines('23')).toHaveCount(0);
    await letter(tab).getByText('hall 23 left').first().scrollIntoViewIfNeeded();
    await expect(lines('23')).not.toHaveCount(0);
    await scroll(0);
    await expect(lines('0')).not.toHaveCount(0);
    await expect(lines('23')).toHaveCount(0);
  });
});
