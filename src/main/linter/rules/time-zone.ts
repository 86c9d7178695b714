import { sentenceAt } from '../block-reading.ts';
import { formatDayLong } from '../../../shared/days.ts';
import { matchesOf, type BlockFound, type BlockRule } from '../lint-rule.ts';

const zones = /\b(?:([ECMP])([SD])T\b|(Eastern|Central|Mountain|Pacific) (Standard|Daylight)(?: Saving)? Time\b)/g;

/** Second Sunday of March to first Sunday of November (15 USC 260a, from 2007). `day` ISO. */
export function isDaylightTime(day: string): boolean {
  const year = Number(day.slice(0, 4));
  const sunday = (month: number, nth: number): string => {
    const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
    return `${String(year)}-${String(month).padStart(2, '0')}-${String(1 + ((7 - first) % 7) + (nth - 1) * 7).padStart(2, '0')}`;
  };
  return day >= sunday(3, 2) && day < sunday(11, 1);
}

/** "PST" in June. Arizona keeps Mountain Standard Time all year, so that one is never wrong. */
export const timeZone: BlockRule = {
  id: 'time_zone',
  severity: 'asks',
  inBlock({ text, reading }) {
    if (reading.days.length === 0) return [];
    return matchesOf(zones, text).flatMap(({ match, start, end }): BlockFound[] => {
      const sentence = sentenceAt(reading, start);
      const inSentence = reading.days.filter((one) => one.day !== null && one.start >= sentence.start && one.end <= sentence.end);
      const [near] = inSentence.toSorted((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start));
      const day = near?.day;
      const [said, letter, kind, name, word] = match;
      if (!day || Number(day.slice(0, 4)) < 2007) return [];
      const [isStandard, isDaylight] = [(kind ?? word ?? '').startsWith('S'), isDaylightTime(day)];
      if (isStandard !== isDaylight || (isStandard && (letter ?? name)?.startsWith('M'))) return [];
      const right = letter ? `${letter}${isDaylight ? 'D' : 'S'}T` : `${name ?? ''} ${isDaylight ? 'Daylight' : 'Standard'} Time`;
      const reason = `On ${formatDayLong(day)} ${isDaylight ? 'daylight' : 'standard'} time holds: ${right}, not ${said}.`;
      return [{ start, end, about: [said, day].join('\n'), reason, mend: { replace: right } }];
    });
  },
};
