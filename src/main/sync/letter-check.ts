import * as Y from 'yjs';

/** What the editor's schema knows. An editor DELETES a node or text with a name it does not know, so such an update is refused. */
const nodeNames = new Set([
  'heading', 'paragraph', 'bulletList', 'orderedList', 'listItem', 'blockquote', 'hardBreak',
  'variable', 'citation', 'specialsTable', 'exhibitList',
]); // prettier-ignore
const markNames = new Set(['bold', 'italic', 'underline']);
const attributeNames = new Set(['level', 'name', 'of', 'start', 'type', 'language', 'textAlign']);

const maxBytes = 20_000_000;
/** Characters and nodes one replica may ever have written: far above a letter, far below what would jam a replica's clock. */
const maxClock = 50_000_000;
const maxDepth = 60;

/**
 * Whether bytes from another replica may be merged into a letter: a well-formed Yjs update (v1) of at most 20 MB that
 * writes only into "body", only nodes, marks and attributes of the letter's schema, nested no deeper than an editor
 * survives. Never throws. An update may lean on others that have not arrived, so check the merged state as well.
 */
export function isValidLetterUpdate(bytes: Uint8Array): boolean {
  if (bytes.byteLength === 0 || bytes.byteLength > maxBytes) return false;
  // A copy: a false length inside must not reach the bytes beside a pooled Buffer.
  const update = new Uint8Array(bytes);
  try {
    return Y.decodeUpdate(update).structs.every(isAllowed) && depthOf(update) <= maxDepth && !holdsBareValues(update);
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
    : attributeNames.has(struct.parentSub) && isAllowedValue(struct.content);
}

function isAllowedContent(content: unknown): boolean {
  if (content instanceof Y.ContentString || content instanceof Y.ContentDeleted) return true;
  if (content instanceof Y.ContentFormat) return markNames.has(content.key);
  if (!(content instanceof Y.ContentType)) return false;
  const type: unknown = content.type;
  return type instanceof Y.XmlText || (type instanceof Y.XmlElement && nodeNames.has(type.nodeName));
}

function isAllowedValue(content: unknown): boolean {
  if (content instanceof Y.ContentDeleted) return true;
  return (
    content instanceof Y.ContentAny &&
    content.arr.every((value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value))
  );
}

/** Levels of nesting the update has by itself. */
function depthOf(update: Uint8Array): number {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  let level: unknown[] = [doc.getXmlFragment('body')];
  let depth = 0;
  while (level.length > 0 && depth <= maxDepth) {
    level = level.flatMap((node) => (node instanceof Y.XmlFragment ? node.toArray() : []));
    depth += 1;
  }
  doc.destroy();
  return depth;
}

const isSetAnew = (struct: Y.AbstractStruct): boolean =>
  struct instanceof Y.Item &&
  struct.origin !== null &&
  struct.parentSub === null &&
  struct.content instanceof Y.ContentAny &&
  struct.length === 1;

/** Whether an update sets an attribute anew, a heading's level: whether it is one, or a value among words, only the whole letter tells. Of updates that are valid. */
export const setsAnew = (update: Uint8Array): boolean => Y.decodeUpdate(new Uint8Array(update)).structs.some(isSetAnew);

/** Whether values stand in a letter where only nodes and words may: no editor survives them. */
export function holdsBareValues(state: Uint8Array): boolean {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  let level: Y.XmlFragment[] = [doc.getXmlFragment('body')];
  let isBare = false;
  for (let depth = 0; level.length > 0 && !isBare && depth <= maxDepth; depth += 1) {
    // Yjs types a fragment's children as nodes; what is in it anybody may have written
    const children: unknown[] = level.flatMap((node) => node.toArray() as unknown[]);
    isBare = children.some((child) => !(child instanceof Y.XmlFragment) && !(child instanceof Y.XmlText)) || children.some(holdsEmbeds);
    level = children.filter((child) => child instanceof Y.XmlFragment);
  }
  doc.destroy();
  return isBare;
}

const holdsEmbeds = (node: unknown): boolean =>
  node instanceof Y.XmlText && (node.toDelta() as { insert: unknown }[]).some(({ insert }) => typeof insert !== 'string');
