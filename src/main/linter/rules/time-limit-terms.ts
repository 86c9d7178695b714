import type { LetterRule } from '../lint-rule.ts';
import { californiaDemand, windowsOf } from '../time-limit.ts';

/** What California Code of Civil Procedure 999.1 asks a time-limited demand to say. Each with what tells that it is said. */
const terms: readonly { term: string; said: RegExp }[] = [
  { term: 'a reference to section 999 or the words “time-limited demand”', said: /\btime[- ]limited? demand\b|\b999(?:\.[1-5])?\b/i },
  { term: 'the date of the loss', said: /\bdate of (?:the )?(?:loss|accident|incident|injury|collision)\b|\b(?:loss|accident|incident|collision|occurrence) (?:of|on|that occurred|occurred|took place)\b/i },
  { term: 'the location of the loss', said: /\b(?:[Ll]ocation|[Pp]lace) (?:of|was|where)\b|\b(?:occurred|took place|happened|collided)\b[^.]{0,120}\b(?:at|near|in|on) (?:the )?(?:intersection|[A-Z0-9])/ },
  { term: 'the claim number, or that none is known', said: /\bclaim\s?(?:no\.?|number|#|:)/i },
  { term: 'a description of all known injuries', said: /\binjur(?:y|ies|ed)\b/i },
  { term: 'an unequivocal offer to settle all claims within the policy limits', said: /\bpolicy limits?\b|\bwithin (?:the )?(?:\w+ )?limits\b/i },
  { term: 'that the offer includes the satisfaction of liens', said: /\bliens?\b/i },
  { term: 'an offer of a complete release of all insureds', said: /\breleases?\b/i },
  { term: 'reasonable proof of the claim', said: /\benclos|\battach|\bexhibits?\b|\baccompan|\bproof\b/i },
]; // prettier-ignore

/** A time-limited demand under Californian law that lacks one of the terms without which an insurer need not treat it as one. */
export const timeLimitTerms: LetterRule = {
  id: 'time_limit_terms',
  severity: 'blocks',
  inLetter(material) {
    const at = californiaDemand(material);
    if (!at) return [];
    const whole = material.blocks.map(({ text }) => text).join('\n');
    const missing = terms.filter(({ said }) => !said.test(whole)).map(({ term }) => term);
    if (windowsOf(material).length === 0 && !/\b(?:until|on or before|no later than|expires?)\b[^.]{0,60}\[/i.test(whole))
      missing.push('a date and time until which it can be accepted');
    return missing.map((term) => ({ ...at, about: term, reason: `A time-limited demand states ${term} (Cal. Code Civ. Proc. § 999.1).` }));
  },
};
