import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, type Outcome } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import { accountKeyOf } from '../session/session.ts';
import { openSettings } from '../setup/settings.ts';
import type { CommandInput } from './command.ts';

/** An account that signed in on this computer, as the command line finds it. */
export interface AccountHere {
  host: Host;
  accountKey: string;
  storePath: string;
  key: string | null;
  token: string | null;
  connection: FirmConnection | null;
}

/**
 * The one account of this computer, or the one that --firm and --email name. Errors: not_found (nobody signed in here), invalid_input (there are several).
 */
export async function withAccountHere<T>(input: CommandInput, work: (account: AccountHere) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const host = await createNodeHost({ kind: 'cli' });
  try {
    const stores = join(host.paths.data, 'stores');
    const here = existsSync(stores) ? readdirSync(stores).filter((name) => existsSync(join(stores, name, 'steno.db'))) : [];
    const { firm, email } = input.options;
    const named = firm !== undefined && email !== undefined ? accountKeyOf(firm.toLowerCase(), email.toLowerCase()) : null;
    if (named === null && (firm !== undefined || email !== undefined))
      return err({ code: 'invalid_input', what: 'the command', reason: 'Name the account with both --firm and --email.' });
    if (here.length === 0 || (named !== null && !here.includes(named)))
      return err({ code: 'not_found', what: 'an account that signed in on this computer' });
    if (named === null && here.length > 1)
      return err({
        code: 'invalid_input',
        what: 'the command',
        reason: `${String(here.length)} accounts signed in on this computer: name one with --firm and --email.`,
      });
    const accountKey = named ?? here[0] ?? '';
    return await work({
      ...{ host, accountKey, storePath: join(stores, accountKey, 'steno.db') },
      key: await host.secrets.get(`store-key:${accountKey}`),
      token: await host.secrets.get(`session:${accountKey}`),
      connection: await (await openSettings(host)).connection(),
    });
  } finally {
    await host.workers.stop();
  }
}
