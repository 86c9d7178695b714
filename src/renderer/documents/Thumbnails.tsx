import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Outline } from '../../shared/documents.ts';
import { layOutPages, pagesBetween, type Size } from './page-layout.ts';
import type { PageSource } from './page-source.ts';
import { quarter, turnSize } from './turn.ts';
import { useWanted } from './use-kept.ts';

interface ThumbnailsProps {
  outline: Outline;
  source: PageSource;
  current: number;
  /** Pages where something was found. */
  found: ReadonlySet<number>;
  onTurn: (page: number) => void;
}

const widthPx = 58;
const drawnPx = 120;
/** The number below, and the air to the next. */
const footPx = 20;
const tallestPx = 130;
const letter: Size = { width: 17, height: 22 };

/** Small pages to jump by. Only those on screen are there: a record may have hundreds. */
export function Thumbnails({ outline, source, current, found, onTurn }: ThumbnailsProps) {
  const strip = useRef<HTMLElement>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const pictures = useMemo(
    () =>
      outline.pages.map(({ size, upright, turn }) => {
        const angle = quarter(upright + turn);
        const flat = size ? { width: size.widthPt, height: size.heightPt } : letter;
        const turned = turnSize(flat, angle);
        const scale = Math.min(widthPx / turned.width, tallestPx / turned.height);
        return { flat: { width: flat.width * scale, height: flat.height * scale }, angle, height: turned.height * scale };
      }),
    [outline],
  );
  const layout = useMemo(() => layOutPages(pictures.map(({ height }) => ({ width: widthPx, height: height + footPx }))), [pictures]);

  const look = () => {
    const element = strip.current;
    if (!element) return;
    const near = pagesBetween(layout, element.scrollTop - 200, element.scrollTop + element.clientHeight + 200);
    setRange((before) => (before.first === near.first && before.last === near.last ? before : near));
  };
  useLayoutEffect(() => {
    const element = strip.current;
    if (!element) return;
    const top = layout.tops[current - 1] ?? 0;
    const bottom = top + (layout.sizes[current - 1]?.height ?? 0);
    if (top < element.scrollTop + 4) element.scrollTo({ top: top - 4, behavior: 'instant' });
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTo({ top: bottom - element.clientHeight + 4, behavior: 'instant' });
    look();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when the page in front or the pages change
  }, [current, layout]);
  useEffect(() => {
    const element = strip.current;
    if (!element) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  });

  return (
    <nav
      className="thumbnails"
      aria-label="Pages"
      ref={strip}
      onScroll={look}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        const next = Math.max(1, Math.min(outline.pages.length, current + by));
        if (by === 0) return;
        event.preventDefault();
        onTurn(next);
        requestAnimationFrame(() => strip.current?.querySelector<HTMLElement>(`[data-thumbnail="${String(next)}"]`)?.focus());
      }}
    >
      <div style={{ position: 'relative', height: layout.height }}>
        {pictures.slice(range.first, range.last + 1).map((picture, n) => {
          const index = range.first + n;
          return (
            <Thumbnail
              key={index}
              page={index + 1}
              isDrawn={outline.pages[index]?.size !== null}
              top={layout.tops[index] ?? 0}
              {...picture}
              source={source}
              isCurrent={index + 1 === current}
              isFound={found.has(index + 1)}
              onTurn={onTurn}
            />
          );
        })}
      </div>
    </nav>
  );
}

interface ThumbnailProps {
  page: number;
  isDrawn: boolean;
  top: number;
  height: number;
  flat: Size;
  angle: number;
  source: PageSource;
  isCurrent: boolean;
  isFound: boolean;
  onTurn: (page: number) => void;
}

function Thumbnail({ page, isDrawn, top, height, flat, angle, source, isCurrent, isFound, onTurn }: ThumbnailProps) {
  return (
    <button
      type="button"
      className="thumbnail"
      data-thumbnail={page}
      style={{ top }}
      // one stop for the tab key; the arrows go on from there
      tabIndex={isCurrent ? 0 : -1}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isFound ? `Page ${String(page)}, found here` : `Page ${String(page)}`}
      onClick={() => {
        onTurn(page);
      }}
    >
      <span className="thumbnail-paper" style={{ height }}>
        {isDrawn && <Picture page={page} source={source} flat={flat} angle={angle} height={height} />}
      </span>
      <span className="thumbnail-number" data-found={isFound || undefined}>
        {page}
      </span>
    </button>
  );
}

function Picture({ page, source, flat, angle, height }: Pick<ThumbnailProps, 'page' | 'source' | 'flat' | 'angle' | 'height'>) {
  const image = useWanted(source, page, drawnPx)?.image;
  if (!image) return null;
  return (
    <img
      src={image.url}
      alt=""
      draggable={false}
      style={{
        width: flat.width,
        height: flat.height,
        left: (widthPx - flat.width) / 2,
        top: (height - flat.height) / 2,
        ...(angle !== 0 && { transform: `rotate(${String(angle)}deg)` }),
      }}
    />
  );
}
