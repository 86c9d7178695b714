import type pg from 'pg';
import type { AppError } from '../../shared/errors.ts';
import { canonicalForm, FirmFile } from '../../shared/provision.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import { publicKeyOf, signText } from '../host/signature.ts';
import { noDatabase, refusedLogin } from '../sync/pg-errors.ts';
import { probeServer } from '../sync/probe.ts';
import type { SigningKey } from './signing-key.ts';

export type FirmFileContent = Omit<FirmFile, 'format' | 'version' | 'key' | 'signature'>;

/** What a firm is called, as the file shows it to its people. Errors: not_found (closed firms too), unsupported. */
export async function findFirmName(admin: pg.Client, slug: string): Promise<Outcome<string>> {
  let name: string | undefined;
  try {
    const found = 'select firm_name from steno.firm where firm_slug = $1 and is_active and deleted_at is null';
    name = (await admin.query<{ firm_name: string }>(found, [slug])).rows[0]?.firm_name;
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01') throw error;
    return err({ code: 'unsupported', what: 'this database', reason: "It holds no Steno tables. Run 'steno admin migrate' first." });
  }
  return name === undefined ? err({ code: 'not_found', what: `the firm "${slug}"` }) : ok(name);
}

/**
 * Connects as a laptop would, from where this command runs. A file that fails here would fail on a hundred laptops.
 * Errors: those of probeServer, in words for IT.
 */
export async function checkAsLaptop(connection: FirmConnection): Promise<Outcome<Nothing>> {
  const probed = await probeServer(connection);
  return probed.ok ? probed : err(inWordsForIt(probed.error, connection));
}

function inWordsForIt(error: AppError, { host, port, database, user, tls }: FirmConnection): AppError {
  const place = `${host}, port ${String(port)}`;
  const unwritten = 'No file was written.';
  if (error === refusedLogin) {
    const reason = `${host} refuses ${user} with this password, or pg_hba.conf does not let it in. 'steno admin client-password' sets the password. ${unwritten}`;
    return { code: 'invalid_input', what: 'the password on standard input', reason };
  }
  if (error === noDatabase)
    return { code: 'invalid_input', what: '--database', reason: `There is no database ${database} at ${place}. ${unwritten}` };
  switch (error.code) {
    case 'offline': {
      const orTls = tls === 'verify' ? ' or offers no TLS' : '';
      const reason = `Nothing answers at ${place} from here${orTls}. Check --host and --port; --no-check writes the file unchecked. ${unwritten}`;
      return { code: 'offline', reason };
    }
    case 'provider_failed': {
      const reason = `The certificate of ${host} is not for that name, or not signed by the authority given with --tls-root (without it: by a public one). ${unwritten}`;
      return { code: 'invalid_input', what: '--host or --tls-root', reason };
    }
    default:
      return error;
  }
}

/** The text of the file, signed. Throws where the content is none that a laptop takes: options are checked before. */
export function writeFirmFile(content: FirmFileContent, { privateKey }: SigningKey): string {
  // the schema's own form is signed (trimmed, unknown names left out): the signature is of what is written
  const signed = FirmFile.omit({ signature: true }).parse({
    format: 'steno-provision',
    version: 1,
    ...content,
    key: publicKeyOf(privateKey),
  });
  const form = canonicalForm(signed);
  if (form === null) throw new Error('the content nests too deep to be signed');
  return `${JSON.stringify({ ...signed, signature: signText(privateKey, form) }, null, 2)}\n`;
}
