import { htmlToLines } from './markup.ts';

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const address = /<?https?:\/\/\S+/g;

/**
 * What a mail says. It may say one thing as plain text and another as formatted text, of which mail programs show only the second: lines of that one whose words do not
 * stand in a row in the plain text, where addresses of links may part them, follow it.
 */
export function mailBody(plain: string, html: string): string {
  const formatted = htmlToLines(html);
  if (plain.trim() === '') return formatted;
  const inRow = (text: string): string => ` ${wordsOf(text.replaceAll(address, ' ')).join(' ')} `;
  const known = inRow(plain);
  const others = formatted.split('\n').filter((line) => line !== '' && !known.includes(inRow(line).replace(/^ +$/, ' ')));
  return others.length === 0 ? plain : `${plain.trimEnd()}\n\nOnly in the formatted text of this mail:\n${others.join('\n')}`;
}
