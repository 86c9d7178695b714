import type { PersonHere } from '../../shared/presence.ts';

export const nameOf = ({ firstName, lastName }: Pick<PersonHere, 'firstName' | 'lastName'>): string => `${firstName} ${lastName}`.trim();

export const initialsOf = ({ firstName, lastName }: Pick<PersonHere, 'firstName' | 'lastName'>): string =>
  [firstName, lastName].map((part) => /^./u.exec(part.trim())?.[0].toUpperCase() ?? '').join('');

/** "is editing the Damages section"; the section is the heading above the caret, where the letter is open here. */
export function doingWords({ state }: Pick<PersonHere, 'state'>, section: string | null): string {
  const where = section === null ? 'the letter' : `the ${section} section`;
  switch (state) {
    case 'editing':
      return `is editing ${where}`;
    case 'reading':
      return `is reading ${where}`;
    case 'near':
      return 'has this matter open';
    case 'away':
      return 'is away';
  }
}

export type Doing = Pick<PersonHere, 'userId' | 'firstName' | 'lastName' | 'state'> & { section: string | null };

export const sentenceFor = (doing: Doing): string => `${nameOf(doing)} ${doingWords(doing, doing.section)}`;

/** The same for the status bar, where there is room for one or for a number. */
export function hereWords(people: readonly Doing[]): string | null {
  const [first, second] = people.filter(({ state }) => state !== 'away');
  if (!first) return null;
  return second ? `${String(people.filter(({ state }) => state !== 'away').length)} others are here` : sentenceFor(first);
}

/** What a screen reader is told between two looks: who came, who went, who went on to something else. */
export function newsWords(before: readonly Doing[], after: readonly Doing[]): string | null {
  const gone = before.filter((one) => !after.some(({ userId }) => userId === one.userId)).map((one) => `${nameOf(one)} has left`);
  const changed = after.filter((one) => {
    const was = before.find(({ userId }) => userId === one.userId);
    return was?.state !== one.state || (one.state === 'editing' && was.section !== one.section);
  });
  const news = [...gone, ...changed.map(sentenceFor)];
  return news.length > 0 ? `${news.join('. ')}.` : null;
}
