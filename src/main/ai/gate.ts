import { ProviderFailure } from './provider.ts';

/** The only way from an SDK to the network. */
export interface Gate {
  baseUrl: string;
  /** For a whole answer; an SDK waits longer, so that the gate is the one that says so. */
  timeoutMs: number;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

interface GateInput {
  baseUrl: string;
  /** Of a reply, whatever its state. */
  mostBytes?: number;
  timeoutMs?: number;
}

/**
 * Lets requests through to `baseUrl` and to nowhere else, follows no redirect (the key and the text would go along), and ends replies that grow too large or take
 * too long. TLS is verified as Node does. Rejects with ProviderFailure.
 */
export function createGate({ baseUrl, mostBytes = 4_000_000, timeoutMs = 300_000 }: GateInput): Gate {
  const home = new URL(baseUrl).origin;
  return {
    baseUrl,
    timeoutMs,
    async fetch(input, init = {}) {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== home) throw new ProviderFailure('redirected');
      const late = AbortSignal.timeout(timeoutMs);
      const signals = [late, ...(init.signal ? [init.signal] : [])];
      const failed = (error: unknown): unknown => (late.aborted ? new ProviderFailure('timed_out') : error);
      const response = await fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) }).catch((error: unknown) => {
        throw failed(error);
      });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw new ProviderFailure('redirected', { status: response.status });
      }
      const { status, statusText, headers } = response;
      return new Response(response.body && limited(response.body, mostBytes, failed), { status, statusText, headers });
    },
  };
}

/** The same bytes, an error in the place of the first that is too many. */
function limited(body: ReadableStream<Uint8Array>, mostBytes: number, failed: (error: unknown) => unknown): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let seen = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        seen += value.byteLength;
        if (seen > mostBytes) {
          await reader.cancel();
          controller.error(new ProviderFailure('too_large'));
        } else controller.enqueue(value);
      } catch (error) {
        controller.error(failed(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
