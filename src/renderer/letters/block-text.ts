import type { Node } from '@tiptap/pm/model';
import { chipText } from '../../shared/citations.ts';
import type { LetterValues } from '../../shared/letters.ts';

/** A block's text as a reader sees it, chips by their words, and where in the block its characters stand. */
export interface BlockText {
  text: string;
  /** The offset in the block of each character, and of its end; all characters of a chip have the chip's. */
  at: number[];
  /** Which characters [start, end) a chip shows, and of which variable. */
  chips: { start: number; end: number; variable: string }[];
}

export function blockText(block: Node, values: LetterValues): BlockText {
  let text = '';
  const at: number[] = [];
  const chips: BlockText['chips'] = [];
  block.forEach((child, offset) => {
    const variable = variableOf(child);
    const shown = child.isText ? (child.text ?? '') : variable === null ? otherWords(child) : chipWords(child, variable, values);
    if (variable !== null) chips.push({ start: text.length, end: text.length + shown.length, variable });
    for (let nth = 0; nth < shown.length; nth += 1) at.push(child.isText ? offset + nth : offset);
    text += shown;
  });
  at.push(block.content.size);
  return { text, at, chips };
}

/** The variable that a chip stands for or proves; null for what is no chip. */
function variableOf({ type, attrs }: Node): string | null {
  const name: unknown = type.name === 'variable' ? attrs['name'] : type.name === 'citation' ? attrs['of'] : null;
  return typeof name === 'string' ? name : null;
}

const chipWords = ({ type }: Node, name: string, values: LetterValues): string =>
  chipText(values, { type: type.name === 'citation' ? 'citation' : 'variable', name });

const otherWords = ({ type }: Node): string => (type.name === 'hardBreak' ? '\n' : '');
