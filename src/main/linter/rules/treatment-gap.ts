import { formatDayLong } from '../../../shared/days.ts';
import type { SourceRef } from '../../../shared/documents.ts';
import type { LetterRule, ReadLintBlock } from '../lint-rule.ts';
import { daysBetween, treatmentDays } from '../treatment.ts';

/** Days between visits from which on an adjuster asks what happened in between. */
const longest = 60;
const leastVisits = 3;
const explained =
  /\b(?:gap|lapse|interruption|interrupted|hiatus|paused?|resumed|resumption|break in|(?:did|could) not (?:treat|attend|return|continue)|unable to (?:treat|attend|return|continue)|without treatment|no treatment|delay(?:ed)?|plateau\w*|home exercise)\b/i;
const ofCare = /\b(?:treat\w*|care|therapy|visits?|appointments?|sessions?|providers?)\b/i;

interface Visit {
  day: string;
  /** The last day of a span that a bill sums up. */
  to: string;
  sources: readonly SourceRef[];
  at: { block: ReadLintBlock; start: number; end: number } | null;
}

/** More than 60 days without treatment that no sentence of the letter speaks of. */
export const treatmentGap: LetterRule = {
  id: 'treatment_gap',
  severity: 'asks',
  inLetter(material) {
    const { blocks, matter } = material;
    const said = treatmentDays(material, { isPast: true, isOwn: true, withEvent: false });
    const inLetter = said.map((one, n): Visit => {
      const next = said[n + 1];
      const isSpan =
        next?.block === one.block && /^\s{0,3}(?:[-–—]|to|through|thru|until|and)\s{0,3}$/.test(one.block.text.slice(one.end, next.start));
      return { day: one.day, to: isSpan ? next.day : one.day, sources: [], at: one };
    });
    const onFile = (matter?.chronology.entries ?? []).map(({ from, to, sources }): Visit => ({ day: from, to, sources, at: null }));
    const visits = onFile.length > 0 ? onFile : inLetter;
    const own = visits
      .filter(({ day }) => material.lossDay === null || day >= material.lossDay)
      .toSorted((a, b) => (a.day < b.day ? -1 : 1));
    if (new Set(own.map(({ day }) => day)).size < leastVisits || blocks.some(speaksOfIt)) return [];
    let last = own[0];
    return own.flatMap((next) => {
      const before = last;
      if (!before) return [];
      const days = daysBetween(before.to, next.day);
      if (next.to > before.to) last = next;
      if (days <= longest) return [];
      const at = next.at ?? before.at ?? tableOrFirst(blocks);
      if (!at) return [];
      const reason = `No treatment for ${String(days)} days, from ${formatDayLong(before.to)} to ${formatDayLong(next.day)}, and the letter does not say why.`;
      const { block, start, end } = at;
      return [
        { block, start, end, about: [before.to, next.day].join('\n'), reason, evidence: [...before.sources, ...next.sources].slice(0, 20) },
      ];
    });
  },
};

const speaksOfIt = ({ text, reading }: ReadLintBlock): boolean =>
  explained.test(text) &&
  reading.sentences.some(({ start, end }) => explained.test(text.slice(start, end)) && ofCare.test(text.slice(start, end)));

/** Where the specials stand, or what speaks of treatment first. */
function tableOrFirst(blocks: readonly ReadLintBlock[]): Visit['at'] {
  const block = blocks.find(({ kind }) => kind === 'row') ?? blocks.find(({ text }) => ofCare.test(text)) ?? blocks[0];
  return block ? { block, start: 0, end: block.text.length } : null;
}
