import type { FirmFileContent } from '../../src/main/admin/provision.ts';
import { writeFirmFile } from '../../src/main/admin/provision.ts';
import type { SigningKey } from '../../src/main/admin/signing-key.ts';
import { fingerprintOf, makeSigningKey, publicKeyOf, publicPem, readSigningKey } from '../../src/main/host/signature.ts';

export interface TestKey extends SigningKey {
  publicKey: string;
  publicPem: string;
  fingerprint: string;
}

export function makeTestKey(): TestKey {
  const privateKey = readSigningKey(makeSigningKey());
  if (!privateKey) throw new Error('a new key must be readable');
  const publicKey = publicKeyOf(privateKey);
  return { privateKey, fresh: null, publicKey, publicPem: publicPem(publicKey), fingerprint: fingerprintOf(publicKey) };
}

export const firmFileContent: FirmFileContent = {
  issuedAt: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-04-05T09:00:00.000Z',
  firm: { slug: 'pardo-lane', name: 'Pardo Lane LLP' },
  connection: {
    host: 'steno.pardolane.example',
    port: 5432,
    database: 'steno',
    user: 'steno_client',
    password: 'the shared login of all laptops',
    tls: 'verify',
    tlsRoot: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    replica: { host: 'reader.pardolane.example', port: 5433 },
  },
  options: { offlineSignInDays: 14 },
};

/** The moment at which a laptop reads the file: while it is good. */
export const whileGood = Date.UTC(2026, 1, 1);

export function makeFirmFile(key: SigningKey, change: Partial<FirmFileContent> = {}): string {
  return writeFirmFile({ ...firmFileContent, ...change }, key);
}
