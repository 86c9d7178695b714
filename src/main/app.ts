import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import { err, ok, type Outcome } from '../shared/result.ts';
import type { SessionView, SignIn } from '../shared/session.ts';
import type { Host, Log } from './host/host.ts';
import type { App } from './ipc/connection.ts';
import { createServe } from './ipc/serve.ts';
import { defaultTemplates } from './templates/default-templates.ts';
import { seatHandlers } from './seat-handlers.ts';
import { openSeat, type Seat } from './seat.ts';
import { accountFiles } from './rescue/account-files.ts';
import { createKeeper } from './session/keeper.ts';
import { keepTold } from './session/laptop-policy.ts';
import { createLostCopies } from './session/lost-copies.ts';
import { accountKeyOf, forgetSession, signIn } from './session/session.ts';
import { openSettings } from './setup/settings.ts';
import { createSetup } from './setup/setup.ts';
import { isDamage, storeError, thisCopy } from './store/store.ts';
import { answer } from './sync/control/answer.ts';
import { openControlSocket } from './sync/control/socket.ts';
import { createPostgresRemote } from './sync/postgres.ts';
import { stageAside } from './sync/snapshot/stage-aside.ts';
import type { SeatEntry, Window } from './window.ts';

const repaired = {
  code: 'corrupt' as const,
  what: thisCopy,
  reason: 'Steno saves what can be read of it and fetches the rest from the firm. Sign in again.',
};

/** Everything behind the windows, the same in every host. Seats are shared by windows of one account; two accounts are two seats. */
export async function createApp(host: Host, options: { settleMs?: number } = {}): Promise<App> {
  const settings = await openSettings(host);
  const setup = createSetup({ host, settings, templates: defaultTemplates });
  const windows = new Map<string, Window>();
  const seats = new Map<string, SeatEntry>();

  const windowsOf = (accountKey: string): Window[] => [...windows.values()].filter((window) => window.entry?.accountKey === accountKey);

  async function closeSeat(entry: SeatEntry): Promise<void> {
    seats.delete(entry.accountKey);
    for (const window of windowsOf(entry.accountKey)) {
      window.entry = null;
      window.send?.('session.changed', { session: null });
    }
    await entry.control.close();
    await entry.keeper.stop();
    await entry.seat.close();
  }

  // one sign-in at a time: two windows signing the same account in at once must not open its store twice
  let signingIn: Promise<unknown> = Promise.resolve();
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = signingIn.then(work);
    signingIn = result.catch(() => undefined);
    return result;
  }

  let isStopping = false;
  const lost = createLostCopies({
    host,
    connection: () => settings.connection(),
    oneAtATime,
    async close(accountKey) {
      const entry = seats.get(accountKey);
      if (entry) await closeSeat(entry);
    },
    onChange() {
      for (const window of windows.values()) window.send?.('session.changed', { session: window.entry?.session ?? null });
    },
    isStopping: () => isStopping,
  });
  const inBackground = (what: string, work: Promise<void>): void => void work.catch((error: unknown) => host.log.bug(what, error));
  const damaged = (accountKey: string): void => inBackground('repair', lost.repair(accountKey));
  /** The same log, and an ear for pages that cannot be read. */
  const logOf = (accountKey: string): Log => ({
    ...host.log,
    bug(event, error) {
      if (isDamage(error)) damaged(accountKey);
      return host.log.bug(event, error);
    },
  });

  async function enter(input: SignIn, window: Window): Promise<Outcome<SessionView>> {
    await setup.ready();
    const connection = await settings.connection();
    if (!connection) return err({ code: 'invalid_input', what: 'signing in', reason: 'Choose your firm first.' });
    const openStoreOf = (accountKey: string) => seats.get(accountKey)?.seat.store ?? null;
    const { laptopId, options: firmOptions } = settings.read();
    const { offlineSignInDays, fileBudgetGb } = firmOptions;
    const context = { host, connection, laptopId, openStoreOf, ...(offlineSignInDays !== undefined && { offlineSignInDays }) };
    const opened = await signIn(context, input);
    if (!opened.ok) return opened;
    const { accountKey, store, storeKey, token, session } = opened.value;
    const before = seats.get(accountKey);
    if (before && !session.signedInOffline && before.seat.syncStatus().problem?.code === 'unauthenticated')
      return enterAnew(before, input, window);
    if (before) {
      window.entry = before;
      return ok(before.session);
    }
    const remote = createPostgresRemote(connection, token ?? '');
    const entryRef: { now: SeatEntry | null } = { now: null };
    const keeper = createKeeper({
      ...{ host, accountKey, store, storeKey, connection, token: token ?? '', hasAnswer: !session.signedInOffline },
      onRevoked: () => inBackground('erase', lost.erase(accountKey)),
      onDamaged: () => damaged(accountKey),
      onWarning(warnsOfNoRecovery) {
        const entry = entryRef.now;
        if (!entry || entry.session.warnsOfNoRecovery === warnsOfNoRecovery) return;
        entry.session = { ...entry.session, warnsOfNoRecovery };
        emit('session.changed', { session: entry.session });
      },
    });
    const emit = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
      if (name === 'sync.status') keeper.onStatus(payload as EventPayload<'sync.status'>);
      for (const other of windowsOf(accountKey)) other.send?.(name, payload);
    };
    const stage = stageAside(connection, token ?? '');
    let seat: Seat;
    try {
      seat = openSeat({
        host: { ...host, log: logOf(accountKey) },
        account: session.account,
        store,
        remote,
        emit,
        stage,
        fileBudgetGb,
        turnsPath: accountFiles(host, accountKey).turns,
        assistantKeys: accountFiles(host, accountKey).assistantKeys,
        ...options,
      });
    } catch (error) {
      // nobody sits there, so nobody would close it: it could be neither repaired nor signed in to until Steno is started again
      await Promise.allSettled([keeper.stop(), remote.close()]);
      store.close();
      throw error;
    }
    const signOutRemote = async (): Promise<void> => {
      const last = createPostgresRemote(connection, token ?? '');
      await last.signOut().catch(() => undefined);
      await last.close();
    };
    const control = openControlSocket({
      folder: accountFiles(host, accountKey).folder,
      answer: (ask, signal) => answer(seat, ask, signal),
      log: logOf(accountKey),
    });
    const entry = { accountKey, seat, keeper, control, session, signOutRemote };
    entryRef.now = entry;
    seats.set(accountKey, entry);
    window.entry = entry;
    return ok(session);
  }

  /** The account is open and its session over: its other windows go on with the new one. */
  async function enterAnew(before: SeatEntry, input: SignIn, window: Window): Promise<Outcome<SessionView>> {
    const others = windowsOf(before.accountKey);
    await closeSeat(before);
    const outcome = await enter(input, window);
    for (const other of outcome.ok ? others : []) {
      other.entry = window.entry;
      other.send?.('session.changed', { session: window.entry?.session ?? null });
    }
    return outcome;
  }

  const serve = createServe<Seat, Window>({
    log: host.log,
    seatOf: (window) => window.entry?.seat ?? null,
    explainThrown(error, { entry }) {
      if (!entry || !isDamage(error)) return storeError(error);
      damaged(entry.accountKey);
      return repaired;
    },
    open: {
      'setup.state': async (_input, window) => {
        await setup.ready();
        return ok({ ...(await setup.state()), session: window.entry?.session ?? null, lostCopies: await lost.list() });
      },
      'setup.startDemoFirm': (_input, window) => setup.startDemoFirm((text) => window.send?.('setup.progress', { text })),
      'setup.connectFirm': (connection) => setup.connectFirm(connection),
      'setup.viewFirmFile': ({ text }) => setup.firmFiles.view(text),
      'setup.connectFirmFile': ({ text, isNewKey }) => setup.firmFiles.connect(text, isNewKey),
      'setup.forgetFirm': async () => {
        for (const entry of [...seats.values()]) await closeSeat(entry);
        return setup.forgetFirm();
      },
      'setup.noteLostCopy': async ({ accountKey }) => {
        await lost.note(accountKey);
        return ok({});
      },
      'setup.revealLostCopy': async ({ accountKey }) => {
        const path = await lost.pathOf(accountKey);
        return ok({ shown: path !== null && (await host.dialogs.reveal(path)) });
      },
      'session.signIn': async (input, window) => {
        const accountKey = accountKeyOf(input.firmSlug, input.email);
        const unfinished = await lost.finish(accountKey);
        if (unfinished) return err(unfinished);
        const outcome = await oneAtATime(() => enter(input, window)).catch(async (error: unknown) => {
          if (!isDamage(error)) throw error;
          await lost.repair(accountKey);
          return err(repaired);
        });
        if (!outcome.ok && outcome.error.code === 'revoked') await lost.erase(accountKey);
        return outcome;
      },
    },
    seated: seatHandlers({
      dialogs: host.dialogs,
      clock: host.clock,
      exportsFolder: host.paths.exports,
      async signOut(window) {
        const entry = window.entry;
        if (!entry) return ok({});
        await closeSeat(entry);
        await entry.signOutRemote();
        await forgetSession(host, entry.accountKey);
        return ok({});
      },
      noteNoRecovery({ entry }) {
        if (!entry) return ok({});
        const told = keepTold(entry.seat.store, host.clock.now());
        if (told.ok) entry.session = { ...entry.session, warnsOfNoRecovery: false };
        return told;
      },
    }),
  });

  inBackground(
    'lost copies',
    setup.ready().then(() => lost.resume()),
  );

  return {
    connect(windowKey, send) {
      const window = windows.get(windowKey) ?? { key: windowKey, entry: null, send: null };
      window.send = send;
      windows.set(windowKey, window);
      return {
        async call(name, input) {
          const { entry } = window;
          const outcome = await serve(window, name, input);
          if (entry && !outcome.ok && outcome.error.code === 'corrupt' && outcome.error.what === thisCopy) damaged(entry.accountKey);
          return outcome;
        },
        close() {
          // the entry stays: a reloaded window of the same key is still signed in
          if (window.send !== send) return;
          window.send = null;
          window.entry?.seat.attend(windowKey, null);
        },
      };
    },
    async stop() {
      isStopping = true;
      await signingIn;
      for (const entry of [...seats.values()]) await closeSeat(entry);
      await host.workers.stop();
      await setup.stop();
    },
  };
}
