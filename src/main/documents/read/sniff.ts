import { fileTypeFromBuffer } from 'file-type';
import type { mediaTypes } from './reading.ts';

export type Sniffed = { type: keyof typeof mediaTypes } | { type: 'unsupported'; reason: string } | { type: 'corrupt'; reason: string };

const known: Record<string, keyof typeof mediaTypes> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
};

/** Tells what a file is by its content; the extension only helps to word a refusal. */
export async function sniff(bytes: Uint8Array, fileName: string): Promise<Sniffed> {
  if (bytes.length === 0) return { type: 'corrupt', reason: 'The file is empty (0 bytes). It may still be copying, or the copy failed.' };
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  // A PDF may carry up to 1 KB of other bytes before its header.
  if (latin(bytes.subarray(0, 1024)).includes('%PDF-')) return { type: 'pdf' };
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found ? known[found.mime] : undefined;
  if (type) return { type };
  if (found) return refusal(found.mime, found.ext, extension);
  if (extension === 'pdf' || extension === 'docx' || extension === 'png' || extension === 'jpg' || extension === 'jpeg') {
    return { type: 'corrupt', reason: `The file is named .${extension}, but its content is not. It is damaged or was renamed.` };
  }
  if (looksLikeText(bytes)) return { type: 'text' };
  return { type: 'unsupported', reason: 'Steno does not know this kind of file. Save it as PDF and put it in the folder again.' };
}

function refusal(mime: string, ext: string, extension: string): Sniffed {
  if (mime === 'application/zip' && extension === 'docx')
    return { type: 'corrupt', reason: 'The Word file is damaged: its parts cannot be found. Open and save it again in Word.' };
  if (mime === 'application/x-cfb') {
    return {
      type: 'unsupported',
      reason: 'This is an older or password-protected Office file. Save it as .docx or PDF without a password.',
    };
  }
  return { type: 'unsupported', reason: `Files of the type .${ext} are not read. Save it as PDF and put it in the folder again.` };
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
