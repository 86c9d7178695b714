import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { SourceRef } from '../shared/documents.ts';
import type { FindHit } from '../shared/find.ts';
import { DocumentId, MatterId, TemplateId } from '../shared/ids.ts';

const SyncView = z.enum(['inbox', 'waiting', 'answers', 'files']);
export type SyncView = z.infer<typeof SyncView>;
const MatterTab = z.enum(['evidence', 'facts', 'letter', 'package']);
export type MatterTab = z.infer<typeof MatterTab>;

const ShownPage = z.object({
  documentId: DocumentId,
  page: z.number().int().min(1),
  highlight: SourceRef.nullable(),
  /** Grows each time somebody asks for the page; reading on to another does not count. */
  asked: z.number().int().default(0),
});
export type ShownPage = z.infer<typeof ShownPage>;
/** The document in front, or the one opened next to it. */
export type Pane = 'page' | 'beside';

/** Where the user is. Kept in sessionStorage, so a reload or a restarted core opens where they left off. */
const Route = z.object({
  /** What is in front where no matter is. */
  screen: z.enum(['matters', 'sync', 'activity', 'settings', 'templates']).default('matters'),
  sync: SyncView.default('inbox'),
  /** The template that is open, on the screen of templates. */
  templateId: TemplateId.nullable().default(null),
  matterId: MatterId.nullable(),
  tab: MatterTab,
  /** The page shown beside the tab's own content. */
  page: ShownPage.nullable(),
  /** A second document next to that one, on the Evidence tab. */
  beside: ShownPage.nullable().default(null),
});
type Route = z.infer<typeof Route>;

const storageKey = 'steno.route';
const start: Route = { screen: 'matters', sync: 'inbox', templateId: null, matterId: null, tab: 'evidence', page: null, beside: null };

let current = restore();
const listeners = new Set<() => void>();

function restore(): Route {
  try {
    const parsed = Route.safeParse(JSON.parse(sessionStorage.getItem(storageKey) ?? 'null'));
    return parsed.success ? parsed.data : start;
  } catch {
    return start;
  }
}

function go(next: Route): void {
  current = next;
  sessionStorage.setItem(storageKey, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export function useRoute(): Route {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => current,
  );
}

export function showMatters(): void {
  go(start);
}

export function showSync(view: SyncView = 'inbox'): void {
  go({ ...start, screen: 'sync', sync: view });
}

export function showActivity(): void {
  go({ ...start, screen: 'activity' });
}

/** The library, or one template of it. */
export function showTemplates(templateId: TemplateId | null = null): void {
  go({ ...start, screen: 'templates', templateId });
}

export function showSettings(): void {
  go({ ...start, screen: 'settings' });
}

export function showMatter(matterId: MatterId, tab: MatterTab = 'evidence'): void {
  go({ ...start, matterId, tab, ...(current.matterId === matterId && { page: current.page, beside: current.beside }) });
}

/** Opens the page a value was read from, with its words highlighted, beside whatever is on screen. */
export function showSource(source: SourceRef): void {
  go({ ...current, page: { documentId: source.documentId, page: source.page, highlight: source, asked: nextAsked() } });
}

/** Opens the page that says what was looked for, at its sentence. */
export function showHit({ matterId, documentId, fileName, page, sentence, quote }: FindHit): void {
  const highlight = sentence && { documentId, documentName: fileName, page, ...sentence, quote };
  const beside = current.matterId === matterId ? current.beside : null;
  go({ ...start, matterId, tab: 'evidence', page: { documentId, page, highlight, asked: nextAsked() }, beside });
}

export function showPage(documentId: DocumentId, page: number): void {
  const highlight = current.page?.documentId === documentId ? current.page.highlight : null;
  go({ ...current, page: { documentId, page, highlight, asked: nextAsked() } });
}

/** Opens a second document next to the one in front. */
export function showBeside(documentId: DocumentId, page = 1): void {
  go({ ...current, beside: { documentId, page, highlight: null, asked: nextAsked() } });
}

export function closeBeside(): void {
  go({ ...current, beside: null });
}

/** Remembers how far somebody has read, for the next time the window opens. */
export function notePage(pane: Pane, documentId: DocumentId, page: number): void {
  const shown = current[pane];
  if (shown?.documentId === documentId && shown.page !== page) go({ ...current, [pane]: { ...shown, page } });
}

function nextAsked(): number {
  return Math.max(current.page?.asked ?? 0, current.beside?.asked ?? 0) + 1;
}

export function closePage(): void {
  go({ ...current, page: null, beside: null });
}
