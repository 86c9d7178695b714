import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { collectAttachments } from './attachments.ts';
import type { ReadFile } from './reading.ts';
import { limits, mediaTypes, refuse } from './reading.ts';
import { readZipDirectory, unzip, type ZipEntry } from './zip.ts';

/** More than this many times its packed size is no document: a picture of one colour packs that well, a file for people does not. */
const mostRatio = 200;
const smallBytes = 1024 * 1024;

/** The files of a ZIP as documents of their own, and a list of them as its text. What was left out, and why, is in the list and in `note`. */
export function readArchive(bytes: Uint8Array, file: string, within: readonly string[]): Outcome<ReadFile> {
  if (within.includes(mediaTypes.zip))
    return err(refuse.unsupported(file, 'An archive inside an archive is not opened. Unpack it and put its files in the folder.'));
  const entries = readZipDirectory(bytes);
  if (!entries) return err(refuse.corrupt(file, 'The archive is cut off or damaged and could not be opened. Ask for a new copy.'));
  const files = entries.filter(({ isFolder }) => !isFolder);
  const total = files.reduce((sum, entry) => sum + entry.bytes, 0);
  if (files.length > limits.archiveFiles || total > limits.archiveBytes)
    return err(
      refuse.unsupported(
        file,
        `The archive holds ${String(files.length)} files that unpack to ${String(Math.ceil(total / 1e6))} MB; Steno opens up to ${String(limits.archiveFiles)} files and 200 MB. Unpack it and put its files in the folder.`,
      ),
    );
  if (files.length > 0 && files.every(({ isEncrypted }) => isEncrypted))
    return err(
      refuse.unsupported(file, 'The archive is protected with a password. Unpack it with the password and put its files in the folder.'),
    );
  const found = collectAttachments();
  const lines: string[] = [];
  let leftOut = 0;
  for (const entry of files) {
    const unpacked = refusalOf(entry) ?? unzip(bytes, entry, limits.archiveBytes) ?? 'it is damaged';
    if (typeof unpacked === 'string') leftOut += 1;
    else found.add(entry.name, unpacked);
    lines.push(
      [entry.name.replace(/\s+/g, ' '), `${String(entry.bytes)} bytes`, typeof unpacked === 'string' ? `left out: ${unpacked}` : '']
        .join('\t')
        .trimEnd(),
    );
  }
  const note =
    leftOut === 0
      ? null
      : `${String(leftOut)} of the ${String(files.length)} files in it could not be taken out; its page says which and why.`;
  return ok({ pages: [{ page: 1, text: lines.join('\n'), words: [], needsOcr: false }], attachments: found.all, note });
}

/** Why an entry is not unpacked, or null. */
function refusalOf({ name, isEncrypted, bytes, packedBytes }: ZipEntry): string | null {
  if (isEncrypted) return 'it is protected with a password';
  if (/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:/.test(name)) return 'its name points to a place outside the archive';
  if (/(^|[\\/])(__MACOSX[\\/]|\.DS_Store$|Thumbs\.db$)/.test(name)) return 'it belongs to the computer that packed it';
  if (bytes > smallBytes && bytes > packedBytes * mostRatio) return 'it would unpack to far more than it should';
  return null;
}
