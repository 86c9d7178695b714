import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../shared/errors.ts';
import type { LostCopy } from '../../shared/session.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { accountFiles, placeOf } from '../rescue/account-files.ts';
import { eraseCopy } from '../rescue/erase.ts';
import { listJournals, readJournal, removeJournal, toLostCopy, writeJournal, type Journal } from '../rescue/journal.ts';
import { repairCopy } from '../rescue/repair.ts';
import { thisCopy } from '../store/store.ts';
import { createLaptopLine, type Erased } from '../sync/laptop-line.ts';
import { RemoteError } from '../sync/remote.ts';

/** Copies that this laptop may not keep, or cannot read any more. */
export interface LostCopies {
  list(): Promise<LostCopy[]>;
  /** The firm wants it erased. */
  erase(accountKey: string): Promise<void>;
  /** Pages of it cannot be read. */
  repair(accountKey: string): Promise<void>;
  /** What an earlier run left undone; then asks the firm for each account of this laptop whether its copy must go. To be called at the start. */
  resume(): Promise<void>;
  /** Goes on with what an earlier run left undone. Null: the copy may be opened; else why it is still being erased or repaired. */
  finish(accountKey: string): Promise<AppError | null>;
  /** Somebody has read what became of it. */
  note(accountKey: string): Promise<void>;
  pathOf(accountKey: string): Promise<string | null>;
}

interface LostCopiesInput {
  host: Host;
  connection(): Promise<FirmConnection | null>;
  /** Runs alone: no sign-in and no other of these meanwhile. */
  oneAtATime<T>(work: () => Promise<T>): Promise<T>;
  /** Closes the account's windows and its store. */
  close(accountKey: string): Promise<void>;
  /** Windows ask again. */
  onChange(): void;
  /** No question to the firm is begun after it. */
  isStopping(): boolean;
}

/** What could not be ended (a command of Steno reads the copy at the moment, the firm is away) is gone on with while the app runs. */
const againMs = [1_000, 2_000, 5_000, 15_000, 60_000];

export function createLostCopies(input: LostCopiesInput): LostCopies {
  const { host, onChange } = input;
  const busy = new Set<string>();
  const later = new Map<string, { attempt: number; timer: NodeJS.Timeout }>();

  async function tell(accountKey: string, place: string, report: Erased): Promise<void> {
    const connection = await input.connection();
    const files = accountFiles(host, accountKey);
    const token = (await host.secrets.get(files.lastSessionSecret)) ?? (await host.secrets.get(files.sessionSecret));
    // a token is shown to the server that gave it, and to no other
    if (token === null || !connection || placeOf(connection) !== place)
      throw new RemoteError({ code: 'cancelled', what: 'telling the firm' });
    const line = createLaptopLine(connection, token);
    try {
      await line.erased(report);
    } finally {
      await line.close();
    }
  }

  /** Once at a time for an account: two windows and the loop hear of it at the same moment. */
  async function once(accountKey: string, work: () => Promise<void>): Promise<void> {
    if (busy.has(accountKey) || input.isStopping()) return;
    busy.add(accountKey);
    try {
      await input.oneAtATime(work);
    } finally {
      busy.delete(accountKey);
      onChange();
    }
    const journal = await readJournal(host, accountKey);
    goOnLater(accountKey, journal !== null && journal.step !== 'done');
  }

  /** Also a sign-in tries, so the attempt that was planned gives way to the next. */
  function goOnLater(accountKey: string, isDue: boolean): void {
    const before = later.get(accountKey);
    clearTimeout(before?.timer);
    later.delete(accountKey);
    if (!isDue) return;
    const attempt = before ? before.attempt + 1 : 0;
    const again = (): void => void goOn(accountKey).catch((error: unknown) => void host.log.bug('lost copy', error));
    later.set(accountKey, { attempt, timer: setTimeout(again, againMs[Math.min(attempt, againMs.length - 1)]).unref() });
  }

  const erase = (accountKey: string): Promise<void> =>
    once(accountKey, async () => {
      await input.close(accountKey);
      const connection = await input.connection();
      await eraseCopy({
        host,
        accountKey,
        place: connection ? placeOf(connection) : '',
        tell: (report, place) => tell(accountKey, place, report),
        checkpoint: (name) => {
          if (name === 'begun' || name === 'rescued') onChange();
        },
      });
    });

  const repair = (accountKey: string): Promise<void> =>
    once(accountKey, async () => {
      await input.close(accountKey);
      await repairCopy({ host, accountKey });
    });

  async function askFirm(): Promise<void> {
    const connection = await input.connection();
    if (!connection) return;
    const accounts = await readdir(join(host.paths.data, 'stores')).catch(() => []);
    for (const accountKey of accounts) {
      if (input.isStopping()) return;
      const files = accountFiles(host, accountKey);
      const place = existsSync(files.place) ? await readFile(files.place, 'utf8') : null;
      if (place !== placeOf(connection)) continue;
      const token = (await host.secrets.get(files.sessionSecret)) ?? (await host.secrets.get(files.lastSessionSecret));
      if (token === null) continue;
      const line = createLaptopLine(connection, token);
      try {
        await line.policy();
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (error.error.code === 'offline') return; // nor would it answer for the next
        if (error.error.code === 'revoked') await erase(accountKey);
      } finally {
        await line.close();
      }
    }
  }

  async function goOn(accountKey: string): Promise<void> {
    const journal = await readJournal(host, accountKey);
    if (!journal || journal.step === 'done') return;
    await (journal.why === 'revoked' ? erase(accountKey) : repair(accountKey));
  }

  return {
    async list() {
      const all = await listJournals(host);
      return all.filter(({ journal }) => !journal.isRead).map(({ accountKey, journal }) => toLostCopy(accountKey, journal));
    },
    erase,
    repair,
    async resume() {
      for (const { accountKey } of await listJournals(host)) await goOn(accountKey);
      await askFirm();
    },
    async finish(accountKey) {
      const isOpen = ({ step }: Pick<Journal, 'step'>): boolean => step === 'done' || step === 'telling';
      const before = await readJournal(host, accountKey);
      if (!before || isOpen(before)) return null;
      await goOn(accountKey);
      const after = await readJournal(host, accountKey);
      return !after || isOpen(after) ? null : (after.problem ?? busyWith(after));
    },
    async note(accountKey) {
      const journal = await readJournal(host, accountKey);
      if (journal?.step === 'done') await removeJournal(host, accountKey);
      else if (journal?.step === 'telling') await writeJournal(host, accountKey, { ...journal, isRead: true });
      onChange();
    },
    async pathOf(accountKey) {
      const journal = await readJournal(host, accountKey);
      return journal && toLostCopy(accountKey, journal).path;
    },
  };
}

function busyWith({ why }: Journal): AppError {
  const doing = why === 'revoked' ? 'erasing' : 'repairing';
  return { code: 'conflict', what: thisCopy, reason: `Steno is ${doing} it. Try again in a moment.` };
}
