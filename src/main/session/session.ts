import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { AccountView, type SessionView, type SignIn } from '../../shared/session.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { accountFiles } from '../rescue/account-files.ts';
import { removeJournal } from '../rescue/journal.ts';
import { setAside } from '../rescue/repair.ts';
import { laptopPolicy, localAccount, syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createPostgresDoor } from '../sync/postgres.ts';
import { RemoteError, type RemoteAccount } from '../sync/remote.ts';
import { keepAnswer, keepBesideStore, warnsOfNoRecovery } from './laptop-policy.ts';
import { decideOffline } from './offline.ts';
import { openAccountStore } from './open-account.ts';
import { makeVerifier, verify } from './verifier.ts';

/** What a sign-in opens: the account's encrypted store, and the token its sync uses (null: sync waits for an online sign-in). */
export interface Opened {
  /** Names the account on this laptop without telling who it is. */
  accountKey: string;
  deviceId: string;
  store: Store;
  storeKey: string;
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
  /** What the firm's file says. */
  offlineSignInDays?: number;
  /** The account's store where another window has it open already. */
  openStoreOf(accountKey: string): Store | null;
}

/**
 * Signs in at the firm, or, where its server cannot be reached, on this laptop by the verifier of the last online sign-in.
 * Errors: unauthenticated (wrong, or too long offline), offline (never signed in here), copy_lost, those of RemoteError and of openStore.
 */
export async function signIn(context: SignInContext, input: SignIn): Promise<Outcome<Opened>> {
  const { host, connection, openStoreOf } = context;
  const accountKey = accountKeyOf(input.firmSlug, input.email);
  const deviceId = idOf(context.laptopId, accountKey);
  const door = createPostgresDoor(connection);
  try {
    const { firmSlug, email, password } = input;
    const reply = await door.signIn({ firmSlug, email, password, deviceId, deviceName: hostname().slice(0, 255) });
    if (!reply) return err(wrong);
    const open = () => openAccountStore({ host, accountKey, openStoreOf, isOnline: true });
    let opened = await open();
    if (!opened.ok && opened.error.code === 'copy_lost' && input.startAfresh === true) {
      await setAside(host, accountKey);
      opened = await open();
    } else if (opened.ok) await removeJournal(host, accountKey); // what became of an earlier copy is old news
    if (!opened.ok) return opened;
    const { store, storeKey } = opened.value;
    return await orClose(context, accountKey, store, async () => {
      const account = toAccount(reply.account);
      const verifier = await makeVerifier(password);
      const now = host.clock.now();
      const kept = store.transaction((db) => {
        const values = { only: 1, account, verifier, verifiedAt: now };
        db.insert(localAccount).values(values).onConflictDoUpdate({ target: localAccount.only, set: values }).run();
        db.insert(syncState).values({ only: 1, cursor: 0, deviceId, feedHead: 0 }).onConflictDoNothing().run();
        keepAnswer(db, reply.policy, now);
        return ok({});
      });
      if (!kept.ok) return kept;
      await keepBesideStore(host, accountKey, { storeKey, recoveryKey: reply.policy.recoveryKey, connection });
      const files = accountFiles(host, accountKey);
      await host.secrets.set(files.sessionSecret, reply.token);
      await host.secrets.delete(files.lastSessionSecret);
      const expiresAt = reply.account.expiresAt.getTime();
      const session = { account, signedInOffline: false, expiresAt, warnsOfNoRecovery: warnsOfNoRecovery(store) };
      return ok({ accountKey, deviceId, store, storeKey, token: reply.token, session });
    });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (error.error.code !== 'offline') return err(error.error);
    return await signInOffline(context, input, accountKey, deviceId);
  } finally {
    await door.close();
  }
}

async function signInOffline(context: SignInContext, input: SignIn, accountKey: string, deviceId: string): Promise<Outcome<Opened>> {
  const { host, openStoreOf } = context;
  const files = accountFiles(host, accountKey);
  if (!existsSync(files.store)) {
    return err({
      code: 'offline',
      reason: 'The first sign-in on this laptop needs the firm’s server. Check the network and the server name, then try again.',
    });
  }
  const opened = await openAccountStore({ host, accountKey, openStoreOf, isOnline: false });
  if (!opened.ok) return opened;
  const { store, storeKey } = opened.value;
  return orClose(context, accountKey, store, async () => {
    const allowed = await mayEnterOffline(store, host.clock.now(), context.offlineSignInDays, input.password);
    if (!allowed.ok) return allowed;
    const session = { account: allowed.value, signedInOffline: true, expiresAt: null, warnsOfNoRecovery: warnsOfNoRecovery(store) };
    return ok({ accountKey, deviceId, store, storeKey, token: await host.secrets.get(files.sessionSecret), session });
  });
}

/** A store that nobody is let into is closed again, but for one that another window has open. */
async function orClose(
  { openStoreOf }: SignInContext,
  accountKey: string,
  store: Store,
  enter: () => Promise<Outcome<Opened>>,
): Promise<Outcome<Opened>> {
  let isIn = false;
  try {
    const outcome = await enter();
    isIn = outcome.ok;
    return outcome;
  } finally {
    if (!isIn && openStoreOf(accountKey) === null) store.close();
  }
}

/** The password first: who does not know it learns nothing of what the firm allows. A refusal leaves no trace, so that a clock set wrong for a moment costs nothing. */
async function mayEnterOffline(store: Store, now: number, fileDays: number | undefined, password: string): Promise<Outcome<AccountView>> {
  const local = store.db.select().from(localAccount).get();
  if (!local || !(await verify(password, local.verifier))) return err(wrong);
  const policy = store.db.select().from(laptopPolicy).get();
  const decided = decideOffline({
    now,
    answeredAt: local.verifiedAt,
    seenAt: policy?.seenAt ?? 0,
    isEnded: typeof policy?.endedAt === 'number',
    firmDays: policy?.offlineDays ?? null,
    fileDays,
  });
  return decided.ok ? ok(AccountView.parse(local.account)) : decided;
}

const wrong = { code: 'unauthenticated' as const, reason: 'The firm, the address or the password is not right. Check them and try again.' };

function toAccount(remote: RemoteAccount): AccountView {
  const { userId, firmId, firmName, firmSlug, email, firstName, lastName, role } = remote;
  return { userId, firmId, firmName, firmSlug, email, firstName, lastName, role };
}

/** The session is over. Its token stays until the next one: by it the firm knows this laptop, should its copy have to be erased. */
export async function forgetSession(host: Host, accountKey: string): Promise<void> {
  const { sessionSecret, lastSessionSecret } = accountFiles(host, accountKey);
  const token = await host.secrets.get(sessionSecret);
  if (token !== null) await host.secrets.set(lastSessionSecret, token);
  await host.secrets.delete(sessionSecret);
}
