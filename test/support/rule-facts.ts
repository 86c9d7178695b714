import type { DocumentKind } from '../../src/shared/documents.ts';
import type { FactKind } from '../../src/shared/facts.ts';
import { extractFacts } from '../../src/main/facts/rules/extract-facts.ts';
import type { ProposedFact } from '../../src/main/facts/rules/proposals.ts';

/** Facts of one kind that the rules find in a text of one page, or of more where a form feed parts them. */
export function rulesFind(kind: FactKind, text: string, of: DocumentKind = 'Medical_Record'): ProposedFact[] {
  const pages = text.split('\f').map((page, index) => ({ page: index + 1, text: page }));
  return extractFacts({ name: 'x', kind: of, pages }).filter((fact) => fact.kind === kind);
}

/** Their normal forms. */
export const normals = (kind: FactKind, text: string, of?: DocumentKind): string[] => rulesFind(kind, text, of).map(({ normal }) => normal);
