import { isDeepStrictEqual } from 'node:util';
import { entityShape, type WireRow } from '../../src/main/sync/entities.ts';
import type { Mutation, Touched } from '../../src/main/sync/outbox.ts';
import type { Verdict } from '../../src/main/sync/remote.ts';
import { fakeParents } from '../support/fake-entities.ts';
import { outboxOf, rowsOf } from '../support/laptop.ts';
import { Violation, type Seat, type World, type Written } from './world.ts';

/** What holds at the end of every history, whatever its chapters: convergent, exactly once, nothing acknowledged lost. */
export function checkPromises(world: World): void {
  checkConvergence(world);
  const { firm } = world;
  for (const [mutationId, times] of firm.judged)
    if (times !== 1) throw new Violation(`mutation ${mutationId} was applied ${String(times)} times`);
  const written = [...world.written.values()];
  const accepted = written.filter((one) => firm.verdicts.get(one.mutationId)?.verdict !== 'rejected' && !world.isKeptElsewhere(one));
  const conflicts = [...(firm.rows.get('conflict')?.values() ?? [])].map(({ row }) => row);
  for (const one of accepted) {
    if (!firm.judged.has(one.mutationId)) throw new Violation(`an acknowledged change of a ${one.entity} never reached the firm`);
    for (const field of uniqueFields[one.entity] ?? []) {
      if (field in one.patch && isLost(one, field, world, written, conflicts))
        throw new Violation(
          `${field} ${JSON.stringify(one.patch[field])} was lost without a conflict: ${traceOf(one.entityId, field, world, written)}`,
        );
    }
  }
}

/** Fields in which no value is ever written twice, so that a value can be followed. */
const uniqueFields: Record<string, string[]> = { matter: ['title', 'case_reference'], letter: ['title'] };

/** Every laptop holds what it has to, as the firm has it, and nothing else. */
function checkConvergence(world: World): void {
  for (const seat of world.seats) {
    for (const [entity, table] of world.firm.rows) {
      const mine = rowsOf(seat.laptop.store, entity);
      const names = [...(entityShape(entity)?.columns.keys() ?? [])];
      const due = [...table].filter(([id]) => world.sees(seat, entity, id));
      if (mine.size !== due.length)
        throw new Violation(`laptop ${String(seat.n)} has ${String(mine.size)} of ${String(due.length)} rows of ${entity}`);
      for (const [id, { row }] of due) {
        const expected = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
        if (!isDeepStrictEqual(mine.get(id), expected)) {
          throw new Violation(
            `laptop ${String(seat.n)} differs in a ${entity}: ${JSON.stringify(mine.get(id))} is not ${JSON.stringify(expected)}`,
          );
        }
      }
    }
  }
}

/** A value may leave a row only by a change from a laptop that had shown it, or into a conflict. */
function isLost(one: Written, field: string, { firm }: World, written: Written[], conflicts: WireRow[]): boolean {
  const value = one.patch[field];
  if (firm.rows.get(one.entity)?.get(one.entityId)?.row[field] === value) return false;
  if (
    conflicts.some(
      ({ entity_id: id, proposed, current }) =>
        id === one.entityId && [proposed, current].some((side) => (side as WireRow)[field] === value),
    )
  )
    return false;
  const others = written.filter((other) => other !== one && other.entityId === one.entityId && field in other.patch);
  const shownOn = new Set([one.laptop, ...others.filter((other) => other.seen[field] === value).map(({ laptop }) => laptop)]);
  return !others.some((other) => shownOn.has(other.laptop) && firm.verdicts.get(other.mutationId)?.verdict !== 'rejected');
}

/** For a person who has to find out why: every change of that field, who made it, what they saw, what the firm said. */
function traceOf(entityId: string, field: string, { firm }: World, written: Written[]): string {
  const touching = written.filter((one) => one.entityId === entityId && field in one.patch);
  return touching
    .map(
      ({ laptop, patch, seen, mutationId }) =>
        `${String(laptop)}: ${String(seen[field])} -> ${String(patch[field])} ${firm.verdicts.get(mutationId)?.verdict ?? '?'}`,
    )
    .join('; ');
}

/**
 * Causal at the firm (S2, S4): when it accepts a change of a laptop, it has judged everything that laptop changed before, or what it has not
 * judged waits behind a refused change of the same row. And nothing is accepted over a refused change of its row that waits for its user.
 */
export function watchOrder(world: World): (seat: Seat, batch: Mutation[], verdicts: Verdict[]) => void {
  const judgedBefore = new Set<string>();
  const accepted = (verdict?: Verdict): boolean => verdict !== undefined && verdict.verdict !== 'rejected' && verdict.verdict !== 'fenced';
  return ({ n, laptop }, batch, verdicts) => {
    const outbox = outboxOf(laptop.store);
    const refused = new Set<string>();
    const fresh = new Set<string>();
    for (const [at, { mutationId, entityId }] of batch.entries()) {
      const verdict = verdicts[at];
      const isFresh = !judgedBefore.has(mutationId);
      if (verdict && verdict.verdict !== 'fenced') judgedBefore.add(mutationId);
      if (verdict?.verdict === 'rejected') refused.add(entityId);
      if (!isFresh || !accepted(verdict)) continue;
      fresh.add(mutationId);
      const before = outbox.slice(
        0,
        outbox.findIndex(({ mutation_id }) => mutation_id === mutationId),
      );
      if (refused.has(entityId) || before.some(({ state, entity_id }) => state === 'dead' && entity_id === entityId))
        throw new Violation('a change was accepted over a refused one of its row');
    }
    const mine = [...world.written.values()].filter((one) => one.laptop === n);
    const verdictOf = (one: Written): string | undefined => world.firm.verdicts.get(one.mutationId)?.verdict;
    for (const one of mine) if (verdictOf(one) === 'rejected') refused.add(one.entityId);
    const passed = mine
      .slice(
        0,
        Math.max(
          0,
          mine.findLastIndex(({ mutationId }) => fresh.has(mutationId)),
        ),
      )
      .find((one) => verdictOf(one) === undefined && !refused.has(one.entityId));
    if (passed) throw new Violation(`a ${passed.entity} was passed by a later change of its own laptop`);
  };
}

/** Causal on laptops: what a page brought is there with what it belongs to. */
export function checkParents({ laptop, n }: Seat, touched: Touched[]): void {
  for (const { entity, entityId } of touched) {
    const row = rowsOf(laptop.store, entity).get(entityId);
    for (const [field, parent] of Object.entries(fakeParents[entity] ?? {})) {
      const id = row?.[field];
      if (typeof id === 'string' && !rowsOf(laptop.store, parent).has(id))
        throw new Violation(`laptop ${String(n)} has a ${entity} without its ${parent}`);
    }
  }
}
