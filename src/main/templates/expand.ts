import { holds, type Condition, type TemplateNode } from './grammar.ts';

/** One item of a repeat: its list, and the key by which its chips find it again. */
export interface Item {
  list: string;
  key: string;
}

/** What a template is drafted from. */
export interface DraftWorld {
  /** Whether a variable has a value now; it decides conditions and nothing else. */
  has(name: string): boolean;
  /** Its amount in cents, or null where it is none. */
  cents?(name: string): number | null;
  /** The keys of a list's items in their order, those of the items around them; null: there is no such list. */
  items?(list: string, within: readonly Item[]): readonly string[] | null;
  /** The variables that each item of a list has. */
  fields?(list: string): readonly string[];
}

/** The template repeats so often that no letter can be meant. */
export class TooLong extends Error {}

/** What was written so far, of all sections together. */
export interface Spent {
  rows: number;
  characters: number;
}

/** Rows that a letter may come to, and characters: many times the longest. */
const mostRows = 2_000;
const mostCharacters = 2_000_000;

/** How a chip in a repeated row names its variable and the item it is of: letters, digits and underscores, as every other chip. */
export const keyed = (name: string, key: string): string => `${name}__${key}`;

/** Names the documents use for what Steno calls otherwise. */
const aliases: Record<string, string> = {
  incident_date: 'date_of_loss',
  damages_breakdown: 'specials_table',
  case_reference: 'firm_reference',
};
export const knownAs = (name: string): string => (Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name);

/**
 * The text of a section once its conditions are decided and its repeats written out; chips of a repeated row name their item. Of a list nobody knows the text stands
 * once, as it is. Throws TooLong.
 */
export function expandTemplate(nodes: readonly TemplateNode[], world: DraftWorld, spent: Spent = { rows: 0, characters: 0 }): string {
  const nameIn = (name: string, scope: readonly Item[]): string => {
    const item = scope.findLast(({ list }) => world.fields?.(list).includes(name));
    return item ? keyed(name, item.key) : knownAs(name);
  };
  const decide = (condition: Condition, scope: readonly Item[]): boolean => {
    if (condition.kind === 'unclear') return true;
    const items = world.items?.(condition.name, scope) ?? null;
    const name = nameIn(condition.name, scope);
    if (condition.kind === 'has') return (items === null ? world.has(name) : items.length > 0) !== condition.negated;
    if (items !== null) return condition.count !== null && holds(condition.operator, items.length, condition.count);
    const cents = world.cents?.(name) ?? null;
    return cents !== null && holds(condition.operator, cents, condition.cents);
  };
  const write = (some: readonly TemplateNode[], scope: readonly Item[]): string => {
    let written = '';
    for (const node of some) {
      if (node.type === 'text') {
        written += scope.length === 0 ? node.text : named(node.text, (name) => nameIn(name, scope));
        spent.characters += node.text.length;
        if (spent.characters > mostCharacters) throw new TooLong();
      } else if (node.type === 'if') written += write(decide(node.condition, scope) ? node.then : node.otherwise, scope);
      else {
        const keys = world.items?.(node.list, scope) ?? null;
        spent.rows += keys?.length ?? 0;
        if (spent.rows > mostRows) throw new TooLong();
        if (keys === null) written += write(node.body, scope);
        else if (keys.length === 0) written += write(node.otherwise, scope);
        else written += keys.map((key) => write(node.body, [...scope, { list: node.list, key }])).join('');
      }
    }
    return written;
  };
  return write(nodes, []);
}

function named(text: string, nameIn: (name: string) => string): string {
  return text.replace(/\{\{\s*(cite:)?\s*([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}/g, (_, cite: string | undefined, name: string) => {
    return `{{${cite ?? ''}${nameIn(name.toLowerCase())}}}`;
  });
}
