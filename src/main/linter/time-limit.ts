import { sentenceAt } from './block-reading.ts';
import { addDays } from '../../shared/days.ts';
import type { LintMaterial, ReadLintBlock } from './lint-rule.ts';
import type { Span } from './lint-letter.ts';

export interface TimeLimitDemand extends Span {
  block: ReadLintBlock;
}

const section = /\b999(?:\.[1-5])?\b/;
const code = /\b(?:Code of Civil Procedure|C\.?C\.?P\.?|Civ\. Proc\.)/i;
const limited = /\btime[- ]limit(?:ed)?\b(?: policy[- ]limits?)? (?:settlement )?(?:demand|offer)\b/i;

/** The place that makes a letter a time-limited demand under California Code of Civil Procedure 999 and following; null for another. */
export function californiaDemand({ blocks }: LintMaterial): TimeLimitDemand | null {
  const isCalifornian = blocks.some(
    ({ text }) => (section.test(text) && code.test(text)) || (limited.test(text) && /\bCalifornia\b/.test(text)),
  );
  const inCalifornia =
    isCalifornian ||
    (blocks.some(({ text }) => limited.test(text)) && blocks.some(({ text }) => /, (?:CA|California),? \d{5}\b/.test(text)));
  if (!inCalifornia) return null;
  for (const block of blocks) {
    const match = limited.exec(block.text) ?? (code.test(block.text) ? section.exec(block.text) : null);
    if (match) return { block, start: match.index, end: match.index + match[0].length };
  }
  return null;
}

const until =
  /\b(?:until|on or before|no later than|not later than|by|expires?(?: on| at)?|deadline(?: is| of)?|before)\b(?:[^.;]|[ap]\.m\.){0,60}$/i;
const ofAnswer = /\b(?:accept\w*|respon\w+|reply|expires?|open|deadline|tender\w*|demand|offer)\b/i;
const within = /\bwithin (?:\w+ )?\(?(\d{1,3})\)?(?: calendar)? days\b/gi;

export interface Window extends Span {
  block: ReadLintBlock;
  days: number;
  said: string;
}

/** How many days the letter leaves to answer: by the day it names, or as it counts them. */
export function windowsOf({ blocks, letter: { letterDate }, head }: LintMaterial): Window[] {
  return blocks.flatMap((block, index): Window[] => {
    if (block.kind === 'row' || index < head.length) return [];
    const { text, reading } = block;
    const named = reading.days.flatMap(({ day, start, end }): Window[] => {
      const sentence = sentenceAt(reading, start);
      const from = sentence.start;
      if (
        day === null ||
        letterDate === null ||
        day <= letterDate ||
        !until.test(text.slice(from, start)) ||
        !ofAnswer.test(text.slice(from, sentence.end))
      )
        return [];
      return [
        { block, start, end, days: Math.round((Date.parse(day) - Date.parse(letterDate)) / 86_400_000), said: text.slice(start, end) },
      ];
    });
    const counted = [...text.matchAll(within)].flatMap((match): Window[] => {
      const sentence = sentenceAt(reading, match.index);
      if (
        !ofAnswer.test(text.slice(sentence.start, sentence.end)) ||
        /\bpa(?:y|id|yment)\b/i.test(text.slice(match.index, match.index + 60))
      )
        return [];
      return [{ block, start: match.index, end: match.index + match[0].length, days: Number(match[1]), said: match[0] }];
    });
    return [...named, ...counted];
  });
}

export const lastDay = (letterDate: string, days: number): string => addDays(letterDate, days);
