import { createHash } from 'node:crypto';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { err, ok, type Outcome } from '../../shared/result.ts';

/*
 * What leaves a laptop for the firm's recovery key is an age file (age-encryption.org/v1): a new key for each file, wrapped for the
 * recipient by X25519 and HKDF, the content in authenticated chunks that cannot be cut off, reordered or changed. Any age program opens
 * one with the private half, with or without Steno.
 */

/** The public half of a recovery key. */
export function isRecoveryKey(text: string): boolean {
  return /^age1[02-9ac-hj-np-z]{58}$/.test(text);
}

/** What a person compares, and what names of sealed files end in: "1A2B-3C4D", from the SHA-256 of the public key's text. */
export function fingerprintOf(publicKey: string): string {
  const digits = createHash('sha256').update(publicKey).digest('hex').slice(0, 8).toUpperCase();
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

export interface RecoveryKeyPair {
  publicKey: string;
  /** AGE-SECRET-KEY-1... */
  secret: string;
}

export async function makeRecoveryKey(): Promise<RecoveryKeyPair> {
  const secret = await generateX25519Identity();
  return { secret, publicKey: await identityToRecipient(secret) };
}

/** 2^18 rounds of scrypt with 256 MB: seconds for who knows the passphrase, years for who does not. */
const workFactor = 18;

/** The file that IT keeps: the secret under a passphrase, as `age -p` writes it. */
export async function lockSecret(secret: string, passphrase: string, logRounds = workFactor): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(logRounds);
  encrypter.setPassphrase(passphrase.normalize('NFKC'));
  return await encrypter.encrypt(`${secret}\n`);
}

/** Errors: invalid_input (no such file of ours, or another passphrase: age cannot tell these apart). */
export async function unlockSecret(file: Uint8Array, passphrase: string): Promise<Outcome<RecoveryKeyPair>> {
  const refused = err({
    code: 'invalid_input' as const,
    what: 'the recovery key',
    reason: 'Its file does not open with this passphrase, or it is no file that steno admin escrow has made.',
  });
  if (!Buffer.from(file.subarray(0, 100)).includes('-> scrypt ')) return refused;
  try {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase.normalize('NFKC'));
    const secret = (await decrypter.decrypt(file, 'text')).trim();
    return ok({ secret, publicKey: await identityToRecipient(secret) });
  } catch {
    return refused; // age throws for each with an error of no code
  }
}

/** Seals a short text to one or more public keys. */
export async function sealText(text: string, publicKeys: string[]): Promise<Uint8Array> {
  return await encrypterTo(publicKeys).encrypt(text);
}

/** The content of a sealed file as it comes; throws NotOpened where it is for another key or was changed, at the latest at its end. */
export async function* openSealed(sealed: AsyncIterable<Uint8Array>, secret: string): AsyncGenerator<Uint8Array> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(secret);
    yield* chunksOf(await decrypter.decrypt(streamOf(sealed)));
  } catch (error) {
    if (isOfDisk(error)) throw error;
    throw new NotOpened(error instanceof Error && error.message.includes('no identity matched') ? 'other_key' : 'damaged');
  }
}

/** Seals a stream of any length, a chunk at a time. */
export async function* seal(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, publicKeys: string[]): AsyncGenerator<Uint8Array> {
  yield* chunksOf(await encrypterTo(publicKeys).encrypt(streamOf(content)));
}

export class NotOpened extends Error {
  readonly why: 'other_key' | 'damaged';
  constructor(why: 'other_key' | 'damaged') {
    super(why);
    this.why = why;
  }
}

function encrypterTo(publicKeys: string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const key of publicKeys) encrypter.addRecipient(key);
  return encrypter;
}

function streamOf(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const parts = Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(into) {
      const next = await parts.next();
      if (next.done) into.close();
      else into.enqueue(next.value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk;
}

function isOfDisk(error: unknown): boolean {
  return typeof (error as { syscall?: unknown } | null)?.syscall === 'string';
}
