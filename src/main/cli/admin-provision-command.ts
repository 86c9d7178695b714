import { ok, type Outcome } from '../../shared/result.ts';
import { withAdmin } from '../admin/admin.ts';
import { checkAsLaptop, findFirmName, writeFirmFile } from '../admin/provision.ts';
import { openSigningKey, saveSigningKey, writeNew } from '../admin/signing-key.ts';
import { fingerprintOf, publicKeyOf } from '../host/signature.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';
import { connectionOf, ProvisionOptions } from './provision-options.ts';

const dayMs = 24 * 3_600_000;

/** What --json prints; the client login's password is never in it. */
export interface Provisioned {
  firm: string;
  out: string;
  expiresAt: string | null;
  fingerprint: string;
  /** A key that was made, or under --dry-run would be. */
  newKey: string | null;
  checked: boolean;
}

/** Everything is checked before the first byte is written; --dry-run stops there. */
export async function provision(
  input: Pick<CommandInput, 'options' | 'flags' | 'dryRun' | 'say'>,
  readSecret = readPassword,
): Promise<Outcome<Provisioned>> {
  const parsed = parse(ProvisionOptions, input.options);
  if (!parsed.ok) return parsed;
  const { slug, days, key: keyPath, out, 'offline-days': offlineSignInDays, 'file-budget-gb': fileBudgetGb } = parsed.value;
  const key = await openSigningKey(keyPath);
  if (!key.ok) return key;
  const connected = await connectionOf(parsed.value, readSecret);
  if (!connected.ok) return connected;
  const { firmSlug: _, ...connection } = connected.value;
  return withAdmin(urlOf(input), async (admin) => {
    const name = await findFirmName(admin, slug);
    if (!name.ok) return name;
    const checked = !input.flags.has('no-check');
    if (checked) {
      const reached = await checkAsLaptop(connected.value);
      if (!reached.ok) return reached;
    }
    const now = Date.now();
    const expiresAt = days === undefined ? null : new Date(now + days * dayMs).toISOString();
    const content = {
      issuedAt: new Date(now).toISOString(),
      ...(expiresAt !== null && { expiresAt }),
      firm: { slug, name: name.value },
      connection,
      options: { ...(offlineSignInDays !== undefined && { offlineSignInDays }), ...(fileBudgetGb !== undefined && { fileBudgetGb }) },
    };
    const text = writeFirmFile(content, key.value);
    const fingerprint = fingerprintOf(publicKeyOf(key.value.privateKey));
    const done = { firm: slug, out, expiresAt, fingerprint, newKey: key.value.fresh ? keyPath : null, checked };
    if (!input.dryRun) {
      const kept = await saveSigningKey(keyPath, key.value);
      if (!kept.ok) return kept;
      const written = await writeNew('--out', out, text, 0o600);
      if (!written.ok) return written;
    }
    input.say(summary(done, input.dryRun));
    return ok(done);
  });
}

function summary({ firm, out, fingerprint, newKey, expiresAt }: Provisioned, isDryRun: boolean): string {
  if (isDryRun) return `All is in order, and nothing was written. It would write ${[newKey, out].filter(Boolean).join(' and ')}.`;
  return [
    ...(newKey === null ? [] : [`A new signing key was made: ${newKey}. Keep it secret and backed up; its public half is ${newKey}.pub.`]),
    `The file for the laptops of ${firm}: ${out}`,
    `It holds the password of the shared login: hand it out like one.${expiresAt === null ? '' : ` It is good until ${expiresAt.slice(0, 10)}.`}`,
    `For the sheet, so that people can compare: ${fingerprint}`,
  ].join('\n');
}

export const adminProvisionCommands: Record<string, Command> = {
  'admin provision': {
    usage: [
      '--url URL --slug SLUG --host H [--port P] [--database D] [--tls-root FILE] [--replica HOST:PORT] [--days N] [--offline-days N] [--file-budget-gb N] --key FILE --out FILE [--no-check]',
      'a signed file that points laptops at the firm; password of steno_client on standard input; the key is made where there is none',
    ],
    options: ['url', ...Object.keys(ProvisionOptions.shape)],
    flags: ['no-check'],
    run: (input) => provision(input),
  },
};
