import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll } from 'vitest';

/** For "localhost", its own authority, until 2126. Its key guards nothing: these tests alone use it. */
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBpjCCAUugAwIBAgIUGopaOlFkL7Hqi8bOOz6+cSdFqe8wCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRc3Rlbm8gdGVzdCBzZXJ2ZXIwIBcNMjYxMTIxMDkxMzAzWhgP
MjEyNjEwMjgwOTEzMDNaMBwxGjAYBgNVBAMMEXN0ZW5vIHRlc3Qgc2VydmVyMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENP4DtJlSwWpC36V0ZWEUEl13fdiB9npx
60k4vx3/uIQbvLxy59zT9/O0V+vY5E3D43cUEzo/PfCk9Z6BnnVlG6NpMGcwHQYD
VR0OBBYEFM8SFOsix8QPtJOFutzFKscPFmVGMB8GA1UdIwQYMBaAFM8SFOsix8QP
tJOFutzFKscPFmVGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDZhwQEn35nBGGY4VziL93rFU6ltkk/otjo
NcSYEOVXjwIhAP+aF13+Eepjz8HxIyvnIq/FXka27wWGx+KftAOa4Uhb
-----END CERTIFICATE-----
`;
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4x+LgjloVwWbngaL
uafwWyMBeAzTE/BmjcZse/fnyW2hRANCAAQ0/gO0mVLBakLfpXRlYRQSXXd92IH2
enHrSTi/Hf+4hBu8vHLn3NP387RX69jkTcPjdxQTOj898KT1noGedWUb
-----END PRIVATE KEY-----
`;
/** An authority that signed nothing here. */
export const strangeCertificate = `-----BEGIN CERTIFICATE-----
MIIBkzCCATmgAwIBAgIUem7IWu00NaXLmoMkW01uHF+9s1UwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTc3Rlbm8gdGVzdCBzdHJhbmdlcjAgFw0yNjExMjEwOTEzMDNa
GA8yMTI2MTAyODA5MTMwM1owHjEcMBoGA1UEAwwTc3Rlbm8gdGVzdCBzdHJhbmdl
cjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBuV8OdAUkAl/MQuUnNm8rBrn/iP
h71LqVzBDDXkWvQyW8noEHWwDYX3t1W5i6YIj/r16iLs0/Y2pqNsms3t+DijUzBR
MB0GA1UdDgQWBBRBIbbafAm0wViJHwcFK4BSQyYnvTAfBgNVHSMEGDAWgBRBIbba
fAm0wViJHwcFK4BSQyYnvTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
MEUCIFjt3q6I8hUdL3yIIU5zEyRimKEWoiPPcGhdJzOrOvD1AiEAg6m/JuTbcNj/
YoVKZIPEN6En4ce1n5oMX6lmJmg3jaw=
-----END CERTIFICATE-----
`;

/**
 * A Postgres that speaks TLS: takes the client's request for it, proves to be localhost, passes the rest on. Resolves to its port.
 * `onTold` hears what a client trusts this server with.
 */
export async function startTlsFront(
  target: { host: string; port: number },
  onTold: (bytes: Buffer) => void = () => undefined,
): Promise<number> {
  const open = new Set<Socket>();
  const secureContext = createSecureContext({ cert: localhostCertificate, key: localhostKey });
  const front = createServer((client) => {
    const server = connect(target);
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
    // the first eight bytes ask for TLS; S says yes
    client.once('data', () => {
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, secureContext });
      secure.on('error', () => server.destroy());
      secure.on('data', onTold);
      secure.pipe(server).pipe(secure);
    });
  }).listen(0, 'localhost');
  await once(front, 'listening');
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    front.close();
    await once(front, 'close');
  });
  return (front.address() as { port: number }).port;
}
