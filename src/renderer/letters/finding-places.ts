import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { chipText } from '../../shared/citations.ts';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterValues } from '../../shared/letters.ts';

/** Positions [from, to) in the editor's document. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Where a finding stands in the text as the editor has it now: in its block, at the words it quotes that are nearest to where they were. Null for what is computed (the damages table,
 * exhibits), and where the words are there no more, because somebody typed since.
 */
export function placeOfFinding(doc: Node, { place, quote }: Pick<FindingView, 'place' | 'quote'>, values: LetterValues): Span | null {
  const block = blockAt(doc, place.block);
  if (!block || quote === '') return null;
  const { text, at } = visibleText(block.node, values);
  const near = text.lastIndexOf(quote, place.start);
  const index = near === place.start || near < 0 ? text.indexOf(quote, Math.max(0, place.start - 4)) : near;
  if (index < 0) return null;
  // behind the last of the words: what follows may be a footnote, or the next cell
  const [from, last] = [at[index], at[index + quote.length - 1]];
  if (from === undefined || last === undefined) return null;
  return { from: block.start + from, to: block.start + last + 1 };
}

/** `path`: as `LintPlace.block` has it; a row of a table is a block, too. */
function blockAt(doc: Node, path: readonly number[]): { node: Node; start: number } | null {
  let [node, start]: [Node, number] = [doc, 0];
  for (const index of path) {
    if (isText(node)) return nthFootnote(node, start, index);
    if (index >= node.childCount) return null;
    for (let before = 0; before < index; before += 1) start += node.child(before).nodeSize;
    node = node.child(index);
    start += 1;
  }
  return isText(node) ? { node, start } : null;
}

const isText = ({ isTextblock, type }: Node): boolean => isTextblock || type.name === 'tableRow';

function nthFootnote(block: Node, start: number, nth: number): { node: Node; start: number } | null {
  let found: { node: Node; start: number } | null = null;
  let left = nth;
  block.descendants((node, position) => {
    if (node.type.name !== 'footnote') return true;
    if (left === 0) found = { node, start: start + position + 1 };
    left -= 1;
    return false;
  });
  return found;
}

/** A block's text with chips by their words, as the linter reads it, and the position in the block of each of its characters. */
function visibleText(block: Node, values: LetterValues): { text: string; at: number[] } {
  let text = '';
  const at: number[] = [];
  const say = (shown: string, place: (nth: number) => number): void => {
    for (let nth = 0; nth < shown.length; nth += 1) at.push(place(nth));
    text += shown;
  };
  const sayAll = (of: Node, start: number): void => {
    of.forEach((child, offset) => {
      const place = start + offset;
      if (child.isText) say(child.text ?? '', (nth) => place + nth);
      // a footnote's words are not in the text it stands in
      else if (child.type.name !== 'footnote') say(wordsOf(child, values), () => place);
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
  at.push(block.content.size);
  return { text, at };
}

function wordsOf({ type, attrs }: Node, values: LetterValues): string {
  if (type.name === 'hardBreak') return '\n';
  const name: unknown = type.name === 'variable' ? attrs['name'] : type.name === 'citation' ? attrs['of'] : null;
  return typeof name === 'string' ? chipText(values, { type: type.name === 'citation' ? 'citation' : 'variable', name }) : '';
}

/** Puts a finding's words in hand and on screen; false where they stand nowhere. */
export function showFinding(editor: Editor, finding: FindingView, values: LetterValues): boolean {
  const span = placeOfFinding(editor.state.doc, finding, values);
  if (!span) return false;
  editor.chain().setTextSelection(span).focus().run();
  const { node } = editor.view.domAtPos(span.from);
  (node instanceof Element ? node : node.parentElement)?.scrollIntoView({ block: 'center' });
  return true;
}

/** Does what the finding offers; false where its words are there no more. */
export function mendFinding(editor: Editor, finding: FindingView, values: LetterValues): boolean {
  const span = placeOfFinding(editor.state.doc, finding, values);
  const { mend } = finding;
  if (!span || !mend) return false;
  if ('variable' in mend)
    return editor
      .chain()
      .insertContentAt(span, { type: 'variable', attrs: { name: mend.variable } })
      .focus()
      .run();
  return mend.replace === ''
    ? editor.chain().deleteRange(withSpace(editor.state.doc, span)).focus().run()
    : editor.chain().insertContentAt(span, { type: 'text', text: mend.replace }).focus().run();
}

/** A span and the space behind it, so that what stands around it does not end up two spaces apart. */
function withSpace(doc: Node, { from, to }: Span): Span {
  const { parent } = doc.resolve(to);
  const before = from === doc.resolve(from).start() ? ' ' : doc.textBetween(from - 1, from, '', ' ');
  const behind = to < doc.resolve(to).end() && parent.isTextblock ? doc.textBetween(to, to + 1) : '';
  return { from, to: before === ' ' && behind === ' ' ? to + 1 : to };
}
