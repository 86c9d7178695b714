import type { ChronologyView } from '../../shared/chronology.ts';
import type { SourceRef } from '../../shared/documents.ts';
import type { FactView, LedgerView } from '../../shared/facts.ts';
import type { LetterValues } from '../../shared/letters.ts';
import type { LintMend, LintRuleId, LintSeverity } from '../../shared/linter.ts';
import type { BlockReading } from './block-reading.ts';
import type { BlockLabels, LetterHead } from './letter-head.ts';
import type { LintBlock, LintLetter, Span } from './lint-letter.ts';
import type { LetterTable } from './letter-tables.ts';

/** Names of another matter of the firm, which must not stand in this one's letter. */
export interface OtherMatter {
  clients: readonly string[];
  carriers: readonly string[];
  claimNumbers: readonly string[];
}

/** What is known of the letter's matter; a letter from outside may come without any of it. */
export interface LintMatter {
  facts: readonly FactView[];
  ledger: LedgerView;
  chronology: ChronologyView;
  /** What chips stand for, of one of Steno's letters. */
  values: LetterValues | null;
  others: readonly OtherMatter[];
}

export interface ReadLintBlock extends LintBlock {
  reading: BlockReading;
  labels: BlockLabels;
}

/** A letter that was read: what all rules over the whole of it look at. */
export interface LintMaterial {
  letter: LintLetter;
  blocks: readonly ReadLintBlock[];
  tables: readonly LetterTable[];
  head: LetterHead;
  matter: LintMatter | null;
  /** The day of the loss: of the matter's facts, else as the letter's head says. */
  lossDay: string | null;
}

/** What a rule found in a block. */
export interface BlockFound extends Span {
  reason: string;
  /** What it is about, hashed into the key. */
  about: string;
  severity?: LintSeverity;
  evidence?: readonly SourceRef[];
  mend?: LintMend;
}

/** Looks at one block alone, so that it is asked again only where the block changed. */
export interface BlockRule {
  id: LintRuleId;
  /** Where a finding does not say otherwise. */
  severity: LintSeverity;
  /** Whether all that it finds in a block is told: other rules tell no more after the fiftieth. */
  isWhole?: true;
  inBlock(block: ReadLintBlock): BlockFound[];
}

/** Holds blocks against each other, against the letter's dates, or against the matter. */
export interface LetterRule {
  id: LintRuleId;
  severity: LintSeverity;
  inLetter(material: LintMaterial): LetterFound[];
}

export interface LetterFound extends BlockFound {
  block: ReadLintBlock;
}

/** Pure: the same letter and matter always give the same findings, in the same order. */
export type LintRule = BlockRule | LetterRule;

/** Whether nobody but a person wrote these characters. */
export const isTyped = ({ chips, isComputed }: LintBlock, { start, end }: Span): boolean =>
  !isComputed && !chips.some((chip) => chip.start < chip.end && chip.start < end && chip.end > start);

/** Every match of a pattern with the flag g, as a place. */
export function matchesOf(pattern: RegExp, text: string): (Span & { match: RegExpExecArray })[] {
  return [...text.matchAll(pattern)].map((match) => ({ match, start: match.index, end: match.index + match[0].length }));
}
