import type { DocumentKind } from '../../../shared/documents.ts';
import type { FactKind } from '../../../shared/facts.ts';

/** What rules read: a document's pages as the reader made them. */
export interface RuleDocument {
  name: string;
  kind: DocumentKind;
  /** A person said so: she knows better than the words do. */
  isKindSaid?: boolean;
  pages: readonly { page: number; text: string }[];
}

/** Characters [start, end) of page `page`, which spell `quote`. */
export interface Place {
  page: number;
  start: number;
  end: number;
  quote: string;
}

/** A fact a rule found; `normal` as src/shared/facts.ts describes it (ISO day, cents as digits, else plain text). 0 to 100. */
export interface ProposedFact extends Place {
  kind: FactKind;
  value: string;
  normal: string;
  confidence: number;
  method: string;
}

/** One line of a bill; all amounts in cents. `problem` says why a person should look, null where all is consistent. */
export interface ProposedBillLine extends Place {
  provider: string;
  serviceFrom: string | null;
  serviceTo: string | null;
  code: string | null;
  description: string;
  units: number | null;
  billedCents: number;
  adjustedCents: number;
  paidCents: number;
  owedCents: number;
  /** Who paid how much, in cents, where the bill says so: kept as facts of the kind payment. */
  paidBy: { payer: string; cents: number }[];
  confidence: number;
  method: string;
  problem: string | null;
}

/** A total the document prints; `provider` is null where it is for all providers. Cents; a column it lacks is filled as for a line. */
export interface ProposedTotal extends Place {
  label: string;
  provider: string | null;
  billedCents: number;
  paidCents: number;
  owedCents: number;
}

/** A row that looks like money but cannot be read without guessing. */
export interface BillProblem extends Place {
  provider: string | null;
  reason: string;
}

export interface BillExtraction {
  lines: ProposedBillLine[];
  statedTotals: ProposedTotal[];
  problems: BillProblem[];
}
