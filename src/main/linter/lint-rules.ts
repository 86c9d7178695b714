import type { LintRule } from './lint-rule.ts';
import { amountDiffers } from './rules/amount-differs.ts';
import { amountWords } from './rules/amount-words.ts';
import { codeOutOfTime } from './rules/code-out-of-time.ts';
import { criminalThreat } from './rules/criminal-threat.ts';
import { dateAfterLetter } from './rules/date-after-letter.ts';
import { dateBeforeLoss } from './rules/date-before-loss.ts';
import { demandLimits } from './rules/demand-limits.ts';
import { doubledParagraph } from './rules/doubled-paragraph.ts';
import { doubledWord } from './rules/doubled-word.ts';
import { exhibitMissing } from './rules/exhibit-missing.ts';
import { exhibitSkipped } from './rules/exhibit-skipped.ts';
import { factDiffers } from './rules/fact-differs.ts';
import { impossibleDate } from './rules/impossible-date.ts';
import { letterBeforeLoss } from './rules/letter-before-loss.ts';
import { listSum } from './rules/list-sum.ts';
import { malformedAmount } from './rules/malformed-amount.ts';
import { nameSpelling } from './rules/name-spelling.ts';
import { otherMatter } from './rules/other-matter.ts';
import { placeholder } from './rules/placeholder.ts';
import { providerMissing } from './rules/provider-missing.ts';
import { sentenceSum } from './rules/sentence-sum.ts';
import { strayParty } from './rules/stray-party.ts';
import { tableSum } from './rules/table-sum.ts';
import { timeLimitShort } from './rules/time-limit-short.ts';
import { timeLimitTerms } from './rules/time-limit-terms.ts';
import { timeZone } from './rules/time-zone.ts';
import { totalsDiffer } from './rules/totals-differ.ts';
import { treatmentGap } from './rules/treatment-gap.ts';
import { twoLossDates } from './rules/two-loss-dates.ts';
import { typedAmount } from './rules/typed-amount.ts';
import { unsupportedSentence } from './rules/unsupported-sentence.ts';
import { unresolvedChoice } from './rules/unresolved-choice.ts';
import { weekdayWrong } from './rules/weekday-wrong.ts';
import { wrongGender } from './rules/wrong-gender.ts';

/** Every rule that any letter is held against; each is told by its id and can be left out. */
export const lintRules: readonly LintRule[] = [
  tableSum,
  listSum,
  sentenceSum,
  totalsDiffer,
  amountDiffers,
  typedAmount,
  amountWords,
  malformedAmount,
  demandLimits,
  dateAfterLetter,
  dateBeforeLoss,
  letterBeforeLoss,
  twoLossDates,
  impossibleDate,
  weekdayWrong,
  timeZone,
  otherMatter,
  strayParty,
  factDiffers,
  nameSpelling,
  wrongGender,
  doubledParagraph,
  doubledWord,
  unresolvedChoice,
  placeholder,
  providerMissing,
  treatmentGap,
  codeOutOfTime,
  timeLimitTerms,
  timeLimitShort,
  criminalThreat,
  exhibitMissing,
  exhibitSkipped,
];

/** Steno's own letters name their sources by chips: of them each sentence of fact is asked for one. */
export const ourRules: readonly LintRule[] = [...lintRules, unsupportedSentence];
