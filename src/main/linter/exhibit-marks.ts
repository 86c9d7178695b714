import { exhibitMark } from '../../shared/citations.ts';
import type { LintMaterial, ReadLintBlock } from './lint-rule.ts';
import type { Span } from './lint-letter.ts';

export interface CitedExhibit extends Span {
  block: ReadLintBlock;
  mark: string;
}

const cited =
  /\b(?:Exhibits?|Exs?\.) {1,2}((?:[A-Z]{1,2}|\d{1,3})(?![\w.]\w|\w)(?:(?:,| and| &|, and) (?:[A-Z]{1,2}|\d{1,3})(?!\w)){0,12})/g;

/** Each exhibit that a sentence names: "Exhibits A, C and D" are three. */
export function citedExhibits({ blocks }: Pick<LintMaterial, 'blocks'>): CitedExhibit[] {
  return blocks.flatMap((block) =>
    /\bEx/.test(block.text)
      ? [...block.text.matchAll(cited)].flatMap((match) => {
          const from = match.index + match[0].length - (match[1]?.length ?? 0);
          return [...(match[1] ?? '').matchAll(/[A-Z]{1,2}|\d{1,3}/g)].map((mark) => ({
            block,
            mark: mark[0],
            start: from + mark.index,
            end: from + mark.index + mark[0].length,
          }));
        })
      : [],
  );
}

/** 1 for "A" and "1", 27 for "AA"; 0 for what is no mark. */
export function markNumber(mark: string): number {
  if (/^\d+$/.test(mark)) return Number(mark);
  for (let n = 0; n < 60; n += 1) if (exhibitMark(n) === mark) return n + 1;
  return 0;
}
