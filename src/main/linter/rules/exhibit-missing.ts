import { citedExhibits } from '../exhibit-marks.ts';
import { isTyped, type LetterRule } from '../lint-rule.ts';

/** An exhibit is cited that the list does not have. */
export const exhibitMissing: LetterRule = {
  id: 'exhibit_missing',
  severity: 'blocks',
  inLetter(material) {
    const { exhibits } = material.letter;
    if (exhibits === null) return [];
    const listed = new Set(exhibits);
    return citedExhibits(material)
      .filter((one) => !listed.has(one.mark) && isTyped(one.block, one))
      .map(({ block, start, end, mark }) => ({
        block,
        start,
        end,
        about: mark,
        reason: `Exhibit ${mark} is cited and not in the list of exhibits.`,
      }));
  },
};
