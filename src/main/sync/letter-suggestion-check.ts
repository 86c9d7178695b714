import * as Y from 'yjs';
import { docFrom, fragmentName } from './letter-doc.ts';
import { aroundOf, cellsOf, footnotesIn, isElement, namedText, nothing, rangeOf, textOf, textsIn, wholeOf } from './letter-places.ts';
import type { SuggestedEdit } from './letter-suggestion.ts';

/**
 * Whether a suggestion's edit does what it says and nothing else: somebody reads the words and not the edit, and another laptop may have written both. All of the
 * letter but one block or footnote stays, of that block all but the place; there stood the words it says, and then stand those it names. Footnotes stay where they are. What
 * somebody changed meanwhile is not changed by it any more.
 */
export function doesAsItSays(state: Uint8Array, { update, was, becomes }: SuggestedEdit, place: string): boolean {
  const [before, after] = [docFrom([state]), docFrom([state, update])];
  try {
    const range = rangeOf(before, place);
    if (!range) return false;
    const [ahead, stands, behind] = aroundOf(range, noteMark);
    const [old, now] = [textsIn(before), textsIn(after)];
    const at = old.indexOf(range.block);
    const text = (block: Y.XmlElement | undefined): string => (block ? namedText(cellsOf(wholeOf(block), nothing, noteMark)) : '');
    if (skeleton(before) !== skeleton(after) || !old.every((block, n) => n === at || text(block) === text(now[n]))) return false;
    const all = text(now[at]);
    if (all.length < ahead.length + behind.length || !all.startsWith(ahead) || !all.endsWith(behind)) return false;
    const comes = all.slice(ahead.length, all.length - behind.length);
    return (
      String(stands.match(noteMarks)) === String(comes.match(noteMarks)) && withoutNotes(stands) === was && withoutNotes(comes) === becomes
    );
  } finally {
    before.destroy();
    after.destroy();
  }
}

/** A footnote by what it was when it was made: nothing that is put in its place is the same. */
const noteMark = ({ _item: item }: Y.XmlElement): string =>
  item ? `\u{F0000}${String(item.id.client)}:${String(item.id.clock)}\u{F0001}` : '';
const noteMarks = /\u{F0000}[^\u{F0001}]*\u{F0001}/gu;
const withoutNotes = (text: string): string => text.replaceAll(noteMarks, '');

/** Everything of a body but the text in its paragraphs and headings. */
function skeleton(doc: Y.Doc): string {
  const look = (node: unknown): unknown => {
    if (!isElement(node)) return node instanceof Y.XmlText ? textOf(node) : null;
    const own = [node.nodeName, attributesOf(node)];
    return node.nodeName === 'paragraph' || node.nodeName === 'heading'
      ? [...own, footnotesIn(node).map(attributesOf)]
      : [...own, node.toArray().map(look)];
  };
  return JSON.stringify(doc.getXmlFragment(fragmentName).toArray().map(look));
}

const attributesOf = (node: Y.XmlElement): unknown => Object.entries(node.getAttributes()).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Tells of an edit whether it changes words that a body does not have: then it could be applied, and would show nothing until they come. The body is looked at once,
 * each edit costs no more than its own length. Edits must be such as `isValidLetterUpdate` lets pass.
 */
export function missingIn(state: Uint8Array): (update: Uint8Array) => boolean {
  const here = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state));
  return (update) => {
    const { structs, ds } = Y.decodeUpdate(new Uint8Array(update));
    const there = new Map(here);
    for (const { id, length } of structs) {
      const known = there.get(id.client) ?? 0;
      if (id.clock > known) return true;
      there.set(id.client, Math.max(known, id.clock + length));
    }
    const isMissing = (id: unknown): boolean => id instanceof Y.ID && id.clock >= (there.get(id.client) ?? 0);
    return (
      structs.some((struct) => struct instanceof Y.Item && [struct.origin, struct.rightOrigin, struct.parent].some(isMissing)) ||
      [...ds.clients].some(([client, gone]) => gone.some(({ clock, len }) => clock + len > (there.get(client) ?? 0)))
    );
  };
}
