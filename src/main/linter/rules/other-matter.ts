import type { LetterFound, LetterRule, LintMatter, OtherMatter, ReadLintBlock } from '../lint-rule.ts';
import { nameWords, plain, tellingWords } from '../parties.ts';

interface OtherName {
  words: string[];
  what: 'client' | 'carrier' | 'claim number';
}

const labels = { client: 'the client', carrier: 'a carrier', 'claim number': 'the claim number' } as const;
const leastNumber = 5;

/** By the first word of the name: each word of a letter is looked up once, however many matters the firm has. */
const indexes = new WeakMap<readonly OtherMatter[], Map<string, OtherName[]>>();

function indexOf(others: readonly OtherMatter[]): Map<string, OtherName[]> {
  const before = indexes.get(others);
  if (before) return before;
  const names = others.flatMap(({ clients, carriers, claimNumbers }): OtherName[] => [
    // one word alone is a word of the language as often as a name
    ...clients
      .map((name) => nameWords(name))
      .filter(({ length }) => length > 1)
      // "Lindqvist, Oscar" as well
      .flatMap((words) => [words, [...words.slice(-1), ...words.slice(0, -1)]].map((said) => ({ words: said, what: 'client' as const }))),
    ...carriers.map((name) => ({ words: wordsIn(name), what: 'carrier' as const })).filter(({ words }) => words.length > 1),
    ...claimNumbers
      .map((name) => ({ words: [numberOf(name)], what: 'claim number' as const }))
      .filter(({ words }) => (words[0]?.length ?? 0) >= leastNumber),
  ]);
  const index = Map.groupBy(names, ({ words }) => words[0] ?? '');
  indexes.set(others, index);
  return index;
}

/** Without initials, which one place writes and another leaves out. */
const wordsIn = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]{2,}/gu) ?? [];
const numberOf = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]+/gu, '');

type IsOwn = (words: readonly string[], what: OtherName['what']) => boolean;

/** The leak guard: another matter's client, carrier or claim number in this matter's letter. */
export const otherMatter: LetterRule = {
  id: 'other_matter',
  severity: 'blocks',
  inLetter({ blocks, matter }) {
    if (!matter || matter.others.length === 0) return [];
    const index = indexOf(matter.others);
    const isOwn = ownNames(matter);
    return blocks.flatMap((block) => [...namesIn(block, index, isOwn), ...numbersIn(block, index, isOwn)]);
  },
};

function namesIn(block: ReadLintBlock, index: ReadonlyMap<string, OtherName[]>, isOwn: IsOwn): LetterFound[] {
  const said = block.reading.words;
  return said.flatMap(({ word, start }, at): LetterFound[] => {
    const name = index.get(word)?.find(({ words, what }) => {
      return what !== 'claim number' && words.every((one, n) => said[at + n]?.word === one) && !isOwn(words, what);
    });
    return name ? [leak(block, start, said[at + name.words.length - 1]?.end ?? start, name)] : [];
  });
}

function numbersIn(block: ReadLintBlock, index: ReadonlyMap<string, OtherName[]>, isOwn: IsOwn): LetterFound[] {
  return block.reading.numbers.flatMap(({ word, start, end }): LetterFound[] => {
    const name = index.get(word)?.find(({ words, what }) => what === 'claim number' && !isOwn(words, what));
    return name ? [leak(block, start, end, name)] : [];
  });
}

function leak(block: ReadLintBlock, start: number, end: number, { what, words }: OtherName): LetterFound {
  const reason = `“${block.text.slice(start, end)}” is ${labels[what]} of another matter of the firm.`;
  return { block, start, end, severity: what === 'carrier' ? 'asks' : 'blocks', about: [what, ...words].join('\n'), reason };
}

/** A carrier insures many, and two clients of one name do occur: what this matter's own facts name is no leak. */
function ownNames({ facts }: LintMatter): IsOwn {
  const standing = facts.filter(({ state }) => state !== 'rejected');
  const own = standing.map(({ value }) => ` ${wordsIn(value).join(' ')} `);
  const numbers = new Set(standing.flatMap(({ value, normal }) => [numberOf(value), numberOf(normal)]));
  const carriers = standing.filter(({ kind }) => kind === 'carrier').map(({ value }) => tellingWords(value).join(' '));
  return (words, what) => {
    if (what === 'claim number') return numbers.has(words[0] ?? '');
    return (
      own.some((name) => name.includes(` ${words.join(' ')} `)) ||
      (what === 'carrier' && carriers.includes(tellingWords(words.join(' ')).join(' ')))
    );
  };
}
