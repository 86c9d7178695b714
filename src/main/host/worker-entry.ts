import { parentPort } from 'node:worker_threads';

/** What the pool sends for one task. */
export interface TaskMessage {
  id: number;
  module: string;
  task: string;
  input: unknown;
}

/** The task's answer; an error keeps its name, message and stack. */
export type TaskReply = { id: number; ok: true; value: unknown } | { id: number; ok: false; error: unknown };

type Tasks = Record<string, (input: unknown) => Promise<unknown>>;

const port = parentPort;
port?.on('message', (message: TaskMessage) => {
  void answer(message).then((reply) => {
    try {
      port.postMessage(reply, reply.ok ? buffersOf(reply.value) : []);
    } catch (error) {
      port.postMessage({
        id: message.id,
        ok: false,
        error: new Error(`the task's answer cannot be sent: ${String(error)}`),
      } satisfies TaskReply);
    }
  });
});

/** Whole buffers of an answer go to core without being copied: what was unpacked is in memory once. */
function buffersOf(value: unknown, depth = 4): ArrayBuffer[] {
  if (value instanceof Uint8Array)
    return value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength ? [value.buffer] : [];
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap((inner: unknown) => buffersOf(inner, depth - 1)))];
}

async function answer({ id, module, task, input }: TaskMessage): Promise<TaskReply> {
  try {
    const { tasks } = (await import(module)) as { tasks?: Tasks };
    const run = tasks?.[task];
    if (!run) throw new Error(`the worker module has no task "${task}"`);
    return { id, ok: true, value: await run(input) };
  } catch (error) {
    // A module that ran out of memory or trapped cannot be trusted with the next task: let the worker die.
    if (isFatal(error)) throw error;
    return { id, ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function isFatal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'RuntimeError' ||
    (error instanceof RangeError && /allocation|out of memory|array buffer/i.test(error.message)) ||
    /out of memory|Cannot enlarge memory|OOM/i.test(error.message)
  );
}
