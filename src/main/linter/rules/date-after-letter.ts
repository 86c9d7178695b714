import { formatDayLong } from '../../../shared/days.ts';
import type { LetterRule } from '../lint-rule.ts';
import { treatmentDays } from '../treatment.ts';

/** Something that is told as done on a day after the letter's own. A letter before its loss has one mistake, not twenty: `letter_before_loss` tells that. */
export const dateAfterLetter: LetterRule = {
  id: 'date_after_letter',
  severity: 'blocks',
  inLetter(material) {
    const { letterDate } = material.letter;
    if (letterDate === null || (material.lossDay !== null && material.lossDay > letterDate)) return [];
    return treatmentDays(material, { isPast: true, isOwn: false, withEvent: true })
      .filter(({ day }) => day > letterDate)
      .map(({ block, start, end, text, day }) => ({
        block,
        start,
        end,
        about: [day, letterDate].join('\n'),
        reason: `${text} is after the date of the letter, ${formatDayLong(letterDate)}.`,
      }));
  },
};
