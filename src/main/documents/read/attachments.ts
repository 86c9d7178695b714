import { createHash } from 'node:crypto';

/** A file that came in another: an attachment of a mail, an entry of an archive. It becomes a document of its own. */
export interface Attachment {
  /** One name without folders, as a disk could hold it. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256, so that core need not compute it. */
  hash: string;
}

/** What is given as a name may hold folders, line breaks or nothing at all. */
export function plainName(given: string, fallback: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const name = last
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]+/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .toWellFormed();
  if (name === '') return fallback;
  const extension = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return name.slice(0, 150 - extension.length).replace(extension === '' ? /$^/ : extension, '') + extension;
}

/** Attachments in order, each name once: a second "scan.pdf" is "scan (2).pdf". */
export function collectAttachments(): { add(name: string, bytes: Uint8Array): void; all: Attachment[] } {
  const taken = new Set<string>();
  const all: Attachment[] = [];
  return {
    all,
    add(given, bytes) {
      const base = plainName(given, `attachment ${String(all.length + 1)}`);
      let name = base;
      for (let n = 2; taken.has(name.toLowerCase()); n++) name = base.replace(/(\.[^.]*)?$/, ` (${String(n)})$1`);
      taken.add(name.toLowerCase());
      // a buffer of its own: it travels to core whole
      const own = new Uint8Array(bytes);
      all.push({ name, bytes: own, hash: createHash('sha256').update(own).digest('hex') });
    },
  };
}
