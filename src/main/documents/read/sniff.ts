import type { mediaTypes } from './reading.ts';

export type Sniffed = { type: keyof typeof mediaTypes } | { type: 'unsupported'; reason: string } | { type: 'corrupt'; reason: string };

const known: Record<string, keyof typeof mediaTypes> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/rtf': 'rtf',
  'application/zip': 'zip',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/tiff': 'tiff',
  'image/webp': 'webp',
};
/** Named so, but not so inside: a damaged or renamed file. */
const telling = new Set(['pdf', 'docx', 'xlsx', 'png', 'jpg', 'jpeg', 'tif', 'tiff', 'webp', 'zip', 'rtf', 'msg']);

/** Tells what a file is by its content; the extension only decides between kinds of text, and helps to word a refusal. */
export async function sniff(bytes: Uint8Array, fileName: string): Promise<Sniffed> {
  if (bytes.length === 0) return { type: 'corrupt', reason: 'The file is empty (0 bytes). It may still be copying, or the copy failed.' };
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const head = latin(bytes.subarray(0, 1024));
  const isText = looksLikeText(bytes);
  if (isText && extension === 'eml' && looksLikeMail(bytes, 1)) return { type: 'eml' };
  // A PDF may carry up to 1 KB of other bytes before its header.
  if (head.includes('%PDF-')) return { type: 'pdf' };
  if (head.startsWith('{\\rtf')) return { type: 'rtf' };
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found ? known[found.mime] : undefined;
  if (type === 'zip' && (extension === 'docx' || extension === 'xlsx')) {
    const [what, program] = extension === 'docx' ? ['Word', 'Word'] : ['Excel', 'Excel'];
    return { type: 'corrupt', reason: `The ${what} file is damaged: its parts cannot be found. Open and save it again in ${program}.` };
  }
  if (type) return { type };
  if (found?.mime === 'application/x-cfb') return insideCompound(bytes, extension);
  if (found)
    return { type: 'unsupported', reason: `Files of the type .${found.ext} are not read. Save it as PDF and put it in the folder again.` };
  if (telling.has(extension))
    return { type: 'corrupt', reason: `The file is named .${extension}, but its content is not. It is damaged or was renamed.` };
  if (isText && looksLikeMail(bytes, 3)) return { type: 'eml' };
  if (isText) return { type: extension === 'csv' || extension === 'tsv' ? 'csv' : 'text' };
  return { type: 'unsupported', reason: 'Steno does not know this kind of file. Save it as PDF and put it in the folder again.' };
}

/** Outlook messages, old Office files and Office files with a password share one container; the names of its parts tell them apart. */
function insideCompound(bytes: Uint8Array, extension: string): Sniffed {
  const holds = (name: string): boolean =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage'))
    return {
      type: 'unsupported',
      reason: 'The Office file is protected with a password. Save a copy without the password and put it in the folder.',
    };
  if (holds('__properties_version1.0')) return { type: 'msg' };
  if (holds('WordDocument'))
    return { type: 'unsupported', reason: 'This is a Word file of the older .doc type. Open it in Word and save it as .docx or PDF.' };
  if (holds('Workbook') || holds('Book'))
    return { type: 'unsupported', reason: 'This is an Excel file of the older .xls type. Open it in Excel and save it as .xlsx or PDF.' };
  if (extension === 'msg')
    return { type: 'corrupt', reason: 'The Outlook message is damaged: its parts cannot be found. Open it in Outlook and save it anew.' };
  return { type: 'unsupported', reason: 'This is an older or password-protected Office file. Save it as .docx or PDF without a password.' };
}

const mailHead =
  /^(from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version|content-type|x-[a-z-]+|reply-to|sender|dkim-signature)$/i;

/** Begins with lines of a mail's head; `least` of them are ones that mails have. */
function looksLikeMail(bytes: Uint8Array, least: number): boolean {
  const lines = latin(bytes.subarray(0, 16_384)).split(/\r?\n/);
  const names = new Set<string>();
  let isMachineMade = false;
  for (const line of lines) {
    if (line === '') break;
    if (/^[ \t]/.test(line) && names.size > 0) continue;
    const name = /^([A-Za-z][A-Za-z0-9-]{0,60}):/.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) {
      if (line.startsWith('From ') && names.size === 0) continue; // of a mailbox file
      return false;
    }
    if (mailHead.test(name)) names.add(name);
    isMachineMade ||= /^(received|return-path|message-id|mime-version|dkim-signature)$/.test(name);
  }
  // a note that begins "From: / To: / Subject:" was typed by a person
  return names.size >= least && (isMachineMade || least === 1);
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8192);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  const strange = head.reduce((count, byte) => count + (byte === 0 || (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)) ? 1 : 0), 0);
  return strange === 0 || (!head.includes(0) && strange / head.length < 0.005);
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
