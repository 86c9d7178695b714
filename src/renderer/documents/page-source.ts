import type { PageView } from '../../shared/documents.ts';
import type { AppError } from '../../shared/errors.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import { base64ToBytes } from '../ui/base64.ts';
import { createRenderQueue } from './render-queue.ts';

/** A page as core answered last: with its picture as a blob, which the window's own memory holds. */
export interface KeptPage {
  view: Omit<PageView, 'image'> | null;
  image: { url: string; widthPx: number; heightPx: number } | null;
  /** Of the last attempt, if that failed. */
  error: AppError | null;
}

/** The pages of one document that are on screen, were a moment ago, or are about to be. */
export interface PageSource {
  /** What is known of a page; the same object until it changes. */
  peek(page: number): KeptPage | undefined;
  /** Says that a page is looked at, drawn at least so wide; returns the function that takes it back. */
  want(page: number, widthPx: number): () => void;
  /** The page in front: the nearest to it is drawn first. */
  setFront(page: number): void;
  subscribe(listener: () => void): () => void;
  /** Asks again for what is on screen and not final. */
  refresh(): void;
  /** Tries a page again that failed. */
  retry(page: number): void;
  /** Lets all pictures go. */
  close(): void;
}

interface SourceInput {
  bridge: Pick<Bridge, 'call'>;
  documentId: DocumentId;
  /** Pictures kept beyond those on screen. */
  most: number;
  /** Small pictures to jump by: they come after pages, and what the page says is no matter. */
  isStrip?: boolean;
  toUrl?: (mediaType: string, base64: string) => string;
  dropUrl?: (url: string) => void;
}

interface Entry {
  kept: KeptPage;
  /** Widths that are wanted now, one each time it is on screen. */
  wanted: number[];
  drawnPx: number;
  /** Takes back what was asked for; null: nothing was. */
  cancel: (() => boolean) | null;
  usedAt: number;
}

/** One for the window: two documents side by side share core's workers. */
const queue = createRenderQueue(2);
const nothing: KeptPage = { view: null, image: null, error: null };

export function createPageSource({
  bridge,
  documentId,
  most,
  isStrip = false,
  toUrl = blobUrl,
  dropUrl = revoke,
}: SourceInput): PageSource {
  const entries = new Map<number, Entry>();
  const listeners = new Set<() => void>();
  let front = 1;
  let uses = 0;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function entryOf(page: number): Entry {
    const known = entries.get(page);
    if (known) return known;
    const entry: Entry = { kept: nothing, wanted: [], drawnPx: 0, cancel: null, usedAt: 0 };
    entries.set(page, entry);
    return entry;
  }

  function ask(page: number, entry: Entry): void {
    if (entry.cancel) return;
    entry.cancel = queue.add({
      rank: () => (isStrip ? 1e6 : 0) + Math.abs(page - front),
      async run() {
        const widthPx = Math.max(...entry.wanted, 100);
        const outcome = await bridge.call('documents.page', { documentId, page, widthPx });
        entry.cancel = null;
        // let go meanwhile
        if (entries.get(page) !== entry) return;
        if (outcome.ok) {
          const { image, ...view } = outcome.value;
          const before = entry.kept.image;
          entry.kept = { view, image: image && { ...image, url: toUrl(image.mediaType, image.base64) }, error: null };
          if (before) dropUrl(before.url);
          entry.drawnPx = widthPx;
        } else {
          entry.kept = { ...entry.kept, error: outcome.error };
          entry.drawnPx = widthPx;
        }
        trim();
        tell();
        askIfNeeded(page, entry);
      },
    });
  }

  function askIfNeeded(page: number, entry: Entry): void {
    if (entry.wanted.length === 0 || entry.drawnPx >= Math.max(...entry.wanted)) return;
    // text is as sharp at any width
    if (entry.kept.view && !entry.kept.image && !entry.kept.view.file) return;
    ask(page, entry);
  }

  /** A page that was drawn and read stays as it is. */
  function mayChange({ view, image, error }: KeptPage): boolean {
    return error !== null || view === null || view.file !== null || (!isStrip && (image === null || view.readBy === null));
  }

  /** Forgets the pages that were looked at longest ago. */
  function trim(): void {
    const idle = [...entries].filter(([, entry]) => entry.wanted.length === 0 && !entry.cancel).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [page, entry] of idle.slice(0, Math.max(0, idle.length - most))) {
      if (entry.kept.image) dropUrl(entry.kept.image.url);
      entries.delete(page);
    }
  }

  return {
    peek: (page) => entries.get(page)?.kept,
    want(page, widthPx) {
      const entry = entryOf(page);
      entry.wanted.push(widthPx);
      entry.usedAt = ++uses;
      askIfNeeded(page, entry);
      return () => {
        entry.wanted.splice(entry.wanted.indexOf(widthPx), 1);
        entry.usedAt = ++uses;
        if (entry.wanted.length > 0) return;
        // one that has begun is kept when it comes
        if (entry.cancel?.() === true) entry.cancel = null;
        trim();
      };
    },
    setFront(page) {
      front = page;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    refresh() {
      for (const [page, entry] of entries) {
        if (!mayChange(entry.kept)) continue;
        entry.drawnPx = 0;
        if (entry.wanted.length > 0) ask(page, entry);
      }
    },
    retry(page) {
      const entry = entryOf(page);
      entry.kept = { ...entry.kept, error: null };
      tell();
      ask(page, entry);
    },
    close() {
      for (const entry of entries.values()) {
        entry.cancel?.();
        if (entry.kept.image) dropUrl(entry.kept.image.url);
      }
      entries.clear();
    },
  };
}

function blobUrl(mediaType: string, base64: string): string {
  return URL.createObjectURL(new Blob([base64ToBytes(base64)], { type: mediaType }));
}

function revoke(url: string): void {
  URL.revokeObjectURL(url);
}
