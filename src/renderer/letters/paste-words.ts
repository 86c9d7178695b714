import { count } from '../ui/values.tsx';
import type { LeftOut } from './paste-cleaner.ts';

export const pictureWords =
  'A letter holds no pictures or files, so nothing was put in. Put the file into the case folder: as an exhibit it goes out with the letter, and the letter can cite it.';

/** Characters of a page of running text, to say a size in pages. */
export const charactersOfPage = 3_000;

/** `size`: characters; null where it was not even looked into. */
export function tooLargeWords(size: number | null): string {
  const pages = size === null ? 'It is larger than a letter can hold' : `It is about ${count(Math.ceil(size / charactersOfPage), 'page')}`;
  return `${pages}, and nothing of it was put in. The letter is as it was. Paste a part of it, or put the document into the case folder and cite it.`;
}

/** What was left out of what was pasted, as a sentence; null where nothing was that anybody would miss. */
export function leftOutWords({ pictures, comments, deleted, hidden }: LeftOut): string | null {
  const parts = [
    ...(pictures > 0 ? [count(pictures, 'picture')] : []),
    ...(comments > 0 ? [count(comments, 'comment')] : []),
    ...(deleted ? ['text that was deleted with changes tracked'] : []),
    ...(hidden ? ['hidden text'] : []),
  ];
  if (parts.length === 0) return null;
  const last = parts.pop() ?? '';
  const all = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
  return `Left out of what was pasted: ${all}.${pictures > 0 ? ' Pictures go out with a letter as exhibits: put them into the case folder.' : ''}`;
}
