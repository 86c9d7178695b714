import { formatDayLong } from '../../../shared/days.ts';
import type { LetterRule } from '../lint-rule.ts';

/** A letter that is older than what it is about. */
export const letterBeforeLoss: LetterRule = {
  id: 'letter_before_loss',
  severity: 'blocks',
  inLetter({ letter: { letterDate }, lossDay, blocks, matter }) {
    if (letterDate === null || lossDay === null || lossDay <= letterDate) return [];
    const block = blocks.find(({ reading }) => reading.days.some(({ day }) => day === letterDate)) ?? blocks[0];
    if (!block) return [];
    const said = block.reading.days.find(({ day }) => day === letterDate) ?? { start: 0, end: 0 };
    const reason = `The letter is dated ${formatDayLong(letterDate)}, before the loss of ${formatDayLong(lossDay)}.`;
    const evidence = (matter?.facts ?? []).filter(
      ({ kind, normal, state }) => kind === 'date_of_loss' && normal === lossDay && state !== 'rejected',
    );
    return [
      {
        block,
        start: said.start,
        end: said.end,
        about: [letterDate, lossDay].join('\n'),
        reason,
        evidence: evidence.map(({ source }) => source),
      },
    ];
  },
};
