import { entityShape } from '../../src/main/sync/entities.ts';

/** Runs as an app that does not have these columns yet, or does not know these values. `update()` is the day it is updated. */
export function asOlderApp(entity: string, without: { columns?: string[]; values?: Record<string, string[]> }): { update(): void } {
  const shape = entityShape(entity);
  if (!shape) throw new Error(`no entity ${entity}`);
  const before = new Map(shape.columns);
  for (const name of without.columns ?? []) shape.columns.delete(name);
  for (const [name, values] of Object.entries(without.values ?? {})) {
    const column = shape.columns.get(name);
    if (!column?.allowed) throw new Error(`${entity}.${name} takes any value`);
    shape.columns.set(name, { ...column, allowed: column.allowed.filter((value) => !values.includes(value)) });
  }
  return {
    update() {
      for (const [name, column] of before) shape.columns.set(name, column);
    },
  };
}
