import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { LostCopy } from '../../shared/session.ts';
import type { Host } from '../host/host.ts';
import { accountFiles } from './account-files.ts';
import { syncFolder, writeDurably } from './write-rescue.ts';

/**
 * What is being done with an account's copy, outside of it: whoever starts next, after a crash at any moment, goes on from here.
 * rescuing: nothing is gone yet. clearing: what the firm does not have is safe, the copy goes. telling: it is gone, the firm does not know.
 */
const Journal = z.object({
  version: z.literal(1),
  why: LostCopy.shape.why,
  step: z.enum(['rescuing', 'clearing', 'telling', 'done']),
  at: z.number().int(),
  /** Which server the copy was of: only that one is told. */
  place: z.string(),
  /** Decided before the first byte, so that a second attempt writes over the first. */
  rescuePath: z.string(),
  /** Where the copy itself goes, should it be kept. */
  keptPath: z.string(),
  report: z
    .object({
      rescue: z.enum(['nothing', 'file', 'sealed_store', 'lost', 'kept']),
      changes: z.number().int(),
      files: z.number().int(),
      unreadable: z.number().int(),
    })
    .nullable(),
  /** Files that Steno wrote outside of its folder for this account. */
  exports: z.array(z.string()),
  problem: AppError.nullable(),
  /** Somebody has read what became of it; it stays until the firm knows. */
  isRead: z.boolean().default(false),
});
export type Journal = z.infer<typeof Journal>;
export type NewJournal = z.input<typeof Journal>;

export async function readJournal(host: Host, accountKey: string): Promise<Journal | null> {
  const text = await readFile(accountFiles(host, accountKey).journal, 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = Journal.safeParse(tryJson(text));
  return parsed.success ? parsed.data : null;
}

export async function writeJournal(host: Host, accountKey: string, journal: NewJournal): Promise<Journal> {
  const { journal: path } = accountFiles(host, accountKey);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(`${path}.new`, [Buffer.from(JSON.stringify(journal))]);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
  return { isRead: false, ...journal };
}

export async function removeJournal(host: Host, accountKey: string): Promise<void> {
  await rm(accountFiles(host, accountKey).journal, { force: true });
}

/** Every account of this laptop with a journal. */
export async function listJournals(host: Host): Promise<{ accountKey: string; journal: Journal }[]> {
  const names = await readdir(join(host.paths.data, 'lost')).catch(() => []);
  const found: { accountKey: string; journal: Journal }[] = [];
  for (const name of names.filter((each) => /^[0-9a-f]{32}\.json$/.test(each)).sort()) {
    const accountKey = basename(name, '.json');
    const journal = await readJournal(host, accountKey);
    if (journal) found.push({ accountKey, journal });
  }
  return found;
}

/** As a window shows it. */
export function toLostCopy(accountKey: string, { why, step, at, rescuePath, keptPath, report, problem }: Journal): LostCopy {
  const { rescue = null, changes = 0, files = 0, unreadable = 0 } = report ?? {};
  const path = rescue === 'file' ? rescuePath : rescue === 'sealed_store' || rescue === 'kept' ? keptPath : null;
  // that the firm has not been told yet is nothing its user can do about
  const state = step === 'telling' || step === 'done' ? 'done' : problem ? 'waiting' : 'working';
  return { accountKey, why, state, problem, at, rescue, changes, files, unreadable, path };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
