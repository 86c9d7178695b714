import { addressOf, askedOf, nameShape, type WholeTemplate } from '../../shared/template-content.ts';
import type { TemplateProblem, Vocabulary } from '../../shared/templates.ts';
import { knownAs } from './expand.ts';
import { parseTemplate, type TemplateNode, type TextProblem } from './grammar.ts';

const blocks = new Set(['specials_table', 'exhibit_list']);
/** More than these nobody mends one by one. */
const mostProblems = 200;

/** What is wrong with a template, in reading order, each with its place: names nobody knows, braces left open, conditions and repeats that do not fit. Pure. */
export function checkTemplate(content: WholeTemplate, vocabulary: Vocabulary): TemplateProblem[] {
  const declared = content.variables.map((variable) => (typeof variable === 'string' ? variable : variable.name));
  const parties = askedOf(content).filter(({ type }) => type === 'party');
  const names = new Set([...vocabulary.variables.map(({ name }) => name), ...declared, ...parties.map(({ name }) => addressOf(name))]);
  const money = new Set([...vocabulary.variables, ...askedOf(content)].filter(({ type }) => type === 'money').map(({ name }) => name));
  const known: Known = { names, money, vocabulary };
  const problems = content.sections
    .toSorted((a, b) => a.order - b.order)
    .flatMap(({ id, title, content: text }) => [
      ...checkText(title, known, false).map((problem) => ({ ...problem, sectionId: id, part: 'title' as const })),
      ...checkText(text, known, true).map((problem) => ({ ...problem, sectionId: id, part: 'content' as const })),
    ]);
  return problems.slice(0, mostProblems);
}

interface Known {
  names: ReadonlySet<string>;
  money: ReadonlySet<string>;
  vocabulary: Vocabulary;
}

function checkText(text: string, known: Known, mayRepeat: boolean): TextProblem[] {
  const { nodes, problems } = parseTemplate(text);
  const found = [...problems];
  const listOf = (name: string) => known.vocabulary.lists.find(({ list }) => list === name);
  const look = (some: readonly TemplateNode[], scope: readonly string[]): void => {
    const fields = scope.flatMap((list) => listOf(list)?.fields ?? []);
    const isKnown = (name: string): boolean => known.names.has(name) || fields.some((field) => field.name === name);
    for (const node of some) {
      if (node.type === 'text') found.push(...checkTags(node.text, node.at, isKnown, [...known.names, ...fields.map(({ name }) => name)]));
      else if (node.type === 'each') {
        const list = listOf(node.list);
        if (!mayRepeat) found.push({ ...placeOf(node), text: 'A title is not repeated.' });
        else if (node.list !== '' && !list)
          found.push({
            ...placeOf(node),
            text: `There is no list “${node.list}”${like(
              node.list,
              known.vocabulary.lists.map((one) => one.list),
            )}`,
          });
        look(node.body, [...scope, node.list]);
        look(node.otherwise, scope);
      } else {
        const { condition } = node;
        const name = condition.kind === 'unclear' ? null : knownAs(condition.name);
        if (name !== null && !isKnown(name) && !listOf(name))
          found.push({ ...placeOf(node), text: `Nothing is called “${name}”${like(name, [...known.names])}` });
        else if (condition.kind === 'compare' && name !== null && !listOf(name)) {
          const isMoney = known.money.has(name) || fields.some((field) => field.name === name && field.type === 'money');
          if (!isMoney) found.push({ ...placeOf(node), text: `“${name}” is no amount, so it cannot be compared with one.` });
        } else if (condition.kind === 'compare' && condition.count === null)
          found.push({ ...placeOf(node), text: `How many “${condition.name}” there are is a number, not an amount of money.` });
        look(node.then, scope);
        look(node.otherwise, scope);
      }
    }
  };
  look(nodes, []);
  return found.toSorted((a, b) => a.at - b.at);
}

const placeOf = ({ at, length }: { at: number; length: number }) => ({ at, length });

function checkTags(text: string, from: number, isKnown: (name: string) => boolean, names: readonly string[]): TextProblem[] {
  const problems: TextProblem[] = [];
  let at = from;
  for (const part of text.split(/(\{\{[^{}]*\}\}|\{\{|\}\})/)) {
    const place = { at, length: part.length };
    at += part.length;
    if (part === '{{' || part === '}}') problems.push({ ...place, text: `“${part}” has no other half: a brace is left open.` });
    else if (part.startsWith('{{') && part.endsWith('}}')) {
      const [, name = ''] = /^\{\{\s*(?:cite:)?\s*(.*?)\s*\}\}$/s.exec(part) ?? [];
      const lower = knownAs(name.toLowerCase());
      if (!nameShape.test(lower))
        problems.push({ ...place, text: `“${part.slice(0, 60)}” is no variable: names are letters, digits and underscores.` });
      else if (!isKnown(lower) && !blocks.has(lower))
        problems.push({ ...place, text: `Nothing is called “${lower}”${like(lower, names)}` });
    }
  }
  return problems;
}

/** " – did you mean “claim_number”?", or a full stop. */
function like(name: string, names: readonly string[]): string {
  const near = names.find((other) => Math.abs(other.length - name.length) <= 2 && distance(name, other) <= 2);
  return near === undefined ? '. Add it to the template’s variables, or choose another.' : `; did you mean “${near}”?`;
}

/** How many letters have to change (Levenshtein); names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
