import { ownStyle } from '../../shared/letter-style.ts';

/** Parts of the package that would say who wrote a letter, with what and when, replaced by ones that do not. */
export function scrubbedParts(title: string, fontName: string): { path: string; data: string }[] {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  return [
    {
      path: 'docProps/core.xml',
      data:
        `${head}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
        `xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escapeXml(title)}</dc:title><dc:language>en-US</dc:language></cp:coreProperties>`,
    },
    {
      path: 'docProps/app.xml',
      data: `${head}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
    },
    {
      path: 'word/fontTable.xml',
      data:
        `${head}<w:fonts xmlns:w="${word}"><w:font w:name="${escapeXml(fontName)}">` +
        // where a machine lacks ours; what the firm's own letters are set in its machines have
        (fontName === ownStyle.font ? '<w:altName w:val="Georgia"/><w:family w:val="roman"/>' : '') +
        `<w:pitch w:val="variable"/></w:font></w:fonts>`,
    },
  ];
}

/** Also drops characters XML cannot hold. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const localEntry = 0x04034b50;
const centralEntry = 0x02014b50;
const endOfDirectory = 0x06054b50;
/** 1980-01-01 00:00, the earliest a zip file can say, as MS-DOS date (high half) and time. */
const noDate = 0x00210000;

/**
 * A copy of a zip file whose entries do not tell when they were made. Throws where the bytes are no zip file of fewer
 * than 65,535 entries, which would be a bug of the writer. (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16)
 */
export function withFixedDates(zip: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(zip);
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== endOfDirectory) throw new Error('the DOCX is not a plain zip file');
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const local = view.getUint32(at + 42, true);
    if (view.getUint32(at, true) !== centralEntry || view.getUint32(local, true) !== localEntry)
      throw new Error('the DOCX is not a plain zip file');
    view.setUint32(at + 12, noDate, true);
    view.setUint32(local + 10, noDate, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return bytes;
}
