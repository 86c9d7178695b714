import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { err, type Outcome } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { accountFiles, type AccountFiles } from '../rescue/account-files.ts';
import { readJournal } from '../rescue/journal.ts';
import { accountKeyOf } from '../session/session.ts';
import { openSettings } from '../setup/settings.ts';
import { openStore, thisCopy, type Store } from '../store/store.ts';
import { askOpenSteno } from '../sync/control/ask.ts';
import type { Answer, Ask } from '../sync/control/protocol.ts';
import type { CommandInput } from './command.ts';

/** An account that signed in on this computer, as the command line finds it. */
export interface AccountHere {
  host: Host;
  accountKey: string;
  files: AccountFiles;
  key: string | null;
  token: string | null;
  connection: FirmConnection | null;
}

/**
 * The one account of this computer, or the one that --email names, at the firm of this computer or the one that --firm names.
 * Errors: unauthenticated (nobody signed in here), invalid_input (there are several, or not that one).
 */
export async function withAccountHere<T>(input: CommandInput, work: (account: AccountHere) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const host = await createNodeHost({ kind: 'cli' });
  try {
    const connection = await (await openSettings(host)).connection();
    const found = findAccount(host, input.options, connection);
    if (!found.ok) return found;
    const files = accountFiles(host, found.value);
    const [key, token] = [await host.secrets.get(files.storeKeySecret), await host.secrets.get(files.sessionSecret)];
    return await work({ host, accountKey: found.value, files, key, token, connection });
  } finally {
    await host.workers.stop();
  }
}

function findAccount({ paths }: Host, options: CommandInput['options'], connection: FirmConnection | null): Outcome<string> {
  const stores = join(paths.data, 'stores');
  const here = existsSync(stores) ? readdirSync(stores).filter((name) => existsSync(join(stores, name, 'steno.db'))) : [];
  if (here.length === 0)
    return err({
      code: 'unauthenticated',
      reason: 'Nobody has signed in to Steno on this computer yet. Open Steno, sign in once, and ask again.',
    });
  const { email, firm = connection?.firmSlug } = options;
  if (email === undefined) {
    if (here.length === 1 && here[0] !== undefined && options['firm'] === undefined) return { ok: true, value: here[0] };
    const reason =
      options['firm'] === undefined
        ? `${String(here.length)} accounts signed in on this computer: say which with --email and the address it signs in with.`
        : 'A firm alone names no account: add --email and the address it signs in with.';
    return err({ code: 'invalid_input', what: 'the command', reason });
  }
  if (firm === undefined)
    return err({
      code: 'invalid_input',
      what: 'the command',
      reason: 'This computer is connected to no firm: name the account’s with --firm.',
    });
  const named = accountKeyOf(firm.toLowerCase(), email.toLowerCase());
  if (here.includes(named)) return { ok: true, value: named };
  return err({
    code: 'invalid_input',
    what: 'the account',
    reason: `${email} has not signed in at the firm “${firm}” on this computer. Check the address; another firm is named with --firm.`,
  });
}

/** How long a Steno that has the copy open may take to say so: it may have been started, or closed, a moment ago. */
const patienceMs = 2_000;
const tryEveryMs = 100;

/**
 * What the Steno that is open with this account answers; where none is, what `alone` finds in its copy.
 * Errors: those of openStore; conflict, where one has the copy open and does not answer, or is erasing or repairing it.
 */
export async function askOrOpen<A extends Ask, T>(
  account: Pick<AccountHere, 'host' | 'accountKey' | 'files' | 'key'>,
  ask: A,
  alone: (store: Store) => Promise<Outcome<T>>,
): Promise<Outcome<Answer<A> | T>> {
  const began = performance.now();
  for (;;) {
    const answer = await askOpenSteno(account.files.folder, ask);
    if (typeof answer === 'object') return answer;
    if (answer === 'nobody') {
      const opened = await openHere(account);
      if (opened.ok) {
        try {
          return await alone(opened.value);
        } finally {
          opened.value.close();
        }
      }
      if (opened.error !== isOpen) return opened;
    }
    if (performance.now() - began > patienceMs) return err(isOpen);
    await setTimeout(tryEveryMs);
  }
}

/** A copy that is being erased or repaired belongs to whoever does that; one that is gone is not made anew. */
async function openHere({
  host,
  accountKey,
  files,
  key,
}: Pick<AccountHere, 'host' | 'accountKey' | 'files' | 'key'>): Promise<Outcome<Store>> {
  const journal = await readJournal(host, accountKey);
  if (journal && journal.step !== 'done') return err(isInHand);
  if (!existsSync(files.store)) return err({ code: 'not_found', what: thisCopy });
  if (key === null) return err(keyGone);
  const opened = openStore(files.store, key);
  return !opened.ok && opened.error.code === 'conflict' ? err(isOpen) : opened;
}

const isInHand = {
  code: 'conflict' as const,
  what: thisCopy,
  reason: 'It is being erased or repaired. Open Steno: it goes on with that and says how far it is.',
};
const keyGone = {
  code: 'corrupt' as const,
  what: thisCopy,
  reason: 'Its key is no longer in this computer’s keychain. Nothing was deleted; ask your IT.',
};
const isOpen = {
  code: 'conflict' as const,
  what: thisCopy,
  reason: 'Steno is open with this account and did not answer. Look at its sync page, or close it and ask again.',
};
