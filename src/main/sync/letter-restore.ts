import * as Y from 'yjs';
import { compare } from './differences.ts';
import { docFrom, fragmentName } from './letter-doc.ts';

type Node = Y.XmlElement | Y.XmlText;
const isNode = (node: unknown): node is Node => node instanceof Y.XmlElement || node instanceof Y.XmlText;

/**
 * The edit that gives a body the text of another one: null where it has it already. What is alike in both stays where it is, so that what colleagues type there
 * meanwhile merges, and nothing of the letter's history goes. Takes two whole states that `isValidLetterUpdate` lets pass.
 */
export function restoreLetterBody(state: Uint8Array, old: Uint8Array): Uint8Array | null {
  const [doc, then] = [docFrom([state]), docFrom([old])];
  const edits: Uint8Array[] = [];
  doc.on('update', (edit: Uint8Array) => edits.push(edit));
  doc.transact(() => {
    becomeLike(doc.getXmlFragment(fragmentName), then.getXmlFragment(fragmentName));
  });
  doc.destroy();
  then.destroy();
  return edits[0] ?? null; // one transaction, one edit
}

/** Gives a node the children of another: those that are alike stay, those that changed become like theirs, the rest goes and comes. */
function becomeLike(node: Y.XmlFragment, wanted: Y.XmlFragment): void {
  const will = childrenOf(wanted);
  let next = 0;
  const steps = compare(node.toArray().map(keyOf), will.map(keyOf));
  for (const [n, { kind, items }] of steps.entries()) {
    if (kind === 'same') next += items.length;
    else if (kind === 'removed') {
      const come = steps[n + 1]?.kind === 'added' ? (steps[n + 1]?.items.length ?? 0) : 0;
      const place = next + items.length;
      // in the place of one node another of its kind: the node itself stays
      for (let m = 0; m < Math.min(items.length, come); m += 1) replaceChild(node, next + m, will[next + m]);
      if (items.length > come) node.delete(next + come, items.length - come);
      else if (come > items.length) node.insert(place, will.slice(place, next + come).map(copyOf));
      next += come;
    } else if (steps[n - 1]?.kind !== 'removed') {
      node.insert(next, will.slice(next, next + items.length).map(copyOf));
      next += items.length;
    }
  }
}

function replaceChild(parent: Y.XmlFragment, index: number, wanted: Node | undefined): void {
  if (!wanted) return;
  const child = parent.get(index);
  if (child instanceof Y.XmlText && wanted instanceof Y.XmlText) return retype(child, wanted);
  if (child instanceof Y.XmlElement && wanted instanceof Y.XmlElement && attributesOf(child) === attributesOf(wanted))
    return becomeLike(child, wanted);
  parent.delete(index, 1);
  parent.insert(index, [copyOf(wanted)]);
}

interface Run {
  insert: string;
  attributes?: Record<string, unknown>;
}
const runsOf = (text: Y.XmlText): Run[] =>
  (text.toDelta() as { insert?: unknown; attributes?: Record<string, unknown> }[]).flatMap((run) =>
    typeof run.insert === 'string' ? [run as Run] : [],
  );

/** Word by word, so that a colleague's words beside them keep their place. */
function retype(text: Y.XmlText, wanted: Y.XmlText): void {
  const words = (run: Run): Run[] => (run.insert.match(/\s+|[^\s]+/g) ?? []).map((insert) => ({ ...run, insert }));
  const key = ({ insert, attributes }: Run): string => JSON.stringify([insert, sorted(attributes ?? {})]);
  const [is, will] = [runsOf(text).flatMap(words), runsOf(wanted).flatMap(words)];
  let [from, to] = [0, 0];
  const delta: object[] = [];
  for (const { kind, items } of compare(is.map(key), will.map(key))) {
    const length = (runs: Run[]): number => runs.reduce((sum, { insert }) => sum + insert.length, 0);
    if (kind === 'same') delta.push({ retain: length(is.slice(from, from + items.length)) });
    else if (kind === 'removed') delta.push({ delete: length(is.slice(from, from + items.length)) });
    else delta.push(...will.slice(to, to + items.length));
    if (kind !== 'added') from += items.length;
    if (kind !== 'removed') to += items.length;
  }
  text.applyDelta(delta, { sanitize: false });
}

function childrenOf(node: Y.XmlFragment): Node[] {
  return node.toArray().filter(isNode);
}

/** All that a node says, with its marks. What is no node (a hostile body may hold bare text) is like nothing. */
function keyOf(node: unknown, nth: number): string {
  if (!isNode(node)) return `no node ${String(nth)}`;
  if (node instanceof Y.XmlText) return JSON.stringify(runsOf(node).map(({ insert, attributes }) => [insert, sorted(attributes ?? {})]));
  return `${attributesOf(node)}[${childrenOf(node).map(keyOf).join(',')}]`;
}

function attributesOf(node: Y.XmlElement): string {
  return JSON.stringify([node.nodeName, sorted(node.getAttributes())]);
}

function sorted(values: Record<string, unknown>): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function copyOf(node: Node): Node {
  if (node instanceof Y.XmlText) {
    const text = new Y.XmlText();
    text.applyDelta(runsOf(node), { sanitize: false });
    return text;
  }
  const element = new Y.XmlElement(node.nodeName);
  // Yjs types attributes as strings; a heading's level is a number and stays one
  for (const [name, value] of Object.entries(node.getAttributes())) if (value !== undefined) element.setAttribute(name, value);
  element.insert(0, childrenOf(node).map(copyOf));
  return element;
}
