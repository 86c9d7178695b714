import { err, ok, type Outcome } from '../../shared/result.ts';
import { AccountView } from '../../shared/session.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { localAccount } from '../store/schema.ts';
import { openStore, type Store } from '../store/store.ts';
import { decide } from '../sync/doctor/decide.ts';
import { measure, readStore } from '../sync/doctor/measure.ts';
import { createFiles } from '../sync/files/files.ts';
import { createSyncLoop } from '../sync/loop.ts';
import { createPostgresRemote } from '../sync/postgres.ts';
import { withAccountHere, type AccountHere } from './account-here.ts';
import type { Command } from './command.ts';

function openHere({ storePath, key }: AccountHere): Outcome<Store> {
  if (key !== null) return openStore(storePath, key);
  return err({
    code: 'corrupt',
    what: "this laptop's copy",
    reason: 'Its key is no longer in this computer’s keychain. Nothing was deleted; ask your IT.',
  });
}

const status: Command['run'] = (input) =>
  withAccountHere(input, (account) => {
    const opened = openHere(account);
    if (!opened.ok) return Promise.resolve(opened);
    const store = opened.value;
    try {
      const { newest: _, ...found } = readStore(store);
      const { waiting, deadLetters, conflicts, proposals, filesWaiting, lastSyncedAt } = found;
      input.say(
        `${lastSyncedAt === null ? 'Never synced' : `Last synced ${new Date(lastSyncedAt).toISOString()}`}, at ${String(found.cursor)} of ${String(found.feedHead)}.`,
      );
      input.say(
        `${String(waiting)} changes and ${String(filesWaiting)} files wait; ${String(deadLetters)} were refused; ${String(conflicts)} pairs of values and ${String(proposals)} proposals wait for somebody.`,
      );
      return Promise.resolve(ok(found));
    } finally {
      store.close();
    }
  });

const now: Command['run'] = (input) =>
  withAccountHere(input, async (account) => {
    const { host, connection, token } = account;
    if (!connection) return err({ code: 'not_found', what: 'the connection to a firm' });
    if (token === null) return err({ code: 'unauthenticated', reason: 'Open Steno and sign in once; your work here is kept.' });
    const opened = openHere(account);
    if (!opened.ok) return opened;
    const store = opened.value;
    const remote = createPostgresRemote(connection, token);
    const onBug = (error: unknown) => ({ code: 'internal' as const, reference: host.log.bug('sync', error) });
    const files = createFiles({
      ...{ store, firm: remote.files, now: () => host.clock.now(), lockedBudgetGb: null, onBug },
      freeBytes: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
      onChange: () => undefined,
    });
    const { userId } = AccountView.parse(store.db.select().from(localAccount).get()?.account);
    const loop = createSyncLoop({
      ...{ store, remote, userId, onBug, random: Math.random, now: () => host.clock.now() },
      onStatus: (seen) => input.progress(lineOf(seen)),
      onPulled: () => undefined,
      transferFiles: () => files.wake(),
    });
    try {
      const end = await loop.now();
      await files.idle();
      input.say(lineOf(end));
      return end.problem ? err(end.problem) : ok(end);
    } finally {
      await Promise.all([files.stop(), loop.stop()]);
      store.close();
    }
  });

function lineOf({ phase, waiting, conflicts, deadLetters }: SyncStatus): string {
  const rest = [
    waiting > 0 ? `${String(waiting)} wait` : null,
    conflicts > 0 ? `${String(conflicts)} conflicts` : null,
    deadLetters > 0 ? `${String(deadLetters)} refused` : null,
  ];
  return [phase, ...rest.filter((part) => part !== null)].join(', ');
}

const doctor: Command['run'] = (input) =>
  withAccountHere(input, async ({ host, storePath, key, token, connection }) => {
    const measures = await measure({ storePath, key, token, connection, folder: host.paths.data, now: () => host.clock.now() });
    const findings = decide(measures);
    for (const { check, state, says, todo } of findings) {
      input.say(`${state.padEnd(4)} ${check.padEnd(12)} ${says}`);
      if (todo !== null) input.say(`${' '.repeat(18)}${todo}`);
    }
    if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
    return ok({ findings });
  });

const whose = { options: ['firm', 'email'] };
/** Of an account that signed in on this computer; Steno itself must not be open with it, but for the doctor. */
export const syncCommands: Record<string, Command> = {
  'sync status': {
    usage: ['[--firm SLUG --email A]', 'how far this computer is: what waits, what was refused, what needs somebody'],
    ...whose,
    run: status,
  },
  'sync now': { usage: ['[--firm SLUG --email A]', 'send and fetch everything once, files too'], ...whose, run: now },
  'sync doctor': {
    usage: ['[--firm SLUG --email A]', 'look at copy, key, server, certificate, clock, queue and disk; exit code 1 where something is bad'],
    ...whose,
    run: doctor,
  },
};
