import mammoth from 'mammoth';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { ReadPage } from './reading.ts';
import { limits, refuse } from './reading.ts';

/** A Word document as one page of text: a line per paragraph, a line per table row with tabs between its cells. */
export async function readDocxPages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPage[]>> {
  const size = declaredSize(bytes);
  if (!size)
    return err(refuse.corrupt(file, 'The Word file is cut off or damaged. Open and save it again in Word, or ask for a new copy.'));
  if (size.entries > limits.zipEntries || size.bytes > limits.unzippedBytes) {
    return err(refuse.unsupported(file, 'The Word file would unpack to far more than a document needs, so it was not opened.'));
  }
  try {
    const html = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes) },
      { convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })) },
    );
    return ok([{ page: 1, text: htmlToText(html.value), words: [], needsOcr: false }]);
  } catch {
    return err(refuse.corrupt(file, 'The Word file is damaged and could not be opened. Open and save it again in Word.'));
  }
}

/** Sums what a zip's directory says it unpacks to; null where there is no whole directory. Nothing is unpacked. */
function declaredSize(bytes: Uint8Array): { entries: number; bytes: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - 65_557) && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return null;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let index = 0; index < entries; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return null;
    total += view.getUint32(at + 24, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { entries, bytes: total };
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The few tags mammoth writes, as lines. Cells keep one line each: breaks inside a cell become spaces. */
function htmlToText(html: string): string {
  const cells = html.replace(
    /<t([dh])\b[^>]*>([\s\S]*?)<\/t\1>/g,
    (_all, _tag: string, inner: string) =>
      `${plain(inner.replace(/<\/(p|li|h\d)>|<br[^>]*>/g, ' '))
        .replace(/\s+/g, ' ')
        .trim()}\t`,
  );
  const lines = cells
    .replace(/\t[ \n]*<\/tr>/g, '\n')
    .replace(/<\/?table[^>]*>/g, '\n')
    .replace(/<h\d[^>]*>/g, '\n')
    .replace(/<\/h\d>/g, '\n\n')
    .replace(/<\/p>/g, '\n\n')
    .replace(/<\/li>|<br[^>]*>/g, '\n')
    .replace(/<\/?[ou]l>/g, '\n');
  return decodeEntities(lines.replace(/<[^>]+>/g, ''))
    .replace(/ +\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

function plain(html: string): string {
  return html.replace(/<[^>]+>/g, '');
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? all;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : all;
  });
}
