import { ok, type Outcome } from '../../../shared/result.ts';
import type { SyncStatus } from '../../../shared/sync.ts';
import type { Store } from '../../store/store.ts';
import { measureStore, readStore } from '../doctor/measure.ts';
import type { Answer, Ask } from './protocol.ts';

/** What an account that is open is asked for. */
interface OpenAccount {
  store: Store;
  syncStatus(): SyncStatus;
  syncNow(): Promise<SyncStatus>;
  files: { idle(): Promise<void> };
}

/** Answers the command line out of an account that is open: counts and states, never a word of a matter. */
export async function answer(account: OpenAccount, ask: Ask, signal: AbortSignal): Promise<Outcome<Answer<Ask>>> {
  switch (ask) {
    case 'status': {
      const { phase, problem } = account.syncStatus();
      return ok({ ...readStore(account.store), app: { phase, problem } });
    }
    case 'now':
      // who closes the account does not wait for the round to end
      return Promise.race([sync(account), throwOnceOver(signal)]);
    case 'doctor':
      return ok(await measureStore(account.store, signal));
  }
}

async function sync({ syncNow, files }: OpenAccount): Promise<Outcome<SyncStatus>> {
  const end = await syncNow();
  await files.idle();
  return ok(end);
}

function throwOnceOver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over')), { once: true }));
}
