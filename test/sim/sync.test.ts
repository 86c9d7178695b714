import { expect, test } from 'vitest';
import { runHistory, traceOf, violationOf } from './history.ts';

const histories = Number(process.env['STENO_SIM_HISTORIES'] ?? 2_000);
const oneSeed = process.env['STENO_SIM_SEED'];
/** Seeds that found something once, with what they found. */
const kept: Record<string, number> = {
  'a change made while the line comes back waits for half a minute': 1739,
  'a laptop whose notices ended between two pieces of its rest sleeps on': 89,
};

test(
  '[S1-S5][S8][S9][S11] whatever lines, laptops and clocks do: exactly once, causal, convergent, nothing lost, drained in two seconds',
  { timeout: 120_000 + histories * 500 },
  async () => {
    const seeds =
      oneSeed === undefined ? [...Object.values(kept), ...Array.from({ length: histories }, (_, n) => n + 1)] : [Number(oneSeed)];
    for (const seed of seeds) {
      const violation = await violationOf(seed);
      if (violation) expect.fail(await traceOf(seed));
    }
  },
);

test('the histories are not idle: they write, clash, are refused, crash, and lose, repeat and reorder requests', async () => {
  const total = new Map<string, number>();
  for (let seed = 1; seed <= 60; seed += 1) {
    for (const [what, times] of await runHistory(seed)) total.set(what, (total.get(what) ?? 0) + times);
  }
  const least = {
    writes: 700,
    conflicts: 20,
    dead: 5,
    crashes: 20,
    'crashed writes': 2,
    'calls that failed': 500,
    'requests that came after their laptop gave up': 50,
    'requests that came twice': 1,
  };
  for (const [what, times] of Object.entries(least)) expect(total.get(what), what).toBeGreaterThanOrEqual(times);
});
