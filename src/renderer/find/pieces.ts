interface Piece {
  text: string;
  isMarked: boolean;
  start: number;
}

/** A text cut at its marks; ranges come sorted and apart, and whatever lies outside the text is left out. */
export function piecesOf(text: string, marks: readonly { start: number; end: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const put = (to: number, isMarked: boolean): void => {
    if (to > at) pieces.push({ text: text.slice(at, to), isMarked, start: at });
    at = Math.max(at, to);
  };
  for (const { start, end } of marks) {
    put(Math.min(start, text.length), false);
    put(Math.min(end, text.length), true);
  }
  put(text.length, false);
  return pieces;
}
