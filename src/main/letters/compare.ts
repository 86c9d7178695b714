import type { Block, LetterValues } from '../../shared/letters.ts';
import type { ComparedLetters, ComparedLine, ComparedPiece } from '../../shared/versions.ts';
import { compare, inRuns, type Step } from '../sync/differences.ts';
import { lineKey, linesOf, tokenKey, type Line, type Token } from './letter-lines.ts';
import { likeliestPairs } from './line-pairs.ts';

export interface ComparedSide {
  blocks: readonly Block[];
  values: LetterValues;
}

/**
 * How much one comparison may cost, in squares of differences: of a letter of thirty pages far less is used, and what a hostile one needs beyond it is shown
 * as taken out and put in.
 */
const mostEffort = 4_000_000;
const mostDifferences = 1_000;

/**
 * One letter against another as lines: those that stay, those that went or came, and those that changed, word by word and cell by cell. All of `before` is in
 * the pieces that are not added, all of `after` in those not removed. Whichever of the two comes first, the same words are marked. Pure.
 */
export function compareLetters(before: ComparedSide, after: ComparedSide): ComparedLetters {
  const [was, is] = [linesOf(before.blocks, before.values), linesOf(after.blocks, after.values)];
  const [wasKeys, isKeys] = [was.map(lineKey), is.map(lineKey)];
  // of several shortest ways from one to the other the same one is taken in both directions
  const isBackwards = wasKeys.join('\u0004') > isKeys.join('\u0004');
  const lines = compareLines(was, is, wasKeys, isKeys, isBackwards);
  const words = (kind: ComparedPiece['kind']): number =>
    lines.flatMap(({ cells }) => cells.flat()).reduce((sum, piece) => sum + (piece.kind === kind ? wordCount(piece.text) : 0), 0);
  return { lines, added: words('added'), removed: words('removed') };
}

function compareLines(was: Line[], is: Line[], wasKeys: string[], isKeys: string[], isBackwards: boolean): ComparedLine[] {
  let effort = mostEffort;
  const steps: Steps = (a, b) => {
    const most = Math.min(mostDifferences, Math.floor(Math.sqrt(effort)));
    const found = isBackwards ? turned(compare(b, a, most)) : compare(a, b, most);
    const differences = found.reduce((sum, { kind, items }) => sum + (kind === 'same' ? 0 : items.length), 0);
    effort -= Math.min(differences, most) ** 2;
    return found;
  };
  const pairs = (went: Line[], came: Line[]): [number, number][] =>
    isBackwards ? likeliestPairs(came, went).map(([to, from]) => [from, to]) : likeliestPairs(went, came);
  const lines: ComparedLine[] = [];
  let [a, b] = [0, 0];
  const byLine = steps(wasKeys, isKeys);
  for (const [at, { kind, items }] of byLine.entries()) {
    const next = byLine[at + 1];
    if (kind === 'same') {
      for (const line of is.slice(b, b + items.length)) lines.push(whole(line, 'same'));
      a += items.length;
      b += items.length;
    } else if (kind === 'removed') {
      const come = next?.kind === 'added' ? next.items.length : 0;
      const [went, came] = [was.slice(a, a + items.length), is.slice(b, b + come)];
      for (const line of replaced(went, came, pairs(went, came), steps)) lines.push(line);
      a += items.length;
      b += come;
    } else if (byLine[at - 1]?.kind !== 'removed') {
      for (const line of is.slice(b, b + items.length)) lines.push(whole(line, 'added'));
      b += items.length;
    }
  }
  return lines;
}

type Steps = (a: string[], b: string[]) => Step[];

/** Lines that went and those that came in their place: each beside the one it became, where there is one. */
function replaced(went: Line[], came: Line[], pairs: [from: number, to: number][], steps: Steps): ComparedLine[] {
  const lines: ComparedLine[] = [];
  let [a, b] = [0, 0];
  for (const [from, to] of [...pairs, [went.length, came.length] as const]) {
    for (const line of went.slice(a, from)) lines.push(whole(line, 'removed'));
    for (const line of came.slice(b, to)) lines.push(whole(line, 'added'));
    [a, b] = [from, to];
    const [was, is] = [went[a], came[b]];
    if (was && is) lines.push(changed(was, is, steps));
    a += 1;
    b += 1;
  }
  return lines;
}

function changed(was: Line, is: Line, steps: Steps): ComparedLine {
  const { type, level, marker } = is;
  const cells = cellPairs(was.cells, is.cells, steps).map(([old, cell]) => {
    let [a, b] = [0, 0];
    return inRuns(steps(old.map(tokenKey), cell.map(tokenKey))).flatMap(({ kind, items }) => {
      const tokens = kind === 'removed' ? old.slice(a, a + items.length) : cell.slice(b, b + items.length);
      if (kind !== 'added') a += items.length;
      if (kind !== 'removed') b += items.length;
      return pieces(tokens, kind);
    });
  });
  return { type, level, marker, kind: 'changed', cells };
}

const cellKey = (cell: Token[]): string => cell.map(tokenKey).join('\u0001');

/** The cells of a row beside those they became; where a column came or went, it stands beside nothing. */
function cellPairs(was: Token[][], is: Token[][], steps: Steps): [was: Token[], is: Token[]][] {
  if (was.length === is.length) return was.map((cell, nth) => [cell, is[nth] ?? []]);
  const pairs: [Token[], Token[]][] = [];
  let [a, b] = [0, 0];
  let open: Token[][] = [];
  const close = (): void => {
    pairs.push(...open.map((cell): [Token[], Token[]] => [cell, []]));
    open = [];
  };
  for (const { kind, items } of steps(was.map(cellKey), is.map(cellKey))) {
    for (let left = items.length; left > 0; left -= 1) {
      const [from, to] = [was[a] ?? [], is[b] ?? []];
      if (kind === 'removed') open.push(from);
      else if (kind === 'added') pairs.push([open.shift() ?? [], to]);
      else {
        close();
        pairs.push([from, to]);
      }
      if (kind !== 'added') a += 1;
      if (kind !== 'removed') b += 1;
    }
  }
  close();
  return pairs;
}

function whole({ type, level, marker, cells }: Line, kind: 'same' | 'removed' | 'added'): ComparedLine {
  return { type, level, marker, kind, cells: cells.map((cell) => pieces(cell, kind)) };
}

/** Tokens that look alike as one piece. */
function pieces(tokens: Token[], kind: ComparedPiece['kind']): ComparedPiece[] {
  const runs: ComparedPiece[] = [];
  let look: Token['look'] | null = null;
  for (const token of tokens) {
    const last = runs.at(-1);
    if (last && look !== null && isSameLook(look, token.look)) last.text += token.text;
    else runs.push({ kind, text: token.text, ...token.look });
    look = token.look;
  }
  return runs;
}

function isSameLook(a: Token['look'], b: Token['look']): boolean {
  return a === b || (a.bold === b.bold && a.italic === b.italic && a.underline === b.underline && a.chip === b.chip && !a.note && !b.note);
}

/** The same steps from the other side, removals before additions again. */
function turned(steps: Step[]): Step[] {
  const back: Step[] = [];
  for (const { kind, items } of steps) {
    if (kind === 'added' && back.at(-1)?.kind === 'added') back.splice(-1, 0, { kind: 'removed', items });
    else back.push({ kind: kind === 'same' ? 'same' : kind === 'added' ? 'removed' : 'added', items });
  }
  return back;
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}$][^\s]*/gu)?.length ?? 0;
}
