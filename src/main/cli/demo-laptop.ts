import { join } from 'node:path';
import { explain } from '../../shared/errors.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/ipc/contract.ts';
import type { DemoAccount, FirmConnection } from '../../shared/setup.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { createApp } from '../app.ts';
import { createNodeHost } from '../host/node-host.ts';

/** A laptop of the demo: a whole app with its own data folder, driven by the calls a window makes. */
export interface Laptop {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Asks again at every event until `wanted` holds; gives up after `limitMs` and says what it waited for. */
  until<T>(what: string, ask: () => Promise<T>, wanted: (value: T) => boolean, limitMs?: number): Promise<T>;
  sync(): Promise<SyncStatus>;
  stop(): Promise<void>;
}

export async function startLaptop(folder: string, connection: FirmConnection, account: DemoAccount): Promise<Laptop> {
  process.env['STENO_KEYCHAIN'] = 'off'; // two laptops on one machine must not share a keychain
  const host = await createNodeHost({ kind: 'cli', dataDir: join(folder, 'data') });
  const app = await createApp(host, { settleMs: 100 });
  let wake = (): void => undefined;
  const window = app.connect('demo', () => wake());

  async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const outcome = await window.call(name, input);
    if (outcome.ok) return outcome.value as CallOutput<N>;
    const { title, advice } = explain(outcome.error);
    throw new Error(`${name}: ${title} ${advice}`);
  }

  async function until<T>(what: string, ask: () => Promise<T>, wanted: (value: T) => boolean, limitMs = 60_000): Promise<T> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const value = await ask();
      if (wanted(value)) return value;
      if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
      await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 500, null).unref())]);
    }
  }

  await call('setup.connectFirm', connection);
  await call('session.signIn', { firmSlug: connection.firmSlug, email: account.email, password: account.password });
  return { call, until, sync: () => call('sync.now', {}), stop: () => app.stop() };
}
