import type { DocumentRow } from '../../shared/documents.ts';
import type { FactView, LedgerView } from '../../shared/facts.ts';
import type { Found } from './score.ts';

export { evaluate, together, type Evaluation, type Found, type Score, type Slip } from './score.ts';
export { Truth } from './truth.ts';

/** What Steno found in a case, as `evaluate` compares it: nothing that a person rejected. */
export function foundIn(documents: readonly DocumentRow[], facts: readonly FactView[], { lines, statedTotals, totals }: LedgerView): Found {
  const paths = new Map<string, string>(documents.map(({ documentId, relativePath }) => [documentId, relativePath]));
  const at = ({ documentId, page, quote }: FactView['source']) => ({ document: paths.get(documentId) ?? documentId, page, quote });
  return {
    facts: facts
      .filter(({ state }) => state !== 'rejected')
      .map(({ kind, value, normal, method, source }) => ({ kind, value, normal, method, ...at(source) })),
    billLines: lines.filter(({ state }) => state !== 'rejected').map(({ source, ...line }) => ({ ...line, ...at(source) })),
    statedTotals: statedTotals.map(({ source, ...total }) => ({ ...total, ...at(source) })),
    totals,
  };
}
