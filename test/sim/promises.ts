import { isDeepStrictEqual } from 'node:util';
import { entityShape, type WireRow } from '../../src/main/sync/entities.ts';
import { rowsOf } from '../support/laptop.ts';
import { Violation, type World, type Written } from './world.ts';

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
