import { tokensOf } from '../store/index-tables.ts';
import { synonymGroups } from './synonym-groups.ts';

const groupsOf = new Map<string, string[][]>();
for (const line of synonymGroups.trim().split('\n')) {
  const group = line.split('|').map((words) => tokensOf(words).join(' '));
  for (const words of group) groupsOf.set(words, [...(groupsOf.get(words) ?? []), group]);
}

/** Words in the longest of them. */
export const mostSynonymWords = Math.max(...[...groupsOf.keys()].map((words) => words.split(' ').length));

/** Other ways to say words in a row, in small letters. */
export function synonymsOf(words: string): string[] {
  const others = (groupsOf.get(words) ?? []).flat().filter((other) => other !== words);
  return [...new Set(others)];
}
