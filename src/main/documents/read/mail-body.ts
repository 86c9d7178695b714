import { htmlToLines } from './markup.ts';

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * What a mail says. It may say one thing as plain text and another as formatted text, of which mail programs show only the second: lines of that one with words that the
 * plain text does not have follow it.
 */
export function mailBody(plain: string, html: string): string {
  const formatted = htmlToLines(html);
  if (plain.trim() === '') return formatted;
  const known = new Set(wordsOf(plain));
  const others = formatted.split('\n').filter((line) => wordsOf(line).some((word) => !known.has(word)));
  return others.length === 0 ? plain : `${plain.trimEnd()}\n\nOnly in the formatted text of this mail:\n${others.join('\n')}`;
}
