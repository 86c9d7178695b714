import type { Labelled } from './letter-head.ts';
import type { DayMention } from './block-reading.ts';
import type { LintMaterial, ReadLintBlock } from './lint-rule.ts';

const treated =
  /\b(?:treat(?:ed|ing|ment)|saw (?:her|his|an?|dr)|seen (?:by|at|in|on|for|again)|visit(?:s|ed)?|examin(?:ed|ation)|re-?examin\w+|admitted|discharged|underwent|presented (?:to|at|for)|diagnos(?:ed|is)|surger(?:y|ies)|operat(?:ed|ion)|physical therapy|chiropract\w+|therapy|MRI|CT scan|X-?rays?|emergency (?:room|department)|evaluat(?:ed|ion)|followed up|follow-?up|prescribed|transported|injection|consult(?:ed|ation))\b/i;
const event = /\b(?:collision|accident|incident|crash|rear-ended|struck|slipped|tripped|fell)\b/i;
/** What is still to come, or a term that is set. */
const ahead =
  /\b(?:will|shall|would|scheduled|expect\w*|anticipat\w*|future|upcoming|on or before|not? later than|deadline|until|expires?|plan(?:s|ned)?|recommend\w*|next appointment|respond|reply|accept\w*|remains? open)\b/i;
/** What was there before the loss, or is no treatment of it. */
const earlier =
  /\b(?:prior|previous\w*|earlier|before|history|pre-?exist\w*|preceding|born|birth|since|policy|issued|effective|hired|licensed|inspect\w*|maintenance|years? (?:ago|old)|unrelated|baseline|had been|had (?:treated|seen|undergone|injured|sustained|suffered)|asymptomatic|admission|complaint|deposition)\b/i;

/** A paragraph of these tells in one sentence when, and in the next that it had nothing to do with the loss. */
const history = /\b(?:prior|pre-?exist\w*|unrelated|history of|long before)\b/i;

export interface TreatmentDay extends DayMention {
  block: ReadLintBlock;
  day: string;
}

/** Chips that stand for other days than those of treatment. */
const otherChips = new Set(['letter_date', 'response_deadline', 'date_of_loss', 'client_birth_date', 'acceptance_date', 'payment_date']);

/**
 * Days on which the letter says that the client was treated, or that the loss happened: in rows of its tables that name an amount, and in sentences below its salutation that speak of
 * it. `isPast`: leaves out what is still to come; `isOwn`: leaves out what was before the loss.
 */
export function treatmentDays(material: LintMaterial, which: { isPast: boolean; isOwn: boolean; withEvent: boolean }): TreatmentDay[] {
  const { blocks, head } = material;
  const losses = new Map<ReadLintBlock, Labelled[]>(Map.groupBy(head.lossDays, ({ block }) => block));
  return blocks.flatMap((block, index): TreatmentDay[] => {
    const { text, reading, chips } = block;
    if (reading.days.length === 0 || (index <= head.length && block.kind !== 'row')) return [];
    const isOf = ({ day, start }: DayMention): boolean =>
      day !== null &&
      !losses.get(block)?.some((one) => one.start === start) &&
      !chips.some((chip) => chip.start <= start && start < chip.end && otherChips.has(chip.name));
    const own = reading.days.flatMap((mention) => (mention.day !== null && isOf(mention) ? [{ ...mention, day: mention.day, block }] : []));
    if (block.kind === 'row') return reading.amounts.length > 0 ? own : [];
    return own.length === 0 || (which.isOwn && history.test(text)) ? [] : reading.sentences.flatMap(({ start, end }) => inSentence(text.slice(start, end), own.filter((one) => one.start >= start && one.start < end), which)); // prettier-ignore
  });
}

function inSentence(
  said: string,
  days: readonly TreatmentDay[],
  which: { isPast: boolean; isOwn: boolean; withEvent: boolean },
): TreatmentDay[] {
  if (days.length === 0 || (!treated.test(said) && !(which.withEvent && event.test(said)))) return [];
  if ((which.isPast && ahead.test(said)) || (which.isOwn && earlier.test(said))) return [];
  // "by June 3" is a term, "by Dr. Ellis on June 3" is none
  return days.filter(({ block, start }) => !(which.isPast && /\bby $/i.test(block.text.slice(Math.max(0, start - 12), start))));
}

const dayMs = 86_400_000;
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
