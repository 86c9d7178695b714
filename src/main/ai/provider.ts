import type { CallOutcome, ProviderName } from '../../shared/ai.ts';

/** What a model is asked. Everything a document says is in `user`, between marks that no document can know. */
export interface ProviderRequest {
  model: string;
  /** The same in every call of a prompt's version, so that a provider may keep it at hand (prompt caching). */
  system: string;
  user: string;
  /** The form of the answer: the model has to call this tool. `schema` is JSON Schema of an object. */
  tool: { name: string; description: string; schema: Record<string, unknown> };
  maxOutputTokens: number;
}

/** Tokens of one call; what the provider did not say is null. `input` is without `cached` and `cacheWritten`. */
export interface Usage {
  input: number | null;
  output: number | null;
  cached: number | null;
  cacheWritten: number | null;
}
export const noUsage: Usage = { input: null, output: null, cached: null, cacheWritten: null };

/** Why a model stopped: `done` after a tool call or of itself. */
export type StopReason = 'done' | 'length' | 'declined' | 'other';

export type ProviderEvent =
  | { type: 'text'; text: string }
  /** A piece of the tool's input as JSON. */
  | { type: 'tool'; json: string }
  /** Replaces what was said before, field by field where not null. */
  | { type: 'usage'; usage: Partial<Usage> }
  /** The model that really answered, where the provider says so. */
  | { type: 'model'; model: string }
  /** The last event of a whole answer: a stream that ends without one was cut. */
  | { type: 'stop'; reason: StopReason };

/** One way to a model. Throws ProviderFailure; whatever else is thrown is a bug of ours. */
export interface Provider {
  name: ProviderName;
  stream(request: ProviderRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>;
}

export type FailureKind = Exclude<CallOutcome, 'answered' | 'declined' | 'cut_short' | 'no_answer' | 'wrong_schema'>;

/** Carries no text of the request or the reply: both may hold what a client said. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  /** As the provider asked for. */
  readonly retryAfterMs: number | null;
  readonly status: number | null;
  constructor(kind: FailureKind, { retryAfterMs = null, status = null }: { retryAfterMs?: number | null; status?: number | null } = {}) {
    super(`provider: ${kind}`);
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.status = status;
  }
}

interface Replied {
  status?: unknown;
  headers?: unknown;
  error?: unknown;
  cause?: unknown;
}

/** What an SDK threw, as a failure. `hasBegun`: something of the answer had arrived. */
export function failureOf(error: unknown, signal: AbortSignal, hasBegun: boolean): ProviderFailure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof ProviderFailure) return cause;
  if (signal.aborted) return new ProviderFailure('cancelled');
  const { status, headers, error: body } = (error ?? {}) as Replied;
  const retryAfterMs = headers instanceof Headers ? retryAfterOf(headers) : null;
  if (typeof status === 'number') return new ProviderFailure(kindOf(status), { retryAfterMs, status });
  if (isOverload(body)) return new ProviderFailure(hasBegun ? 'cut_stream' : 'overloaded');
  return new ProviderFailure(hasBegun ? 'cut_stream' : 'unreachable');
}

function kindOf(status: number): FailureKind {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408 || status === 409 || status >= 500) return 'overloaded';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}

/** An error event in the stream: Anthropic sends `overloaded_error`, `api_error` and `rate_limit_error` with status 200. */
function isOverload(body: unknown): boolean {
  const inner = (body as { error?: { type?: unknown } } | null | undefined)?.error;
  return typeof inner?.type === 'string' && /overloaded|api_error|rate_limit|internal|unavailable/i.test(inner.type);
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; at most an hour. */
function retryAfterOf(headers: Headers): number | null {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const after = headers.get('retry-after') ?? '';
  const seconds = after === '' ? Number.NaN : Number(after);
  const wait = Number.isFinite(ms)
    ? ms
    : Number.isFinite(seconds)
      ? seconds * 1000
      : Date.parse(after) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, 3_600_000) : null;
}
