import { useEffect, useSyncExternalStore } from 'react';
import type { KeptPage, PageSource } from './page-source.ts';

/** What is known of a page, without asking for it. */
export function useKept(source: PageSource, page: number): KeptPage | undefined {
  return useSyncExternalStore(source.subscribe, () => source.peek(page));
}

/** A page on screen, drawn at least so wide. It is asked for while it is there, and no longer. */
export function useWanted(source: PageSource, page: number, widthPx: number): KeptPage | undefined {
  useEffect(() => source.want(page, widthPx), [source, page, widthPx]);
  return useKept(source, page);
}
