import fc from 'fast-check';

/** A property over made-up values; what fails prints its seed and the smallest values that fail. */
export function checked<Values extends [unknown, ...unknown[]]>(
  ...given: [...{ [N in keyof Values]: fc.Arbitrary<Values[N]> }, (...values: Values) => void]
): void {
  const holds = given.at(-1) as (...values: Values) => void;
  const arbitraries = given.slice(0, -1) as { [N in keyof Values]: fc.Arbitrary<Values[N]> };
  fc.assert(
    fc.property(...arbitraries, (...values) => {
      holds(...values);
    }),
    { numRuns: 300 },
  );
}
