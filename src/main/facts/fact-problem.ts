import type { FactKind } from '../../shared/facts.ts';

/** Why a person should look at a fact although it stands as the document has it; worked out from what is kept of it. Null: nothing speaks against it. */
export function factProblem({ kind, normal, method }: { kind: FactKind; normal: string; method: string }): string | null {
  if (kind === 'diagnosis' && method === 'rule:icd9-ended')
    return 'An ICD-9-CM code for services from October 1, 2015, when ICD-10-CM took its place.';
  if (kind === 'diagnosis' && method === 'rule:icd10-too-early')
    return 'An ICD-10-CM code for services before October 1, 2015, when ICD-9-CM was in use.';
  if (kind === 'vehicle_vin' && !hasVinCheckDigit(normal))
    return 'Its check digit does not fit: compare each character with the page, or look at the vehicle. Vehicles made outside North America may have none.';
  return null;
}

const vinValues = new Map(Array.from('0123456789', (digit) => [digit, Number(digit)]));
for (const [letters, from] of [
  ['ABCDEFGH', 1],
  ['JKLMN', 1],
  ['PR', 7],
  ['STUVWXYZ', 2],
] as const)
  for (let index = 0; index < letters.length; index += 1) vinValues.set(letters.charAt(index), letters[index] === 'R' ? 9 : from + index);
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** The ninth character of a North American VIN is the weighted sum of the others modulo 11, X for ten (49 CFR 565.15). */
export function hasVinCheckDigit(vin: string): boolean {
  if (vin.length !== 17) return false;
  let sum = 0;
  for (let index = 0; index < vin.length; index += 1) {
    const value = vinValues.get(vin.charAt(index));
    if (value === undefined) return false;
    sum += value * (vinWeights[index] ?? 0);
  }
  const check = sum % 11;
  return vin[8] === (check === 10 ? 'X' : String(check));
}
