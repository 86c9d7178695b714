import type { AppError } from '../../../shared/errors.ts';
import { errorWords, type Measures, type ServerMeasures, type StoreMeasures } from './measure.ts';

/** ok: as it should be. ask: works, but somebody should know. bad: work is held up or at risk. */
export interface Finding {
  check: string;
  state: 'ok' | 'ask' | 'bad';
  says: string;
  todo: string | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noRoomBytes = 500_000_000;
const littleRoomBytes = 5_000_000_000;

const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says, todo: null });
const ask = (check: string, says: string, todo: string): Finding => ({ check, state: 'ask', says, todo });
const bad = (check: string, says: string, todo: string): Finding => ({ check, state: 'bad', says, todo });
const isError = (found: object): found is AppError => 'code' in found;

/** What the measures mean, a sentence each, and what to do where something is to be done. */
export function decide(measures: Measures): Finding[] {
  const { store, server } = measures;
  return [
    decideKey(measures),
    ...decideStore(measures),
    ...decideServer(measures),
    ...(store && !isError(store) ? decideQueue(store, measures, server !== null && !isError(server)) : []),
    decideDisk(measures.freeBytes),
  ];
}

function decideKey({ hasKey }: Measures): Finding {
  if (hasKey) return ok('key', 'Steno has the key of this account’s copy.');
  return bad(
    'key',
    'The key of this account’s copy is gone from this computer.',
    'Nothing was deleted. Ask your IT: the firm’s recovery key opens what was not sent.',
  );
}

function decideStore({ store, server }: Measures): Finding[] {
  if (store === null) return [];
  if (isError(store)) {
    const { says, todo } = errorWords(store);
    if (store.code === 'conflict') return [ask('store', 'The copy is in use, so it was not looked at.', store.reason)];
    if (store.code === 'corrupt')
      return [
        bad(
          'store',
          `${says} ${todo}`,
          'Work on nothing more with it. Copy its folder to a safe place and ask your IT: what the firm has is safe there, and what was not sent can often still be read.',
        ),
      ];
    return [bad('store', says, todo)];
  }
  return [
    store.integrity === 'ok'
      ? ok('store', `Every page of the copy reads and fits (version ${String(store.version)}).`)
      : bad(
          'store',
          `The copy is damaged: ${store.integrity}.`,
          'Copy its folder to a safe place and ask your IT before going on: what was not sent is in it.',
        ),
    decideParked(store, server),
  ];
}

/** A firm's database holds more than any app shows: only where it is newer than this app would an update help. */
function decideParked({ parkedRows }: StoreMeasures, server: Measures['server']): Finding {
  if (parkedRows === 0) return ok('newer apps', 'Nothing came that this Steno has no place for.');
  if (server !== null && !isError(server) && server.version > server.newest)
    return ask(
      'newer apps',
      `${String(parkedRows)} rows hold something that perhaps only a newer Steno understands.`,
      'Update Steno; nothing of it is lost until then.',
    );
  return ok('newer apps', `${String(parkedRows)} rows hold something that this Steno has no place for; it is kept as it came.`);
}

function decideServer({ server, store, at }: Measures): Finding[] {
  if (server === null) return [ask('server', 'This computer is connected to no firm.', 'Open the settings file from your IT.')];
  if (isError(server)) {
    const { says, todo } = errorWords(server);
    return [server.code === 'offline' ? ask('server', says, todo) : bad('server', says, todo)];
  }
  return [
    ok(
      'server',
      `It answers in ${String(server.roundTripMs)} ms (version ${String(server.version)}, this app knows ${String(server.newest)}).`,
    ),
    decideCertificate(server, at),
    decideClock(server),
    server.isDirect
      ? ok('line', 'The connection is direct: changes of others are heard at once.')
      : ask(
          'line',
          'A connection pooler stands in between: changes of others are asked for every few seconds.',
          'Nothing is lost by it. For notices your IT can let laptops connect directly.',
        ),
    decideSession(server),
    ...(store && !isError(store) && server.session && !isError(server.session) ? [decideLag(store, server.session.head)] : []),
  ];
}

function decideCertificate({ isEncrypted, certificateEndsAt, aheadMs }: ServerMeasures, at: number): Finding {
  if (!isEncrypted)
    return ask(
      'certificate',
      'The line is not encrypted. That is allowed to a server on this computer only.',
      'Use it for trying things out, not for client data.',
    );
  if (certificateEndsAt === null) return ok('certificate', 'The server proved to be the firm’s.');
  // by the server's clock, since this one may be wrong
  const leftDays = Math.floor((certificateEndsAt - (at + aheadMs)) / dayMs);
  const words = `The server proved to be the firm’s; its certificate is good for ${String(leftDays)} more days.`;
  return leftDays > 21
    ? ok('certificate', words)
    : ask('certificate', words, 'Tell your IT: without a new one no laptop can sync after that.');
}

function decideClock({ aheadMs }: ServerMeasures): Finding {
  const difference = Math.abs(aheadMs);
  const words = `This computer’s clock is ${amount(difference)} ${aheadMs > 0 ? 'behind' : 'ahead of'} the firm’s.`;
  if (difference < 2_000) return ok('clock', 'This computer’s clock agrees with the firm’s.');
  if (difference < 5 * 60_000) return ok('clock', `${words} Nothing depends on it.`);
  return ask('clock', `${words} Syncing does not depend on it, but the times you see are off.`, 'Set the clock, or let the system set it.');
}

function decideSession({ session }: ServerMeasures): Finding {
  if (session === null)
    return ask('session', 'Nobody is signed in at the firm on this computer.', 'Sign in once with the network; your work here is kept.');
  if (isError(session)) return bad('session', ...wordsOf(session));
  return ok('session', `${session.email} is signed in as ${session.role}.`);
}

function decideLag({ cursor }: StoreMeasures, head: number): Finding {
  if (cursor > head)
    return ask(
      'feed',
      `The firm is at ${String(head)}, this computer has seen ${String(cursor)}: its server was restored from a backup.`,
      'The next sync gives back what it has forgotten. Tell your IT.',
    );
  const behind = head - cursor;
  return behind === 0
    ? ok('feed', `This computer has all of it (${String(head)}).`)
    : ok('feed', `${String(behind)} changes of others are still to come (${String(cursor)} of ${String(head)}).`);
}

function decideQueue(store: StoreMeasures, { at }: Measures, isReachable: boolean): Finding[] {
  const age = store.oldestWaitingAt === null ? 0 : at - store.oldestWaitingAt;
  const waits = `${String(store.waiting)} changes wait, the oldest for ${amount(Math.max(0, age))}.`;
  const findings = [
    store.waiting === 0
      ? ok('outbox', 'Nothing waits for the firm.')
      : age > dayMs && isReachable
        ? bad('outbox', waits, 'The firm can be reached, so they should have gone: steno sync now, and look at the sync page.')
        : age > dayMs
          ? ask('outbox', waits, 'Connect to the firm’s network when you can; all of it is saved here.')
          : ok('outbox', waits),
    store.deadLetters === 0
      ? ok('refused', 'Nothing was refused.')
      : ask(
          'refused',
          `${String(store.deadLetters)} changes were refused and are kept here.`,
          'Open the inbox: send them again, save them as files, or let them go.',
        ),
    store.conflicts + store.proposals === 0
      ? ok('decisions', 'Nothing waits for a decision.')
      : ask(
          'decisions',
          `${String(store.conflicts)} pairs of values and ${String(store.proposals)} proposed changes wait for somebody.`,
          'Open the inbox.',
        ),
    store.filesWaiting === 0
      ? ok('files', 'The firm has every file.')
      : ask(
          'files',
          `${String(store.filesWaiting)} files are not at the firm yet.`,
          'They go by themselves while Steno is open and the firm can be reached.',
        ),
  ];
  return findings;
}

function decideDisk(freeBytes: number): Finding {
  const words = `${(freeBytes / 1e9).toFixed(1)} GB are free on this disk.`;
  if (freeBytes < noRoomBytes) return bad('disk', words, 'Free some space: without room Steno can save nothing more.');
  return freeBytes < littleRoomBytes ? ask('disk', words, 'Free some space before it runs out.') : ok('disk', words);
}

function wordsOf(error: AppError): [string, string] {
  const { says, todo } = errorWords(error);
  return [says, todo];
}

function amount(ms: number): string {
  if (ms < 120_000) return `${String(Math.round(ms / 1000))} seconds`;
  if (ms < 2 * hourMs) return `${String(Math.round(ms / 60_000))} minutes`;
  return ms < 2 * dayMs ? `${String(Math.round(ms / hourMs))} hours` : `${String(Math.round(ms / dayMs))} days`;
}
