import { Worker } from 'node:worker_threads';
import type { WorkerBudget, Workers } from './host.ts';
import { WorkerCrowdedOut, WorkerKilled } from './host.ts';
import type { TaskMessage, TaskReply } from './worker-entry.ts';
import { watchMemory, type MemoryWatch } from './worker-memory.ts';

export interface NodeWorkerOptions {
  /** Where the worker's entry lies; a bundle names its own. */
  entry?: URL;
  /** Workers that run at the same time; further tasks wait in order. */
  maxWorkers?: number;
  /** An idle worker is ended after this time. */
  idleMs?: number;
  /** Of what tasks with a purse take. */
  memory?: MemoryWatch;
}

interface Slot {
  worker: Worker;
  memoryMb: number;
  idleTimer: NodeJS.Timeout | null;
  job: Job | null;
}

interface Job {
  message: TaskMessage;
  budget: WorkerBudget;
  settled: boolean;
  settle(finish: () => void): void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Worker threads that run tasks one at a time each. A worker is used again only by tasks with the same memory budget and only
 * after it answered; a worker that was killed, trapped or crashed is never used again. Time spent waiting for a free
 * worker, or to be alone, does not count against the task's time; an abort does end the wait.
 * The whole ArrayBuffer behind a Uint8Array at the top of `input` is moved to the worker where the array spans all of it, so
 * the caller can no longer read it; a part of a larger buffer is copied.
 */
export function createWorkers(options: NodeWorkerOptions = {}): Workers {
  const entry = options.entry ?? new URL('./worker-entry.ts', import.meta.url);
  // two read, one recognises text in the background, one is there for the window
  const maxWorkers = options.maxWorkers ?? 4;
  const idleMs = options.idleMs ?? 20_000;
  const memory = options.memory ?? watchMemory();
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  /** Begun and not told how it ended. */
  const active = new Set<Job>();
  let nextId = 1;
  let stopped = false;

  function spawn(memoryMb: number): Slot {
    const worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: Math.max(8, Math.min(64, memoryMb / 4)) },
      stdout: false,
      stderr: true,
    });
    worker.stderr.resume();
    const slot: Slot = { worker, memoryMb, idleTimer: null, job: null };
    slots.add(slot);
    worker.on('message', (reply: TaskReply) => {
      const job = slot.job;
      if (!job || job.message.id !== reply.id) return;
      slot.job = null;
      job.settle(() => {
        if (reply.ok) job.resolve(reply.value);
        else job.reject(reply.error);
      });
      rest(slot);
      pump();
    });
    worker.on('error', (error: unknown) => {
      kill(slot, isMemory(error) ? 'memory' : 'crash');
    });
    worker.on('exit', () => {
      kill(slot, 'crash');
    });
    return slot;
  }

  function kill(slot: Slot, cause: WorkerKilled['cause']): void {
    if (!slots.delete(slot)) return;
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    const job = slot.job;
    slot.job = null;
    job?.settle(() => {
      job.reject(new WorkerKilled(cause));
    });
    void slot.worker.terminate();
    pump();
  }

  /** As `kill`, but its task is told once the memory is free again: what waits to be alone has to have it. */
  async function end(slot: Slot, job: Job, why: 'crowded' | 'memory'): Promise<void> {
    if (slot.job !== job || !slots.delete(slot)) return;
    slot.job = null;
    await slot.worker.terminate().catch(() => undefined);
    job.settle(() => {
      job.reject(why === 'memory' ? new WorkerKilled('memory') : new WorkerCrowdedOut('others are read'));
    });
    pump();
  }

  function rest(slot: Slot): void {
    slot.worker.unref();
    slot.idleTimer = setTimeout(() => {
      kill(slot, 'aborted');
    }, idleMs);
    slot.idleTimer.unref();
  }

  /** The first that may run now. Nobody passes a task of the same purse that waits to be alone, or it would wait for ever. */
  function nextJob(): Job | undefined {
    const waiting = new Set<string>();
    return queue.find(({ budget: { purse } }) => {
      if (!purse) return true;
      const beside = [...active].filter((job) => job.budget.purse?.name === purse.name);
      const mayRun = !waiting.has(purse.name) && beside.every((job) => !purse.isAlone && job.budget.purse?.isAlone !== true);
      if (!mayRun) waiting.add(purse.name);
      return mayRun;
    });
  }

  function pump(): void {
    for (;;) {
      const job = stopped ? undefined : nextJob();
      if (!job) return;
      const idle = [...slots].filter((slot) => slot.job === null);
      const free = idle.find((slot) => slot.memoryMb === job.budget.memoryMb);
      if (!free && slots.size >= maxWorkers) {
        const other = idle[0];
        if (!other) return;
        kill(other, 'aborted');
        continue;
      }
      queue.splice(queue.indexOf(job), 1);
      start(free ?? spawn(job.budget.memoryMb), job);
    }
  }

  function start(slot: Slot, job: Job): void {
    if (slot.idleTimer) clearTimeout(slot.idleTimer);
    slot.worker.ref();
    slot.job = job;
    active.add(job);
    const taker = { purse: job.budget.purse ?? null, end: (why: 'crowded' | 'memory') => end(slot, job, why) };
    memory.began(taker);
    const timer = setTimeout(() => {
      kill(slot, 'timeout');
    }, job.budget.timeoutMs);
    const abort = (): void => {
      kill(slot, 'aborted');
    };
    job.budget.signal?.addEventListener('abort', abort, { once: true });
    job.settle = (finish) => {
      if (job.settled) return;
      job.settled = true;
      active.delete(job);
      memory.ended(taker);
      clearTimeout(timer);
      job.budget.signal?.removeEventListener('abort', abort);
      finish();
    };
    try {
      slot.worker.postMessage(job.message, transferable(job.message.input));
    } catch (error) {
      slot.job = null;
      job.settle(() => {
        job.reject(error);
      });
      rest(slot);
    }
  }

  return {
    run<I, O>(module: URL, task: string, input: I, budget: WorkerBudget): Promise<O> {
      return new Promise<O>((resolve, reject) => {
        if (stopped || budget.signal?.aborted) {
          reject(new WorkerKilled('aborted'));
          return;
        }
        const id = nextId++;
        const leaveQueue = (): void => {
          const at = queue.findIndex((waiting) => waiting.message.id === id);
          if (at < 0) return;
          queue.splice(at, 1);
          reject(new WorkerKilled('aborted'));
        };
        budget.signal?.addEventListener('abort', leaveQueue, { once: true });
        const job: Job = {
          message: { id, module: module.href, task, input },
          budget,
          settled: false,
          settle: (finish) => {
            finish();
          },
          resolve: (value) => {
            budget.signal?.removeEventListener('abort', leaveQueue);
            resolve(value as O);
          },
          reject: (error) => {
            budget.signal?.removeEventListener('abort', leaveQueue);
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        };
        queue.push(job);
        pump();
      });
    },
    async stop(): Promise<void> {
      stopped = true;
      for (const job of queue.splice(0)) job.reject(new WorkerKilled('aborted'));
      const all = [...slots];
      for (const slot of all) kill(slot, 'aborted');
      await Promise.all(all.map((slot) => slot.worker.terminate()));
    },
  };
}

function isMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : '';
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /out of memory|allocation|Cannot enlarge memory|OOM/i.test(error.message);
}

function transferable(input: unknown): ArrayBuffer[] {
  if (typeof input !== 'object' || input === null) return [];
  const buffers = Object.values(input).flatMap((value: unknown) =>
    value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength
      ? [value.buffer]
      : [],
  );
  return [...new Set(buffers)];
}
