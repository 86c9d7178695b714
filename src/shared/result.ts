import type { AppError } from './errors.ts';

/** What a caller gets back from anything that may fail for a reason a person can act on. Bugs throw instead. */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E };
export type Outcome<T> = Result<T, AppError>;

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}

/** The value of a call that has nothing to say but that it was done. */
export type Nothing = Record<string, never>;
