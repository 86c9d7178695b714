import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { root } from '../../tools/processes.ts';
import { launchBrowserHost } from '../e2e/support/browser-host.ts';
import { letter, openTab, signIn, startDemoFirm } from '../e2e/support/journey.ts';
import { factsText, pastedLetter } from './desk-letter.ts';
import { median, percentile, type Measured } from './measure.ts';

/** Keys pressed at a time, the pause between two (a quick typist's), and how often all of it is done, each time in another paragraph. */
const [keys, pauseMs, rounds] = [240, 70, 5];
const words = 'The store knew of the spill and did nothing about it for an hour. ';

const common = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];
const isRoot = process.getuid?.() === 0;

/**
 * P12: from a key to the frame that shows it, in the real app, in a real browser: 30 pages, 200 citations, findings underlined, spelling on, each key saved as it is
 * everywhere else. Counted from the key's own time stamp to the task after the frame that was drawn for it; frames are not held back to 60 a second, which would add what is
 * left of 16.7 ms to each and tell of the screen, not of Steno. The same at 60 a second stands beside it. A figure is the median of five rounds' own.
 */
async function typingFigures(): Promise<Measured[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'steno-bench-desk-'));
  const host = await launchBrowserHost(dataDir);
  const open: Browser[] = [];
  try {
    const folder = join(dataDir, 'case');
    await cp(join(root, 'sample', 'okafor-v-lakeside-market'), folder, { recursive: true });
    await writeFile(join(folder, 'visits.txt'), factsText());
    const unheld = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
    open.push(unheld);
    const page = await unheld.newPage({ viewport: { width: 1280, height: 800 } });
    const facts = countFacts(page);
    await page.goto(host.url);
    await openTheLetter(page, folder);
    const chips = await page.locator('.letter-text .chip').count();
    const findings = Number(
      await page
        .getByRole('tab', { name: /^Findings/ })
        .locator('.count')
        .textContent(),
    );
    const quick = await typedOften(page);
    await unheld.close();
    const held = await launch([]);
    open.push(held);
    const second = await held.newPage({ viewport: { width: 1280, height: 800 } });
    await second.goto(host.url);
    await signIn(second, 'Elena Pardo');
    await second
      .getByText(/Okafor/)
      .first()
      .click();
    await openTab(second, 'Letter');
    await letter(second).waitFor();
    await second.waitForTimeout(3_000);
    const atSixty = await typedOften(second);
    const p95 = ofRounds(quick, (times) => percentile(times, 0.95));
    const row = (what: string, value: number, unit = 'ms'): Measured => ({ goal: 'P12', what, value, unit, limit: '', met: null });
    return [
      { goal: 'P12', what: 'key to painted frame, 30 pages, p95', value: p95, unit: 'ms', limit: '16 ms', met: p95 <= 16 },
      row('the same, median', ofRounds(quick, median)),
      row(
        'the same, p99',
        ofRounds(quick, (times) => percentile(times, 0.99)),
      ),
      row(
        'the same with frames held to 60 a second, p95',
        ofRounds(atSixty, (times) => percentile(times, 0.95)),
      ),
      row('the same, median', ofRounds(atSixty, median)),
      row('facts of the matter', facts(), 'facts'),
      row('citations and values in the letter', chips, 'chips'),
      row('findings of the letter', findings, ''),
    ];
  } finally {
    for (const browser of open) await browser.close();
    await host.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function launch(more: string[]): Promise<Browser> {
  const executablePath = existsSync(chromium.executablePath()) ? undefined : '/usr/bin/chromium';
  return chromium.launch({ ...(executablePath && { executablePath }), args: [...(isRoot ? ['--no-sandbox'] : []), ...common, ...more] });
}

async function openTheLetter(page: Page, folder: string): Promise<void> {
  await startDemoFirm(page);
  await signIn(page, 'Elena Pardo');
  await page.getByLabel('Status').getByText('Synced').first().waitFor();
  await page.getByRole('button', { name: /Choose a case folder|New matter from folder/ }).click();
  await page.getByLabel('Path of the case folder').fill(folder);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('region', { name: 'Documents' }).getByText('visits.txt').waitFor();
  await page
    .getByText(/Waiting to be read|Being read|Waiting for text recognition/)
    .first()
    .waitFor({ state: 'detached', timeout: 90_000 });
  await openTab(page, 'Facts');
  await page.getByText('Ngozi').first().waitFor();
  await openTab(page, 'Letter');
  await page.getByRole('button', { name: 'Draft from template' }).click();
  await letter(page).getByText('Okafor').first().waitFor();
  const names = await page.locator('.citation').evaluateAll((chips) => chips.map((chip) => (chip as HTMLElement).dataset['chip'] ?? ''));
  await letter(page).click();
  await page.keyboard.press('Control+End');
  await page.evaluate(
    (html) => {
      const data = new DataTransfer();
      data.setData('text/html', html);
      document
        .querySelector('.letter-text')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    pastedLetter([...new Set(names)]),
  );
  await page.locator('.finding-asks, .finding-blocks, .finding-unsupported').nth(15).waitFor({ state: 'attached' });
  await page.waitForTimeout(5_000);
}

/** How many facts core told the window of. */
function countFacts(page: Page): () => number {
  let [asked, facts] = [-1, 0];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { id, call } = JSON.parse(String(payload)) as { id: number; call: string };
      if (call === 'facts.list') asked = id;
    });
    socket.on('framereceived', ({ payload }) => {
      const said = JSON.parse(String(payload)) as { id?: number; outcome?: { value?: unknown[] } };
      if (said.id === asked) facts = said.outcome?.value?.length ?? 0;
    });
  });
  return () => facts;
}

const ofRounds = (all: readonly number[][], figure: (times: number[]) => number): number => median(all.map(figure));

async function typedOften(page: Page): Promise<number[][]> {
  const all: number[][] = [];
  for (let round = 0; round < rounds; round++) all.push(await typed(page, 150 + 2 * round));
  return all;
}

/** Milliseconds of each key, typed into a paragraph in the middle of the letter. */
async function typed(page: Page, paragraph: number): Promise<number[]> {
  await letter(page)
    .getByText(`Paragraph ${String(paragraph)}.`)
    .first()
    .click();
  await page.keyboard.press('End');
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { stenoBench: times });
    let pressedAt = 0;
    window.addEventListener('keydown', (event) => (pressedAt = event.timeStamp), true);
    window.addEventListener(
      // before the frame whoever puts the letter in, the editor or the browser
      'keypress',
      () => {
        const at = pressedAt;
        requestAnimationFrame(() => {
          // a task of its own comes after this frame's style, layout and paint
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - at);
          port2.postMessage(null);
        });
      },
      true,
    );
  });
  await page.keyboard.type(words.slice(0, 20), { delay: pauseMs });
  await page.evaluate(() => ((window as never as { stenoBench: number[] }).stenoBench.length = 0));
  const text = words.repeat(Math.ceil(keys / words.length)).slice(0, keys);
  await page.keyboard.type(text, { delay: pauseMs });
  await page.waitForTimeout(500);
  return page.evaluate(() => (window as never as { stenoBench: number[] }).stenoBench);
}

console.log(JSON.stringify(await typingFigures()));
