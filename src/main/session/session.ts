import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { AccountView, type SessionView, type SignIn } from '../../shared/session.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { localAccount, syncState } from '../store/schema.ts';
import { openStore, type Store } from '../store/store.ts';
import { createPostgresDoor } from '../sync/postgres.ts';
import { RemoteError, type RemoteAccount } from '../sync/remote.ts';

/** How long this laptop lets its user in without asking the firm, where the firm's file says nothing else. */
const defaultOfflineSignInDays = 7;
const dayMs = 24 * 3_600_000;
export const offlineSignInMs = defaultOfflineSignInDays * dayMs;

/** What a sign-in opens: the account's encrypted store, and the token its sync uses (null: sync waits for an online sign-in). */
export interface Opened {
  /** Names the account on this laptop without telling who it is. */
  accountKey: string;
  deviceId: string;
  store: Store;
  token: string | null;
  session: SessionView;
}

/** Folder and secret names of an account: a hash, so that a look at the disk does not tell who works here. */
export function accountKeyOf(firmSlug: string, email: string): string {
  return createHash('sha256').update(`${firmSlug}\n${email}`).digest('hex').slice(0, 32);
}

interface SignInContext {
  host: Host;
  connection: FirmConnection;
  laptopId: string;
  /** What the firm's file says; seven without. */
  offlineSignInDays?: number;
  /** The account's store where another window has it open already. */
  openStoreOf(accountKey: string): Store | null;
}

/**
 * Signs in at the firm, or, where its server cannot be reached, on this laptop by the verifier of the last online sign-in.
 * Errors: unauthenticated (wrong, or too long offline), offline (never signed in here), those of RemoteError and of openStore.
 */
export async function signIn(context: SignInContext, input: SignIn): Promise<Outcome<Opened>> {
  const { host, connection } = context;
  const accountKey = accountKeyOf(input.firmSlug, input.email);
  const deviceId = idOf(context.laptopId, accountKey);
  const door = createPostgresDoor(connection);
  try {
    const reply = await door.signIn({ ...input, deviceId, deviceName: hostname().slice(0, 255) });
    if (!reply) return err(wrong);
    const opened = await openAccountStore(context, accountKey, true);
    if (!opened.ok) return opened;
    const store = opened.value;
    const account = toAccount(reply.account);
    const verifier = await makeVerifier(input.password);
    const kept = store.transaction((db) => {
      const values = { only: 1, account, verifier, verifiedAt: host.clock.now() };
      db.insert(localAccount).values(values).onConflictDoUpdate({ target: localAccount.only, set: values }).run();
      db.insert(syncState).values({ only: 1, cursor: 0, deviceId, feedHead: 0 }).onConflictDoNothing().run();
      return ok({});
    });
    if (!kept.ok) {
      if (context.openStoreOf(accountKey) === null) store.close();
      return kept;
    }
    await host.secrets.set(`session:${accountKey}`, reply.token);
    const session = { account, signedInOffline: false, expiresAt: reply.account.expiresAt.getTime() };
    return ok({ accountKey, deviceId, store, token: reply.token, session });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (error.error.code !== 'offline') return err(error.error);
    return await signInOffline(context, input, accountKey, deviceId);
  } finally {
    await door.close();
  }
}

async function signInOffline(context: SignInContext, input: SignIn, accountKey: string, deviceId: string): Promise<Outcome<Opened>> {
  const { host } = context;
  if (!existsSync(storePath(host, accountKey))) {
    return err({
      code: 'offline',
      reason: 'The first sign-in on this laptop needs the firm’s server. Check the network and the server name, then try again.',
    });
  }
  const opened = await openAccountStore(context, accountKey, false);
  if (!opened.ok) return opened;
  const store = opened.value;
  const refuse = (error: typeof wrong): Outcome<never> => {
    if (context.openStoreOf(accountKey) === null) store.close();
    return err(error);
  };
  const local = store.db.select().from(localAccount).where(eq(localAccount.only, 1)).get();
  if (!local || !(await verify(input.password, local.verifier))) return refuse(wrong);
  const age = host.clock.now() - local.verifiedAt;
  const { offlineSignInDays: days = defaultOfflineSignInDays } = context;
  if (age > days * dayMs)
    return refuse({
      code: 'unauthenticated',
      reason: `You have been offline for more than ${dayWords(days)}. Connect to the firm’s network and sign in once; your work here is kept.`,
    });
  const session = { account: AccountView.parse(local.account), signedInOffline: true, expiresAt: null };
  return ok({ accountKey, deviceId, store, token: await host.secrets.get(`session:${accountKey}`), session });
}

function dayWords(days: number): string {
  return days === 1 ? 'a day' : `${days === defaultOfflineSignInDays ? 'seven' : String(days)} days`;
}

const wrong = { code: 'unauthenticated' as const, reason: 'The firm, the address or the password is not right. Check them and try again.' };

async function openAccountStore({ host, openStoreOf }: SignInContext, accountKey: string, create: boolean): Promise<Outcome<Store>> {
  const open = openStoreOf(accountKey);
  if (open) return ok(open);
  const path = storePath(host, accountKey);
  const exists = existsSync(path);
  let key = await host.secrets.get(`store-key:${accountKey}`);
  if (!key) {
    if (exists || !create) {
      const reason =
        'Its key is no longer in this laptop’s keychain. Nothing was deleted; ask your IT, who can restore it or start a fresh copy from the firm.';
      return err({ code: 'corrupt', what: "this laptop's copy", reason });
    }
    key = randomBytes(32).toString('hex');
    // the key is safe before the first byte is encrypted with it
    await host.secrets.set(`store-key:${accountKey}`, key);
  }
  await mkdir(join(host.paths.data, 'stores', accountKey), { recursive: true, mode: 0o700 });
  return openStore(path, key);
}

function storePath(host: Host, accountKey: string): string {
  return join(host.paths.data, 'stores', accountKey, 'steno.db');
}

function toAccount(remote: RemoteAccount): AccountView {
  const { userId, firmId, firmName, firmSlug, email, firstName, lastName, role } = remote;
  return { userId, firmId, firmName, firmSlug, email, firstName, lastName, role };
}

const scryptCost = { N: 1 << 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, scryptCost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

async function makeVerifier(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
}

async function verify(password: string, verifier: string): Promise<boolean> {
  const [salt = '', expected = ''] = verifier.split(':');
  const actual = await derive(password, Buffer.from(salt, 'hex'));
  const wanted = Buffer.from(expected, 'hex');
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}
