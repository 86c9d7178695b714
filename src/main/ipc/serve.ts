import { contract, type CallName, type CallOutput, type CallParsed } from '../../shared/ipc/contract.ts';
import type { AppError } from '../../shared/errors.ts';
import { err, type Outcome } from '../../shared/result.ts';
import type { Log } from '../host/host.ts';

type Answer<N extends CallName> = Outcome<CallOutput<N>> | Promise<Outcome<CallOutput<N>>>;
/** The calls marked `open` in the contract; a test holds the two lists together. */
export type OpenName = Extract<CallName, `setup.${string}` | 'session.signIn'>;
export type SeatName = Exclude<CallName, OpenName>;

/** Calls a window may make before sign-in; `caller` is the window itself. */
export type OpenHandlers<Caller> = { [N in OpenName]: (input: CallParsed<N>, caller: Caller) => Answer<N> };
/** Calls that need a signed-in account; `seat` is what that account has open, known by the window, never by the payload. */
export type SeatHandlers<Seat, Caller> = { [N in SeatName]: (input: CallParsed<N>, seat: Seat, caller: Caller) => Answer<N> };

interface ServeInput<Seat, Caller> {
  open: OpenHandlers<Caller>;
  seated: SeatHandlers<Seat, Caller>;
  seatOf(caller: Caller): Seat | null;
  log: Log;
  /** Looks at what a handler threw first; null: it is a bug. */
  explainThrown?(error: unknown, caller: Caller): AppError | null;
}

/**
 * The one gate between windows and core: looks the call up, parses the input, checks the caller, runs the handler,
 * and turns a bug into a reference. What the handler returns is checked too, so that a wrong answer is our bug, not the window's.
 */
export function createServe<Seat, Caller>({
  open,
  seated,
  seatOf,
  log,
  explainThrown,
}: ServeInput<Seat, Caller>): (caller: Caller, name: string, input: unknown) => Promise<Outcome<unknown>> {
  return async (caller, name, input) => {
    if (!Object.hasOwn(contract, name))
      return err({ code: 'invalid_input', what: 'the request', reason: 'This version of Steno does not know it. Restart Steno.' });
    const call = name as CallName;
    const procedure = contract[call];
    const parsed = procedure.input.safeParse(input);
    if (!parsed.success) {
      const reason = parsed.error.issues.map((issue) => issue.message).join(' ');
      return err({ code: 'invalid_input', what: 'what was entered', reason });
    }
    try {
      const outcome = await run(call, parsed.data, caller);
      if (!outcome.ok) return outcome;
      return { ok: true, value: procedure.output.parse(outcome.value) };
    } catch (error) {
      const known = explainThrown?.(error, caller);
      if (known) return err(known);
      return err({ code: 'internal', reference: log.bug(`call ${call}`, error) });
    }
  };

  function run(call: CallName, input: unknown, caller: Caller): Promise<Outcome<unknown>> | Outcome<unknown> {
    if (contract[call].access === 'anyone') {
      return (open[call as OpenName] as (input: unknown, caller: Caller) => Promise<Outcome<unknown>>)(input, caller);
    }
    const seat = seatOf(caller);
    if (!seat) return err({ code: 'unauthenticated', reason: 'Sign in to go on; what you wrote is kept.' });
    return (seated[call as SeatName] as (input: unknown, seat: Seat, caller: Caller) => Promise<Outcome<unknown>>)(input, seat, caller);
  }
}
