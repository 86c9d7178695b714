import { isTyped, matchesOf, type BlockRule } from '../lint-rule.ts';

const marks = [
  /\[(?!(?:SIC|REDACTED|EXHIBIT|EX|PHOTO|FIGURE|SEAL|SIGNATURE|SIGNED)\b)[A-Z][A-Z0-9 _’'.#&-]{2,60}\]/g,
  /\[(?:insert|enter|add|type|fill|select|choose|name|date|amount|client|claimant|address|number|describe|xx+|tbd|todo|●|•|_+)\b[^\]\n]{0,80}\]|\[[●•_\s]{1,20}\]/gi,
  /(?<![\w-])(?:X{1,2}|M{1,2}|_{1,2})\/(?:X{1,2}|D{1,2}|_{1,2})\/(?:X{2,4}|Y{2,4}|_{2,4})(?!\w)/gi,
  /(?<![\w-])(?:X{3,20}|\$ ?X[X,.]{1,20})(?![\w-])/g,
  /\$ ?_{2,40}/g,
  /(?<![\w{])\{\{[^{}\n]{0,80}\}\}|<<[^<>\n]{1,80}>>/g,
  /\b(?:TBD|TBA|TODO|FIXME)\b/g,
  /\blorem ipsum\b/gi,
  /\bINSERT [A-Z]{2,20}(?: [A-Z]{2,20}){0,3}\b/g,
  /\?{3,20}/g,
];
const blank = /_{3,80}/g;
/** A line to sign on is no gap in the text. */
const toSign = /^[\s_]*$|\b(?:by|date|dated|signature|signed|print name|name|title|x)\s?:?\s*_|_\s*\n/i;

/** What a form leaves to be filled in. A chip without a value is none: what blocks Finalize names it. */
export const placeholder: BlockRule = {
  id: 'placeholder',
  severity: 'blocks',
  inBlock(block) {
    const { text } = block;
    const found = marks.flatMap((pattern) => matchesOf(pattern, text));
    const gaps = text.includes('___') && !toSign.test(text) ? matchesOf(blank, text) : [];
    const all = [...found, ...gaps].filter((place) => isTyped(block, place));
    return all
      .filter(
        (one, n) =>
          !all.some(
            (other, m) => other.start <= one.start && other.end >= one.end && (m < n || other.end - other.start > one.end - one.start),
          ),
      )
      .map(({ match, start, end }) => ({
        start,
        end,
        about: `${match[0]}\n${text.slice(Math.max(0, start - 30), start)}`,
        reason: `“${match[0].slice(0, 60)}” was never filled in.`,
      }));
  },
};
