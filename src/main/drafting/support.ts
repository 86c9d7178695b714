import { daysIn } from '../find/find.ts';
import { bare, figuresIn } from './sentences.ts';

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** Words that begin with a capital and name nobody. */
const namesNobody = new Set(
  [
    ...monthNames,
    ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    ...[
      'Mrs',
      'Miss',
      'Doctor',
      'Exhibit',
      'Exhibits',
      'Section',
      'Plaintiff',
      'Defendant',
      'Client',
      'Claimant',
      'Insured',
      'Counsel',
      'Firm',
      'State',
      'County',
      'Court',
    ],
    ...[
      'She',
      'Her',
      'His',
      'The',
      'This',
      'That',
      'These',
      'Those',
      'They',
      'Their',
      'Our',
      'You',
      'Your',
      'Its',
      'And',
      'But',
      'When',
      'After',
      'Before',
    ],
  ].map((word) => word.toLowerCase()),
);
const capital = /(?<![\p{L}\p{N}'’-])\p{Lu}[\p{L}'’-]{2,}/gu;
const mostTold = 8;

/**
 * What a sentence that names sources says beyond them: figures and days that none of them has (`sources`: quotes and values of this sentence), and names that neither they
 * nor what is known of the matter (`known`) have. The sentence without its chips. A day is the same however it is written, a figure however it is grouped.
 */
export function unsupportedIn(sentence: string, sources: readonly string[], known: readonly string[]): string[] {
  const text = sources.join('\n').normalize('NFKC');
  const days = new Set(daysIn(text).map(({ word }) => word));
  const standing = new Set(figuresIn(text).map(bare));
  for (const day of days) standing.add(bare(`${monthNames[Number(day.slice(6, 8)) - 1] ?? ''} ${String(Number(day.slice(8, 10)))}`));
  const found: string[] = [];
  let rest = sentence.normalize('NFKC');
  for (const { start, end, word } of daysIn(rest).toSorted((a, b) => b.start - a.start)) {
    if (!days.has(word)) found.unshift(rest.slice(start, end));
    rest = `${rest.slice(0, start)} · ${rest.slice(end)}`;
  }
  found.push(...figuresIn(rest).filter((figure) => !standing.has(bare(figure)) && !standsIn(text, figure)));
  return [...new Set([...found, ...namesBeyond(rest, `${text}\n${known.join('\n')}`)])].slice(0, mostTold);
}

/** A year of a day, a number of a longer run: whole, not within another number. */
function standsIn(text: string, figure: string): boolean {
  const escaped = figure.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(?<![\\d$]|\\d[.,])${escaped}(?!\\d|[.,]\\d)`, 'i').test(text);
}

/** Runs of words with a capital of which a word stands nowhere; the first word of the sentence alone is none. */
function namesBeyond(sentence: string, text: string): string[] {
  const words = new Set((text.toLowerCase().match(/[\p{L}'’-]+/gu) ?? []).map(plain));
  const isKnown = (word: string): boolean => {
    const whole = plain(word.toLowerCase());
    return namesNobody.has(whole) || words.has(whole) || whole.split('-').every((part) => words.has(part));
  };
  const first = sentence.search(/[\p{L}\p{N}]/u);
  const runs: { start: number; end: number; isBeyond: boolean }[] = [];
  for (const { index, 0: word } of sentence.matchAll(capital)) {
    // MRI, ER: no name
    const isBeyond = index !== first && /\p{Ll}/u.test(word) && !isKnown(word);
    const last = runs.at(-1);
    if (last && sentence.slice(last.end, index) === ' ')
      Object.assign(last, { end: index + word.length, isBeyond: last.isBeyond || isBeyond });
    else runs.push({ start: index, end: index + word.length, isBeyond });
  }
  return runs.filter(({ isBeyond }) => isBeyond).map(({ start, end }) => sentence.slice(start, end));
}
const plain = (word: string): string => word.replace(/['’]s?$/, '');
