import type { ZipEntry } from './zip.ts';

/** Smaller ones are letterheads and bullets. A scanned page is larger. */
const leastPictureBytes = 60_000;

/** "sheet “A”", "sheets “A”, “B”, “C” and 2 more" */
export function listed(noun: string, names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `“${name.replace(/\s+/g, ' ').slice(0, 60)}”`);
  const more = names.length > shown.length ? ` and ${String(names.length - shown.length)} more` : '';
  return `${names.length === 1 ? noun : `${noun}s`} ${shown.join(', ')}${more}`;
}

/** "page 3", "pages 3, 4, 5, 6, 7 and 12 more" */
export function pagesListed(pages: readonly number[]): string {
  const shown = pages.slice(0, 5).join(', ');
  return `${pages.length === 1 ? 'page' : 'pages'} ${shown}${pages.length > 5 ? ` and ${String(pages.length - 5)} more` : ''}`;
}

/** What is said of pictures in a text: a scan that was put into a letter is a page that nobody reads. */
export function picturesSaid(count: number): string | null {
  if (count === 0) return null;
  return count === 1 ? 'It holds a picture whose words were not read.' : `It holds ${String(count)} pictures whose words were not read.`;
}

/** Of an Office file. */
export function pictureNote(entries: readonly ZipEntry[]): string | null {
  return picturesSaid(entries.filter(({ name, bytes }) => /^(?:word|xl)\/media\//.test(name) && bytes >= leastPictureBytes).length);
}

/** Hexadecimal digits, as RTF writes a picture. */
export const isLargePicture = (hexDigits: number): boolean => hexDigits / 2 >= leastPictureBytes;
