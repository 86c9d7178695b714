import mammoth from 'mammoth';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { decodeEntities } from './markup.ts';
import type { ReadPage } from './reading.ts';
import { refuse } from './reading.ts';
import { isTooMuch, readZipDirectory } from './zip.ts';

/** A Word document as one page of text: a line per paragraph, a line per table row with tabs between its cells. */
export async function readDocxPages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPage[]>> {
  const entries = readZipDirectory(bytes);
  if (!entries)
    return err(refuse.corrupt(file, 'The Word file is cut off or damaged. Open and save it again in Word, or ask for a new copy.'));
  if (isTooMuch(entries)) {
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
