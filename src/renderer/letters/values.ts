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
