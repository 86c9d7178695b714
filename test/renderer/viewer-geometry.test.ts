import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchorAt, gapPx, layOutPages, pageAt, pageInFront, pagesBetween, placeOf } from '../../src/renderer/documents/page-layout.ts';
import { paperSizes } from '../../src/renderer/documents/paper-sizes.ts';
import { quarter, turnBox, turnSize } from '../../src/renderer/documents/turn.ts';
import { drawnWidth, scaleOf, stepZoom, zoomSteps } from '../../src/renderer/documents/zoom.ts';
import { DocumentId } from '../../src/shared/ids.ts';
import { checked } from '../support/checked.ts';

const side = fc.integer({ min: 20, max: 4000 });
const layouts = fc.array(fc.record({ width: side, height: side }), { minLength: 1, maxLength: 300 }).map(layOutPages);
const box = fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0, max: 0.9, noNaN: true })).chain(([x, y]) =>
  fc.record({
    x: fc.constant(x),
    y: fc.constant(y),
    w: fc.double({ min: 0, max: 1 - x, noNaN: true }),
    h: fc.double({ min: 0, max: 1 - y, noNaN: true }),
  }),
);
const quarters = fc.constantFrom(0, 90, 180, 270);

test('the pages between two heights are exactly those that show there', () => {
  checked(layouts, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 3000 }), (layout, part, viewHeight) => {
    const from = part * layout.height;
    const to = from + viewHeight;
    const { first, last } = pagesBetween(layout, from, to);
    layout.tops.forEach((top, page) => {
      const shows = top + (layout.sizes[page]?.height ?? 0) > from && top <= to;
      if (shows) expect(page >= first && page <= last).toBe(true);
      // at the end of all there is always one page, if only the last
      else if (first !== last) expect(page < first || page > last).toBe(true);
    });
    expect(first).toBeGreaterThanOrEqual(0);
    expect(last).toBeLessThan(layout.tops.length);
  });
});

test('how many pages are there depends on the window, not on the document', () => {
  const layout = layOutPages(Array.from({ length: 5000 }, () => ({ width: 800, height: 1000 })));
  for (let top = 0; top < layout.height; top += 977) {
    const { first, last } = pagesBetween(layout, top, top + 2000);
    expect(last - first).toBeLessThanOrEqual(2);
  }
  expect(layout.height).toBe(5000 * (1000 + gapPx) + gapPx);
});

test('the page in front is one that shows, the first at the beginning and the last at the end', () => {
  checked(layouts, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 50, max: 2000 }), (layout, part, viewHeight) => {
    const most = Math.max(0, layout.height - viewHeight);
    const page = pageInFront(layout, part * most, viewHeight);
    expect(page).toBeGreaterThanOrEqual(0);
    expect(page).toBeLessThan(layout.tops.length);
    expect(pageInFront(layout, 0, viewHeight)).toBe(0);
    if (most > 1) expect(pageInFront(layout, most, viewHeight)).toBe(layout.tops.length - 1);
  });
});

test('a point keeps its place on the paper when every page grows or shrinks', () => {
  const desks = fc.record({
    layout: layouts,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    across: fc.integer({ min: -500, max: 500 }),
  });
  checked(desks, fc.double({ min: 0.1, max: 8, noNaN: true }), ({ layout, part, across }, by) => {
    const y = gapPx + part * (layout.height - 2 * gapPx);
    const anchor = anchorAt(layout, across, y);
    const back = placeOf(layout, anchor);
    expect(back.x).toBeCloseTo(across, 3);
    expect(back.y).toBeCloseTo(y, 3);
    const grown = layOutPages(layout.sizes.map(({ width, height }) => ({ width: width * by, height: height * by })));
    const place = placeOf(grown, anchor);
    const page = pageAt(layout, y);
    const down = y - (layout.tops[page] ?? 0);
    // inside a page it grows with it; a gap stays as it is
    if (down <= (layout.sizes[page]?.height ?? 0)) expect(place.y - (grown.tops[page] ?? 0)).toBeCloseTo(down * by, 2);
    expect(place.x).toBeCloseTo(across * by, 2);
  });
});

test('a box turned four times is where it was, is always on the paper, and covers as much of it', () => {
  checked(box, quarters, quarters, (flat, one, other) => {
    let around = flat;
    for (let n = 0; n < 4; n += 1) around = turnBox(around, 90);
    for (const key of ['x', 'y', 'w', 'h'] as const) expect(around[key]).toBeCloseTo(flat[key], 9);
    const twice = turnBox(turnBox(flat, one), other);
    const once = turnBox(flat, one + other);
    for (const key of ['x', 'y', 'w', 'h'] as const) expect(twice[key]).toBeCloseTo(once[key], 9);
    expect(once.x).toBeGreaterThanOrEqual(-1e-9);
    expect(once.x + once.w).toBeLessThanOrEqual(1 + 1e-9);
    expect(once.y + once.h).toBeLessThanOrEqual(1 + 1e-9);
    expect(once.w * once.h).toBeCloseTo(flat.w * flat.h, 9);
  });
  // what stands top left stands top right after a quarter clockwise
  expect(turnBox({ x: 0, y: 0, w: 0.2, h: 0.1 }, 90)).toEqual({ x: 0.9, y: 0, w: 0.1, h: 0.2 });
  expect(turnBox({ x: 0, y: 0, w: 0.2, h: 0.1 }, 270)).toEqual({ x: 0, y: 0.8, w: 0.1, h: 0.2 });
  expect([quarter(-90), quarter(450), quarter(360)]).toEqual([270, 90, 0]);
});

test('a page fits as asked, and steps of the zoom go on from what is shown', () => {
  const pages = fc.record({ width: side, height: side });
  checked(pages, pages, (page, pane) => {
    const [whole, wide] = [scaleOf('page', page, pane), scaleOf('width', page, pane)];
    expect(whole).toBeLessThanOrEqual(wide);
    if (whole > 0.1) expect(page.height * whole).toBeLessThanOrEqual(pane.height + 1e-6);
    const up = stepZoom(wide, 1);
    expect(up > wide || up === zoomSteps.at(-1)).toBe(true);
    expect(drawnWidth(page.width, 2)).toBeLessThanOrEqual(3000);
  });
  expect([stepZoom(0.94, 1), stepZoom(0.94, -1), stepZoom(1, 1), stepZoom(5, 1), stepZoom(0.1, -1)]).toEqual([1, 0.75, 1.25, 5, 0.1]);
});

test('a page that lies on its side is shown upright and turned further as the person said', () => {
  const page = { size: { widthPt: 792, heightPt: 612 }, upright: 90, turn: 0, hasText: true };
  const outline = {
    documentId: DocumentId.parse('01a1fc70-cebb-755e-8991-1628d3b1cc61'),
    fileName: 'scan.pdf',
    pages: [page, { ...page, turn: 270 }],
  };
  const [upright, flat] = paperSizes(outline, 1, { width: 900, height: 700 }, new Map());
  expect(upright).toMatchObject({ angle: 90, size: turnSize({ width: 1056, height: 816 }, 90), picture: { width: 1056, height: 816 } });
  expect(flat).toMatchObject({ angle: 0, size: { width: 1056, height: 816 } });
});
