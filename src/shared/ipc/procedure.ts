import type { z } from 'zod';

/** One call between a window and core: its kind, and the schemas of what goes in and what comes back. */
export interface Procedure<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  kind: 'query' | 'command';
  /** Whether a signed-in account is needed; a window that has none gets `unauthenticated`. */
  access: 'anyone' | 'signed_in';
  input: Input;
  output: Output;
}

/** Reads only; the client may repeat it freely. */
export function query<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Procedure<I, O> {
  return { kind: 'query', access: 'signed_in', input, output };
}

/** Changes something. */
export function command<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Procedure<I, O> {
  return { kind: 'command', access: 'signed_in', input, output };
}

/** Lifts the sign-in demand: for the screens before sign-in only. */
export function open<P extends Procedure>(procedure: P): P {
  return { ...procedure, access: 'anyone' };
}
