import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { FoundPlace, Outline } from '../../shared/documents.ts';
import { useBridge, useCoreEvent } from '../client.ts';
import { FileNotice } from '../files/FileNotice.tsx';
import type { ShownPage } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { DocumentFind } from './DocumentFind.tsx';
import type { Mark, MarksOf } from './marks.ts';
import { PageDesk, type Desk, type Target } from './PageDesk.tsx';
import { createPageSource, type PageSource } from './page-source.ts';
import { nextWord, rangeOn, type Selected } from './select-words.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { Thumbnails } from './Thumbnails.tsx';
import { useFind } from './use-find.ts';
import { useKept } from './use-kept.ts';
import { quoteOf, useQuote } from './use-quote.ts';
import { useTextSelection } from './use-text-selection.ts';
import { useTurns } from './use-turns.ts';
import { useViewerKeys, type HeldKeys } from './use-viewer-keys.ts';
import { ViewerBar } from './ViewerBar.tsx';
import { stepZoom, type Zoom } from './zoom.ts';

interface PagesProps {
  outline: Outline;
  shown: ShownPage;
  name: string;
  close: ReactNode;
  beside: ReactNode;
  keys: HeldKeys;
  onRead: (page: number) => void;
}

/** Pictures kept beyond those on screen: pages are large, thumbnails small. */
const pagesKept = 12;
const thumbnailsKept = 150;
const arrowPx = 80;

/** The pages of a document with all that is done with them. */
export function Pages({ outline, shown, name, close, beside, keys, onRead }: PagesProps) {
  const { documentId, pages } = outline;
  const source = usePageSource(documentId, pagesKept);
  const strip = usePageSource(documentId, thumbnailsKept, true);
  const pageCount = pages.length;
  const desk = useRef<Desk>(null);
  const [zoom, setZoom] = useState<Zoom>('width');
  const [front, setFront] = useState({ page: Math.min(shown.page, pageCount), scale: 1 });
  const [target, setTarget] = useState<Target>(() => targetOf(shown, pageCount));
  const [onPictures, setSelected] = useState<Selected | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const inText = useTextSelection(body);
  const selected = onPictures ?? inText;
  const [areKeysListed, setAreKeysListed] = useState(false);
  const [asked, setAsked] = useState(shown.asked);
  if (asked !== shown.asked) {
    setAsked(shown.asked);
    setTarget(targetOf(shown, pageCount));
  }

  const goTo = useCallback(
    (page: number, range: Target['range'] = null) => {
      setTarget({ page: Math.max(1, Math.min(pageCount, page)), range });
    },
    [pageCount],
  );
  const find = useFind(documentId, front.page, goTo);
  const { places, current } = find;
  const turns = useTurns(outline);
  const cited = shown.highlight?.documentId === documentId ? shown.highlight : null;
  const marksOf = useMemo<MarksOf>(() => {
    const hits = Map.groupBy(
      places.flatMap((place) => [{ ...place, place }, ...(place.goesOn ? [{ ...place.goesOn, place }] : [])]),
      ({ page }) => page,
    );
    return (page) => {
      const marks: Mark[] = [];
      if (cited?.page === page) marks.push({ start: cited.start, end: cited.end, kind: 'source' });
      for (const { start, end, place } of hits.get(page) ?? []) marks.push({ start, end, kind: place === current ? 'current' : 'hit' });
      const byHand = onPictures && rangeOn(onPictures, page, Infinity);
      if (byHand) marks.push({ ...byHand, kind: 'selected' });
      return marks;
    };
  }, [places, current, cited, onPictures]);
  const foundOn = useMemo(() => new Set(places.flatMap(({ page, goesOn }) => (goesOn ? [page, goesOn.page] : [page]))), [places]);

  const quote = useQuote(name, source);
  // while other words are asked for, what was found last is not what she means
  const toQuote = selected ?? (current ? (find.isAsking ? null : spanOf(current)) : cited ? spanOf(cited) : null);
  const copy = () => {
    if (toQuote) quote.copy(toQuote);
  };
  const zoomBy = (by: 1 | -1) => {
    setZoom(stepZoom(front.scale, by));
  };
  const selectNothing = () => {
    setSelected(null);
    if (inText) document.getSelection()?.removeAllRanges();
    desk.current?.focus();
  };
  const extend = (by: 1 | -1) => {
    const from = selected ?? toQuote;
    const words = from && source.peek(from.to.page)?.view?.words;
    if (from && words && words.length > 0) setSelected({ from: from.from, to: nextWord(words, from.to, by) });
  };

  useViewerKeys({
    held: keys,
    turning: {
      ArrowRight: () => {
        goTo(front.page + 1);
      },
      ArrowLeft: () => {
        goTo(front.page - 1);
      },
      PageDown: () => desk.current?.turnOver(1),
      PageUp: () => desk.current?.turnOver(-1),
      Home: () => {
        goTo(1);
      },
      End: () => {
        goTo(pageCount);
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
        setZoom('width');
      },
      ...(selected && {
        Escape: selectNothing,
      }),
    },
    tools: {
      ArrowDown: () => desk.current?.scroll(arrowPx),
      ArrowUp: () => desk.current?.scroll(-arrowPx),
      w: () => {
        setZoom('width');
      },
      p: () => {
        setZoom('page');
        goTo(front.page);
      },
      r: () => {
        turns.turn(front.page);
      },
      R: () => {
        turns.turn(null);
      },
      n: () => {
        find.step(1);
      },
      N: () => {
        find.step(-1);
      },
      c: copy,
      '?': () => {
        setAreKeysListed((isListed) => !isListed);
      },
      ...(toQuote && {
        '>': () => {
          extend(1);
        },
        '<': () => {
          extend(-1);
        },
      }),
    },
    onFind: find.open,
    onCopy: selected ? copy : null,
  });

  const frontView = useKept(source, front.page)?.view;
  return (
    <>
      <ViewerBar
        name={name}
        page={front.page}
        pageCount={pageCount}
        scale={front.scale}
        zoom={zoom}
        hasText={pages[front.page - 1]?.hasText ?? true}
        canTurn={pages.some(({ size }) => size !== null)}
        isTurned={pages.some(({ turn }) => turn !== 0)}
        canQuote={toQuote !== null}
        areKeysListed={areKeysListed}
        onPage={goTo}
        onZoom={setZoom}
        onStep={zoomBy}
        onFitPage={() => {
          setZoom('page');
          goTo(front.page);
        }}
        onTurn={turns.turn}
        onTurnBack={turns.turnBack}
        onFind={find.open}
        onQuote={copy}
        onListKeys={setAreKeysListed}
        beside={beside}
        close={close}
      />
      {find.isOpen && (
        <DocumentFind
          find={find}
          unread={pages.filter(({ hasText }) => !hasText).length}
          onCopy={copy}
          onClose={() => {
            find.close();
            desk.current?.focus();
          }}
        />
      )}
      {turns.error && <ErrorNotice error={turns.error} />}
      <div className="viewer-body">
        {pageCount > 1 && <Thumbnails outline={outline} source={strip} current={front.page} found={foundOn} onTurn={goTo} />}
        <div className="viewer-pages" ref={body}>
          {frontView?.file && <FileNotice key={`${documentId} ${frontView.file.state}`} documentId={documentId} file={frontView.file} />}
          <PageDesk
            ref={desk}
            outline={outline}
            source={source}
            strip={strip}
            zoom={zoom}
            target={target}
            marksOf={marksOf}
            label={`${name}, page by page`}
            selected={onPictures}
            onSelect={setSelected}
            onZoom={setZoom}
            onFront={(page, scale) => {
              setFront((before) => (before.page === page && before.scale === scale ? before : { page, scale }));
            }}
            onRest={onRead}
          />
          {selected && <SelectionBar words={quoteOf(selected, source)?.text ?? null} onCopy={copy} onClear={selectNothing} />}
        </div>
      </div>
    </>
  );
}

function spanOf({ page, start, end, goesOn }: FoundPlace): Selected {
  const from = { page, start, end };
  return { from, to: goesOn ?? from };
}

function targetOf({ page, highlight, documentId }: ShownPage, pageCount: number): Target {
  const range = highlight?.documentId === documentId && highlight.page === page ? { start: highlight.start, end: highlight.end } : null;
  return { page: Math.min(page, pageCount), range };
}

function usePageSource(documentId: Outline['documentId'], most: number, isStrip = false): PageSource {
  const bridge = useBridge();
  const [source] = useState(() => createPageSource({ bridge, documentId, most, isStrip }));
  useEffect(
    () => () => {
      source.close();
    },
    [source],
  );
  useCoreEvent('documents.changed', () => {
    source.refresh();
  });
  return source;
}
