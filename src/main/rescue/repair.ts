import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ok, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { openStore } from '../store/store.ts';
import { accountFiles, filesOfStore, rescueName } from './account-files.ts';
import { readJournal, removeJournal, writeJournal, type Journal } from './journal.ts';
import { restoreWork } from './restore-work.ts';
import { findRecoveryKey } from './sealed-key.ts';
import { syncFolder, writeRescue } from './write-rescue.ts';

export interface RepairInput {
  host: Host;
  accountKey: string;
  checkpoint?(name: string): void;
}

/**
 * Pages of an account's copy cannot be read any more. What can be read of the work that the firm does not have goes into a rescue file for the firm's
 * recovery key and into a new copy, under the old mutationIds, so that the firm takes each change once whichever way it comes; all else comes from
 * the firm, as on a first sign-in. The damaged copy is put aside, never deleted. Goes on after a crash like `eraseCopy`.
 * Errors: those of openStore: nothing at all can be read (corrupt), or another Steno has it open; nothing was changed then.
 */
export async function repairCopy(input: RepairInput): Promise<Outcome<Journal>> {
  const { host, accountKey } = input;
  const now = host.clock.now();
  const name = rescueName(now, accountKey, null);
  let journal = await readJournal(host, accountKey);
  if (journal?.why !== 'damaged' || journal.step === 'done') {
    journal = await writeJournal(host, accountKey, {
      ...{ version: 1, why: 'damaged', step: 'rescuing', at: now, report: null, exports: [], problem: null },
      rescuePath: join(host.paths.rescue, `${name}.age`),
      keptPath: join(host.paths.data, 'set-aside', name),
      place: '',
    });
  }
  input.checkpoint?.('begun');
  if (journal.step === 'rescuing') {
    const saved = await saveWork(input, journal);
    if (!saved.ok) {
      await removeJournal(host, accountKey);
      return saved;
    }
    journal = await writeJournal(host, accountKey, { ...journal, ...saved.value, step: 'clearing' });
  }
  input.checkpoint?.('rescued');
  if (journal.step === 'clearing') {
    await swap(input, journal);
    journal = await writeJournal(host, accountKey, { ...journal, step: 'done' });
  }
  return ok(journal);
}

const newEnd = '.new';

async function saveWork(
  { host, accountKey, checkpoint }: RepairInput,
  journal: Journal,
): Promise<Outcome<Pick<Journal, 'report' | 'rescuePath'>>> {
  const files = accountFiles(host, accountKey);
  const key = (await host.secrets.get(files.storeKeySecret)) ?? '';
  for (const path of filesOfStore(`${files.store}${newEnd}`)) await rm(path, { force: true });
  const damaged = openStore(files.store, key);
  if (!damaged.ok) return damaged;
  try {
    const publicKey = await findRecoveryKey(damaged.value, files.recoveryKey);
    const rescuePath = join(dirname(journal.rescuePath), `${rescueName(journal.at, accountKey, publicKey)}.age`);
    // a second keeping, beside the new copy: where it cannot be written (disk full) the damaged one, which is kept, still holds all of it
    const written =
      publicKey === null
        ? null
        : await writeRescue({ store: damaged.value, reason: 'damaged', now: journal.at, publicKey, path: rescuePath });
    checkpoint?.('file written');
    const fresh = openStore(`${files.store}${newEnd}`, key);
    if (!fresh.ok) return fresh;
    try {
      const counts = restoreWork(damaged.value, fresh.value, journal.at);
      if (!counts.ok) return counts;
      const rescue = counts.value.changes + counts.value.files === 0 ? 'nothing' : written?.ok ? 'file' : 'kept';
      return ok({ report: { ...counts.value, rescue }, rescuePath });
    } finally {
      fresh.value.close();
    }
  } finally {
    damaged.value.close();
  }
}

/** Each rename can be found done or not done, so that this may run again from wherever it ended. */
async function swap({ host, accountKey, checkpoint }: RepairInput, { keptPath }: Journal): Promise<void> {
  const files = accountFiles(host, accountKey);
  await mkdir(keptPath, { recursive: true, mode: 0o700 });
  const isPutAside = existsSync(join(keptPath, basename(files.store)));
  if (!isPutAside) {
    if (existsSync(files.sealedKey)) await copyFile(files.sealedKey, join(keptPath, basename(files.sealedKey)));
    // what belongs to the file goes before it: with the file itself it counts as moved
    for (const path of filesOfStore(files.store).reverse())
      if (existsSync(path)) {
        await rename(path, join(keptPath, basename(path)));
        checkpoint?.(`${basename(path)} put aside`);
      }
    await syncFolder(keptPath);
  }
  for (const path of filesOfStore(`${files.store}${newEnd}`)) {
    const target = path.replace(`${files.store}${newEnd}`, files.store);
    if (existsSync(path)) await rename(path, target);
    checkpoint?.(`${basename(target)} in place`);
  }
  await syncFolder(files.folder);
}

/** A copy that does not open is put aside whole, so that its user can start afresh from the firm's. */
export async function setAside(host: Host, accountKey: string): Promise<Journal> {
  const files = accountFiles(host, accountKey);
  const now = host.clock.now();
  const keptPath = join(host.paths.data, 'set-aside', rescueName(now, accountKey, null));
  await mkdir(dirname(keptPath), { recursive: true, mode: 0o700 });
  const rescue = existsSync(files.sealedKey) ? 'sealed_store' : 'kept';
  await rename(files.folder, keptPath);
  await syncFolder(dirname(keptPath));
  return writeJournal(host, accountKey, {
    ...{ version: 1, why: 'afresh', step: 'done', at: now, exports: [], problem: null, keptPath, rescuePath: '', place: '' },
    report: { rescue, changes: 0, files: 0, unreadable: 1 },
  });
}
