import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  fingerprintOf,
  isSignedBy,
  makeSigningKey,
  publicKeyOf,
  publicPem,
  readPublicKey,
  readSigningKey,
  signText,
} from '../../../src/main/host/signature.ts';

/** From `openssl genpkey -algorithm ed25519`; its fingerprint below is what openssl says (docs/provision.md). It guards nothing. */
const fromOpenssl = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n';

test('a signature holds for its text and its key only', () => {
  const key = readSigningKey(makeSigningKey());
  const other = readSigningKey(makeSigningKey());
  if (!key || !other) throw new Error('a new key must be readable');
  const signature = signText(key, 'text');
  expect(isSignedBy(publicKeyOf(key), 'text', signature)).toBe(true);
  expect(isSignedBy(publicKeyOf(key), 'Text', signature)).toBe(false);
  expect(isSignedBy(publicKeyOf(other), 'text', signature)).toBe(false);
  expect(isSignedBy(publicKeyOf(key), 'text', signText(other, 'text'))).toBe(false);
  expect(isSignedBy('A'.repeat(43), 'text', 'A'.repeat(86))).toBe(false);
});

test('a public key goes through PEM and back, and openssl gives the same fingerprint', () => {
  const key = readPublicKey(fromOpenssl) ?? '';
  expect(publicPem(key)).toBe(fromOpenssl);
  expect(fingerprintOf(key)).toBe('A1E9 1560 54E0 4FAC 899A E9F2');
  expect(fingerprintOf(key)).toMatch(/^([0-9A-F]{4} ){5}[0-9A-F]{4}$/);
});

test('only an Ed25519 key of the right half is one', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = makeSigningKey();
  for (const text of ['', 'x', fromOpenssl, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()])
    expect(readSigningKey(text)).toBeNull();
  for (const text of ['', 'x', publicKey.export({ type: 'spki', format: 'pem' }).toString()]) expect(readPublicKey(text)).toBeNull();
  // a private key that IT deploys to every laptop by mistake
  expect(readPublicKey(pem)).toBeNull();
});
