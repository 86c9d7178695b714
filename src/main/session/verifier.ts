import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const scryptCost = { N: 1 << 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, scryptCost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** What this laptop keeps of a password: a slow, salted hash. */
export async function makeVerifier(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
}

export async function verify(password: string, verifier: string): Promise<boolean> {
  const [salt = '', expected = ''] = verifier.split(':');
  const actual = await derive(password, Buffer.from(salt, 'hex'));
  const wanted = Buffer.from(expected, 'hex');
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}
