import fc from 'fast-check';

const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A property over made-up values; what fails says its seed, and STENO_SEED=N repeats it. */
export function checked<Values extends [unknown, ...unknown[]]>(
  ...given: [...{ [N in keyof Values]: fc.Arbitrary<Values[N]> }, (...values: Values) => void]
): void {
  const holds = given.at(-1) as (...values: Values) => void;
  const arbitraries = given.slice(0, -1) as { [N in keyof Values]: fc.Arbitrary<Values[N]> };
  fc.assert(
    fc.property(...arbitraries, (...values) => {
      holds(...(values as unknown as Values));
    }),
    { seed, numRuns: 300 },
  );
}
