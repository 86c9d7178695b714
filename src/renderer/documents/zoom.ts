import type { Size } from './page-layout.ts';

/** As wide as the pane, so that a whole page shows, or so many times its size on paper. */
export type Zoom = 'width' | 'page' | number;

export const zoomSteps = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 5] as const;
const [smallest, largest] = [0.1, 5];

/** How many times its size on paper a page is shown. `pane` is the room without margins. */
export function scaleOf(zoom: Zoom, page: Size, pane: Size): number {
  if (typeof zoom === 'number') return clampZoom(zoom);
  const byWidth = pane.width / page.width;
  return clampZoom(zoom === 'width' ? byWidth : Math.min(byWidth, pane.height / page.height));
}

export function clampZoom(zoom: number): number {
  return Math.max(smallest, Math.min(largest, zoom));
}

/** The next step up or down from what is shown now. */
export function stepZoom(shown: number, by: 1 | -1): number {
  // a step that could not be seen is no step
  const next = by > 0 ? zoomSteps.find((step) => step > shown * 1.02) : zoomSteps.findLast((step) => step < shown * 0.98);
  return next ?? (by > 0 ? largest : smallest);
}

const [narrowest, widest] = [100, 3000];

/** How wide a page is drawn: one dot of the screen for each, as letters that are stretched afterwards are blurred. */
export function drawnWidth(widthPx: number, pixelRatio: number): number {
  return Math.max(narrowest, Math.min(widest, Math.ceil(widthPx * pixelRatio)));
}
