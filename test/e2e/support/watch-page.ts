import { expect, type Page } from '@playwright/test';

/** Collects what a page complains about: uncaught errors, console errors (a violated content policy is one), crashed renderers. */
export function watchPage(page: Page): { problems: string[]; expectNone(): void } {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('crash', () => problems.push('the page crashed'));
  return { problems, expectNone: () => expect(problems).toEqual([]) };
}
