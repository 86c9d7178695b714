import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { fragmentName } from './letter-doc.ts';
import { letterYDoc } from './y-doc.ts';

/** Words that went down with what stood around them: somebody typed them where somebody else, who did not know of them, deleted the whole paragraph. */
export interface Swallowed {
  /** Says which words, on every laptop the same. */
  key: string;
  text: string;
  /** The edits that brought them. */
  updateIds: string[];
  /** Before which block of the letter, counted from 0, they would stand now. */
  index: number;
}
interface Update {
  updateId: string;
  payload: Uint8Array;
}
interface Range {
  from: number;
  to: number;
}
interface Piece extends Range {
  client: number;
  text: string;
  updateId: string;
}

/**
 * What nobody deleted and is gone all the same. Of a merge Yjs keeps no word for what was typed inside something that is deleted: those letters are in no writer's own
 * list of deletions, and by that they are told. `state`: the whole body that these updates make, as `readLetterBody` gives it: it says what was deleted with what. Sound updates only.
 */
export function swallowedWords(updates: readonly Update[], state: Uint8Array): Swallowed[] {
  const read = updates.map(({ updateId, payload }) => ({ updateId, ...Y.decodeUpdate(new Uint8Array(payload)) }));
  const chosen = rangesOf(read.map(({ ds }) => ds));
  const gone = rangesOf([Y.decodeUpdate(state).ds]);
  const nobodys = new Map([...gone].map(([client, ranges]) => [client, minus(ranges, chosen.get(client) ?? [])]));
  if ([...nobodys.values()].every((ranges) => ranges.length === 0)) return [];
  const pieces = read.flatMap(({ updateId, structs }) =>
    structs.flatMap((struct): Piece[] => {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return [];
      const { client, clock } = struct.id;
      const { str } = struct.content;
      return overlapping({ from: clock, to: clock + str.length }, nobodys.get(client) ?? []).map(({ from, to }) => ({
        client,
        from,
        to,
        text: str.slice(from - clock, to - clock),
        updateId,
      }));
    }),
  );
  const runs = runsOf(pieces).filter((run) => /[\p{L}\p{N}]/u.test(run.map(({ text }) => text).join('')));
  if (runs.length === 0) return [];
  const doc = keepingAll(updates);
  const found = runs.map((run) => swallowedOf(run, doc));
  doc.destroy();
  return found.toSorted((a, b) => a.index - b.index || a.key.localeCompare(b.key));
}

/** So many clocks at most lie between words of one person that belong together: a new paragraph takes a few. */
const together = 8;

function runsOf(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.client - b.client || a.from - b.from)) {
    const last = runs.at(-1)?.at(-1);
    // an edit that came twice brings nothing new
    if (last?.client === piece.client && piece.to <= last.to) continue;
    if (last?.client === piece.client && piece.from - last.to <= together) runs.at(-1)?.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

function swallowedOf(run: readonly Piece[], doc: Y.Doc): Swallowed {
  const [first] = run;
  let [text, end] = ['', first?.from ?? 0];
  for (const piece of run) {
    text += piece.from > end && text !== '' ? ` ${piece.text}` : piece.text;
    end = piece.to;
  }
  const about = `${String(first?.client)}:${String(first?.from)}-${String(end)}`;
  return {
    key: `swallowed:${createHash('sha256').update(about).digest('hex').slice(0, 32)}`,
    text,
    updateIds: [...new Set(run.map(({ updateId }) => updateId))],
    index: indexOf(doc, first ? Y.createID(first.client, first.from) : null),
  };
}

/** The letter with all that was ever in it, so that it can be asked where something stood. */
function keepingAll(updates: readonly Update[]): Y.Doc {
  const doc = letterYDoc({ gc: false });
  doc.transact(() => {
    for (const { payload } of updates) Y.applyUpdate(doc, new Uint8Array(payload));
  });
  return doc;
}

/** How many blocks that still stand come before the one in which this letter was typed; that one counts where it stands itself. */
function indexOf(doc: Y.Doc, id: Y.ID | null): number {
  const fragment = doc.getXmlFragment(fragmentName);
  if (id === null || Y.getState(doc.store, id.client) <= id.clock) return fragment.length;
  const found: unknown = Y.getItem(doc.store, id);
  let item = found instanceof Y.Item ? found : null;
  while (item && item.parent !== fragment) item = item.parent instanceof Y.AbstractType ? item.parent._item : null;
  let before = 0;
  for (; item; item = item.left) if (!item.deleted && item.countable) before += item.length;
  return before;
}

/** By client, what lies in any of these sets, in order and joined. */
function rangesOf(sets: readonly { clients: Map<number, { clock: number; len: number }[]> }[]): Map<number, Range[]> {
  const all = new Map<number, Range[]>();
  for (const { clients } of sets)
    for (const [client, items] of clients)
      all.set(client, [...(all.get(client) ?? []), ...items.map(({ clock, len }) => ({ from: clock, to: clock + len }))]);
  return new Map([...all].map(([client, ranges]) => [client, joined(ranges)]));
}

function joined(ranges: readonly Range[]): Range[] {
  const whole: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

/** Both in order and joined. */
function minus(ranges: readonly Range[], without: readonly Range[]): Range[] {
  const left: Range[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    let start = from;
    while (at < without.length && (without[at]?.to ?? 0) <= start) at += 1;
    for (let next = at; next < without.length && (without[next]?.from ?? to) < to; next += 1) {
      const gap = without[next] ?? { from: to, to };
      if (gap.from > start) left.push({ from: start, to: gap.from });
      start = Math.max(start, gap.to);
    }
    if (start < to) left.push({ from: start, to });
  }
  return left;
}

const overlapping = ({ from, to }: Range, ranges: readonly Range[]): Range[] =>
  ranges
    .filter((range) => range.from < to && range.to > from)
    .map((range) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
