import mammoth from 'mammoth';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { inLines } from '../said.ts';
import { pictureNote } from './left-out.ts';
import { decodeEntities, scanMarkup, tidyLines } from './markup.ts';
import type { ReadPages } from './reading.ts';
import { limits, refuse } from './reading.ts';
import { isTooMuch, readZipDirectory, unzip } from './zip.ts';

/** A Word document as one page of text: a line per paragraph, a line per table row with tabs between its cells; its running heads above, its feet below. */
export async function readDocxPages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPages>> {
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
    const parts = (name: RegExp): string[] =>
      entries
        .filter((entry) => name.test(entry.name))
        .map((entry) => new TextDecoder().decode(unzip(bytes, entry, limits.xmlBytes) ?? undefined));
    const running = (name: RegExp): string[] => [...new Set(parts(name).map(runningText))].filter((text) => /\p{L}{2}/u.test(text));
    const text = [...running(/^word\/header\d*\.xml$/), htmlToText(html.value), ...running(/^word\/footer\d*\.xml$/)].join('\n\n');
    const note = inLines([
      parts(/^word\/document\d*\.xml$/).some((xml) => /<w:(?:del|moveFrom)\s/.test(xml))
        ? 'It holds tracked changes; the words that they take out were not read.'
        : null,
      parts(/^word\/comments\.xml$/).some((xml) => /<w:t[\s>]/.test(xml)) ? 'Comments in it were not read.' : null,
      pictureNote(entries),
    ]);
    return ok({ pages: [{ page: 1, text, words: [], needsOcr: false }], note });
  } catch {
    return err(refuse.corrupt(file, 'The Word file is damaged and could not be opened. Open and save it again in Word.'));
  }
}

/** What stands at the head or foot of each page, which mammoth leaves out. */
function runningText(xml: string): string {
  let out = '';
  let isText = false;
  scanMarkup(xml, {
    open(name, _attributes, isEmpty) {
      if (name === 'w:t') isText = !isEmpty;
      else if (name === 'w:tab') out += '\t';
      else if (name === 'w:br') out += '\n';
    },
    close(name) {
      if (name === 'w:t') isText = false;
      else if (name === 'w:p') out += '\n';
    },
    text(text) {
      if (isText) out += decodeEntities(text);
    },
  });
  return tidyLines(out);
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
