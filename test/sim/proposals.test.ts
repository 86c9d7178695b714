import { expect, test, vi } from 'vitest';
import { forget } from '../../src/main/sync/outbox.ts';
import type { pushWaiting } from '../../src/main/sync/push.ts';
import { outboxOf } from '../support/laptop.ts';
import { runHistory, usualChapters, type Tally } from './history.ts';
import { proposals } from './proposals.ts';
import { Violation, type ChapterOf, type Protocol, type World } from './world.ts';

const replaced = vi.hoisted(() => new WeakMap<object, typeof pushWaiting>());
vi.mock(import('../../src/main/sync/push.ts'), async (original) => {
  const real = await original();
  return { ...real, pushWaiting: (store, ...rest) => (replaced.get(store) ?? real.pushWaiting)(store, ...rest) };
});
const { pushWaiting: asItIs } = await vi.importActual<{ pushWaiting: typeof pushWaiting }>('../../src/main/sync/push.ts');

const histories = Number(process.env['STENO_SIM_HISTORIES'] ?? 200);
const oneSeed = process.env['STENO_SIM_SEED'];
/** Seeds that found something once, with what they found. */
const kept: Record<string, number> = { 'an edit is taken whose beginning waits as a proposal: its words are nowhere to be seen': 262 };

/** What the firm refuses and does not keep must still be with its author, the moment after. */
async function run(seed: number, protocol: Protocol = {}, push = asItIs): Promise<Tally | Violation> {
  let world: World | undefined;
  const remember: ChapterOf = (its) => {
    world = its;
    return { acts: [] };
  };
  const watched: typeof pushWaiting = async (store, ...rest) => {
    const before = outboxOf(store).filter(({ state }) => state === 'waiting');
    const pushed = await push(store, ...rest);
    const after = new Map(outboxOf(store).map((row) => [row.mutation_id, row.state]));
    for (const { mutation_id: id, entity } of before) {
      const verdict = world?.firm.verdicts.get(id);
      if (verdict?.verdict === 'rejected' && !verdict.proposal && entity !== 'proposal' && after.get(id) !== 'dead')
        throw new Violation(`a refused change of a ${entity} is no longer with its author`);
    }
    return pushed;
  };
  try {
    return await runHistory(seed, { ...protocol, onStore: (store) => replaced.set(store, watched) }, [
      ...usualChapters,
      proposals,
      remember,
    ]);
  } catch (error) {
    if (error instanceof Violation) return error;
    throw new Error(`history of seed ${String(seed)} (run it again with STENO_SIM_SEED=${String(seed)})`, { cause: error });
  }
}

test('[S12] letters are closed and roles end while others work apart: every text is in its letter, in a proposal or with its author', async () => {
  const seeds = oneSeed === undefined ? [...Object.values(kept), ...Array.from({ length: histories }, (_, n) => n + 1)] : [Number(oneSeed)];
  const total = new Map<string, number>();
  for (const seed of seeds) {
    const end = await run(seed);
    expect(end instanceof Violation ? end.message : undefined, `STENO_SIM_SEED=${String(seed)}`).toBeUndefined();
    if (!(end instanceof Violation)) for (const [what, times] of end) total.set(what, (total.get(what) ?? 0) + times);
  }
  if (oneSeed !== undefined) return;
  // the histories are not idle
  for (const reason of ['letter_finalized', 'letter_archived', 'deleted', 'role_ended'])
    expect(total.get(`proposed: ${reason}`), reason).toBeGreaterThan(3);
  for (const what of ['accepted', 'dismissed', 'conflicts']) expect(total.get(what), what).toBeGreaterThan(3);
});

test('[S12] control: a firm that says it keeps a proposal and does not loses what people wrote', async () => {
  const found: string[] = [];
  for (let seed = 1; seed <= 60 && found.length === 0; seed += 1) {
    const end = await run(seed, { server: { dropsProposals: true } });
    if (end instanceof Violation) found.push(end.message);
  }
  expect(found[0]).toMatch(/is in no proposal/);
});

test('[S12] control: a firm that takes a late edit in without a decision is found', async () => {
  const found: string[] = [];
  for (let seed = 1; seed <= 60 && found.length === 0; seed += 1) {
    const end = await run(seed, { server: { appliesProposals: true } });
    if (end instanceof Violation) found.push(end.message);
  }
  expect(found[0]).toMatch(/without a decision/);
});

test('control: a laptop that keeps no dead letters is found', async () => {
  const found: string[] = [];
  const push: typeof pushWaiting = async (store, ...rest) => {
    const pushed = await asItIs(store, ...rest);
    for (const { mutation_id: id, state } of outboxOf(store)) if (state === 'dead') forget(store, id);
    return pushed;
  };
  for (let seed = 1; seed <= 60 && found.length === 0; seed += 1) {
    const end = await run(seed, {}, push);
    if (end instanceof Violation) found.push(end.message);
  }
  expect(found[0]).toMatch(/no longer with its author/);
});

test('[S12] control: a firm that takes edits without what they build on has text that nobody sees', async () => {
  const end = await run(262, { server: { takesLoose: true } });
  expect(end).toMatchObject({ message: expect.stringContaining('is not in its letter') });
});
