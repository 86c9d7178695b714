import { burn } from '@kenjiuno/msgreader/lib/Burner.js';
import { TypeEnum } from '@kenjiuno/msgreader/lib/Reader.js';

export interface MailPart {
  name: string;
  type: string;
  bytes: Uint8Array | string;
}

/** A mail as a program sends it. */
export function makeEml(subject: string, body: string, parts: readonly MailPart[] = [], bodyType = 'text/plain'): Uint8Array<ArrayBuffer> {
  // a mail inside has another line between its parts
  const cut = `cut-${Buffer.from(subject).toString('hex').slice(0, 40)}`;
  const attached = parts.map(({ name, type, bytes }) => {
    const isMail = type === 'message/rfc822';
    const content = isMail
      ? Buffer.from(bytes).toString('latin1')
      : (
          Buffer.from(bytes)
            .toString('base64')
            .match(/.{1,76}/g) ?? []
        ).join('\r\n');
    return [
      `--${cut}`,
      `Content-Type: ${type}`,
      `Content-Disposition: attachment; filename="${name}"`,
      `Content-Transfer-Encoding: ${isMail ? '8bit' : 'base64'}`,
      '',
      content,
    ].join('\r\n');
  });
  const mail = [
    'From: Dana Marsh <dana@marsh.example>',
    'To: Adjuster <claims@harbor.example>',
    'Date: Tue, 05 Mar 2024 10:30:00 +0000',
    `Subject: ${subject}`,
    'Message-ID: <1@marsh.example>',
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${cut}"`,
    '',
    `--${cut}`,
    `Content-Type: ${bodyType}; charset=utf-8`,
    '',
    body,
    ...attached,
    `--${cut}--`,
    '',
  ].join('\r\n');
  return new Uint8Array(Buffer.from(mail, 'latin1'));
}

const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');

/** A message as Outlook saves it, with one attachment. */
export function makeMsg(subject: string, body: string, attachment: { name: string; bytes: Uint8Array }): Uint8Array<ArrayBuffer> {
  const streams: [string, Uint8Array][] = [
    ['__properties_version1.0', Buffer.alloc(32)],
    ['__substg1.0_0037001F', utf16(subject)],
    ['__substg1.0_0C1A001F', utf16('Harbor Mutual')],
    ['__substg1.0_1000001F', utf16(body)],
  ];
  const inner: [string, Uint8Array][] = [
    ['__properties_version1.0', Buffer.alloc(8)],
    ['__substg1.0_37010102', attachment.bytes],
    ['__substg1.0_3707001F', utf16(attachment.name)],
  ];
  const entry = ([name, bytes]: [string, Uint8Array]) => ({
    name,
    type: TypeEnum.DOCUMENT,
    binaryProvider: () => Array.from(bytes),
    length: bytes.length,
  });
  const storage = streams.length + 1;
  const entries = [
    { name: 'Root Entry', type: TypeEnum.ROOT, length: 0, children: [...streams.map((_, n) => n + 1), storage] },
    ...streams.map(entry),
    {
      name: '__attach_version1.0_#00000000',
      type: TypeEnum.DIRECTORY,
      length: 0,
      children: inner.map((_, n) => storage + 1 + n),
    },
    ...inner.map(entry),
  ];
  return new Uint8Array(burn(entries));
}

/** What Office makes of a file with a password: a container that holds the encrypted package. */
export function makeLockedOffice(): Uint8Array<ArrayBuffer> {
  const part = (name: string) => ({
    name,
    type: TypeEnum.DOCUMENT,
    binaryProvider: () => new Array<number>(600).fill(7),
    length: 600,
  });
  return new Uint8Array(
    burn([{ name: 'Root Entry', type: TypeEnum.ROOT, length: 0, children: [1, 2] }, part('EncryptionInfo'), part('EncryptedPackage')]),
  );
}
