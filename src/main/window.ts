import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import type { SessionView } from '../shared/session.ts';
import type { Seat } from './seat.ts';
import type { Keeper } from './session/keeper.ts';
import type { ControlSocket } from './sync/control/socket.ts';

/** An account that is signed in on this laptop, with everything it has open. */
export interface SeatEntry {
  accountKey: string;
  seat: Seat;
  keeper: Keeper;
  control: ControlSocket;
  session: SessionView;
  signOutRemote(): Promise<void>;
}

/** A window, across its reloads. */
export interface Window {
  key: string;
  entry: SeatEntry | null;
  send: (<N extends EventName>(name: N, payload: EventPayload<N>) => void) | null;
}
