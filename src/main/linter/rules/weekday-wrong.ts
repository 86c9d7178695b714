import { formatDayLong } from '../../../shared/days.ts';
import { dayPattern, readDay } from '../block-reading.ts';
import { matchesOf, type BlockFound, type BlockRule } from '../lint-rule.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const dated = new RegExp(`\\b(${weekdays.join('|')}),?(?: the)?\\s{1,3}(${dayPattern})`, 'gi');

/** "Monday, February 15, 2024", which was a Thursday. */
export const weekdayWrong: BlockRule = {
  id: 'weekday_wrong',
  severity: 'blocks',
  inBlock({ text }) {
    return matchesOf(dated, text).flatMap(({ match, start }): BlockFound[] => {
      const [, said = '', date = ''] = match;
      const day = readDay(date);
      if (day === null) return [];
      const is = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
      if (is.toLowerCase() === said.toLowerCase()) return [];
      return [{ start, end: start + said.length, about: [said, day].join('\n'), reason: `${formatDayLong(day)} was a ${is}, not a ${said}.`, mend: { replace: is } }]; // prettier-ignore
    });
  },
};
