import type { Outcome } from '../result.ts';
import type { CallInput, CallName, CallOutput } from './contract.ts';
import type { EventName, EventPayload } from './events.ts';

/** What a window has of core: two functions, whichever host carries them (`window.steno` in Electron, a socket in a browser). */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Outcome<CallOutput<N>>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** The messages on the wire between a window and core, in both hosts. */
export type ToCore = { id: number; call: string; input: unknown };
export type FromCore = { id: number; outcome: Outcome<unknown> } | { event: string; payload: unknown };
