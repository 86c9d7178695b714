import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import { err, ok } from '../shared/result.ts';
import type { Host } from './host/host.ts';
import type { App } from './ipc/connection.ts';
import { createServe } from './ipc/serve.ts';
import { defaultTemplates } from './letters/default-templates.ts';
import { seatHandlers } from './seat-handlers.ts';
import { openSeat, type Seat } from './seat.ts';
import { signIn } from './session/session.ts';
import { openSettings } from './setup/settings.ts';
import { createSetup } from './setup/setup.ts';
import { createPostgresRemote } from './sync/postgres.ts';
import type { SeatEntry, Window } from './window.ts';

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
    await entry.seat.close();
  }

  // one sign-in at a time: two windows signing the same account in at once must not open its store twice
  let signingIn: Promise<unknown> = Promise.resolve();
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = signingIn.then(work);
    signingIn = result.catch(() => undefined);
    return result;
  }

  const serve = createServe<Seat, Window>({
    log: host.log,
    seatOf: (window) => window.entry?.seat ?? null,
    open: {
      'setup.state': async (_input, window) => {
        await setup.ready();
        return ok({ ...(await setup.state()), session: window.entry?.session ?? null });
      },
      'setup.startDemoFirm': (_input, window) => setup.startDemoFirm((text) => window.send?.('setup.progress', { text })),
      'setup.connectFirm': (connection) => setup.connectFirm(connection),
      'setup.viewFirmFile': ({ text }) => setup.firmFiles.view(text),
      'setup.connectFirmFile': ({ text, isNewKey }) => setup.firmFiles.connect(text, isNewKey),
      'setup.forgetFirm': async () => {
        for (const entry of [...seats.values()]) await closeSeat(entry);
        return setup.forgetFirm();
      },
      'session.signIn': (input, window) =>
        oneAtATime(async () => {
          await setup.ready();
          const connection = await settings.connection();
          if (!connection) return err({ code: 'invalid_input', what: 'signing in', reason: 'Choose your firm first.' });
          const openStoreOf = (accountKey: string) => seats.get(accountKey)?.seat.store ?? null;
          const { laptopId, options: firmOptions } = settings.read();
          const { offlineSignInDays } = firmOptions;
          const context = { host, connection, laptopId, openStoreOf, ...(offlineSignInDays !== undefined && { offlineSignInDays }) };
          const opened = await signIn(context, input);
          if (!opened.ok) return opened;
          const { accountKey, store, token, session } = opened.value;
          const before = seats.get(accountKey);
          if (before) {
            window.entry = before;
            return ok(before.session);
          }
          const remote = createPostgresRemote(connection, token ?? '');
          const emit = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
            for (const other of windowsOf(accountKey)) other.send?.(name, payload);
          };
          const seat = openSeat({ host, account: session.account, store, remote, emit, ...options });
          const signOutRemote = async (): Promise<void> => {
            const last = createPostgresRemote(connection, token ?? '');
            await last.signOut().catch(() => undefined);
            await last.close();
          };
          const entry = { accountKey, seat, session, signOutRemote };
          seats.set(accountKey, entry);
          window.entry = entry;
          return ok(session);
        }),
    },
    seated: seatHandlers({
      dialogs: host.dialogs,
      async signOut(window) {
        const entry = window.entry;
        if (!entry) return ok({});
        await closeSeat(entry);
        await entry.signOutRemote();
        await host.secrets.delete(`session:${entry.accountKey}`);
        return ok({});
      },
    }),
  });

  return {
    connect(windowKey, send) {
      const window = windows.get(windowKey) ?? { key: windowKey, entry: null, send: null };
      window.send = send;
      windows.set(windowKey, window);
      return {
        call: (name, input) => serve(window, name, input),
        close() {
          // the entry stays: a reloaded window of the same key is still signed in
          if (window.send === send) window.send = null;
        },
      };
    },
    async stop() {
      await signingIn;
      for (const entry of [...seats.values()]) await closeSeat(entry);
      await host.workers.stop();
      await setup.stop();
    },
  };
}
