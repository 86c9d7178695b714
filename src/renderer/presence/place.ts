import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { EditorState } from '@tiptap/pm/state';
import { decodeRelativePosition, encodeRelativePosition, findRootTypeKey, type Doc, type RelativePosition, type XmlFragment } from 'yjs';
import { base64ToBytes, bytesToBase64 } from '../ui/base64.ts';

type Mapping = Parameters<typeof absolutePositionToRelativePosition>[2];
/** The part of the editor's link to Yjs that is needed here; its own types say `any`. */
interface Bound {
  doc: Doc;
  type: XmlFragment;
  binding: { mapping: Mapping } | null;
  isChangeOrigin?: boolean;
}
export function boundTo(state: EditorState): (Bound & { binding: { mapping: Mapping } }) | null {
  const bound = ySyncPluginKey.getState(state) as Bound | undefined;
  return bound?.binding ? { ...bound, binding: bound.binding } : null;
}

/** Where the selection is, in words that hold while others write before it. Null until the editor is bound. */
export function placeOf(state: EditorState): string | null {
  const bound = boundTo(state);
  if (!bound || bound.binding.mapping.size === 0) return null;
  const encode = (position: number): string =>
    bytesToBase64(
      encodeRelativePosition(absolutePositionToRelativePosition(position, bound.type, bound.binding.mapping) as RelativePosition),
    );
  const { anchor, head } = state.selection;
  return `${encode(anchor)}.${encode(head)}`;
}

/** Positions in this window's text; null where its words have not arrived here yet, or where it is none. Another laptop wrote it: anything may stand in it. */
export function findPlace(state: EditorState, place: string): { anchor: number; head: number } | null {
  const bound = boundTo(state);
  if (!bound || bound.binding.mapping.size === 0) return null;
  const find = (text: string): number | null => {
    const position = decodeRelativePosition(base64ToBytes(text));
    // a name that this letter does not have would be given a place in its document
    if (position.tname !== null && position.tname !== findRootTypeKey(bound.type)) return null;
    return relativePositionToAbsolutePosition(bound.doc, bound.type, position, bound.binding.mapping);
  };
  try {
    const [anchor, head] = place.split('.').map(find);
    if (typeof anchor !== 'number' || typeof head !== 'number') return null;
    const last = state.doc.content.size;
    return { anchor: Math.min(Math.max(anchor, 0), last), head: Math.min(Math.max(head, 0), last) };
  } catch {
    return null;
  }
}
