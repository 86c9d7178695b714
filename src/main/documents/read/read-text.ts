import type { ReadPage } from './reading.ts';

/** Decodes plain text (UTF-8, UTF-16 with a byte order mark, else Windows-1252); form feeds part the pages. */
export function readTextPages(bytes: Uint8Array): ReadPage[] {
  const text = decode(bytes).replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll('\0', '');
  const parts = text.split('\f');
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  return parts.map((part, index) => ({ page: index + 1, text: part, words: [], needsOcr: false }));
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
