import { piecesOf } from '../find/pieces.ts';

/** source: where a value was read. hit: what is looked for. current: the hit in front. selected: by hand. */
export type MarkKind = 'source' | 'hit' | 'current' | 'selected';

export interface Mark {
  start: number;
  end: number;
  kind: MarkKind;
}

/** What is marked on a page. */
export type MarksOf = (page: number) => readonly Mark[];

const order: Record<MarkKind, number> = { selected: 0, current: 1, source: 2, hit: 3 };

/** A text cut at its marks; where they overlap, the more important one shows. */
export function markedPieces(text: string, marks: readonly Mark[]): { text: string; start: number; kind: MarkKind | null }[] {
  const edges = [...new Set(marks.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const ranges = edges.flatMap((start, index) => {
    const end = edges[index + 1];
    return end === undefined ? [] : [{ start, end }];
  });
  const kindAt = (at: number): MarkKind | null =>
    marks
      .filter(({ start, end }) => start <= at && at < end)
      .map(({ kind }) => kind)
      .sort((a, b) => order[a] - order[b])[0] ?? null;
  return piecesOf(text, ranges).map((piece) => ({ text: piece.text, start: piece.start, kind: kindAt(piece.start) }));
}
