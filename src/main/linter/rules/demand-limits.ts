import { formatCents } from '../../../shared/money.ts';
import { demandsIn, limitsKnown } from '../demand-of.ts';
import type { LetterRule } from '../lint-rule.ts';

const forLimits = /\bpolicy[- ]limits? demand\b|\bdemands? (?:payment of |tender of )?(?:the |your insured['’]s )?(?:full )?policy limits\b|\btender (?:of )?(?:the |its |your )?(?:full )?(?:policy )?limits\b/i; // prettier-ignore
const within = /\bwithin (?:the |your insured['’]s |his |her |its )?(?:applicable |available )?(?:policy |insurance |coverage )?limits\b/i;

/** A demand of the policy limits that is another sum, or one said to be within them that is above. */
export const demandLimits: LetterRule = {
  id: 'demand_limits',
  severity: 'blocks',
  inLetter(material) {
    const { blocks, matter } = material;
    const isForLimits = blocks.some(({ text }) => forLimits.test(text));
    const isWithin = blocks.some(({ text }) => within.test(text));
    if (!isForLimits && !isWithin) return [];
    const limits = limitsKnown(material);
    const [most] = limits.cents.toSorted((a, b) => b - a);
    if (most === undefined || (matter === null && limits.cents.length > 1)) return [];
    return demandsIn(material)
      .filter(({ cents }) => (isForLimits ? !limits.cents.includes(cents) : cents > most))
      .map(({ cents, ...place }) => ({
        ...place,
        about: [isForLimits, most, cents].join('\n'),
        reason: isForLimits
          ? `The policy limits are demanded, and they are ${limits.cents.map(formatCents).join(' or ')}; the demand is ${formatCents(cents)}.`
          : `The demand is said to be within the limits of ${formatCents(most)}, and is ${formatCents(cents)}.`,
        evidence: limits.evidence ?? [],
      }));
  },
};
