import { exhibitMark } from '../../../shared/citations.ts';
import { citedExhibits, markNumber } from '../exhibit-marks.ts';
import type { LetterFound, LetterRule } from '../lint-rule.ts';

/** Exhibits A, B and D: C is missing, in the list or, without one, among those that are cited. */
export const exhibitSkipped: LetterRule = {
  id: 'exhibit_skipped',
  severity: 'asks',
  inLetter(material) {
    const cited = citedExhibits(material);
    const marks = material.letter.exhibits ?? cited.map(({ mark }) => mark);
    return [marks.filter((mark) => /^\d/.test(mark)), marks.filter((mark) => /^[A-Z]/.test(mark))].flatMap(
      (own, isLetters): LetterFound[] => {
        const numbers = [...new Set(own.map(markNumber))].filter((n) => n > 0).toSorted((a, b) => a - b);
        const last = numbers.at(-1);
        if (last === undefined || numbers.length < 2 || last > 60) return [];
        const missing = Array.from({ length: last }, (_, n) => n + 1).filter((n) => !numbers.includes(n));
        // one exhibit of another letter or a complaint's is no series
        if (missing.length === 0 || missing.length > numbers.length) return [];
        const name = (n: number): string => (isLetters ? exhibitMark(n - 1) : String(n));
        return missing.flatMap((n): LetterFound[] => {
          const at = cited.find(({ mark }) => markNumber(mark) > n);
          if (!at) return [];
          return [{ ...at, about: name(n), reason: `There is an Exhibit ${at.mark} and no Exhibit ${name(n)}.` }];
        });
      },
    );
  },
};
