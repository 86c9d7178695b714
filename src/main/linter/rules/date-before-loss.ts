import { formatDayLong } from '../../../shared/days.ts';
import { isTyped, type LetterRule } from '../lint-rule.ts';
import { treatmentDays } from '../treatment.ts';

/** Treatment on a day before the loss, in a sentence that does not speak of an earlier condition. */
export const dateBeforeLoss: LetterRule = {
  id: 'date_before_loss',
  severity: 'asks',
  inLetter(material) {
    const { lossDay } = material;
    if (lossDay === null) return [];
    return treatmentDays(material, { isPast: true, isOwn: true, withEvent: false })
      .filter(({ day, block, start, end }) => day < lossDay && isTyped(block, { start, end }))
      .map(({ block, start, end, text, day }) => ({
        block,
        start,
        end,
        about: [day, lossDay].join('\n'),
        reason: `${text} is before the date of loss, ${formatDayLong(lossDay)}; say so if an earlier treatment is meant.`,
      }));
  },
};
