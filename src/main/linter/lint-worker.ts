import type { Finding } from '../../shared/linter.ts';
import { demandsIn } from './demand-of.ts';
import { headOf, readLintBlock } from './letter-head.ts';
import { tablesOf } from './letter-tables.ts';
import type { LintMatter } from './lint-rule.ts';
import { createLinter } from './linter.ts';
import { outsideLetter, type LetterPage } from './outside-letter.ts';

/** What the worker task `lintPages` is given. */
export interface LintPages {
  pages: readonly LetterPage[];
  isMarkdown: boolean;
  /** null: the letter is held against itself alone. */
  matter: LintMatter | null;
}

/** What was recognised of a letter from outside, so that a reader sees what it was held against; days are ISO, amounts cents. */
export interface Recognised {
  letterDate: string | null;
  clients: string[];
  insureds: string[];
  carriers: string[];
  claimNumbers: string[];
  lossDays: string[];
  demandsCents: number[];
  tables: number;
  exhibits: string[];
}

export interface LintedPages {
  recognised: Recognised;
  findings: Finding[];
}

export function lintPages({ pages, isMarkdown, matter }: LintPages): Promise<LintedPages> {
  const letter = outsideLetter(pages, { isMarkdown });
  const blocks = letter.blocks.map(readLintBlock);
  const head = headOf(blocks);
  const values = (of: readonly { value: string }[]): string[] => [...new Set(of.map(({ value }) => value))];
  const recognised = {
    letterDate: letter.letterDate,
    clients: values(head.clients),
    insureds: values(head.insureds),
    carriers: values(head.carriers),
    claimNumbers: values(head.claimNumbers),
    lossDays: values(head.lossDays),
    demandsCents: [...new Set(demandsIn({ letter, blocks }).map(({ cents }) => cents))],
    tables: tablesOf(blocks).length,
    exhibits: letter.exhibits ?? [],
  };
  return Promise.resolve({ recognised, findings: createLinter().lint(letter, matter) });
}

/** The worker's table of tasks: a letter from outside is strangers' text. */
export const tasks = { lintPages };
