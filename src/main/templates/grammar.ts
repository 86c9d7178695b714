import { parseCents } from '../../shared/money.ts';
import { nameShape } from '../../shared/template-content.ts';

/** What is wrong with a text, for the person who wrote it, and where: `[at, at + length)` of it. */
export interface TextProblem {
  at: number;
  length: number;
  text: string;
}

export type Comparison = '>' | '<' | '>=' | '<=' | '=';
export type Condition =
  /** Whether the variable has a value, or the list an item. */
  | { kind: 'has'; name: string; negated: boolean }
  /** An amount against cents, or the number of a list's items against a number. */
  | { kind: 'compare'; name: string; operator: Comparison; cents: number; count: number | null }
  /** It cannot be understood; what it holds is kept, so that a slip in a template never hides text. */
  | { kind: 'unclear' };

export type TemplateNode =
  | { type: 'text'; at: number; text: string }
  | { type: 'if'; at: number; length: number; condition: Condition; then: TemplateNode[]; otherwise: TemplateNode[] }
  | { type: 'each'; at: number; length: number; list: string; body: TemplateNode[]; otherwise: TemplateNode[] };

const tag = String.raw`\{\{(?:#if\b[^{}]*|#each\b[^{}]*|else|\/if|\/each)\}\}`;
const tags = new RegExp(`(${tag})`);
/** Lines that hold nothing but these tags: they are not lines of the letter. */
const tagLine = new RegExp(String.raw`^[ \t]*((?:${tag})+)[ \t]*$`);
/** Deeper than any letter needs; below it a tag is left out and what it holds is kept. */
const mostNested = 12;

interface Open {
  type: 'if' | 'each' | 'ignored';
  node: Exclude<TemplateNode, { type: 'text' }> | null;
  /** Where what comes next belongs. */
  nodes: TemplateNode[];
  hadElse: boolean;
  at: number;
  tag: string;
}

/**
 * Reads `{{#if ...}} ... {{else}} ... {{/if}}` and `{{#each list}} ... {{else}} ... {{/each}}` (they nest) and leaves every other tag in the text. Never fails: what
 * cannot be understood is reported, and its text is kept. Works in one pass, whatever the text.
 */
export function parseTemplate(content: string): { nodes: TemplateNode[]; problems: TextProblem[] } {
  const problems: TextProblem[] = [];
  const nodes: TemplateNode[] = [];
  const open: Open[] = [];
  const here = (): TemplateNode[] => open.at(-1)?.nodes ?? nodes;
  for (const { text, at } of pieces(content)) {
    const problem = (words: string): void => void problems.push({ at, length: text.length, text: words });
    if (!tags.test(text)) {
      if (text !== '') here().push({ type: 'text', at, text });
    } else if (text === '{{else}}') {
      const last = open.at(-1);
      if (last?.type === 'ignored') continue;
      if (!last?.node || last.hadElse) problem('“{{else}}” stands outside of an {{#if}} or {{#each}}.');
      else {
        last.hadElse = true;
        last.nodes = last.node.otherwise;
      }
    } else if (text === '{{/if}}' || text === '{{/each}}') {
      const type = text === '{{/if}}' ? 'if' : 'each';
      const last = open.at(-1);
      if (last && (last.type === type || last.type === 'ignored')) open.pop();
      else problem(last ? `“${text}” stands where “${last.tag}” has to be closed first.` : `“${text}” closes nothing.`);
    } else if (open.length >= mostNested) {
      problem(`“${text}” stands deeper than ${String(mostNested)} others; the text inside is kept.`);
      open.push({ type: 'ignored', node: null, nodes: here(), hadElse: false, at, tag: text });
    } else {
      const node = nodeOf(text, at);
      if (node.type === 'if' && node.condition.kind === 'unclear')
        problem(`“${text}” is no condition: name a variable, or compare an amount; the text inside is kept.`);
      if (node.type === 'each' && node.list === '') problem(`“${text}” does not name a list; the text inside is kept.`);
      here().push(node);
      open.push({ type: node.type, node, nodes: node.type === 'if' ? node.then : node.body, hadElse: false, at, tag: text });
    }
  }
  for (const { at, tag: words } of open) problems.push({ at, length: words.length, text: `“${words}” is never closed.` });
  return { nodes, problems };
}

function* pieces(content: string): Generator<{ text: string; at: number }> {
  let at = 0;
  const lines = content.split('\n');
  for (const [n, line] of lines.entries()) {
    const isLast = n === lines.length - 1;
    const isOwn = !isLast && tagLine.test(line);
    let within = at;
    for (const text of line.split(tags)) {
      if (text !== '' && !(isOwn && text.trim() === '')) yield { text, at: within };
      within += text.length;
    }
    if (!isLast && !isOwn) yield { text: '\n', at: at + line.length };
    at += line.length + 1;
  }
}

const mostInTag = 500;
function nodeOf(text: string, at: number): Exclude<TemplateNode, { type: 'text' }> {
  const length = text.length;
  // a condition of a page is none
  const [, each, words = ''] = /^\{\{#(?:if|(each))\b([^{}]*)\}\}$/.exec(text) ?? [];
  const lower = length > mostInTag ? '' : words.trim().toLowerCase();
  if (each) return { type: 'each', at, length, list: nameShape.test(lower) ? lower : '', body: [], otherwise: [] };
  return { type: 'if', at, length, condition: conditionOf(lower), then: [], otherwise: [] };
}

const operators: Record<string, Comparison> = {
  '>': '>',
  '<': '<',
  '>=': '>=',
  '<=': '<=',
  '=': '=',
  'is more than': '>',
  'is less than': '<',
  'is at least': '>=',
  'is at most': '<=',
  is: '=',
};

/** "name", "not name", "name is empty", "name > $1,000.00", "providers is more than 2". */
function conditionOf(words: string): Condition {
  const has = /^(not )?(?:has )?([a-z][a-z0-9_]{0,63})(?: (is empty|is not empty|has a value))?$/.exec(words.replace(/\s+/g, ' '));
  if (has?.[2] !== undefined) return { kind: 'has', name: has[2], negated: (has[1] !== undefined) !== (has[3] === 'is empty') };
  const compared =
    /^([a-z][a-z0-9_]{0,63}) ?(>=|<=|>|<|=|is more than|is less than|is at least|is at most|is) ?(\$? ?[\d,]{1,20}(?:\.\d{2})?)$/.exec(
      words.replace(/\s+/g, ' '),
    );
  const [, name, operator, amount = ''] = compared ?? [];
  const cents = parseCents(amount);
  if (name === undefined || operator === undefined || cents === null) return { kind: 'unclear' };
  return { kind: 'compare', name, operator: operators[operator] ?? '=', cents, count: /^\d{1,6}$/.test(amount) ? Number(amount) : null };
}

export function holds(operator: Comparison, a: number, b: number): boolean {
  if (operator === '>') return a > b;
  if (operator === '<') return a < b;
  if (operator === '>=') return a >= b;
  return operator === '<=' ? a <= b : a === b;
}
