import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
  type Ref,
} from 'react';
import type { Outline } from '../../shared/documents.ts';
import { DeskPage } from './DeskPage.tsx';
import { boxesOfRange } from './highlight.ts';
import { anchorAt, gapPx, layOutPages, pageAt, pageInFront, pagesBetween, placeOf, type Anchor, type Size } from './page-layout.ts';
import type { PageSource } from './page-source.ts';
import { wordAt, type Selected, type Spot } from './select-words.ts';
import { paperSizes } from './paper-sizes.ts';
import { turnBox } from './turn.ts';
import type { MarksOf } from './marks.ts';
import { clampZoom, type Zoom } from './zoom.ts';
import { useKept } from './use-kept.ts';

/** Where to go: a page, or words on it. Asked for anew each time it is another object. */
export interface Target {
  page: number;
  range: { start: number; end: number } | null;
}

/** What the bar and the keys do with the pages. */
export interface Desk {
  scroll(byPx: number): void;
  /** A screenful. */
  turnOver(by: 1 | -1): void;
  focus(): void;
}

interface PageDeskProps {
  ref: Ref<Desk>;
  outline: Outline;
  source: PageSource;
  strip: PageSource;
  zoom: Zoom;
  target: Target;
  marksOf: MarksOf;
  label: string;
  selected: Selected | null;
  onSelect: (selected: Selected | null) => void;
  onZoom: (zoom: number) => void;
  /** The page in front, from 1, and how many times its size on paper it is shown. */
  onFront: (page: number, scale: number) => void;
  /** Scrolling has come to rest. */
  onRest: (page: number) => void;
}

/** A little before the edge, so that what comes next is there. */
const aheadScreens = 0.75;

/** All pages of a document, one below the other; only those near the window are there. */
export function PageDesk({
  ref,
  outline,
  source,
  strip,
  zoom,
  target,
  marksOf,
  label,
  selected,
  onSelect,
  onZoom,
  onFront,
  onRest,
}: PageDeskProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Size | null>(null);
  const [measured, setMeasured] = useState<ReadonlyMap<number, { key: string; height: number }>>(new Map());
  const [range, setRange] = useState({ first: 0, last: 0 });
  /** The point of the paper that stays where it is when pages change their size, and where in the window that is. */
  const held = useRef<{ anchor: Anchor; x: number; y: number } | null>(null);
  /** A page that was asked for is in front until somebody scrolls on, however little of it fits. */
  const asked = useRef<{ page: number; top: number; isAtTop: boolean } | null>(null);
  const gone = useRef<Target | null>(null);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      setPane((before) => (before?.width === next.width && before.height === next.height ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);

  const papers = useMemo(() => (pane ? paperSizes(outline, zoom, pane, measured) : []), [outline, zoom, pane, measured]);
  const layout = useMemo(() => layOutPages(papers.map(({ size }) => size)), [papers]);
  const deskWidth = Math.max(pane?.width ?? 0, layout.width + 2 * gapPx);

  /** Which pages are near, and which is in front. */
  const look = () => {
    const element = scroller.current;
    if (!element || papers.length === 0) return;
    const { scrollTop: top, clientHeight: height } = element;
    if (asked.current && Math.abs(asked.current.top - top) > 2) asked.current = null;
    const index = asked.current ? asked.current.page - 1 : pageInFront(layout, top, height);
    const near = pagesBetween(layout, top - height * aheadScreens, top + height * (1 + aheadScreens));
    source.setFront(index + 1);
    strip.setFront(index + 1);
    setRange((before) => (before.first === near.first && before.last === near.last ? before : near));
    onFront(index + 1, papers[index]?.scale ?? 1);
  };
  const hold = () => {
    const element = scroller.current;
    if (!element) return;
    const y = element.scrollTop <= 0 ? 0 : element.clientHeight / 2;
    const x = element.clientWidth / 2;
    held.current = { anchor: anchorAt(layout, element.scrollLeft + x - deskWidth / 2, element.scrollTop + y), x, y };
  };
  const scrollTo = (top: number, left: number) => {
    scroller.current?.scrollTo({ top, left, behavior: 'instant' });
    hold();
    look();
  };

  // another size of the paper, or of the window: what was being read stays in front
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || papers.length === 0) return;
    const still = held.current;
    if (still) {
      const { x, y } = placeOf(layout, still.anchor);
      const pageTop = asked.current?.isAtTop ? layout.tops[asked.current.page - 1] : undefined;
      element.scrollTo({
        top: pageTop === undefined ? y - still.y : pageTop - gapPx / 2,
        left: x + deskWidth / 2 - still.x,
        behavior: 'instant',
      });
      if (asked.current) asked.current.top = element.scrollTop;
    }
    look();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when pages were laid out anew
  }, [layout]);

  const targetPage = useKept(source, target.page);
  useLayoutEffect(() => {
    const element = scroller.current;
    const index = target.page - 1;
    const paper = papers[index];
    if (!element || !paper || gone.current === target) return;
    const top = layout.tops[index] ?? 0;
    const goTo = (y: number, x: number | null, isAtTop = false) => {
      asked.current = { page: target.page, top: 0, isAtTop };
      element.scrollTo({ top: y, left: x ?? (deskWidth - element.clientWidth) / 2, behavior: 'instant' });
      asked.current.top = element.scrollTop;
      hold();
      look();
    };
    const { words = [], rotation: upright = 0 } = targetPage?.view ?? {};
    const mark = element.querySelector(`[data-page="${String(target.page)}"] mark[data-goal]`);
    const boxes = target.range ? boxesOfRange(words, target.range, upright) : [];
    const [first] = boxes;
    if (first && paper.isDrawn) {
      const box = turnBox(first, paper.angle - upright);
      const y = top + box.y * paper.size.height;
      const x = (deskWidth - paper.size.width) / 2 + (box.x + box.w / 2) * paper.size.width;
      goTo(y - element.clientHeight / 3, paper.size.width > element.clientWidth ? x - element.clientWidth / 2 : null);
      gone.current = target;
    } else if (mark && !paper.isDrawn && paper.isMeasured) {
      const [at, seen] = [mark.getBoundingClientRect(), element.getBoundingClientRect()];
      const [x, y] = [element.scrollLeft + at.left - seen.left, element.scrollTop + at.top - seen.top];
      // a table may have more columns than the desk is wide
      const isAside = x + at.width > (deskWidth + element.clientWidth) / 2;
      goTo(y - element.clientHeight / 3, isAside ? x - element.clientWidth / 2 : null);
      gone.current = target;
    } else {
      goTo(top - gapPx / 2, null, true);
      if (!target.range || (targetPage?.view && targetPage.view.words.length === 0 && paper.isDrawn)) gone.current = target;
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when there is a new place to go to, or what it takes to find it came
  }, [target, targetPage, layout]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      gone.current = target; // a person's hand is worth more than where she wanted to go
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
      held.current = { anchor: anchorAt(layout, element.scrollLeft + x - deskWidth / 2, element.scrollTop + y), x, y };
      asked.current = null;
      const now = papers[pageAt(layout, element.scrollTop + y)]?.scale ?? 1;
      onZoom(clampZoom(now * Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) * 0.004)));
    };
    const rest = () => {
      onRest(asked.current?.page ?? pageInFront(layout, element.scrollTop, element.clientHeight) + 1);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('scrollend', rest);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('scrollend', rest);
    };
  });

  useImperativeHandle(ref, () => ({
    scroll(byPx) {
      gone.current = target;
      scroller.current?.scrollBy({ top: byPx, behavior: 'instant' });
    },
    turnOver(by) {
      gone.current = target;
      const element = scroller.current;
      if (element) scrollTo(element.scrollTop + by * element.clientHeight * 0.9, element.scrollLeft);
    },
    focus() {
      scroller.current?.focus({ preventScroll: true });
    },
  }));

  /** The word under the pointer, on whichever page that is. */
  const spotAt = (event: { clientX: number; clientY: number }): { spot: Spot; isNear: boolean } | null => {
    const element = scroller.current;
    if (!element) return null;
    const bounds = element.getBoundingClientRect();
    const y = event.clientY - bounds.top + element.scrollTop;
    const index = pageAt(layout, y);
    const paper = papers[index];
    const words = source.peek(index + 1)?.view?.words;
    if (!paper?.isDrawn || !words) return null;
    const x = event.clientX - bounds.left + element.scrollLeft - (deskWidth - paper.size.width) / 2;
    const boxes = words.map((word) => turnBox(word, paper.angle));
    const at = wordAt(
      boxes,
      x / paper.size.width,
      (y - (layout.tops[index] ?? 0)) / paper.size.height,
      paper.size.height / paper.size.width,
    );
    const word = at && words[at.index];
    return word ? { spot: { page: index + 1, start: word.start, end: word.end }, isNear: at.isNear } : null;
  };
  const onMeasure = useCallback((page: number, key: string, height: number) => {
    setMeasured((before) => {
      const known = before.get(page - 1);
      return known?.key === key && Math.abs(known.height - height) < 1 ? before : new Map(before).set(page - 1, { key, height });
    });
  }, []);
  const drag = useRef<{ from: Spot; x: number; y: number; isMoving: boolean } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    // the bar of what is selected lies on the desk as well, and text has the system's own way
    const isOnPaper =
      event.target instanceof Element && (event.target === event.currentTarget || event.target.closest('.desk-sheet') !== null);
    if (event.button !== 0 || event.pointerType === 'touch' || !isOnPaper) return;
    const at = spotAt(event);
    if (event.shiftKey && selected && at) {
      onSelect({ from: selected.from, to: at.spot });
      return;
    }
    if (selected) onSelect(null);
    if (at?.isNear) drag.current = { from: at.spot, x: event.clientX, y: event.clientY, isMoving: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const now = drag.current;
    const element = scroller.current;
    if (!now || !element) return;
    if (!now.isMoving && Math.hypot(event.clientX - now.x, event.clientY - now.y) < 4) return;
    if (!now.isMoving) event.currentTarget.setPointerCapture(event.pointerId);
    now.isMoving = true;
    const bounds = element.getBoundingClientRect();
    if (event.clientY > bounds.bottom - 12) element.scrollBy({ top: 24, behavior: 'instant' });
    if (event.clientY < bounds.top + 12) element.scrollBy({ top: -24, behavior: 'instant' });
    const at = spotAt(event);
    if (at) onSelect({ from: now.from, to: at.spot });
  };
  const endDrag = () => {
    drag.current = null;
  };

  return (
    <div
      // Focusable, so that the keys of the system scroll it as well.
      className="desk"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={() => {
        hold();
        look();
      }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
      onDoubleClick={(event) => {
        const at = spotAt(event);
        if (at?.isNear) onSelect({ from: at.spot, to: at.spot });
      }}
    >
      <div className="desk-sheet" style={{ width: deskWidth, height: layout.height }}>
        {papers.slice(range.first, range.last + 1).map((paper, n) => {
          const index = range.first + n;
          return (
            <DeskPage
              key={index}
              page={index + 1}
              paper={paper}
              top={layout.tops[index] ?? 0}
              left={(deskWidth - paper.size.width) / 2}
              source={source}
              strip={strip}
              marksOf={marksOf}
              goal={target.page === index + 1 ? target.range : null}
              onMeasure={onMeasure}
            />
          );
        })}
      </div>
    </div>
  );
}
