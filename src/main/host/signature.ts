import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

/** A new Ed25519 key as PEM (PKCS 8), which openssl reads as well. */
export function makeSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The private Ed25519 key in a PEM text; null where there is none, or none that opens without a password. */
export function readSigningKey(pem: string): KeyObject | null {
  return ed25519(() => createPrivateKey(pem));
}

/** The public key in a PEM text, as `publicKeyOf` writes it; null where there is none. */
export function readPublicKey(pem: string): string | null {
  if (pem.includes('PRIVATE KEY')) return null; // node:crypto would take it; whoever deploys it by mistake must hear so
  const key = ed25519(() => createPublicKey(pem));
  return key && publicKeyOf(key);
}

/** The public half of a key: its 32 bytes as base64url. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('not an Ed25519 key');
  return x;
}

export function publicPem(publicKey: string): string {
  return keyObjectOf(publicKey).export({ type: 'spki', format: 'pem' }).toString();
}

export function signText(key: KeyObject, text: string): string {
  return sign(null, Buffer.from(text), key).toString('base64url');
}

/** Whether the holder of this key signed exactly this text. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), keyObjectOf(publicKey), Buffer.from(signature, 'base64url'));
}

/**
 * What a person compares: 96 bits of the SHA-256 of the public key's DER form, "1A2B 3C4D ..." in six groups. Nobody finds a second
 * key for a given one, and IT gets the same digits from openssl (docs/provision.md).
 */
export function fingerprintOf(publicKey: string): string {
  const der = keyObjectOf(publicKey).export({ type: 'spki', format: 'der' });
  const digits = createHash('sha256').update(der).digest('hex').slice(0, 24).toUpperCase();
  return digits.replace(/(.{4})(?!$)/g, '$1 ');
}

function keyObjectOf(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

function ed25519(read: () => KeyObject): KeyObject | null {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    // node:crypto throws for every text that is no key, with no code to tell them apart
    return null;
  }
}
