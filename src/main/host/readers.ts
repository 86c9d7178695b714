import { WorkerCrowdedOut, type WorkerBudget, type Workers } from './host.ts';

/**
 * MB, for all files that are read at the same time (R10): two readers and what the rules look through. Counted is all that the process takes while they run (worker-memory.ts), in V8's heaps and out
 * of them. Not counted are what it had before, and what draws or recognises pages only where nothing is read.
 */
const purse = { name: 'reading', holdsMb: 480 };
/** V8's own limit of each of them, which the purse comes before. */
const memoryMb = 512;
/** Core, a worker and PDFium or a library each hold the bytes of a file of more MB than this: nothing is read beside it. */
const largeMb = 32;

interface Reading<I> {
  module: URL;
  task: string;
  /** Asked for at each attempt: bytes are moved to the worker. */
  input(): I | Promise<I>;
  /** Of the file, or of its text. */
  sizeBytes: number;
  /** Of each attempt. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Runs a task that reads what strangers wrote, others beside it. A file that is large, or turns out to be where others are read (a bomb is small until it is opened), waits until nothing else is
 * read and has all the memory. Rejects with WorkerKilled as `Workers.run` does; `memory`: all of it was not enough.
 */
export async function runReader<I, O>(workers: Workers, { module, task, input, sizeBytes, timeoutMs, signal }: Reading<I>): Promise<O> {
  const budget: WorkerBudget = { timeoutMs, memoryMb, ...(signal && { signal }) };
  if (sizeBytes < largeMb * 2 ** 20) {
    try {
      return await workers.run(module, task, await input(), { ...budget, purse });
    } catch (error) {
      if (!(error instanceof WorkerCrowdedOut)) throw error;
    }
  }
  return workers.run(module, task, await input(), { ...budget, purse: { ...purse, isAlone: true } });
}
