import { ok } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import type { Host } from '../host/host.ts';
import { laptopPolicy } from '../store/schema.ts';
import { thisCopy, type Store } from '../store/store.ts';
import { createLaptopLine } from '../sync/laptop-line.ts';
import { RemoteError } from '../sync/remote.ts';
import { keepAnswer, keepBesideStore, keepEnded, warnsOfNoRecovery } from './laptop-policy.ts';
import { createClockMark } from './offline.ts';

/** Looks after an open account: what its firm decides for laptops, how far its clock has come, and whether it may go on at all. */
export interface Keeper {
  /** What the sync loop found. */
  onStatus(status: SyncStatus): void;
  stop(): Promise<void>;
}

interface KeeperInput {
  host: Host;
  accountKey: string;
  store: Store;
  storeKey: string;
  connection: FirmConnection;
  token: string;
  /** The sign-in itself brought the firm's policy. */
  hasAnswer: boolean;
  /** The firm wants this copy erased. Called once. */
  onRevoked(): void;
  /** A page of the store cannot be read. */
  onDamaged(): void;
  /** Whether its user has to be told that there is no recovery key. */
  onWarning(warns: boolean): void;
}

const askEveryMs = 3_600_000;
const noteEveryMs = 60_000;

export function createKeeper(input: KeeperInput): Keeper {
  const { host, accountKey, store, storeKey, connection, token } = input;
  const mark = createClockMark(store, host.clock);
  let isStopped = false;
  let isRevoked = false;
  let isEnded = false;
  let askedAt = input.hasAnswer ? performance.now() : Number.NEGATIVE_INFINITY;
  let asking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => mark.note(), noteEveryMs);
  timer.unref();

  function revoked(): void {
    if (isRevoked || isStopped) return;
    isRevoked = true;
    input.onRevoked();
  }
  function ended(): void {
    // without a token the firm was asked about nobody
    if (isEnded || isStopped || token === '') return;
    isEnded = true;
    keepEnded(store, host.clock.now());
  }

  async function ask(): Promise<void> {
    const line = createLaptopLine(connection, token);
    try {
      const policy = await line.policy();
      if (isStopped) return;
      const before = store.db.select().from(laptopPolicy).get()?.recoveryKey ?? null;
      store.transaction((db) => {
        keepAnswer(db, policy, host.clock.now());
        return ok({});
      });
      mark.restart();
      if (policy.recoveryKey !== before) await keepBesideStore(host, accountKey, { storeKey, recoveryKey: policy.recoveryKey, connection });
      input.onWarning(warnsOfNoRecovery(store));
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      askedAt = Number.NEGATIVE_INFINITY; // with the next round that goes through
      if (error.error.code === 'revoked') revoked();
      else if (error.error.code === 'unauthenticated') ended();
    } finally {
      await line.close();
    }
  }

  return {
    onStatus({ phase, problem }) {
      if (isStopped) return;
      if (problem?.code === 'revoked') revoked();
      else if (problem?.code === 'corrupt' && problem.what === thisCopy) input.onDamaged();
      else if (problem?.code === 'unauthenticated') ended();
      else if (phase === 'synced' && performance.now() - askedAt > askEveryMs) {
        askedAt = performance.now();
        asking = ask().catch((error: unknown) => void host.log.bug('laptop policy', error));
      }
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      mark.note();
      await asking;
    },
  };
}
