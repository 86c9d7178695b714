import * as Y from 'yjs';
import type { Block, Inline } from '../../shared/letters.ts';
import { blockElements, docFrom, fragmentName } from './letter-doc.ts';
import { blocksIn, cellsOf, chipIn, isElement, namedText, nothing, rangeOf, textOf, wholeOf, words } from './letter-places.ts';
import type { SuggestedEdit } from './letter-suggestion.ts';

/**
 * Suggesting that a block comes into a letter: as with words (letter-suggestion.ts), a Yjs update that nobody has applied yet. It names the blocks it comes between, so
 * that it finds its place whatever else was written or deleted meanwhile, and accepted on two laptops it is there once.
 */
export interface Insertion extends SuggestedEdit {
  /** The end of the block behind which it comes, as an editor names places; an empty range. */
  place: string;
}

/**
 * Blocks that come one behind the other after a paragraph or heading (counted from 1; 0: at the letter's end), each an edit of its own. They keep their order
 * whichever of them are accepted, and when: between the same neighbours Yjs orders by client, so each is written by a client of its own, in ascending order. `state`
 * has to be the same for all blocks that belong together, `nth` tells how many came before. Null where there is no such paragraph.
 */
export function suggestBlocks(
  state: Uint8Array,
  { after, firstClient, nth }: { after: number; firstClient: number; nth: number },
  blocks: readonly Block[],
): Insertion[] | null {
  const made = blocks.map((block, n) => suggestBlock(state, after, firstClient + nth + n, block));
  return made.every((one) => one !== null) ? made : null;
}

function suggestBlock(state: Uint8Array, after: number, client: number, block: Block): Insertion | null {
  const doc = docFrom([state]);
  try {
    doc.clientID = client;
    const all = blocksIn(doc);
    const behind = after === 0 ? all.at(-1) : all[after - 1];
    if (!behind) return null;
    const fragment = doc.getXmlFragment(fragmentName);
    const index = fragment.toArray().indexOf(topOf(behind));
    const end = Buffer.from(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(behind, behind.length))).toString('base64');
    const edits: Uint8Array[] = [];
    doc.on('update', (edit: Uint8Array) => edits.push(edit));
    const elements = blockElements([block]);
    doc.transact(() => {
      fragment.insert(index + 1, elements);
    });
    const [update] = edits;
    return update ? { update, was: '', becomes: elements.map(saidBy).join('\n'), place: `${end}.${end}` } : null;
  } finally {
    doc.destroy();
  }
}

/** Client ids of a draft: far from those an editor picks at random by chance alone, and room above for each of its blocks. */
export const firstClientOf = (random: () => number): number => 1 + Math.floor(random() * 2 ** 31);

/** A text with chips by name, as a paragraph's content. */
export function inlinesOf(text: string): Inline[] {
  const content: Inline[] = [];
  for (const word of text.match(words) ?? []) {
    const chip = chipIn(word);
    const last = content.at(-1);
    if (chip) content.push(chip.type === 'citation' ? { type: 'citation', of: chip.name } : { type: 'variable', name: chip.name });
    else if (last?.type === 'text') last.text += word;
    else content.push({ type: 'text', text: word });
  }
  return content;
}

/** The block of the letter in which a paragraph stands: itself, or the list or quote that holds it. */
function topOf(block: Y.XmlElement): Y.XmlElement {
  let top = block;
  while (isElement(top.parent)) top = top.parent;
  return top;
}

/** What a block says, chips by name: what is shown of it before it is accepted, and what it is held to when it is. */
function saidBy(node: unknown, nth = 0): string {
  if (!isElement(node)) return node instanceof Y.XmlText ? textOf(node) : '';
  const inside = (): string => node.toArray().map(saidBy).join('\n');
  switch (node.nodeName) {
    case 'paragraph':
    case 'heading':
      return namedText(cellsOf(wholeOf(node), nothing));
    case 'bulletList':
    case 'orderedList':
      return node
        .toArray()
        .map((item, n) => `${node.nodeName === 'orderedList' ? `${String(n + 1)}.` : '-'} ${saidBy(item, n)}`)
        .join('\n');
    case 'blockquote':
      return `> ${inside().replaceAll('\n', '\n> ')}`;
    case 'listItem':
      return inside();
    default:
      return `{{${node.nodeName}}}${nth === 0 ? '' : '\n'}${inside()}`;
  }
}

/**
 * Whether an edit does nothing but bring in one block that says `becomes`, behind the paragraph its place names and in the same section; where that paragraph is gone,
 * wherever it stood. A person reads the words and not the edit, and another laptop may have written both.
 */
export function insertsAsItSays(state: Uint8Array, { update, was, becomes }: SuggestedEdit, place: string): boolean {
  const [before, after] = [docFrom([state]), docFrom([state, update])];
  try {
    const [old, now] = [before, after].map((doc) => doc.getXmlFragment(fragmentName).toArray().map(faithful));
    if (!old || !now || was !== '' || now.length !== old.length + 1) return false;
    let at = 0;
    while (at < old.length && old[at] === now[at]) at += 1;
    // where its neighbour says the same, either of the two may be the new one
    const nodes = after.getXmlFragment(fragmentName).toArray();
    const isNew = (index: number): boolean => old.every((one, n) => one === now[n < index ? n : n + 1]) && saidBy(nodes[index]) === becomes;
    const places = nodes.map((_, index) => index).filter((index) => index <= at && isNew(index));
    const range = rangeOf(after, place);
    if (!range) return places.length > 0;
    const behind = nodes.indexOf(topOf(range.block));
    return places.some(
      (index) => index > behind && !nodes.slice(behind + 1, index).some((node) => isElement(node) && node.nodeName === 'heading'),
    );
  } finally {
    before.destroy();
    after.destroy();
  }
}

/** Whether the paragraph that a place names is still in the letter. */
export function isPlaceHere(state: Uint8Array, place: string): boolean {
  const doc = docFrom([state]);
  const isHere = rangeOf(doc, place) !== null;
  doc.destroy();
  return isHere;
}

/** All that a block is, with its marks. */
function faithful(node: unknown): string {
  const look = (one: unknown): unknown => {
    if (one instanceof Y.XmlText) return one.toDelta();
    if (!isElement(one)) return null;
    return [one.nodeName, Object.entries(one.getAttributes()).sort(([a], [b]) => (a < b ? -1 : 1)), one.toArray().map(look)];
  };
  return JSON.stringify(look(node));
}
