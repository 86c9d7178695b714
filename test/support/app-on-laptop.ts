import type { CallInput, CallName, CallOutput } from '../../src/shared/ipc/contract.ts';
import type { EventName } from '../../src/shared/ipc/events.ts';
import type { Outcome } from '../../src/shared/result.ts';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { createApp } from '../../src/main/app.ts';
import type { Host } from '../../src/main/host/host.ts';

export interface TestWindow {
  ask<N extends CallName>(name: N, input: CallInput<N>): Promise<Outcome<CallOutput<N>>>;
  /** The value of a call that must succeed. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Asks again after every event until it holds. */
  until<T>(what: string, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T>;
}

export interface TestApp {
  /** `hear` is told of every event that this window gets. */
  window(key: string, hear?: (event: EventName) => void): TestWindow;
  stop(): Promise<void>;
}

/** The whole app on a laptop, driven by the calls that windows make; start it again on the same host, and it is the same laptop. */
export async function startApp(host: Host, connection: FirmConnection): Promise<TestApp> {
  const app = await createApp(host, { settleMs: 20 });
  const wakers = new Set<() => void>();
  const window = (key: string, hear?: (event: EventName) => void): TestWindow => {
    const line = app.connect(key, (event) => {
      hear?.(event);
      for (const wake of wakers) wake();
    });
    const opened: TestWindow = {
      ask: (name, input) => line.call(name, input) as Promise<Outcome<never>>,
      async call(name, input) {
        const outcome = await opened.ask(name, input);
        if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.error)}`);
        return outcome.value;
      },
      async until(what, ask, holds) {
        const deadline = Date.now() + 15_000;
        for (;;) {
          const changed = new Promise<void>((resolve) => {
            const wake = (): void => {
              wakers.delete(wake);
              clearTimeout(timer);
              resolve();
            };
            const timer = setTimeout(wake, 200);
            wakers.add(wake);
          });
          const value = await ask();
          if (holds(value)) return value;
          if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}: ${JSON.stringify(value)}`);
          await changed;
        }
      },
    };
    return opened;
  };
  await window('setup').call('setup.connectFirm', connection);
  return { window, stop: () => app.stop() };
}
