import type { LetterValues } from '../../src/shared/letters.ts';

const noAmounts = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };

/** A letter that says nothing of its matter. */
export const noValues: LetterValues = { variables: {}, specials: { providers: [], totals: noAmounts }, exhibits: [] };

/** A row of the specials table: billed and owed are the same, nothing was paid. */
export function providerRow(provider: string, billedCents: number): LetterValues['specials']['providers'][number] {
  return { ...noAmounts, provider, billedCents, owedCents: billedCents, serviceFrom: null, serviceTo: null, lineCount: 1, sources: [] };
}
