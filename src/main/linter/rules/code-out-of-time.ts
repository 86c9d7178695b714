import { isTyped, matchesOf, type LetterFound, type LetterRule, type ReadLintBlock } from '../lint-rule.ts';
import { formatDayLong } from '../../../shared/days.ts';

/** ICD-10-CM holds for services from this day on (45 CFR 162.1002). */
const changed = '2015-10-01';
const nine = /(?<![\w.$/-])(?:\d{3}\.\d{1,2}|V\d{2}\.\d{1,2}|E\d{3}\.\d)(?![\w%]|[.,]\d|-\d)/g;
const ten = /(?<![\w.$/-])[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}(?![\w-])/g;
const labelNine = /\bICD-?\s?9(?:-CM)?\b/gi;
/** "101.5" is a fever as often as a code. */
const beforeCode = /\b(?:codes?|dx|diagnos\w+(?: (?:with|of|as))?)[\s:#(]{1,3}$/i;
const diagnosed = /\b(?:ICD|diagnos\w*|dx)\b/i;

/** An ICD-9 code for a service after September 2015, or an ICD-10 code for one before. */
export const codeOutOfTime: LetterRule = {
  id: 'code_out_of_time',
  severity: 'blocks',
  inLetter({ blocks, lossDay }) {
    return blocks.flatMap((block): LetterFound[] => {
      const { text } = block;
      if (!diagnosed.test(text) && block.kind !== 'row') return [];
      const isNamed = diagnosed.test(text);
      const isCode = ({ start }: { start: number }): boolean =>
        /\bICD\b/.test(text) || beforeCode.test(text.slice(Math.max(0, start - 30), start));
      const found = [
        ...(isNamed ? matchesOf(nine, text).filter(isCode) : []).map((one) => ({ ...one, set: 9 as const })),
        ...matchesOf(ten, text).map((one) => ({ ...one, set: 10 as const })),
      ];
      const labels = found.some(({ set }) => set === 9) ? [] : matchesOf(labelNine, text).map((one) => ({ ...one, set: 9 as const }));
      return [...found, ...labels].flatMap(({ match, start, end, set }): LetterFound[] => {
        const day = serviceDay(block, start) ?? lossDay;
        if (day === null || day >= changed !== (set === 9) || !isTyped(block, { start, end })) return [];
        const reason =
          set === 9
            ? `${match[0]} is of ICD-9-CM; for services from October 1, 2015, as of ${formatDayLong(day)}, ICD-10-CM holds.`
            : `${match[0]} is of ICD-10-CM; for services before October 1, 2015, as of ${formatDayLong(day)}, ICD-9-CM held.`;
        return [{ block, start, end, about: [match[0], set].join('\n'), reason }];
      });
    });
  },
};

/** The day nearest in the block: of the service, where the block names one. */
function serviceDay({ reading }: ReadLintBlock, at: number): string | null {
  const [near] = reading.days.filter(({ day }) => day !== null).toSorted((a, b) => Math.abs(a.start - at) - Math.abs(b.start - at));
  return near?.day ?? null;
}
