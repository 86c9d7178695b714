import type { ContradictionKind, ContradictionSide } from '../../shared/contradictions.ts';
import type { SourceRef } from '../../shared/documents.ts';
import type { FactView, LedgerView } from '../../shared/facts.ts';

/** What the rules look at: a matter's facts and bill lines without those that a person rejected, and the sums over them. */
export interface Material {
  facts: FactView[];
  ledger: LedgerView;
}

export interface Found {
  kind: ContradictionKind;
  /** What it is about, values too: hashed into the key, so that another value is another question. */
  about: string;
  title: string;
  advice: string;
  sides: ContradictionSide[];
  isChoice: boolean;
}

/** Pure: the same facts always give the same answer, in the same order. */
export type ContradictionRule = (material: Material) => Found[];

/** Facts that say the same as one side, in the order of their places. */
export function sideOf(value: string, facts: readonly FactView[]): ContradictionSide {
  return { value, factIds: facts.map(({ factId }) => factId), sources: inOrder(facts.map(({ source }) => source)) };
}

export function inOrder(sources: readonly SourceRef[]): SourceRef[] {
  return sources.toSorted(
    (a, b) => (a.documentName < b.documentName ? -1 : a.documentName > b.documentName ? 1 : 0) || a.page - b.page || a.start - b.start,
  );
}

export const documentsIn = (sides: readonly ContradictionSide[]): number =>
  new Set(sides.flatMap(({ sources }) => sources.map(({ documentId }) => documentId))).size;
