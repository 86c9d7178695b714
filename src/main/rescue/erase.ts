import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, isAbsolute } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Erased } from '../sync/laptop-line.ts';
import { RemoteError } from '../sync/remote.ts';
import { accountFiles, rescueName } from './account-files.ts';
import { createGently } from './gently.ts';
import { readJournal, writeJournal, type Journal } from './journal.ts';
import { findRecoveryKey, keepSealedKey } from './sealed-key.ts';
import { syncFolder, writeRescue } from './write-rescue.ts';

export interface EraseInput {
  host: Host;
  accountKey: string;
  /** Which server wanted it. */
  place: string;
  /** Tells the firm, at the server named by `place`; rejects where it cannot be reached: then the next start does. */
  tell(report: Erased, place: string): Promise<void>;
  /** Called where a crash would leave the most between two steps. Tests end the run here. */
  checkpoint?(name: string): void;
  /** Only for controls that must fail. */
  rescue?: typeof writeRescue;
}

/**
 * Erases an account's copy because its firm revoked the laptop. In this order: what the firm does not have goes into a file sealed to the firm's
 * recovery key and is read back from the disk; the copy's key leaves the keychain, from which moment nobody can read it; the copy, exports and
 * logs are removed; the firm is told. Each step is in the journal before the next begins, so that a crash anywhere is gone on from.
 * Where the file cannot be written, the locked copy itself is what is kept, with its key sealed to the recovery key. Without a recovery
 * key what the firm does not have is lost: its user was told so before (`warnsOfNoRecovery`).
 */
export async function eraseCopy(input: EraseInput): Promise<Journal> {
  const { host, accountKey } = input;
  const now = host.clock.now();
  const name = rescueName(now, accountKey, null);
  let journal = await readJournal(host, accountKey);
  if (journal?.why !== 'revoked' || journal.step === 'done') {
    journal = await writeJournal(host, accountKey, {
      ...{ version: 1, why: 'revoked', step: 'rescuing', at: now, report: null, exports: [], problem: null },
      rescuePath: join(host.paths.rescue, `${name}.age`),
      keptPath: join(host.paths.data, 'sealed', name),
      place: input.place,
    });
  }
  input.checkpoint?.('begun');
  if (journal.step === 'rescuing') {
    const rescued = await rescueWork(input, journal);
    const next = rescued.ok
      ? { ...journal, ...rescued.value, step: 'clearing' as const, problem: null }
      : { ...journal, problem: rescued.error };
    journal = await writeJournal(host, accountKey, next);
    if (!rescued.ok) return journal;
  }
  input.checkpoint?.('rescued');
  if (journal.step === 'clearing') {
    await clear(input, journal);
    journal = await writeJournal(host, accountKey, { ...journal, step: 'telling', exports: [] });
  }
  input.checkpoint?.('cleared');
  if (journal.step === 'telling') journal = await tellFirm(input, journal);
  return journal;
}

type Found = Pick<Journal, 'report' | 'exports' | 'rescuePath' | 'keptPath'>;
type Report = NonNullable<Journal['report']>;

/** Errors: conflict (another Steno has the copy open), or why neither a file nor a sealed key could be written. Nothing is gone then. */
async function rescueWork({ host, accountKey, rescue = writeRescue }: EraseInput, journal: Journal): Promise<Outcome<Found>> {
  const files = accountFiles(host, accountKey);
  const found = (report: Report, over: Partial<Found> = {}): Outcome<Found> =>
    ok({ report, exports: [], rescuePath: journal.rescuePath, keptPath: journal.keptPath, ...over });
  const nothing: Report = { rescue: 'nothing', changes: 0, files: 0, unreadable: 0 };
  if (!existsSync(files.store)) return found(nothing);

  // nobody can look inside, so how much it holds is not known
  const unopened = found({ rescue: existsSync(files.sealedKey) ? 'sealed_store' : 'lost', changes: 0, files: 0, unreadable: 1 });
  const key = await host.secrets.get(files.storeKeySecret);
  if (key === null) return unopened;
  const opened = openStore(files.store, key);
  if (!opened.ok) return opened.error.code === 'conflict' ? opened : unopened;
  const store = opened.value;
  try {
    const publicKey = await findRecoveryKey(store, files.recoveryKey);
    const { exports, counts } = lookInto(store, host);
    if (counts.changes + counts.files + counts.unreadable === 0) return found(nothing, { exports });
    if (publicKey === null) return found({ ...counts, rescue: 'lost' }, { exports });
    // under the name of the key as well, so that IT knows which to take
    const rescuePath = join(dirname(journal.rescuePath), `${rescueName(journal.at, accountKey, publicKey)}.age`);
    const written = await rescue({ store, reason: 'revoked', now: journal.at, publicKey, path: rescuePath });
    if (written.ok) return found({ ...written.value, rescue: 'file' }, { exports, rescuePath });
    const sealed = await keepSealedKey(files.sealedKey, { accountKey, storeKey: key, publicKey }).then(
      () => true,
      () => false,
    );
    const keptPath = join(dirname(journal.keptPath), rescueName(journal.at, accountKey, publicKey));
    return sealed ? found({ ...counts, rescue: 'sealed_store' }, { exports, keptPath }) : err(written.error);
  } finally {
    store.close();
  }
}

function lookInto(store: Store, host: Host): { exports: string[]; counts: Omit<Report, 'rescue'> } {
  const read = createGently(store);
  const number = (sql: string): number => read.one<{ n: number }>(sql)?.n ?? 0;
  const changes = number('select count(*) as n from outbox');
  const files = number('select count(*) as n from blob where uploaded = 0 and is_whole = 1');
  const exports = (read.all<{ path: string }>('select path from export_file') ?? []).map(({ path }) => path);
  const unreadable = read.unreadable();
  return { exports: exports.filter((path) => isInside(host.paths.exports, path)), counts: { changes, files, unreadable } };
}

/** Only what lies where Steno writes exports is Steno's to remove. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

async function clear({ host, accountKey, checkpoint }: EraseInput, { report, keptPath, exports }: Journal): Promise<void> {
  const files = accountFiles(host, accountKey);
  await host.secrets.delete(files.storeKeySecret);
  await host.secrets.delete(files.assistantKeys);
  checkpoint?.('key removed');
  if (report?.rescue === 'sealed_store') {
    await mkdir(dirname(keptPath), { recursive: true, mode: 0o700 });
    if (existsSync(files.folder)) await rename(files.folder, keptPath);
    await syncFolder(dirname(keptPath));
  } else {
    for (const name of await readdir(files.folder).catch(() => [])) {
      await rm(join(files.folder, name), { recursive: true, force: true });
      checkpoint?.(`${name} removed`);
    }
    await rmdir(files.folder).catch(ignoreMissing);
  }
  checkpoint?.('copy removed');
  for (const path of exports) await rm(path, { force: true });
  // the log names no person and no matter, but it is of this account as well
  for (const name of ['steno.log', 'steno.log.1']) await rm(join(host.paths.data, name), { force: true });
  const token = await host.secrets.get(files.sessionSecret);
  if (token !== null) await host.secrets.set(files.lastSessionSecret, token);
  checkpoint?.('token kept');
  await host.secrets.delete(files.sessionSecret);
}

async function tellFirm({ host, accountKey, tell, checkpoint }: EraseInput, journal: Journal): Promise<Journal> {
  const { rescue = 'nothing', changes = 0, files = 0 } = journal.report ?? {};
  try {
    await tell({ rescue: rescue === 'kept' ? 'nothing' : rescue, changes, files }, journal.place);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return journal; // the next start tells it
  }
  checkpoint?.('told');
  await host.secrets.delete(accountFiles(host, accountKey).lastSessionSecret);
  return writeJournal(host, accountKey, { ...journal, step: 'done' });
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: string }).code !== 'ENOENT') throw error;
}
