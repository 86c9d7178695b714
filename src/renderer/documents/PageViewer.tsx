import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PageView } from '../../shared/documents.ts';
import { useCall } from '../client.ts';
import { FileNotice } from '../files/FileNotice.tsx';
import { showPage, type ShownPage } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { Loaded } from '../ui/states.tsx';
import { boxesOfRange, splitAtRange } from './highlight.ts';
import { Thumbnails } from './Thumbnails.tsx';

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

interface PageViewerProps {
  shown: ShownPage;
  name: string;
  close?: ReactNode;
}

/** One page of a document with the words in question highlighted. Zoom 1 is as wide as the pane. */
export function PageViewer({ shown, name, close }: PageViewerProps) {
  const [zoomIndex, setZoomIndex] = useState(2);
  const zoom = zooms[zoomIndex] ?? 1;
  const page = useCall(
    'documents.page',
    { documentId: shown.documentId, page: shown.page, widthPx: zoom > 1.25 ? 2000 : 1200 },
    { keepPrevious: true },
  );
  const pageCount = page.data?.pageCount ?? shown.page;
  const turn = (to: number) => {
    if (to >= 1 && to <= pageCount && to !== shown.page) showPage(shown.documentId, to);
  };
  const zoomBy = (by: number) => {
    setZoomIndex((index) => Math.max(0, Math.min(zooms.length - 1, index + by)));
  };
  useKeys({
    PageDown: () => {
      turn(shown.page + 1);
    },
    ArrowRight: () => {
      turn(shown.page + 1);
    },
    PageUp: () => {
      turn(shown.page - 1);
    },
    ArrowLeft: () => {
      turn(shown.page - 1);
    },
    Home: () => {
      turn(1);
    },
    End: () => {
      turn(pageCount);
    },
    '+': () => {
      zoomBy(1);
    },
    '=': () => {
      zoomBy(1);
    },
    '-': () => {
      zoomBy(-1);
    },
    '0': () => {
      setZoomIndex(2);
    },
  });

  return (
    <section className="viewer" aria-label={`Pages of ${name}`}>
      <header className="viewer-bar">
        <strong className="cut" title={name}>
          {name}
        </strong>
        <span className="row push" style={{ gap: 2 }}>
          <PageButton
            label="Previous page"
            disabled={shown.page <= 1}
            onClick={() => {
              turn(shown.page - 1);
            }}
          >
            <IconChevronLeft size={16} />
          </PageButton>
          <span className="nowrap" aria-live="polite">
            Page {shown.page} of {pageCount}
          </span>
          <PageButton
            label="Next page"
            disabled={shown.page >= pageCount}
            onClick={() => {
              turn(shown.page + 1);
            }}
          >
            <IconChevronRight size={16} />
          </PageButton>
          <PageButton
            label="Smaller (-)"
            disabled={zoomIndex === 0}
            onClick={() => {
              zoomBy(-1);
            }}
          >
            <IconZoomOut size={16} />
          </PageButton>
          <span className="nowrap quiet number" style={{ width: 38 }}>
            {Math.round(zoom * 100)}%
          </span>
          <PageButton
            label="Larger (+)"
            disabled={zoomIndex === zooms.length - 1}
            onClick={() => {
              zoomBy(1);
            }}
          >
            <IconZoomIn size={16} />
          </PageButton>
          {close}
        </span>
      </header>
      <div className="viewer-body">
        {pageCount > 1 && <Thumbnails documentId={shown.documentId} pageCount={pageCount} current={shown.page} onTurn={turn} />}
        <Loaded answer={page} text={`Opening page ${String(shown.page)}`}>
          {(view) => (
            <div className="viewer-page">
              {view.file && <FileNotice key={`${view.documentId} ${view.file.state}`} documentId={view.documentId} file={view.file} />}
              <PagePaper view={view} shown={shown} zoom={zoom} />
            </div>
          )}
        </Loaded>
      </div>
    </section>
  );
}

function PageButton({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function PagePaper({ view, shown, zoom }: { view: PageView; shown: ShownPage; zoom: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const range = shown.highlight?.page === view.page && shown.highlight.documentId === view.documentId ? shown.highlight : null;
  const place = range ? `${String(range.start)}-${String(range.end)}` : null;
  useEffect(() => {
    const target = scroller.current?.querySelector('mark');
    if (target) target.scrollIntoView({ block: 'center', inline: 'nearest' });
    else scroller.current?.scrollTo({ top: 0 });
  }, [place, view.page, view.documentId]);

  return (
    // Focusable, so that the arrow keys scroll a page that is larger than its pane.
    <div className="paper-scroll" ref={scroller} tabIndex={0} role="region" aria-label={`Page ${String(view.page)}`}>
      {view.image ? (
        <PicturePage view={view} image={view.image} range={range} zoom={zoom} />
      ) : (
        <TextPage view={view} range={range} zoom={zoom} />
      )}
    </div>
  );
}

type Range = { start: number; end: number } | null;

function PicturePage({ view, image, range, zoom }: { view: PageView; image: NonNullable<PageView['image']>; range: Range; zoom: number }) {
  const boxes = range ? boxesOfRange(view.words, range) : [];
  return (
    <div className="paper" style={{ width: `${String(zoom * 100)}%`, aspectRatio: `${String(image.widthPx)} / ${String(image.heightPx)}` }}>
      <img src={`data:${image.mediaType};base64,${image.base64}`} alt={view.text.slice(0, 2000)} draggable={false} />
      {boxes.map((box) => (
        <mark
          key={`${String(box.x)}:${String(box.y)}`}
          className="paper-mark"
          style={{
            left: `${String(box.x * 100)}%`,
            top: `${String(box.y * 100)}%`,
            width: `${String(box.w * 100)}%`,
            height: `${String(box.h * 100)}%`,
          }}
        />
      ))}
    </div>
  );
}

function TextPage({ view, range, zoom }: { view: PageView; range: Range; zoom: number }) {
  const { before, marked, after } = splitAtRange(view.text, range);
  return (
    <pre className="paper paper-text" style={{ fontSize: `${String(13 * zoom)}px` }}>
      {before}
      {marked !== '' && <mark>{marked}</mark>}
      {after}
      {view.text === '' && <span className="quiet">No text on this page yet.</span>}
    </pre>
  );
}
