import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { AppError } from '../shared/errors.ts';
import type { Bridge } from '../shared/ipc/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../shared/ipc/contract.ts';
import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import type { Outcome } from '../shared/result.ts';
import { refreshAfter } from './refresh.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; a browser tab has none and talks through a socket. */
    steno?: Bridge;
  }
}

/** An expected failure on its way through TanStack Query, which knows rejected promises only. */
export class CallFailed extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.name = 'CallFailed';
    this.error = error;
  }
}

export const BridgeContext = createContext<Bridge | null>(null);

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error('useBridge is used outside BridgeContext');
  return bridge;
}

interface CallOptions<N extends CallName, T> {
  enabled?: boolean;
  /** Shows the last answer while another input's answer is on its way. */
  keepPrevious?: boolean;
  /** Asks again whenever the screen opens, whatever is known already. */
  freshOnMount?: boolean;
  /** What the caller needs of the answer; it is drawn again when that is another, whatever else changed. A function that stays the same one. */
  select?: (answer: CallOutput<N>) => T;
}

/** Reads something and keeps it fresh: core's events say when it must be read again (refresh.ts). */
export function useCall<N extends CallName, T = CallOutput<N>>(
  name: N,
  input: CallInput<N>,
  options: CallOptions<N, T> = {},
): UseQueryResult<T, CallFailed> {
  const bridge = useBridge();
  return useQuery<CallOutput<N>, CallFailed, T>({
    queryKey: [name, input],
    queryFn: async () => {
      const outcome = await bridge.call(name, input);
      if (!outcome.ok) throw new CallFailed(outcome.error);
      return outcome.value;
    },
    enabled: options.enabled ?? true,
    ...(options.select && { select: options.select }),
    ...(options.freshOnMount === true && { refetchOnMount: 'always' as const }),
    ...(options.keepPrevious === true && { placeholderData: (previous: unknown) => previous as never }),
  });
}

export interface Command<N extends CallName> {
  run(input: CallInput<N>): Promise<Outcome<CallOutput<N>>>;
  busy: boolean;
  /** Why the last run failed; null again as soon as the next one starts. */
  error: AppError | null;
  clearError(): void;
}

/** Changes something; what it may have changed is read again even if core's own event is late. */
export function useCommand<N extends CallName>(name: N): Command<N> {
  const bridge = useBridge();
  const queries = useQueryClient();
  const [busyCount, setBusyCount] = useState(0);
  const [error, setError] = useState<AppError | null>(null);
  const run = useCallback(
    async (input: CallInput<N>) => {
      setBusyCount((count) => count + 1);
      setError(null);
      const outcome = await bridge.call(name, input);
      setBusyCount((count) => count - 1);
      if (!outcome.ok) setError(outcome.error);
      refreshAfter(queries, name);
      return outcome;
    },
    [bridge, name, queries],
  );
  const clearError = useCallback(() => {
    setError(null);
  }, []);
  return { run, busy: busyCount > 0, error, clearError };
}

/** Runs `listener` for each event of core while the component is there. */
export function useCoreEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const bridge = useBridge();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      bridge.on(name, (payload) => {
        latest.current(payload);
      }),
    [bridge, name],
  );
}
