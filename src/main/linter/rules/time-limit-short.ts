import { formatDayLong } from '../../../shared/days.ts';
import type { LetterRule } from '../lint-rule.ts';
import { californiaDemand, lastDay, windowsOf } from '../time-limit.ts';

/** Days a Californian time-limited demand stays open: from transmission by email, fax or certified mail, or by other mail (Code Civ. Proc. § 999.1(b)). */
const [byEmail, byMail] = [30, 33];
const quick = /\b(?:e-?mail|facsimile|fax|certified mail)\b/i;

/** The insurer gets fewer days to accept than the statute gives it. */
export const timeLimitShort: LetterRule = {
  id: 'time_limit_short',
  severity: 'blocks',
  inLetter(material) {
    if (!californiaDemand(material)) return [];
    const { blocks, head, letter } = material;
    const isQuick = blocks.slice(0, head.length + 1).some(({ text }) => quick.test(text));
    const least = isQuick ? byEmail : byMail;
    return windowsOf(material)
      .filter(({ days }) => days < least)
      .map(({ block, start, end, days, said }) => {
        const open = letter.letterDate === null ? '' : `; ${formatDayLong(lastDay(letter.letterDate, least))} is the first day that does`;
        const reason = `“${said}” leaves ${String(days)} days, and ${String(least)} are due after ${isQuick ? 'email, fax or certified mail' : 'ordinary mail'} (Cal. Code Civ. Proc. § 999.1)${open}.`; // prettier-ignore
        return { block, start, end, about: [said, days, least].join('\n'), reason };
      });
  },
};
