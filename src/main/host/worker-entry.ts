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
      port.postMessage(reply);
    } catch (error) {
      port.postMessage({
        id: message.id,
        ok: false,
        error: new Error(`the task's answer cannot be sent: ${String(error)}`),
      } satisfies TaskReply);
    }
  });
});

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
