import { mkdir, writeFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { accountFiles, placeOf } from '../rescue/account-files.ts';
import { keepSealedKey } from '../rescue/sealed-key.ts';
import { laptopPolicy, localAccount } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import type { LaptopPolicy } from '../sync/remote.ts';

/** Notes that the firm answered just now, and what it decides. `ended_at` and the mark of the clock begin anew. */
export function keepAnswer(db: Db, policy: LaptopPolicy, now: number): void {
  const { offlineDays, recoveryKey } = policy;
  const before = db.select().from(laptopPolicy).get();
  const toldAt = recoveryKey === null ? (before?.toldAt ?? null) : null;
  const values = { only: 1, offlineDays, recoveryKey, toldAt, seenAt: now, endedAt: null };
  db.insert(laptopPolicy).values(values).onConflictDoUpdate({ target: laptopPolicy.only, set: values }).run();
  db.update(localAccount).set({ verifiedAt: now }).where(eq(localAccount.only, 1)).run();
}

/** The firm answered that this session is over. */
export function keepEnded(store: Store, now: number): void {
  store.transaction((db) => {
    const values = { only: 1, endedAt: now };
    db.insert(laptopPolicy)
      .values(values)
      .onConflictDoUpdate({ target: laptopPolicy.only, set: { endedAt: now } })
      .run();
    return ok({});
  });
}

/** The user has read what it means that the firm has no recovery key. */
export function keepTold(store: Store, now: number): Outcome<Nothing> {
  return store.transaction((db) => {
    const values = { only: 1, toldAt: now };
    db.insert(laptopPolicy)
      .values(values)
      .onConflictDoUpdate({ target: laptopPolicy.only, set: { toldAt: now } })
      .run();
    return ok({});
  });
}

export function warnsOfNoRecovery(store: Store): boolean {
  const policy = store.db.select().from(laptopPolicy).get();
  return policy !== undefined && policy.recoveryKey === null && policy.toldAt === null;
}

/** Puts beside the store what is needed when its key, or the right to open it, is gone: the key sealed to the firm's recovery key, and which server it is of. */
export async function keepBesideStore(
  host: Host,
  accountKey: string,
  { storeKey, recoveryKey, connection }: { storeKey: string; recoveryKey: string | null; connection: FirmConnection },
): Promise<void> {
  const files = accountFiles(host, accountKey);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await writeFile(files.place, placeOf(connection), { mode: 0o600 });
  if (recoveryKey === null) return;
  await writeFile(files.recoveryKey, recoveryKey, { mode: 0o600 });
  await keepSealedKey(files.sealedKey, { accountKey, storeKey, publicKey: recoveryKey });
}
