import { expect, test } from 'vitest';
import { createPageSource } from '../../src/renderer/documents/page-source.ts';
import { createRenderQueue } from '../../src/renderer/documents/render-queue.ts';
import type { PageView } from '../../src/shared/documents.ts';
import { DocumentId } from '../../src/shared/ids.ts';
import type { Bridge } from '../../src/shared/ipc/bridge.ts';
import type { Outcome } from '../../src/shared/result.ts';

const documentId = DocumentId.parse('01a1fc70-cebb-755e-8991-1628d3b1cc61');
/** Lets everything that waits for nothing but a turn happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

interface Asked {
  page: number;
  widthPx: number;
  answer: (outcome?: Outcome<PageView>) => void;
}

/** A core that answers when the test says so. */
function slowCore(change: Partial<PageView> = {}): { bridge: Pick<Bridge, 'call'>; asked: Asked[] } {
  const asked: Asked[] = [];
  const call = (_name: string, input: unknown) =>
    new Promise((resolve) => {
      const { page, widthPx } = input as { page: number; widthPx: number };
      const image = { mediaType: 'image/png' as const, base64: '', widthPx, heightPx: widthPx };
      const view: PageView = {
        documentId,
        page,
        pageCount: 500,
        text: 'words',
        image,
        words: [],
        file: null,
        readBy: 'text',
        confidence: null,
        rotation: 0,
      };
      asked.push({ page, widthPx, answer: (outcome = { ok: true, value: { ...view, ...change } }) => resolve(outcome) });
    });
  return { bridge: { call: call as Bridge['call'] }, asked };
}

function sourceOf(bridge: Pick<Bridge, 'call'>, most = 4) {
  const urls = new Set<string>();
  let made = 0;
  const toUrl = (): string => {
    const url = `blob:${String(++made)}`;
    urls.add(url);
    return url;
  };
  return { source: createPageSource({ bridge, documentId, most, toUrl, dropUrl: (url) => urls.delete(url) }), urls };
}

async function answerAll(asked: Asked[]): Promise<void> {
  for (let at = 0; at < asked.length; at += 1) {
    asked[at]?.answer();
    await settle();
  }
}

test('of many jobs two run, the nearest goes first, and what is taken back never begins', async () => {
  const queue = createRenderQueue(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let front = 1;
  const add = (page: number) =>
    queue.add({
      rank: () => Math.abs(page - front),
      run: () => {
        begun.push(page);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
  const takeBack = Array.from({ length: 500 }, (_, n) => add(n + 1));
  await settle();
  expect([begun, queue.counts()]).toEqual([[1, 2], { running: 2, waiting: 498 }]);
  expect(takeBack[0]?.()).toBe(false);
  expect(takeBack[399]?.()).toBe(true);
  front = 400;
  ends.shift()?.();
  await settle();
  expect(begun).toEqual([1, 2, 399]);
  for (const take of takeBack) take();
  ends.forEach((end) => {
    end();
  });
  await settle();
  expect([begun.length, queue.counts()]).toEqual([3, { running: 0, waiting: 0 }]);
});

test('whoever scrolls past 500 pages has a handful of them drawn, and as few pictures kept', async () => {
  const { bridge, asked } = slowCore();
  const { source, urls } = sourceOf(bridge, 4);
  for (let page = 1; page <= 500; page += 1) {
    const release = source.want(page, 800);
    source.setFront(page);
    // core answers one page while the eye passes ten
    if (page % 10 === 0) {
      await settle();
      asked.find(({ page: one }) => one === asked.at(-1)?.page)?.answer();
      await settle();
    }
    if (page < 500) release();
    expect(urls.size).toBeLessThanOrEqual(4 + 2);
  }
  await settle();
  await answerAll(asked);
  expect(source.peek(500)?.image?.widthPx).toBe(800);
  expect(asked.length).toBeLessThan(120);
  source.close();
  expect(urls.size).toBe(0);
});

test('a page is asked for again only where it must be sharper, and its old picture is let go', async () => {
  const { bridge, asked } = slowCore();
  const { source, urls } = sourceOf(bridge);
  const small = source.want(1, 800);
  await settle();
  await answerAll(asked);
  const same = source.want(1, 600);
  await settle();
  expect(asked.map(({ widthPx }) => widthPx)).toEqual([800]);
  const large = source.want(1, 1600);
  await settle();
  await answerAll(asked);
  expect(asked.map(({ widthPx }) => widthPx)).toEqual([800, 1600]);
  expect([source.peek(1)?.image?.widthPx, urls.size]).toEqual([1600, 1]);
  for (const release of [small, same, large]) release();
  source.close();
});

test('what changed at the firm is asked for again only where it can look different now', async () => {
  const read = slowCore();
  const first = sourceOf(read.bridge);
  first.source.want(1, 800);
  await settle();
  await answerAll(read.asked);
  first.source.refresh();
  await settle();
  expect(read.asked).toHaveLength(1);
  first.source.close();

  const unread = slowCore({ readBy: null, text: '' });
  const second = sourceOf(unread.bridge);
  second.source.want(1, 800);
  await settle();
  await answerAll(unread.asked);
  second.source.refresh();
  await settle();
  expect(unread.asked).toHaveLength(2);
  await answerAll(unread.asked);
  second.source.close();
});

test('a page that failed says why, is left alone, and is tried again when somebody asks', async () => {
  const { bridge, asked } = slowCore();
  const { source } = sourceOf(bridge);
  source.want(1, 800);
  await settle();
  asked[0]?.answer({ ok: false, error: { code: 'corrupt', what: 'this page', reason: 'It is damaged.' } });
  await settle();
  expect([source.peek(1)?.error?.code, asked.length]).toEqual(['corrupt', 1]);
  source.retry(1);
  await settle();
  asked[1]?.answer();
  await settle();
  expect([source.peek(1)?.error, source.peek(1)?.image?.widthPx]).toEqual([null, 800]);
  source.close();
});
