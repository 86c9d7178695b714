import { Document, Packer, Paragraph } from 'docx';
import sharp from 'sharp';
import { makeEml, makeLockedOffice, makeMsg } from './make-mail.ts';
import { makePdf } from './make-pdf.ts';
import { makeXlsx, makeZip } from './make-zip.ts';

export interface HostileFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** What the list must say of it; null where it is read. */
  reason: RegExp | null;
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'));
const half = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes.slice(0, Math.floor(bytes.length / 2));

/** A PDF of this many pages that all draw the same words; `extra` stands in each page. */
export function manyPages(count: number, extra = ''): Uint8Array<ArrayBuffer> {
  const content = 'BT /F1 12 Tf 72 700 Td (the same on every page) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${String(count)} /Kids [${Array.from({ length: count }, (_, n) => `${String(n + 5)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`,
    ...Array.from(
      { length: count },
      () => `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> ${extra} >>`,
    ),
  ];
  let body = '%PDF-1.7\n';
  const places = objects.map((object, n) => {
    const at = body.length;
    body += `${String(n + 1)} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = String(objects.length + 1);
  return bytesOf(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${String(body.length)}\n%%EOF\n`,
  );
}

/** The chain of its directory leads back to itself: who follows it never comes to an end. */
function loopedMsg(): Uint8Array<ArrayBuffer> {
  const bytes = makeMsg('a', 'b', { name: 'c', bytes: bytesOf('d') });
  const view = new DataView(bytes.buffer);
  const [table, directory] = [view.getUint32(76, true), view.getUint32(48, true)];
  view.setUint32((table + 1) * 512 + directory * 4, directory, true);
  return bytes;
}

function nestedMail(depth: number): Uint8Array<ArrayBuffer> {
  let part = 'Content-Type: text/plain\r\n\r\nthe innermost words\r\n';
  for (let n = 0; n < depth; n++)
    part = `Content-Type: multipart/mixed; boundary="b${String(n)}"\r\n\r\n--b${String(n)}\r\n${part}\r\n--b${String(n)}--\r\n`;
  return bytesOf(`From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: <1>\r\nMIME-Version: 1.0\r\n${part}`);
}

/** A Word file of paragraphs within paragraphs: small, and hundreds of MB once it is a tree. */
export function deepDocx(depth: number): Uint8Array<ArrayBuffer> {
  return docxWith(`<w:document ${word}><w:body>${'<w:p>'.repeat(depth)}${'</w:p>'.repeat(depth)}</w:body></w:document>`);
}

function docxWith(xml: string): Uint8Array<ArrayBuffer> {
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  return makeZip([
    {
      name: '[Content_Types].xml',
      bytes: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      bytes:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    },
    { name: 'word/document.xml', bytes: xml },
  ]);
}

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${String(n + 1)} "${`&l${String(n)};`.repeat(10)}">`).join('');

/** Files as they come damaged, locked, huge or made to harm (R10); each is made here, none is kept. */
export async function hostileFiles(): Promise<HostileFile[]> {
  const pdf = await makePdf([[{ text: 'Patient: Ada Byron', x: 72, y: 100 }]]);
  const docx = new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('x')] }] })));
  const xlsx = makeXlsx({ Sheet: '<row><c><v>1</v></c></row>' });
  const zip = makeZip([{ name: 'a.txt', bytes: 'a'.repeat(500) }]);
  const png = new Uint8Array(
    await sharp({ create: { width: 600, height: 400, channels: 3, background: '#aaa' } })
      .png()
      .toBuffer(),
  );
  const wide = png.slice();
  new DataView(wide.buffer).setUint32(16, 100_000);
  new DataView(wide.buffer).setUint32(20, 100_000);
  const deep = 200_000;
  return [
    { name: 'empty.pdf', bytes: bytesOf(''), reason: /0 bytes/ },
    { name: 'cut.pdf', bytes: half(pdf), reason: /cut off/ },
    { name: 'cut.docx', bytes: half(docx), reason: /cut off|damaged/ },
    { name: 'cut.xlsx', bytes: half(xlsx), reason: /damaged/ },
    { name: 'cut.zip', bytes: half(zip), reason: /damaged/ },
    { name: 'cut.png', bytes: half(png), reason: /cut off|damaged/ },
    { name: 'cut.msg', bytes: half(makeMsg('a', 'b', { name: 'c', bytes: bytesOf('d') })), reason: /damaged/ },
    {
      name: 'cut.eml',
      bytes: half(makeEml('a', 'the words', [{ name: 'x.bin', type: 'application/octet-stream', bytes: new Uint8Array(2_000) }])),
      reason: null,
    },
    {
      name: 'locked.pdf',
      bytes: new Uint8Array(await makePdf([[{ text: 'secret', x: 72, y: 72 }]], { userPassword: 'pw', ownerPassword: 'owner' })),
      reason: /password/,
    },
    { name: 'locked.docx', bytes: makeLockedOffice(), reason: /password/ },
    { name: 'locked.xlsx', bytes: makeLockedOffice(), reason: /password/ },
    { name: 'locked.zip', bytes: makeZip([{ name: 'a', bytes: 'x', isEncrypted: true }]), reason: /password/ },
    { name: '10k pages.pdf', bytes: manyPages(10_000), reason: /10000 pages/ },
    { name: 'deep objects.pdf', bytes: manyPages(2, `/Deep ${'['.repeat(deep)}${']'.repeat(deep)}`), reason: null },
    { name: 'deep groups.rtf', bytes: bytesOf(`{\\rtf1 ${'{'.repeat(deep)}x${'}'.repeat(deep)}}`), reason: /damaged/ },
    { name: 'deep parts.eml', bytes: nestedMail(300), reason: /damaged or built/ },
    {
      name: 'deep.docx',
      bytes: deepDocx(deep),
      reason: /damaged/,
    },
    { name: 'deep.xlsx', bytes: makeXlsx({ Sheet: `${'<row><c>'.repeat(deep)}<v>1</v>${'</c></row>'.repeat(deep)}` }), reason: null },
    {
      name: 'laughs.docx',
      bytes: docxWith(
        `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><w:document ${word}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>`,
      ),
      reason: /damaged/,
    },
    {
      name: 'laughs.xlsx',
      bytes: makeXlsx({ Sheet: `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><row><c t="str"><v>&l9;</v></c></row>` }),
      reason: null,
    },
    { name: 'bomb.zip', bytes: makeZip([{ name: 'a.txt', bytes: new Uint8Array(100_000_000) }]), reason: null },
    { name: 'bomb.xlsx', bytes: makeXlsx({ Sheet: ' '.repeat(100_000_000) }), reason: /unpack to far more/ },
    { name: 'bomb.docx', bytes: docxWith(' '.repeat(100_000_000)), reason: /unpack to far more/ },
    { name: 'wide.png', bytes: wide, reason: /too large|cut off|damaged/ },
    { name: 'words.pdf', bytes: bytesOf('just words under a wrong name'), reason: /renamed/ },
    { name: 'really.docx', bytes: new Uint8Array(pdf), reason: null },
    { name: 'looped.msg', bytes: loopedMsg(), reason: /damaged/ },
    { name: 'one line.csv', bytes: bytesOf('"'.repeat(2_000_000)), reason: null },
    { name: 'tags.eml', bytes: makeEml('x', '<td'.repeat(300_000), [], 'text/html'), reason: null },
  ];
}
