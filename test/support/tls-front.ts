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

export interface Identity {
  cert: string;
  key: string;
}
export const firmsOwn: Identity = { cert: localhostCertificate, key: localhostKey };
/** For "localhost" as well, by an authority of its own. */
export const impostor: Identity = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBqjCCAU+gAwIBAgIUJf1ZNTqXFEIiDSbdvHlMTpu7KMAwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTc3Rlbm8gdGVzdCBpbXBvc3RvcjAgFw0yNjExMjExMzQ0MjFa
GA8yMTI2MTAyODEzNDQyMVowHjEcMBoGA1UEAwwTc3Rlbm8gdGVzdCBpbXBvc3Rv
cjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMvLLwHZvFYnKLIsTHLMTAfDZfcy
HtzYqrciZqJRMcvKG7JQT4+c5mi61IR6ms5R1uAwJeTLVzgBb6a46DsbhS6jaTBn
MB0GA1UdDgQWBBTEJhMY6Gg5aZgoTMwW97vcu48GkzAfBgNVHSMEGDAWgBTEJhMY
6Gg5aZgoTMwW97vcu48GkzAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuCCWxv
Y2FsaG9zdDAKBggqhkjOPQQDAgNJADBGAiEAlOjbgWNOUKSiZtlxdD16jZ7DiZeH
OB8RY8hdRXmN2ykCIQDVQbL/1tlCw4lwPzSNFo9zqb/Y3lJ0BEBSgojuMg61bA==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnkJeeXRZheKAPAUh
Xw5uUJfWpd17urLD9vEpOCO/+jihRANCAATLyy8B2bxWJyiyLExyzEwHw2X3Mh7c
2Kq3ImaiUTHLyhuyUE+PnOZoutSEeprOUdbgMCXky1c4AW+muOg7G4Uu
-----END PRIVATE KEY-----
`,
};
/** By the authority of localhostCertificate, for "neighbour.example". */
export const neighbour: Identity = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBqjCCAVCgAwIBAgIUHBoQBER/iRySpd02aSfZPKjfy0QwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRc3Rlbm8gdGVzdCBzZXJ2ZXIwIBcNMjYxMTIxMTM0NDIxWhgP
MjEyNjEwMTgxMzQ0MjFaMB8xHTAbBgNVBAMMFHN0ZW5vIHRlc3QgbmVpZ2hib3Vy
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwgEQxKGwfcx+rLPEb+tDRrc1i0VH
hX7syI6y9QO31avfHURDo3mmrSDAhzMvGSw4V7mE2/Ntnunr0RhX0k/dF6NrMGkw
HAYDVR0RBBUwE4IRbmVpZ2hib3VyLmV4YW1wbGUwCQYDVR0TBAIwADAdBgNVHQ4E
FgQUzlpC+My9oT/wGAl7QIp3czbxiw4wHwYDVR0jBBgwFoAUzxIU6yLHxA+0k4W6
3MUqxw8WZUYwCgYIKoZIzj0EAwIDSAAwRQIhAP9HLUVHObMkR+1s2tXbErdshfsJ
Rn0vWkCC8Mjp/tr7AiBsTdSdXVbSnrqQy5jGjCuyQ9UNCDXUNcXsWMfpwPekGQ==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4r2UNcZanr2piQIC
9JrI4QYA2tGI2iVy/xmlI2CsWf2hRANCAATCARDEobB9zH6ss8Rv60NGtzWLRUeF
fuzIjrL1A7fVq98dREOjeaatIMCHMy8ZLDhXuYTb822e6evRGFfST90X
-----END PRIVATE KEY-----
`,
};

/**
 * A Postgres that speaks TLS: takes the client's request for it, proves to be localhost (or whom `identity` says at that moment), passes the rest
 * on. Resolves to its port. `onTold` hears what a client trusts this server with.
 */
export async function startTlsFront(
  target: { host: string; port: number },
  onTold: (bytes: Buffer) => void = () => undefined,
  identity: () => Identity = () => firmsOwn,
): Promise<number> {
  const open = new Set<Socket>();
  const front = createServer((client) => {
    const server = connect(target);
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
    // the first eight bytes ask for TLS; S says yes
    client.once('data', () => {
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, secureContext: createSecureContext(identity()) });
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
