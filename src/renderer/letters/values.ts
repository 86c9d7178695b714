import { createContext, useContext } from 'react';
import type { LetterValues, LetterVariable } from '../../shared/letters.ts';

/**
 * What the chips stand for, held beside the document: a corrected fact repaints every chip and the document stays as it
 * was, so there is nothing to save, to merge or to undo.
 */
export const LetterValuesContext = createContext<LetterValues>({
  variables: {},
  specials: { providers: [], totals: { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 } },
  exhibits: [],
});

export function useLetterValues(): LetterValues {
  return useContext(LetterValuesContext);
}

export const variableStateWords: Record<LetterVariable['state'], string> = {
  missing: 'not known yet',
  proposed: 'found, not approved yet',
  approved: 'approved',
  computed: 'computed',
  entered: 'entered in the letter',
};

/** "Ex. B, p. 3" for the first source of a variable; null where nothing supports it. */
export function citationText(values: LetterValues, of: string): string | null {
  const source = values.variables[of]?.sources[0];
  if (!source) return null;
  const exhibit = values.exhibits.find((candidate) => candidate.documentId === source.documentId);
  return `${exhibit ? `Ex. ${exhibit.mark.replace(/^exhibit\s+/i, '')}` : source.documentName}, p. ${String(source.page)}`;
}
