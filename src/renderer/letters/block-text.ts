import type { Node } from '@tiptap/pm/model';
import { chipText } from '../../shared/citations.ts';
import type { LetterValues } from '../../shared/letters.ts';

/** A block's text as a reader sees it, chips by their words, and where in the block its characters stand. A footnote's words are not in the text it stands in. */
export interface BlockText {
  text: string;
  /** The offset in the block of each character, and of its end; all characters of a chip have the chip's. */
  at: number[];
  /** Which characters [start, end) a chip shows, and of which variable. */
  chips: { start: number; end: number; variable: string }[];
}

/** Of a paragraph, a heading, a footnote, or a row of a table: its cells are parted by tabs, as the linter reads them. */
export function blockText(block: Node, values: LetterValues): Readonly<BlockText> {
  let read = known.get(values);
  if (!read) known.set(values, (read = new WeakMap()));
  let said = read.get(block);
  if (!said) read.set(block, (said = readBlock(block, values)));
  return said;
}

/** Blocks of the editor are never changed, only replaced: each is read once for as long as values are the same. */
const known = new WeakMap<LetterValues, WeakMap<Node, Readonly<BlockText>>>();

function readBlock(block: Node, values: LetterValues): BlockText {
  const said: BlockText = { text: '', at: [], chips: [] };
  const say = (shown: string, place: (nth: number) => number): void => {
    for (let nth = 0; nth < shown.length; nth += 1) said.at.push(place(nth));
    said.text += shown;
  };
  const sayAll = (of: Node, start: number): void => {
    of.forEach((child, offset) => {
      const place = start + offset;
      const variable = variableOf(child);
      if (variable !== null) {
        const shown = chipWords(child, variable, values);
        said.chips.push({ start: said.text.length, end: said.text.length + shown.length, variable });
        say(shown, () => place);
      } else if (child.isText) say(child.text ?? '', (nth) => place + nth);
      else if (child.type.name === 'hardBreak') say('\n', () => place);
    });
  };
  if (block.isTextblock || block.type.name === 'footnote') sayAll(block, 0);
  else
    block.forEach((cell, offset, nth) => {
      if (nth > 0) say('\t', () => offset);
      let isFirst = true;
      cell.descendants((inner, position) => {
        if (!inner.isTextblock) return true;
        if (!isFirst) say(' ', () => offset + 1 + position);
        isFirst = false;
        sayAll(inner, offset + 1 + position + 1);
        return false;
      });
    });
  said.at.push(block.content.size);
  return said;
}

/** The variable that a chip stands for or proves; null for what is no chip. */
function variableOf({ type, attrs }: Node): string | null {
  const name: unknown = type.name === 'variable' ? attrs['name'] : type.name === 'citation' ? attrs['of'] : null;
  return typeof name === 'string' ? name : null;
}

const chipWords = ({ type }: Node, name: string, values: LetterValues): string =>
  chipText(values, { type: type.name === 'citation' ? 'citation' : 'variable', name });
