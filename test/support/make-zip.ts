import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  name: string;
  bytes: Uint8Array | string;
  isStored?: boolean;
  isEncrypted?: boolean;
  /** What the directory says it unpacks to, where that is a lie. */
  claimedBytes?: number;
}

/** A zip with these entries, as given: names and sizes may be anything. */
export function makeZip(files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, isStored = false, isEncrypted = false, claimedBytes } of files) {
    const plain = Buffer.from(bytes);
    const packed = isStored ? plain : deflateRawSync(plain);
    const named = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE((isEncrypted ? 1 : 0) | 0x800, 2);
    head.writeUInt16LE(isStored ? 0 : 8, 4);
    head.writeUInt32LE(crc32(plain), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(claimedBytes ?? plain.length, 18);
    head.writeUInt16LE(named.length, 22);
    bodies.push(Buffer.from('504b0304', 'hex'), head, named, packed);
    const entry = Buffer.alloc(46);
    entry.write('504b01021400', 'hex');
    head.copy(entry, 6, 0, 24);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, named);
    offset += 30 + named.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...bodies, listed, end]));
}

/** A workbook: each cell as the XML inside its row. */
export function makeXlsx(sheets: Record<string, string>, strings: readonly string[] = []): Uint8Array<ArrayBuffer> {
  const names = Object.keys(sheets);
  const main =
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return makeZip([
    {
      name: '[Content_Types].xml',
      bytes: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/></Types>`,
    },
    {
      name: 'xl/workbook.xml',
      bytes: `<workbook ${main}><sheets>${names.map((name, n) => `<sheet name="${name}" sheetId="${String(n + 1)}" r:id="rId${String(n + 1)}"/>`).join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: `<Relationships>${names.map((_, n) => `<Relationship Id="rId${String(n + 1)}" Target="worksheets/sheet${String(n + 1)}.xml"/>`).join('')}</Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      bytes: `<styleSheet ${main}><numFmts><numFmt numFmtId="164" formatCode="&quot;$&quot;#,##0.00"/><numFmt numFmtId="165" formatCode="[$$-409]#,##0.00_);\\(0\\)"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="4"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', bytes: `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>` },
    ...names.map((name, n) => ({
      name: `xl/worksheets/sheet${String(n + 1)}.xml`,
      bytes: `<worksheet><sheetData>${sheets[name] ?? ''}</sheetData></worksheet>`,
    })),
  ]);
}
