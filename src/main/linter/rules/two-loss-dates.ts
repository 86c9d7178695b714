import { formatDayLong } from '../../../shared/days.ts';
import type { LetterRule } from '../lint-rule.ts';

/** One letter, two days of the loss: the one on file holds, else the one that stands first. */
export const twoLossDates: LetterRule = {
  id: 'two_loss_dates',
  severity: 'blocks',
  inLetter({ head: { lossDays }, matter, lossDay }) {
    const said = new Set(lossDays.map(({ value }) => value));
    if (said.size < 2) return [];
    const holds = lossDay !== null && said.has(lossDay) ? lossDay : (lossDays[0]?.value ?? '');
    const evidence = (matter?.facts ?? []).filter(
      ({ kind, normal, state }) => kind === 'date_of_loss' && normal === holds && state !== 'rejected',
    );
    return lossDays
      .filter(({ value }) => value !== holds)
      .map(({ block, start, end, value }) => ({
        block,
        start,
        end,
        about: [holds, value].join('\n'),
        reason: `The loss is dated ${formatDayLong(value)} here and ${formatDayLong(holds)} elsewhere in the letter.`,
        evidence: evidence.map(({ source }) => source),
        mend: { replace: formatDayLong(holds) },
      }));
  },
};
