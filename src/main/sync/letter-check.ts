import * as Y from 'yjs';
import { letterYDoc } from './y-doc.ts';

/** What the editor's schema knows. An editor DELETES a node or text with a name it does not know, so such an update is refused. */
const nodeNames = new Set([
  'heading', 'paragraph', 'bulletList', 'orderedList', 'listItem', 'blockquote', 'hardBreak',
  'variable', 'citation', 'specialsTable', 'exhibitList',
  'footnote', 'pageBreak', 'table', 'tableRow', 'tableHeader', 'tableCell',
]); // prettier-ignore
const markNames = new Set(['bold', 'italic', 'underline']);
const attributeNames = new Set(['level', 'name', 'of', 'start', 'type', 'language', 'textAlign', 'numbered', 'colspan', 'rowspan']);
/** No cell reaches over others: who wrote that it does could make a table of any size out of a few bytes. */
const isOne = (value: unknown): boolean => value === 1;
const attributeValues: Partial<Record<string, (value: unknown) => boolean>> = {
  numbered: (value) => value === true || value === false || value === null,
  colspan: isOne,
  rowspan: isOne,
};

/** Far more than an editor gives a table, far less than would jam one. */
const [mostRows, mostCells] = [20_000, 1_000];
/** What may stand in these, and how many of it; other nodes stand where the editor puts them. */
const inside: Partial<Record<string, { names: Set<string>; most: number }>> = {
  table: { names: new Set(['tableRow']), most: mostRows },
  tableRow: { names: new Set(['tableHeader', 'tableCell']), most: mostCells },
  tableHeader: { names: new Set(['paragraph', 'bulletList', 'orderedList']), most: Infinity },
  tableCell: { names: new Set(['paragraph', 'bulletList', 'orderedList']), most: Infinity },
  footnote: { names: new Set(['variable', 'citation', 'hardBreak']), most: Infinity },
  pageBreak: { names: new Set(), most: 0 },
};
/** What stands in nothing but these; '' is the letter itself. */
const around: Partial<Record<string, Set<string>>> = {
  table: new Set(['']),
  pageBreak: new Set(['']),
  tableRow: new Set(['table']),
  tableHeader: new Set(['tableRow']),
  tableCell: new Set(['tableRow']),
  footnote: new Set(['paragraph', 'heading']),
};

const maxBytes = 20_000_000;
/** Characters and nodes one replica may ever have written: far above a letter, far below what would jam a replica's clock. */
const maxClock = 50_000_000;
const maxDepth = 60;

/**
 * Whether bytes from another replica may be merged into a letter: a well-formed Yjs update (v1) of at most 20 MB that
 * writes only into "body", only nodes, marks and attributes of the letter's schema, nested no deeper than an editor
 * survives; a table stands in nothing else and in no other, has no more cells than a page can show, and a footnote holds words and chips. Never throws. An
 * update may lean on others that have not arrived, so check the merged state as well.
 */
export function isValidLetterUpdate(bytes: Uint8Array): boolean {
  if (bytes.byteLength === 0 || bytes.byteLength > maxBytes) return false;
  // A copy: a false length inside must not reach the bytes beside a pooled Buffer.
  const update = new Uint8Array(bytes);
  try {
    return Y.decodeUpdate(update).structs.every(isAllowed) && isSoundTree(update) && !holdsBareValues(update);
  } catch {
    return false;
  }
}

function isAllowed(struct: Y.AbstractStruct): boolean {
  if (!Number.isSafeInteger(struct.id.client) || struct.length < 1 || struct.id.clock + struct.length > maxClock) return false;
  if (!(struct instanceof Y.Item)) return struct instanceof Y.GC || struct instanceof Y.Skip;
  // Before an update is applied the parent is a root's name, an ID, or null where a neighbour's parent is meant.
  const parent: unknown = struct.parent;
  if (typeof parent === 'string' && (parent !== 'body' || struct.parentSub !== null)) return false;
  // An attribute that is set anew names what it was before and nothing else: that it is an attribute is known once both are together (`holdsBareValues`).
  if (isSetAnew(struct)) return isAllowedValue(struct.content);
  return struct.parentSub === null
    ? isAllowedContent(struct.content)
    : attributeNames.has(struct.parentSub) && isAllowedValue(struct.content, attributeValues[struct.parentSub]);
}

function isAllowedContent(content: unknown): boolean {
  if (content instanceof Y.ContentString || content instanceof Y.ContentDeleted) return true;
  if (content instanceof Y.ContentFormat) return markNames.has(content.key);
  if (!(content instanceof Y.ContentType)) return false;
  const type: unknown = content.type;
  return type instanceof Y.XmlText || (type instanceof Y.XmlElement && nodeNames.has(type.nodeName));
}

const isPlain = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

function isAllowedValue(content: unknown, isOfItsKind = isPlain): boolean {
  if (content instanceof Y.ContentDeleted) return true;
  return content instanceof Y.ContentAny && content.arr.every((value: unknown) => isOfItsKind(value));
}

/** Whether what the update has by itself is nested no deeper than an editor survives, and stands where it may. */
function isSoundTree(update: Uint8Array): boolean {
  const doc = letterYDoc();
  Y.applyUpdate(doc, update);
  const body = doc.getXmlFragment('body');
  let level: Y.XmlFragment[] = [body];
  let [depth, isSound] = [0, true];
  while (level.length > 0 && isSound && depth <= maxDepth) {
    const next: Y.XmlFragment[] = [];
    for (const node of level) {
      const children = node.toArray();
      isSound &&= isSoundParent(node, children);
      for (const child of children) if (child instanceof Y.XmlFragment) next.push(child);
    }
    level = next;
    depth += 1;
  }
  doc.destroy();
  return isSound && depth <= maxDepth;
}

function isSoundParent(node: Y.XmlFragment, children: readonly unknown[]): boolean {
  const name = node instanceof Y.XmlElement ? node.nodeName : '';
  const rule = inside[name];
  if (rule && children.length > rule.most) return false;
  return children.every((child) => {
    // runs of text stand wherever words do
    if (!(child instanceof Y.XmlElement)) return !rule || name === 'footnote';
    return (rule?.names.has(child.nodeName) ?? true) && (around[child.nodeName]?.has(name) ?? true);
  });
}

const isSetAnew = (struct: Y.AbstractStruct): boolean =>
  struct instanceof Y.Item &&
  struct.origin !== null &&
  struct.parentSub === null &&
  struct.content instanceof Y.ContentAny &&
  struct.length === 1;

/** Whether an update sets an attribute anew, a heading's level: whether it is one, or a value among words, only the whole letter tells. Of updates that are valid. */
export const setsAnew = (update: Uint8Array): boolean => Y.decodeUpdate(new Uint8Array(update)).structs.some(isSetAnew);

/** Whether values stand in a letter where only nodes and words may, which no editor survives, or in an attribute that cannot have them. */
export function holdsBareValues(state: Uint8Array): boolean {
  const doc = letterYDoc();
  Y.applyUpdate(doc, state);
  let level: Y.XmlFragment[] = [doc.getXmlFragment('body')];
  let isBare = false;
  for (let depth = 0; level.length > 0 && !isBare && depth <= maxDepth; depth += 1) {
    // Yjs types a fragment's children as nodes; what is in it anybody may have written
    const children: unknown[] = level.flatMap((node) => node.toArray() as unknown[]);
    isBare =
      children.some((child) => !(child instanceof Y.XmlFragment) && !(child instanceof Y.XmlText)) ||
      children.some(holdsEmbeds) ||
      children.some(hasForeignAttribute);
    level = children.filter((child) => child instanceof Y.XmlFragment);
  }
  doc.destroy();
  return isBare;
}

const hasForeignAttribute = (node: unknown): boolean =>
  node instanceof Y.XmlElement &&
  Object.entries(node.getAttributes()).some(([name, value]) => !attributeNames.has(name) || !(attributeValues[name] ?? isPlain)(value));
const holdsEmbeds = (node: unknown): boolean =>
  node instanceof Y.XmlText && (node.toDelta() as { insert: unknown }[]).some(({ insert }) => typeof insert !== 'string');
