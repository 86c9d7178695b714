import type { Workers } from '../../src/main/host/host.ts';

type Tasks = Record<string, (input: unknown) => unknown>;

/** Runs a worker's task on this thread, for tests that are not about workers. What goes in and out is copied, as it is on its way to a thread. */
export const workersHere: Workers = {
  async run(module, task, input) {
    const { tasks } = (await import(module.href)) as { tasks: Tasks };
    return structuredClone(await tasks[task]?.(structuredClone(input))) as never;
  },
  stop: () => Promise.resolve(),
};
