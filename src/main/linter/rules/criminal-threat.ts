import { sentenceAt } from '../block-reading.ts';
import { matchesOf, type BlockFound, type BlockRule } from '../lint-rule.ts';

const charge =
  /\bcriminal(?:ly)? (?:charges?|prosecut\w+|complaints?|actions?|proceedings?|referrals?|investigation|liability|penalt\w+)\b|\bpress(?:ing)? charges\b|\bdistrict attorney\b|\b(?:report|refer)\w* (?:you|this|the matter|your insured|him|her|them)\b[^.]{0,40}\b(?:police|law enforcement|authorities|prosecutor\w*)\b|\b(?:jail|prison|arrest(?:ed)?)\b/gi;
const threat =
  /\b(?:unless|otherwise|or else|will (?:be forced|have no choice|seek|pursue|file|report|refer|press|not hesitate|result|lead|recommend)|shall|intends? to|reserves? the right|may (?:seek|pursue|file|report|refer|press)|forced to|no choice but|consider|fail(?:ure)? to (?:pay|settle|respond|accept)|if (?:you|payment|we|this)|to avoid)\b/i;
const happened =
  /\b(?:was|were|been) (?:criminally )?(?:charged|convicted|arrested|cited|prosecuted|sentenced|jailed)\b|\bpleaded\b|\bpled\b|\bconviction\b/i;

/** A demand must not threaten criminal prosecution to gain in a civil matter. What happened to the driver may be told. */
export const criminalThreat: BlockRule = {
  id: 'criminal_threat',
  severity: 'blocks',
  inBlock({ text, reading }) {
    return matchesOf(charge, text).flatMap(({ match, start, end }): BlockFound[] => {
      const sentence = sentenceAt(reading, start);
      const said = text.slice(sentence.start, sentence.end);
      if (!threat.test(said) || happened.test(said)) return [];
      return [{ start, end, about: said.trim(), reason: `“${match[0]}”: a demand must not threaten criminal prosecution.` }];
    });
  },
};
