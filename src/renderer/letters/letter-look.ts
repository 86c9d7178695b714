import type { CSSProperties } from 'react';
import { ownStyle, type HeadingStyle, type LetterStyle } from '../../shared/letter-style.ts';

/** Pixels of the screen for Steno's own style, by which another is drawn as much larger or closer (letters.css). */
const own = { size: 16, lines: 1.5, after: 12, heading: 22 };

/** A letter's own style as letters.css draws it; nothing for one that looks as all do. */
export function letterLook(style: LetterStyle | null): CSSProperties | undefined {
  if (style === null) return undefined;
  const px = (value: number): string => `${String(Math.round(value * 100) / 100)}px`;
  const { margins } = style;
  const paper = (points: number): string => px((points * 96) / 72);
  const headings = style.headings.flatMap((heading, nth): [string, string][] =>
    Object.entries(headingLook(heading)).map(([name, value]) => [`--letter-h${String(nth + 1)}-${name}`, value]),
  );
  return {
    '--letter-font': `${JSON.stringify(style.font)}, var(--steno-serif)`,
    '--letter-size': px((own.size * style.size) / ownStyle.size),
    '--letter-lines': String((own.lines * style.lines) / ownStyle.lines),
    '--letter-after': px((own.after * style.after) / ownStyle.after),
    '--letter-align': style.justified ? 'justify' : 'start',
    '--letter-padding': [margins.top, margins.right, margins.bottom, margins.left].map(paper).join(' '),
    ...Object.fromEntries(headings),
  } as CSSProperties;
}

function headingLook({ size, bold, italic, underline, caps, centred }: HeadingStyle): Record<string, string> {
  return {
    size: `${String(Math.round((own.heading * size) / ownStyle.headings[0].size))}px`,
    weight: bold ? '700' : '400',
    slope: italic ? 'italic' : 'normal',
    line: underline ? 'underline' : 'none',
    case: caps ? 'uppercase' : 'none',
    align: centred ? 'center' : 'start',
  };
}
