import sharp from 'sharp';
import { expect, test } from 'vitest';
import { mediaTypes, type ReadDocument } from '../../../src/main/documents/read/reading.ts';
import { read } from '../../../src/main/documents/read/read-worker.ts';
import { makeEml, makeMsg } from '../../support/make-mail.ts';
import { makePdf } from '../../support/make-pdf.ts';
import { makeXlsx, makeZip } from '../../support/make-zip.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

async function readOk(bytes: Uint8Array, fileName: string, within: string[] = []): Promise<ReadDocument> {
  const outcome = await read({ bytes, fileName, within });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}
async function reasonFor(bytes: Uint8Array, fileName: string, within: string[] = []): Promise<string> {
  const outcome = await read({ bytes, fileName, within });
  if (outcome.ok || !('reason' in outcome.error)) throw new Error('was read, or has no reason');
  return outcome.error.reason;
}
const textOf = ({ pages }: ReadDocument): string => pages.map(({ text }) => text).join('\f');

test('RTF: words, paragraphs, table cells and pages; fonts, pictures and unknown groups are not its words', async () => {
  const rtf = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times New Roman;}}{\*\generator Riched20;}{\info{\author Nobody}}
{\pict\pngblip 89504e47}\pard Dear Ms. Rivera,\par
Your \b claim\b0  of \'93March 3\'94 \u8212? paid in full. {\field{\*\fldinst HYPERLINK "x"}{\fldrslt our site}}\par
\trowd CPT\cell Billed\cell\row 97110\cell $95.00\cell\row\page Second \{page\}}`;
  const document = await readOk(bytesOf(rtf), 'letter.rtf');
  expect(document.mediaType).toBe(mediaTypes.rtf);
  expect(document.pages.map(({ text }) => text)).toEqual([
    'Dear Ms. Rivera,\nYour claim of “March 3” — paid in full. our site\nCPT\tBilled\n97110\t$95.00',
    'Second {page}',
  ]);
  expect(await reasonFor(bytesOf('{\\rtf1 a}}}'), 'a.rtf')).toMatch(/damaged/);
});

test('CSV: columns stay columns, also with quotes, line breaks in cells, semicolons and empty cells', async () => {
  const csv = 'Date,Description,Billed,Paid\n2024-03-03,"Office visit, ""long""\nwith X-ray","$1,250.00",\n2024-03-04,,$5.00,$1.00\n';
  const document = await readOk(bytesOf(csv), 'ledger.csv');
  expect(document.mediaType).toBe(mediaTypes.csv);
  expect(textOf(document).split('\n')).toEqual([
    'Date\tDescription\tBilled\tPaid',
    '2024-03-03\tOffice visit, "long" with X-ray\t$1,250.00',
    '2024-03-04\t\t$5.00\t$1.00',
  ]);
  expect(textOf(await readOk(bytesOf('a;b,1;c\nd;e,2;f\n'), 'x.csv'))).toBe('a\tb,1\tc\nd\te,2\tf');
  expect((await readOk(bytesOf('x\n'.repeat(2_500)), 'long.csv')).pages).toHaveLength(3);
});

test('XLSX: every sheet a table, amounts and days as the sheet shows them', async () => {
  const bytes = makeXlsx(
    {
      Ledger:
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Billed</t></is></c></row>' +
        '<row r="2"><c r="A2" s="1"><v>45337</v></c><c r="B2" t="str"><v>R&amp;D</v></c><c r="C2" s="3"><f>1+1</f><v>1250.5</v></c><c r="D2" s="2"><v>-3.1</v></c><c r="E2"><v>0.30000000000000004</v></c></row>',
      Notes: '<row><c t="b"><v>1</v></c></row>',
    },
    ['Date'],
  );
  const document = await readOk(bytes, 'ledger.xlsx');
  expect(document.mediaType).toBe(mediaTypes.xlsx);
  expect(document.pages.map(({ text }) => text)).toEqual([
    'Ledger\n\nDate\t\tBilled\n2024-02-15\tR&D\t$1,250.50\t-3.10\t0.3',
    'Notes\n\nTRUE',
  ]);
  expect(await reasonFor(bytes.subarray(0, bytes.length - 30), 'cut.xlsx')).toMatch(/Excel/);
});

test('EML: heads and words on its page, attachments as files; a mail inside is a file too; an HTML body is read as words', async () => {
  const pdf = await makePdf([[{ text: 'Invoice', x: 72, y: 72 }]]);
  const forwarded = makeEml('Earlier', 'As agreed.');
  const eml = makeEml('Records for Rivera', 'See attached.', [
    { name: 'bill.pdf', type: 'application/pdf', bytes: pdf },
    { name: '../../etc/bill.pdf', type: 'application/pdf', bytes: pdf.slice(0, 40) },
    { name: 'earlier.eml', type: 'message/rfc822', bytes: forwarded },
  ]);
  const document = await readOk(eml, 'records.eml');
  expect(document.mediaType).toBe(mediaTypes.eml);
  expect(textOf(document).split('\n')).toEqual([
    'From: Dana Marsh <dana@marsh.example>',
    'To: Adjuster <claims@harbor.example>',
    'Date: 2024-03-05 10:30 UTC',
    'Subject: Records for Rivera',
    'Attachments: bill.pdf, bill (2).pdf, earlier.eml',
    '',
    'See attached.',
  ]);
  expect(document.attachments.map(({ name, bytes }) => [name, Buffer.from(bytes).subarray(0, 5).toString()])).toEqual([
    ['bill.pdf', '%PDF-'],
    ['bill (2).pdf', '%PDF-'],
    ['earlier.eml', 'From:'],
  ]);
  expect((await readOk(document.attachments[2]?.bytes ?? bytesOf(''), 'earlier.eml', [mediaTypes.eml])).attachments).toEqual([]);
  const html = makeEml(
    'x',
    '<style>p{color:red}</style><p>Dear&nbsp;Sir,</p><table><tr><td>CPT</td><td>Paid</td></tr></table><script>1</script>',
    [],
    'text/html',
  );
  expect(textOf(await readOk(html, 'no-name'))).toMatch(/\n\nDear Sir,\n\nCPT\tPaid$/);
  // four mails around it are enough
  const deep = await readOk(
    eml,
    'records.eml',
    Array.from({ length: 4 }, () => mediaTypes.eml),
  );
  expect([deep.attachments.length, deep.note]).toEqual([0, expect.stringContaining('mails within mails')]);
});

test('a note that a person typed like a mail stays a text', async () => {
  expect((await readOk(bytesOf('From: Ann\nTo: Ben\nSubject: fall\n\nHe slipped.'), 'note.txt')).mediaType).toBe(mediaTypes.text);
});

test('MSG: as Outlook saves it', async () => {
  const document = await readOk(
    makeMsg('Claim HM-1', 'We deny.\r\nRegards', { name: 'policy.txt', bytes: bytesOf('limits') }),
    'claim.msg',
  );
  expect(document.mediaType).toBe(mediaTypes.msg);
  expect(textOf(document)).toBe('From: Harbor Mutual\nSubject: Claim HM-1\nAttachments: policy.txt\n\nWe deny.\nRegards');
  expect(document.attachments.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([['policy.txt', 'limits']]);
});

test('ZIP: its files one level deep; what must not be unpacked is listed with its reason', async () => {
  const zip = makeZip([
    { name: 'Medical/', bytes: '', isStored: true },
    { name: 'Medical/note.txt', bytes: 'seen in clinic' },
    { name: '../../escape.txt', bytes: 'x' },
    { name: 'C:\\Windows\\evil.txt', bytes: 'x' },
    { name: 'secret.txt', bytes: 'x', isEncrypted: true },
    { name: 'zeros.bin', bytes: new Uint8Array(3_000_000) },
    { name: 'liar.txt', bytes: 'x'.repeat(5_000), claimedBytes: 10 },
    { name: 'two\nlines.txt', bytes: 'y' },
  ]);
  const document = await readOk(zip, 'records.zip');
  expect(document.attachments.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
    ['note.txt', 'seen in clinic'],
    ['two_lines.txt', 'y'],
  ]);
  const listed = textOf(document);
  for (const words of [/escape\.txt.*points to a place outside/, /evil\.txt.*points to a place outside/, /secret\.txt.*password/])
    expect(listed).toMatch(words);
  expect(listed).toMatch(/zeros\.bin.*far more than it should/);
  expect(listed).toMatch(/liar\.txt.*damaged/);
  expect(document.note).toMatch(/^5 of the 7 files/);
  expect(await reasonFor(zip, 'inner.zip', [mediaTypes.zip])).toMatch(/archive inside an archive/);
  expect((await readOk(zip, 'attached.zip', [mediaTypes.eml])).attachments).toHaveLength(2);
  expect(await reasonFor(makeZip([{ name: 'a.txt', bytes: 'x', isEncrypted: true }]), 'locked.zip')).toMatch(/password/);
  expect(await reasonFor(makeZip(Array.from({ length: 1_001 }, (_, n) => ({ name: String(n), bytes: '' }))), 'many.zip')).toMatch(
    /1001 files/,
  );
  expect(await reasonFor(makeZip([{ name: 'a', bytes: 'x', claimedBytes: 300_000_000 }]), 'bomb.zip')).toMatch(/300 MB/);
});

test('a fax of several pages and a photo turned by its camera are pictures that wait for their text', async () => {
  const page = await sharp({ create: { width: 40, height: 60, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const fax = await sharp([page, page, page], { join: { animated: true } })
    .tiff()
    .toBuffer();
  expect((await readOk(new Uint8Array(fax), 'fax.tif')).pages.map(({ page: number, needsOcr }) => [number, needsOcr])).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ]);
  expect((await readOk(new Uint8Array(await sharp(page).webp().toBuffer()), 'photo.webp')).mediaType).toBe(mediaTypes.webp);
});

test('a long text is parts of a length that can be worked with, all of it, cut between words; more pages than anybody asks for are refused', async () => {
  const line = 'The patient was seen again, and nothing was found. 😀\n';
  const long = line.repeat(6_000);
  const { pages } = await readOk(new Uint8Array(Buffer.from(long)), 'log.txt');
  expect(pages.map(({ page }) => page)).toEqual([1, 2, 3, 4]);
  expect(pages.map(({ text }) => text).join('')).toBe(long);
  expect(pages.slice(0, -1).every(({ text }) => text.endsWith('\n') && text.length <= 100_000)).toBe(true);
  const unbroken = '😀'.repeat(60_001);
  const parts = (await readOk(new Uint8Array(Buffer.from(unbroken)), 'x.txt')).pages;
  expect(parts.map(({ text }) => text).join('')).toBe(unbroken);
  for (const { text } of parts) expect(text.isWellFormed()).toBe(true);
  expect(await reasonFor(bytesOf('\f'.repeat(6_000)), 'x.txt')).toMatch(/more than 5000 pages/);
  expect(await reasonFor(bytesOf(`{\\rtf1 a${'\\page b'.repeat(6_000)}}`), 'x.rtf')).toMatch(/more than 5000 pages/);
});

test('a mail that says one thing as plain text and another as formatted text is read as saying both', async () => {
  const both = (plain: string, html: string): Uint8Array =>
    bytesOf(
      `From: a@b.example\r\nSubject: Claim\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\n${plain}\r\n--cut\r\nContent-Type: text/html\r\n\r\n${html}\r\n--cut--\r\n`,
    );
  const two = textOf(await readOk(both('See the formatted part.', '<p>See the formatted part.</p><p>We accept liability.</p>'), 'a.eml'));
  expect(two).toMatch(/See the formatted part\.\n\nOnly in the formatted text of this mail:\nWe accept liability\.$/);
  const same = textOf(
    await readOk(both('Dear Ms. Rivera,\r\nyour claim is denied.', '<b>Dear</b> Ms. Rivera,<br>your claim is denied.'), 'a.eml'),
  );
  expect(same).not.toContain('Only in');
  const opposite = textOf(await readOk(both('We do not accept liability.', '<p>We accept liability.'), 'a.eml'));
  expect(opposite).toMatch(/We do not accept liability\.\n\nOnly in the formatted text of this mail:\nWe accept liability\.$/);
  const linked = textOf(
    await readOk(
      both('See our report <https://a.example/x?y=1> of May.', 'See <a href="https://a.example">our report</a> of May.'),
      'a.eml',
    ),
  );
  expect(linked).not.toContain('Only in');
});

test.each([
  ['a head that nobody closed', '<head><title>x</title><p>We accept liability.'],
  ['a head before the body', '<html><head><style>p{}</style><body>We accept liability.'],
  ['an empty comment', '<!-->We accept liability.<!-- no -->'],
  ['a comment with another end', '<!-- no --!>We accept liability.<!-- no -->'],
  ['another empty comment', '<!--->We accept liability.<!-- no -->'],
])('what %s hides from a scan is read: browsers show it', async (_what, html) => {
  expect(textOf(await readOk(makeEml('x', html, [], 'text/html'), 'a.eml'))).toMatch(/We accept liability\.$/);
});

test('a sign for "less than" is a word of the mail, not the beginning of a tag', async () => {
  expect(textOf(await readOk(makeEml('x', 'paid < 100 dollars<p>and more', [], 'text/html'), 'a.eml'))).toMatch(
    /paid < 100 dollars\nand more$/,
  );
});
