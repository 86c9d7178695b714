import { z } from 'zod';

/** How headings of one level look. */
export const HeadingStyle = z.object({
  /** Points. */
  size: z.number().min(8).max(36),
  bold: z.boolean(),
  italic: z.boolean(),
  underline: z.boolean(),
  /** All in capitals. */
  caps: z.boolean(),
  centred: z.boolean(),
});
export type HeadingStyle = z.infer<typeof HeadingStyle>;

/** Points: no table of a letter finds room between wider ones. */
const side = z.number().min(36).max(108);
const end = z.number().min(36).max(144);

/** How a letter is set: Steno's own, or what a letter of the firm had that was imported as a template. */
export const LetterStyle = z.object({
  /** A typeface by its name; a DOCX names it, a PDF is set in Source Serif 4, which it may hold. */
  font: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} .'-]{0,59}$/u),
  /** Points. */
  size: z.number().min(8).max(16),
  /** Lines: 1 is as close as the typeface asks for, 2 double. */
  lines: z.number().min(0.8).max(3),
  /** Points below a paragraph. */
  after: z.number().min(0).max(36),
  justified: z.boolean(),
  /** Points from the edges of the paper. */
  margins: z.object({ top: end, right: side, bottom: end, left: side }),
  /** Of levels 1, 2 and 3. */
  headings: z.tuple([HeadingStyle, HeadingStyle, HeadingStyle]),
});
export type LetterStyle = z.infer<typeof LetterStyle>;

const heading = (size: number): HeadingStyle => ({ size, bold: true, italic: false, underline: false, caps: false, centred: false });

/** What letters look like that nobody gave another look. */
export const ownStyle: LetterStyle = {
  font: 'Source Serif 4',
  size: 11,
  lines: 1.2,
  after: 8,
  justified: false,
  margins: { top: 72, right: 72, bottom: 72, left: 72 },
  headings: [heading(15), heading(12), heading(11)],
};

/** In a few words: "Garamond, 12 points, lines 1.5 apart, margins 1 by 1.25 inches". */
export function styleWords({ font, size, lines, margins, justified }: LetterStyle): string {
  const inches = (points: number): string => String(Math.round((points / 72) * 100) / 100);
  const sides = [...new Set([margins.top, margins.left].map(inches))];
  return [
    font,
    `${String(size)} points`,
    ...(lines > 1.25 ? [`lines ${String(Math.round(lines * 100) / 100)} apart`] : []),
    ...(justified ? ['both sides even'] : []),
    `margins ${sides.join(' by ')} ${sides.length === 1 && sides[0] === '1' ? 'inch' : 'inches'}`,
  ].join(', ');
}
