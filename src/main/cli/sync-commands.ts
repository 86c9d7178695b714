import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { explain, type AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { AccountView } from '../../shared/session.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { localAccount } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { askOpenSteno } from '../sync/control/ask.ts';
import type { Answer } from '../sync/control/protocol.ts';
import { decide } from '../sync/doctor/decide.ts';
import { measure, measureStore, readStore } from '../sync/doctor/measure.ts';
import { createFiles } from '../sync/files/files.ts';
import { createSyncLoop } from '../sync/loop.ts';
import { createPostgresRemote } from '../sync/postgres.ts';
import { askOrOpen, withAccountHere, type AccountHere } from './account-here.ts';
import type { Command, CommandInput } from './command.ts';

const status: Command['run'] = (input) =>
  withAccountHere(input, async (account) => {
    const asked = await askOrOpen(account, 'status', (store) => Promise.resolve(ok({ ...readStore(store), app: null })));
    if (!asked.ok) return asked;
    const { newest: _, ...found } = asked.value;
    const { waiting, deadLetters, conflicts, proposals, filesWaiting, lastSyncedAt, app } = found;
    input.say(app === null ? 'Steno is not open with this account.' : `Steno is open with this account: ${phaseWords[app.phase]}.`);
    if (app?.problem) input.say(sentences(app.problem));
    const seen = `it has seen ${String(found.cursor)} of the firm’s ${count(found.feedHead, 'change')}`;
    input.say(`${lastSyncedAt === null ? 'Never synced' : `Last synced ${new Date(lastSyncedAt).toISOString()}`}; ${seen}.`);
    input.say(`To be sent to the firm: ${count(waiting, 'change')}, ${count(filesWaiting, 'file')}.`);
    const toDecide = `${count(conflicts, 'pair')} of values and ${count(proposals, 'proposal')}`;
    input.say(`Refused by the firm: ${count(deadLetters, 'change')}. To be decided by somebody: ${toDecide}.`);
    return ok(found);
  });

const phaseWords: Record<SyncStatus['phase'], string> = {
  local: 'its work belongs to no firm',
  offline: 'without a line to the firm',
  syncing: 'syncing',
  synced: 'synced',
  stopped: 'syncing has stopped',
};
function count(n: number, thing: string): string {
  return `${n.toLocaleString('en-US')} ${thing}${n === 1 ? '' : 's'}`;
}
function sentences(problem: AppError): string {
  const { title, advice } = explain(problem);
  return `${title} ${advice}`;
}

const now: Command['run'] = (input) =>
  withAccountHere(input, async (account) => {
    const ended = await whileTelling(
      input,
      account,
      askOrOpen(account, 'now', (store) => syncAlone(input, account, store)),
    );
    if (!ended.ok) return ended;
    input.say(lineOf(ended.value));
    return ended.value.problem ? err(ended.value.problem) : ended;
  });

const tellEveryMs = 1_000;
/** How far the Steno that is open has come meanwhile, where that changed; alone, the loop tells it. */
async function whileTelling<T>(input: CommandInput, { files }: AccountHere, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  work.then(end, end);
  const isOver = (): boolean => ended.signal.aborted;
  let told = '';
  while (!isOver()) {
    await setTimeout(tellEveryMs, null, { signal: ended.signal }).catch(() => null);
    const seen = isOver() ? 'nobody' : await askOpenSteno(files.folder, 'status');
    if (typeof seen === 'string' || !seen.ok) continue;
    const line = lineOf({ ...seen.value, ...seen.value.app });
    if (line !== told) input.progress(line);
    told = line;
  }
  return work;
}

async function syncAlone(input: CommandInput, { host, connection, token }: AccountHere, store: Store): Promise<Outcome<SyncStatus>> {
  if (!connection) return err({ code: 'not_found', what: 'the connection to a firm' });
  if (token === null) return err({ code: 'unauthenticated', reason: 'Open Steno and sign in once; your work here is kept.' });
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
    return ok(end);
  } finally {
    await Promise.all([files.stop(), loop.stop()]);
  }
}

function lineOf({ phase, waiting, conflicts, deadLetters }: Pick<SyncStatus, 'phase' | 'waiting' | 'conflicts' | 'deadLetters'>): string {
  const rest = [
    waiting > 0 ? `${String(waiting)} wait` : null,
    conflicts > 0 ? `${String(conflicts)} conflicts` : null,
    deadLetters > 0 ? `${String(deadLetters)} refused` : null,
  ];
  return [phase, ...rest.filter((part) => part !== null)].join(', ');
}

const doctor: Command['run'] = (input) =>
  withAccountHere(input, async (account) => {
    const { host, files, key, token, connection } = account;
    const lookAtStore = async (): Promise<Answer<'doctor'> | null> => {
      if (!existsSync(files.store)) return null;
      const looked = await askOrOpen(account, 'doctor', async (store) => ok(await measureStore(store)));
      // that the key is gone is a finding of its own
      return looked.ok ? looked.value : key === null ? null : looked.error;
    };
    const where = { connection, token, folder: host.paths.data, now: () => host.clock.now() };
    const findings = decide(await measure({ ...where, hasKey: key !== null, lookAtStore }));
    for (const { check, state, says, todo } of findings) {
      input.say(`${state.padEnd(4)} ${check.padEnd(12)} ${says}`);
      if (todo !== null) input.say(`${' '.repeat(18)}${todo}`);
    }
    if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
    return ok({ findings });
  });

const whose = { options: ['email', 'firm'] };
const words = '[--email A [--firm SLUG]]';
/** Of an account that signed in on this computer, whether Steno is open with it or not. */
export const syncCommands: Record<string, Command> = {
  'sync status': {
    usage: [words, 'how far this computer is: what still has to reach the firm, what it refused, what needs you'],
    ...whose,
    run: status,
  },
  'sync now': { usage: [words, 'send and fetch everything once, files too, and wait for the end'], ...whose, run: now },
  'sync doctor': {
    usage: [
      words,
      'look at copy, key, server, certificate, clock, queue and disk; exit code 1 where something is bad.\n      All three ask the Steno that is open, or look for themselves; --email and --firm only where several people use this computer',
    ],
    ...whose,
    run: doctor,
  },
};
