import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { BudgetGb } from '../../shared/files.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { FirmConnection, isLoopback } from '../../shared/setup.ts';
import { parse } from './admin-input.ts';

/** A path as the user means it: from the folder where the command was typed. */
export const PathFromHere = z
  .string()
  .min(1)
  .transform((path) => resolve(process.env['INIT_CWD'] ?? '.', path));
const Port = z.coerce.number().int().min(1).max(65535);
const Days = z.coerce.number().int().min(1);
const HostAndPort = z
  .string()
  .regex(/^\S+:\d+$/, 'Write it as host:port.')
  .transform((text) => ({ host: text.slice(0, text.lastIndexOf(':')), port: Number(text.slice(text.lastIndexOf(':') + 1)) }));

/** What `admin provision` takes. */
export const ProvisionOptions = z.object({
  slug: FirmSlug,
  host: z.string().trim().min(1),
  port: Port.default(5432),
  database: z.string().default('steno'),
  'tls-root': PathFromHere.optional(),
  replica: HostAndPort.optional(),
  /** How long the file may be used. */
  days: Days.max(3650).optional(),
  'offline-days': Days.max(30).optional(),
  'file-budget-gb': z.coerce.number().pipe(BudgetGb).optional(),
  key: PathFromHere,
  out: PathFromHere.refine((path) => !existsSync(path), 'There is such a file, and it was left as it is. Choose another name.'),
});

/** What the laptops will connect with. Errors: invalid_input, naming the option. */
export async function connectionOf(
  options: z.output<typeof ProvisionOptions>,
  readSecret: () => Promise<string>,
): Promise<Outcome<FirmConnection>> {
  const { slug, host, port, database, 'tls-root': rootPath, replica } = options;
  const root = rootPath === undefined ? ok(null) : await readTlsRoot(rootPath);
  if (!root.ok) return root;
  const password = await readSecret();
  if (password === '')
    return err({ code: 'invalid_input', what: 'the password', reason: 'Give the password of steno_client on standard input.' });
  return parse(FirmConnection, {
    firmSlug: slug,
    ...{ host, port, database, user: 'steno_client', password },
    tls: isLoopback(host) && root.value === null ? 'off' : 'verify',
    tlsRoot: root.value,
    ...(replica && { replica }),
  });
}

async function readTlsRoot(path: string): Promise<Outcome<string>> {
  try {
    const pem = await readFile(path, 'utf8');
    createSecureContext({ ca: pem });
    if (pem.includes('BEGIN CERTIFICATE') && !pem.includes('PRIVATE KEY')) return ok(pem);
  } catch {
    // no such file, or no certificate in it: the same words
  }
  return err({
    code: 'invalid_input',
    what: '--tls-root',
    reason: 'Name a file with the certificate of the authority as PEM, without a key.',
  });
}
