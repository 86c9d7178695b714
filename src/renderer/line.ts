import { useSyncExternalStore } from 'react';

/** Whether this window can reach core. In Electron it always can; a browser tab loses it when the host stops. */
export interface LineState {
  connected: boolean;
  /** Attempts that failed in a row. */
  failures: number;
}

export interface Line {
  state(): LineState;
  report(state: LineState): void;
  subscribe(listener: () => void): () => void;
}

export function createLine(): Line {
  let current: LineState = { connected: true, failures: 0 };
  const listeners = new Set<() => void>();
  return {
    state: () => current,
    report(state) {
      current = state;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

export function useLine(line: Line): LineState {
  return useSyncExternalStore(line.subscribe, line.state);
}
