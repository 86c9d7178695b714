import type { FactKind } from '../../../shared/facts.ts';
import { isTyped, type LetterFound, type LetterRule, type LintMaterial, type ReadLintBlock } from '../lint-rule.ts';
import { lettersApart, nameWords, plain } from '../parties.ts';

const people: readonly FactKind[] = ['client_name', 'defendant_name', 'adjuster', 'witness', 'plaintiff_counsel'];
/** Shorter names are one letter from each other too often. */
const leastLetters = 5;
const titles = new Set(['mr', 'mrs', 'ms', 'miss']);

interface KnownName {
  words: string[];
  value: string;
  evidence: NonNullable<LetterFound['evidence']>;
}

/** A name one letter off: "Maria Riviera" beside Maria Rivera, "Ms. Riviera". */
export const nameSpelling: LetterRule = {
  id: 'name_spelling',
  severity: 'blocks',
  inLetter(material) {
    const names = knownNames(material);
    const known = new Set(names.flatMap(({ words }) => words));
    const lasts = [...new Map(names.map((name) => [name.words.at(-1) ?? '', name]))].filter(([last]) => last.length >= leastLetters);
    // by length, since one letter off is one letter longer or shorter at most
    const byLength = Map.groupBy(lasts, ([last]) => last.length);
    const near = (word: string): [string, KnownName] | undefined =>
      [-1, 0, 1].flatMap((more) => byLength.get(word.length + more) ?? []).find(([last]) => lettersApart(word, last) === 1);
    return material.blocks.flatMap((block) => inBlock(block, known, near));
  },
};

function inBlock(block: ReadLintBlock, known: ReadonlySet<string>, near: (word: string) => [string, KnownName] | undefined): LetterFound[] {
  const { text, reading } = block;
  return reading.words.flatMap(({ word, start, end }, at): LetterFound[] => {
    const before = reading.words[at - 1];
    if (!before || word.length < leastLetters || known.has(word) || !/^\p{Lu}/u.test(text.charAt(start))) return [];
    const [last, name] = near(word) ?? [];
    if (last === undefined || !name || !(name.words.includes(before.word) || titles.has(before.word))) return [];
    // "Maria", then perhaps an initial, then the name
    if (!/^(?:[.\s,'’-]|\b\p{L}\b){1,8}$/u.test(text.slice(before.end, start)) || !isTyped(block, { start, end })) return [];
    const right = name.value.split(/[\s,-]+/).find((part) => plain(part) === last) ?? name.value;
    const reason = `“${text.slice(start, end)}” is spelled ${right} ${name.evidence.length > 0 ? 'in the documents' : 'above'}.`;
    return [{ block, start, end, about: [last, word].join('\n'), reason, evidence: name.evidence, mend: { replace: right } }];
  });
}

function knownNames({ matter, head }: LintMaterial): KnownName[] {
  const facts = (matter?.facts ?? []).filter(({ kind, state }) => people.includes(kind) && state !== 'rejected');
  const stated = facts.some(({ kind }) => kind === 'client_name') ? [] : [...head.clients, ...head.insureds];
  return [
    ...facts.map(({ value, source }) => ({ words: nameWords(value), value, evidence: [source] })),
    ...stated.map(({ value }) => ({ words: nameWords(value), value, evidence: [] })),
  ].filter(({ words }) => words.length >= 2);
}
