import { sentenceAt } from './block-reading.ts';
import type { LetterFound, LintMaterial, ReadLintBlock } from './lint-rule.ts';
import type { Span } from './lint-letter.ts';

export interface Stated extends Span {
  block: ReadLintBlock;
  cents: number;
}

const asks =
  /\b(?:demands?(?: (?:the )?(?:payment|sum|amount|settlement)?)?|(?:offers?|agrees?|willing|authorized) to settle|settle (?:this|the|her|his|their|all) \w+|settlement demand)\b[^.;$]{0,120}(?:of|for|in the (?:amount|sum) of|is|:)\s{1,3}[^.;$]{0,60}$|\b(?:will|would) accept\b[^.;$]{0,80}$/i;
const limitWords = /\blimits?\b(?:(?!demand|settle|pay)[^.;$]){0,60}$/i;

/** What the letter demands: as it was entered, else the amounts a sentence asks for. */
export function demandsIn({ letter, blocks }: Pick<LintMaterial, 'letter' | 'blocks'>): Stated[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'row' || block.reading.amounts.length === 0) return [];
    return block.reading.amounts.flatMap((amount): Stated[] => {
      const sentence = sentenceAt(block.reading, amount.start);
      const before = block.text.slice(Math.max(sentence.start, amount.start - 220), amount.start);
      if (limitWords.test(before)) return [];
      const isEntered = letter.demandCents !== null && amount.cents === letter.demandCents;
      return isEntered || (letter.demandCents === null && asks.test(before))
        ? [{ block, start: amount.start, end: amount.end, cents: amount.cents }]
        : [];
    });
  });
}

const limitsOf = /\b(?:policy|coverage|liability|bodily injury) limits?\b[^.;$]{0,60}$/i;

/** The limits of the policy in cents: as the matter's facts have them, else as the letter says. Several: each may be the one. */
export function limitsKnown({ blocks, matter }: LintMaterial): { cents: number[]; evidence: LetterFound['evidence'] } {
  const facts = (matter?.facts ?? []).filter(({ kind, state }) => kind === 'policy_limits' && state !== 'rejected');
  const known = facts.map(({ normal }) => Number(normal)).filter(Number.isSafeInteger);
  if (known.length > 0) return { cents: known, evidence: facts.map(({ source }) => source) };
  const said = blocks.flatMap(({ text, reading }) =>
    reading.amounts.flatMap(({ start, cents }) => (limitsOf.test(text.slice(Math.max(0, start - 100), start)) ? [cents] : [])),
  );
  return { cents: [...new Set(said)], evidence: [] };
}
