import type { Size } from './page-layout.ts';

/** A rectangle in fractions of the page, from its top left. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Any number of degrees as one of 0, 90, 180, 270. */
export function quarter(degrees: number): number {
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}

/** A box in fractions of a page, as it lies once the page is turned clockwise. */
export function turnBox({ x, y, w, h }: Box, degrees: number): Box {
  switch (quarter(degrees)) {
    case 90:
      return { x: 1 - y - h, y: x, w: h, h: w };
    case 180:
      return { x: 1 - x - w, y: 1 - y - h, w, h };
    case 270:
      return { x: y, y: 1 - x - w, w: h, h: w };
    default:
      return { x, y, w, h };
  }
}

export function turnSize({ width, height }: Size, degrees: number): Size {
  return quarter(degrees) % 180 === 0 ? { width, height } : { width: height, height: width };
}
