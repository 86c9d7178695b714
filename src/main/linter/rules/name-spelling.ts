import type { FactKind } from '../../../shared/facts.ts';
import { isTyped, matchesOf, type LetterFound, type LetterRule, type LintMaterial } from '../lint-rule.ts';
import { lettersApart, personWords, plain } from '../parties.ts';

const people: readonly FactKind[] = ['client_name', 'defendant_name', 'adjuster', 'witness', 'plaintiff_counsel'];
const word = /[\p{L}][\p{L}\p{M}'’-]*/gu;

/** A name one letter off: "Maria Riviera" beside Maria Rivera, "Ms. Riviera". */
export const nameSpelling: LetterRule = {
  id: 'name_spelling',
  severity: 'blocks',
  inLetter(material) {
    const names = knownNames(material);
    const known = new Set(names.flatMap(({ words }) => words));
    const lasts = new Map(names.map((name) => [name.words.at(-1) ?? '', name]));
    return material.blocks.flatMap((block) => {
      if (!/\p{Lu}/u.test(block.text)) return [];
      const found: LetterFound[] = [];
      const said = matchesOf(word, block.text);
      for (const [at, { match, start, end }] of said.entries()) {
        const one = plain(match[0]).replace(/['’]s$/, '');
        if (one.length < 5 || known.has(one) || !/^\p{Lu}/u.test(match[0])) continue;
        const before = said[at - 1];
        const gap = before ? block.text.slice(before.end, start) : '';
        const first = before && /^\.?\s{1,2}$/.test(gap) ? plain(before.match[0]) : '';
        for (const [last, name] of lasts) {
          if (last.length < 5 || lettersApart(one, last) !== 1) continue;
          if (first !== name.words[0] && !/^(?:mr|mrs|ms|miss)$/.test(first)) continue;
          const quoteEnd = end - (/['’]s$/.exec(match[0])?.[0].length ?? 0);
          if (!isTyped(block, { start, end: quoteEnd })) continue;
          const right = name.value.split(/[\s,]+/).find((part) => plain(part) === last) ?? name.value;
          const quote = block.text.slice(start, quoteEnd);
          const reason = `“${quote}” is spelled ${right} ${name.evidence.length > 0 ? 'in the documents' : 'above'}.`;
          found.push({
            block,
            start,
            end: quoteEnd,
            about: [last, one].join('\n'),
            reason,
            evidence: name.evidence,
            mend: { replace: right },
          });
        }
      }
      return found;
    });
  },
};

function knownNames({ matter, head }: LintMaterial): { words: string[]; value: string; evidence: NonNullable<LetterFound['evidence']> }[] {
  const facts = (matter?.facts ?? []).filter(({ kind, state }) => people.includes(kind) && state !== 'rejected');
  const stated = facts.some(({ kind }) => kind === 'client_name') ? [] : [...head.clients, ...head.insureds];
  return [
    ...facts.map(({ value, source }) => ({ words: personWords(value), value, evidence: [source] })),
    ...stated.map(({ value }) => ({ words: personWords(value), value, evidence: [] })),
  ].filter(({ words }) => words.length >= 2);
}
