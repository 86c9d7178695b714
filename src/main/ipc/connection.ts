import type { EventName, EventPayload } from '../../shared/ipc/events.ts';
import type { Outcome } from '../../shared/result.ts';

/** A window's line to core. The window is known by who holds the connection, never by what it sends. */
export interface Connection {
  /** Unknown names and bad inputs come back as `invalid_input`; never throws. */
  call(name: string, input: unknown): Promise<Outcome<unknown>>;
  close(): void;
}

export interface App {
  /**
   * @param windowKey names the window across reloads, so that a reloaded window is still signed in. In a browser it is a
   *   random secret kept in the tab's sessionStorage; in Electron the window's id.
   */
  connect(windowKey: string, send: <N extends EventName>(name: N, payload: EventPayload<N>) => void): Connection;
  /** Ends watchers, sync, workers and stores in that order; resolves when all is on disk. */
  stop(): Promise<void>;
}
