import { Button } from '@mantine/core';
import { ErrorNotice } from '../ui/Notice.tsx';
import { boxesOfRange } from './highlight.ts';
import type { Mark, MarksOf } from './marks.ts';
import type { KeptPage, PageSource } from './page-source.ts';
import type { Paper } from './paper-sizes.ts';
import { TextPage } from './TextPage.tsx';
import { turnBox } from './turn.ts';
import { useKept, useWanted } from './use-kept.ts';
import { drawnWidth } from './zoom.ts';

interface DeskPageProps {
  page: number;
  paper: Paper;
  top: number;
  left: number;
  source: PageSource;
  strip: PageSource;
  marksOf: MarksOf;
  /** The words somebody wants to see. */
  goal: { start: number; end: number } | null;
  onMeasure: (page: number, key: string, height: number) => void;
}

/** One page on the desk. */
export function DeskPage({ page, paper, top, left, source, strip, marksOf, goal, onMeasure }: DeskPageProps) {
  const kept = useWanted(source, page, drawnWidth(paper.picture.width, window.devicePixelRatio));
  const marks = marksOf(page);
  const place = { top, left, width: paper.size.width, ...(paper.isDrawn && { height: paper.size.height }) };
  return (
    <div className="desk-page" data-page={page} style={place} role="group" aria-label={`Page ${String(page)}`}>
      {kept?.error && (
        <div className="desk-problem">
          <ErrorNotice
            error={kept.error}
            actions={
              <Button
                variant="default"
                onClick={() => {
                  source.retry(page);
                }}
              >
                Try again
              </Button>
            }
          />
        </div>
      )}
      {paper.isDrawn && (kept?.image || !kept?.view) ? (
        <DrawnPage page={page} paper={paper} kept={kept} strip={strip} marks={marks} />
      ) : (
        <TextPage page={page} paper={paper} kept={kept} marks={marks} goal={goal} onMeasure={onMeasure} />
      )}
    </div>
  );
}

interface PageProps {
  page: number;
  paper: Paper;
  kept: KeptPage | undefined;
  marks: readonly Mark[];
}

const percent = (fraction: number): string => `${String(fraction * 100)}%`;

function DrawnPage({ page, paper, kept, strip, marks }: PageProps & { strip: PageSource }) {
  // until it is drawn its small picture stands in, if that is here
  const small = useKept(strip, page)?.image;
  const image = kept?.image ?? small;
  const { angle, picture } = paper;
  const upright = kept?.view?.rotation ?? 0;
  const words = kept?.view?.words ?? [];
  return (
    <div className="paper paper-drawn" data-drawn={kept?.image ? true : undefined} aria-busy={kept?.image ? undefined : true}>
      {image ? (
        <img
          src={image.url}
          alt={kept?.view?.text ?? ''}
          draggable={false}
          decoding="async"
          style={{
            width: picture.width,
            height: picture.height,
            left: (paper.size.width - picture.width) / 2,
            top: (paper.size.height - picture.height) / 2,
            ...(angle !== 0 && { transform: `rotate(${String(angle)}deg)` }),
          }}
        />
      ) : (
        <span className="paper-number" aria-hidden>
          {page}
        </span>
      )}
      {marks.map(({ start, end, kind }) =>
        boxesOfRange(words, { start, end }, upright).map((line) => {
          const box = turnBox(line, angle - upright);
          return (
            <mark
              key={`${kind} ${String(start)} ${String(line.x)} ${String(line.y)}`}
              className={`paper-mark paper-mark-${kind}`}
              style={{ left: percent(box.x), top: percent(box.y), width: percent(box.w), height: percent(box.h) }}
            />
          );
        }),
      )}
    </div>
  );
}
