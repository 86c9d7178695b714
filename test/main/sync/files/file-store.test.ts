import { once } from 'node:events';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createFileStore, type SignedRequest } from '../../../../src/main/sync/files/file-store.ts';
import { localhostCertificate, localhostKey, strangeCertificate } from '../../../support/tls-front.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(answer: RequestListener, isSecure = false): Promise<SignedRequest> {
  const server = isSecure ? createHttps({ cert: localhostCertificate, key: localhostKey }, answer) : createHttp(answer);
  servers.push(server);
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { method: 'GET', url: `http${isSecure ? 's' : ''}://localhost:${String(port)}/steno-files/x`, headers: {} };
}
async function ask(request: SignedRequest, tlsRoot: string | null = null) {
  const store = createFileStore(tlsRoot);
  try {
    return await store.send(request);
  } finally {
    store.close();
  }
}
const failed = (reason: RegExp) => ({ error: { code: 'provider_failed', reason: expect.stringMatching(reason) } });

test('[S17] a store proves who it is by the firm’s own authority, or nothing is sent', async () => {
  let asked = 0;
  const request = await serve((_, reply) => {
    asked += 1;
    reply.end('the page');
  }, true);
  expect((await ask(request, localhostCertificate)).body.toString()).toBe('the page');
  expect(asked).toBe(1);
  for (const authority of [null, strangeCertificate])
    await expect(ask(request, authority)).rejects.toMatchObject(failed(/nothing was sent/));
  expect(asked).toBe(1);
});

test('[S17] without TLS only this same machine is talked to', async () => {
  for (const url of ['http://files.firm.example/x', 'http://10.0.0.8/x', 'http://localhost.firm.example/x'])
    await expect(ask({ method: 'GET', url, headers: {} })).rejects.toMatchObject(failed(/not protected by TLS/));
});

test('[S16] a store that is down, fails, breaks off or talks without end is the store’s trouble, in words', async () => {
  await expect(ask({ method: 'GET', url: 'http://127.0.0.1:9/x', headers: {} })).rejects.toMatchObject(
    failed(/ECONNREFUSED.*Everything else syncs/),
  );
  const failing = await serve((_, reply) => reply.writeHead(503).end());
  await expect(ask(failing)).rejects.toMatchObject(failed(/own failure \(503\)/));
  const breaking = await serve((_, reply) => {
    reply.writeHead(200, { 'content-length': '1000' });
    reply.write('half');
    reply.socket?.destroySoon();
  });
  await expect(ask(breaking)).rejects.toMatchObject(failed(/no answer/));
  const endless = await serve((_, reply) => {
    const more = (): void => {
      if (!reply.destroyed && reply.write(Buffer.alloc(65_536))) setImmediate(more);
      else reply.once('drain', more);
    };
    more();
  });
  await expect(ask(endless)).rejects.toMatchObject(failed(/no answer/));
});

test('a refusal keeps the store’s own word for it', async () => {
  const refusing = await serve((_, reply) =>
    reply.writeHead(403).end('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'),
  );
  expect(await ask(refusing)).toMatchObject({ status: 403, code: 'AccessDenied' });
});
