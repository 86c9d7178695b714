import { memo, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { markedPieces, type Mark } from './marks.ts';
import type { KeptPage } from './page-source.ts';
import type { Paper } from './paper-sizes.ts';
import { columnsText, layOutText, piecesOn, type Piece, type Span } from './text-lines.ts';

interface TextPageProps {
  page: number;
  paper: Paper;
  kept: KeptPage | undefined;
  marks: readonly Mark[];
  goal: Span | null;
  onMeasure: (page: number, key: string, height: number) => void;
}

/**
 * A page that has no picture. Its elements hold the page's characters, all of them in order and no others: where a selection begins and ends is counted in them.
 */
export function TextPage({ page, paper, kept, marks, goal, onMeasure }: TextPageProps) {
  const element = useRef<HTMLPreElement>(null);
  const text = kept?.view?.text;
  const isHere = text !== undefined;
  useEffect(() => {
    const pre = element.current;
    if (!pre || !isHere || paper.isDrawn) return;
    const observer = new ResizeObserver(() => {
      onMeasure(page, paper.key, pre.offsetHeight);
    });
    observer.observe(pre);
    return () => {
      observer.disconnect();
    };
  }, [page, paper.key, paper.isDrawn, isHere, onMeasure]);
  const { parts, columns } = useMemo(() => layOutText(text ?? ''), [text]);
  const pieces = text === undefined ? [] : markedPieces(text, marks).filter(({ kind }) => kind !== null);
  const marked = piecesOn(pieces, parts);
  return (
    <pre
      ref={element}
      className="paper paper-text"
      data-drawn={isHere || undefined}
      aria-busy={!isHere || undefined}
      style={{
        fontSize: 13 * (paper.isDrawn ? 1 : paper.scale),
        ...(!isHere && { height: paper.size.height }),
        ...(columns.length > 0 && { '--columns': columnsText(columns) }),
      }}
    >
      {text !== undefined &&
        parts.map(({ start, end, cells }, n) => (
          <TextPart
            key={start}
            text={text.slice(start, end)}
            start={start}
            cells={cells}
            pieces={marked[n] ?? null}
            goal={marked[n] ? goal : null}
            isAlone={parts.length === 1}
          />
        ))}
      {text === '' && <span className="quiet">No text on this page yet.</span>}
    </pre>
  );
}

interface TextPartProps {
  text: string;
  start: number;
  cells: readonly Span[] | null;
  /** What is marked in it; null where nothing is, so that it need not be drawn anew. */
  pieces: readonly Piece[] | null;
  goal: Span | null;
  /** It is all of its page. */
  isAlone: boolean;
}

const TextPart = memo(function TextPart({ text, start, cells, pieces, goal, isAlone }: TextPartProps) {
  const said = (span: Span): ReactNode =>
    pieces ? withMarks(text, start, span, pieces, goal) : text.slice(span.start - start, span.end - start);
  if (!cells && isAlone) return said({ start, end: start + text.length });
  if (!cells) return <span className="text-run">{said({ start, end: start + text.length })}</span>;
  return (
    <span className="text-row">
      {cells.map((cell) => (
        <span key={cell.start} className="text-cell">
          {said(cell)}
        </span>
      ))}
    </span>
  );
});

function withMarks(text: string, from: number, { start, end }: Span, pieces: readonly Piece[], goal: Span | null): ReactNode[] {
  const out: ReactNode[] = [];
  let at = start;
  for (const piece of pieces) {
    const [first, last] = [Math.max(piece.start, start), Math.min(piece.start + piece.text.length, end)];
    if (first >= last) continue;
    out.push(text.slice(at - from, first - from));
    out.push(
      <mark
        key={first}
        className={`text-mark text-mark-${piece.kind ?? ''}`}
        data-goal={(goal && first >= goal.start && first < goal.end) || undefined}
      >
        {text.slice(first - from, last - from)}
      </mark>,
    );
    at = last;
  }
  out.push(text.slice(at - from, end - from));
  return out;
}
