import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { z } from 'zod';
import { isLoopback } from '../../../shared/setup.ts';
import { RemoteError } from '../remote.ts';

/** A request that the firm's server has signed; the store's secret stays there. */
export const SignedRequest = z.object({
  method: z.enum(['GET', 'PUT', 'DELETE', 'HEAD']),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
});
export type SignedRequest = z.infer<typeof SignedRequest>;

export interface StoreReply {
  status: number;
  body: Buffer;
  /** The store's word for a refusal (`AccessDenied`, `NoSuchKey`), else empty. */
  code: string;
}

/** An S3-compatible store, reached by signed requests only. */
export interface FileStore {
  /** Rejects with RemoteError where the store cannot be reached or is broken. */
  send(request: SignedRequest, body?: Uint8Array): Promise<StoreReply>;
  close(): void;
}

const patienceMs = 60_000;
/** The largest chunk, and no more of what is none. */
const mostBodyBytes = 1024 * 1024;

/** `tlsRoot`: the firm's own authority, beside those everybody knows. */
export function createFileStore(tlsRoot: string | null): FileStore {
  const ca = tlsRoot === null ? undefined : [...rootCertificates, tlsRoot];
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: 4, ...(ca && { ca }) });

  return {
    async send({ method, url, headers }, body) {
      const address = new URL(url);
      const isSecure = address.protocol === 'https:';
      if (!isSecure && !isLoopback(address.hostname.replace(/^\[|\]$/g, ''))) throw unreachable('its address is not protected by TLS');
      const reply = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = { method, headers: { ...headers, 'content-length': String(body?.length ?? 0) }, timeout: patienceMs };
        const sent = isSecure
          ? httpsRequest(address, { ...options, agent: secure }, resolve)
          : httpRequest(address, { ...options, agent: plain }, resolve);
        sent.on('error', reject);
        sent.on('timeout', () => sent.destroy(new Error('timeout')));
        sent.end(body);
      }).catch((error: unknown) => {
        throw ofLine(error);
      });
      const parts: Buffer[] = [];
      let sizeBytes = 0;
      try {
        for await (const part of reply as AsyncIterable<Buffer>) {
          sizeBytes += part.length;
          if (sizeBytes > mostBodyBytes) throw new Error('too much');
          parts.push(part);
        }
      } catch (error) {
        reply.destroy();
        throw ofLine(error);
      }
      const bytes = Buffer.concat(parts);
      const status = reply.statusCode ?? 0;
      if (status >= 500) throw unreachable(`it answers with its own failure (${String(status)})`);
      const code = status >= 400 ? (/<Code>(\w{1,64})<\/Code>/.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1] ?? '') : '';
      return { status, body: bytes, code };
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function ofLine(error: unknown): RemoteError {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (/certificate|self-signed|CERT_|altname/i.test(`${code} ${message}`))
    return new RemoteError({
      code: 'provider_failed',
      what: 'checking the certificate of the firm’s file store',
      reason: 'It could not prove that it is your firm’s, so nothing was sent. Ask your IT; do not go on over this network.',
    });
  return unreachable(`no answer, ${code || 'the line broke'}`);
}

/** The store beside the firm's server: rows go on, files wait. */
export function unreachable(why: string): RemoteError {
  return new RemoteError({
    code: 'provider_failed',
    what: 'reaching the firm’s file store',
    reason: `Files wait on this laptop and go on by themselves when it answers (${why}). Everything else syncs.`,
  });
}
