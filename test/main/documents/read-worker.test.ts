import { Document, Packer, Paragraph, Table, TableCell, TableRow } from 'docx';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { AppError } from '../../../src/shared/errors.ts';
import { createWorkers } from '../../../src/main/host/node-workers.ts';
import { mediaTypes, type ReadDocument } from '../../../src/main/documents/read/reading.ts';
import { read, renderPage } from '../../../src/main/documents/read/read-worker.ts';
import { makePdf } from '../../support/make-pdf.ts';
import { sampleBytes } from '../../support/sample-files.ts';

async function readOk(bytes: Uint8Array, fileName: string): Promise<ReadDocument> {
  const outcome = await read({ bytes, fileName });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

async function refusal(bytes: Uint8Array, fileName: string): Promise<Extract<AppError, { reason: string }>> {
  const outcome = await read({ bytes, fileName });
  if (outcome.ok || !('reason' in outcome.error)) throw new Error('was read, or has no reason');
  return outcome.error;
}

const onePage = (): Promise<Uint8Array> => makePdf([[{ text: 'Patient: Ada Byron', x: 72, y: 100 }]]);

async function picture(format: 'png' | 'jpeg', width = 60, height = 40, orientation?: number): Promise<Uint8Array> {
  const image = sharp({ create: { width, height, channels: 3, background: '#aaa' } });
  return new Uint8Array(await (orientation ? image.withMetadata({ orientation }) : image).toFormat(format).toBuffer());
}

describe('read: PDF', () => {
  test('words span exactly their characters and lie where they are drawn', async () => {
    const [page] = (
      await readOk(
        await makePdf([
          [
            { text: 'Hello', x: 306, y: 396 },
            { text: 'world', x: 72, y: 72 },
          ],
        ]),
        'a.pdf',
      )
    ).pages;
    expect(page?.text).toBe('world\n\nHello');
    const boxes = page?.words.map((word) => ({
      text: page.text.slice(word.start, word.end),
      x: Math.round(word.x * 612),
      y: word.y * 792,
    }));
    expect(boxes?.map(({ text, x }) => [text, x])).toEqual([
      ['world', 72],
      ['Hello', 306],
    ]);
    expect(boxes?.[1]?.y).toBeGreaterThan(390);
    expect(boxes?.[1]?.y).toBeLessThan(405);
  });

  test('a turned page is read as it is displayed', async () => {
    const drawn = await makePdf(
      [
        [
          { text: 'first', x: 72, y: 72 },
          { text: 'second', x: 200, y: 72 },
        ],
      ],
      { rotate: 90 },
    );
    const [page] = (await readOk(drawn, 'a.pdf')).pages;
    expect(page?.text.split(/\s+/).toSorted()).toEqual(['first', 'second']);
    // Turned right, the left margin of 72 points becomes the top one.
    const first = page?.words.find((word) => page.text.slice(word.start, word.end) === 'first');
    expect((first?.y ?? 0) * 612).toBeCloseTo(72, -1);
    expect((first?.x ?? 0) * 792).toBeGreaterThan(700);
  });

  test('a table row is one line with its cells apart, also where a cell wraps or is empty', async () => {
    const at = (y: number, ...cells: [number, string][]) => cells.map(([x, text]) => ({ x, y, text }));
    const columns = [80, 160, 320, 400] as const;
    const [c0, c1, c2, c3] = columns;
    const drawn = await makePdf([
      [
        ...at(100, [c0, 'CPT'], [c1, 'Description'], [c2, 'Billed'], [c3, 'Paid']),
        ...at(118, [c1, 'ER visit —']),
        ...at(130, [c0, '99285'], [c1, 'high'], [c2, '$2,140.00'], [c3, '$1.00']),
        ...at(142, [c1, 'complexity']),
        ...at(160, [c1, 'X-ray']),
        ...at(166, [c0, '73525'], [c2, '$392.00'], [c3, '$2.00']),
        ...at(172, [c1, 'hip']),
        ...at(190, [c0, 'Subtotal'], [c2, '$2,532.00'], [c3, '$3.00']),
      ],
    ]);
    const [page] = (await readOk(drawn, 'a.pdf')).pages;
    expect(page?.text.split('\n')).toEqual([
      'CPT\tDescription\tBilled\tPaid',
      '99285\tER visit — high complexity\t$2,140.00\t$1.00',
      '73525\tX-ray hip\t$392.00\t$2.00',
      'Subtotal\t\t$2,532.00\t$3.00',
    ]);
  });

  test('reading is deterministic, and every word of a real file spans its characters', async () => {
    const bytes = sampleBytes('pdf', 'loss_run_external_001.pdf');
    const first = await readOk(bytes, 'loss_run.pdf');
    expect(await readOk(bytes, 'loss_run.pdf')).toEqual(first);
    expect(first.pages).toHaveLength(43);
    for (const page of first.pages) {
      expect(page.needsOcr).toBe(false);
      expect(page.words.map((word) => page.text.slice(word.start, word.end)).filter((word) => word === '' || /\s/.test(word))).toEqual([]);
      expect(page.words.map((word) => page.text.slice(word.start, word.end)).join('')).toBe(page.text.replace(/\s/g, ''));
    }
  });

  test('a scan needs text recognition; pages with text do not', async () => {
    expect(
      (await readOk(sampleBytes('rivera-v-bestvalue', 'Medical/er-record-2024-02-15-scan.pdf'), 'Medical/er.pdf')).pages.map(
        (page) => page.needsOcr,
      ),
    ).toEqual([true, true]);
    expect(
      (await readOk(sampleBytes('rivera-v-bestvalue', 'Billing/billing-ledger-Rivera.pdf'), 'a.pdf')).pages.map((page) => page.needsOcr),
    ).toEqual([false, false, false]);
  });
});

describe('read: other types', () => {
  test('DOCX: paragraphs by line, table rows by tabs', async () => {
    const cell = (text: string): TableCell => new TableCell({ children: text.split('|').map((line) => new Paragraph(line)) });
    const bytes = await Packer.toBuffer(
      new Document({
        sections: [
          {
            children: [
              new Paragraph('Ada & Co. <v.> Babbage'),
              new Table({
                rows: [
                  new TableRow({ children: [cell('CPT'), cell('Billed')] }),
                  new TableRow({ children: [cell('97110|twice'), cell('')] }),
                ],
              }),
            ],
          },
        ],
      }),
    );
    const document = await readOk(new Uint8Array(bytes), 'notes.docx');
    expect(document).toMatchObject({ mediaType: mediaTypes.docx, pages: [{ page: 1, words: [], needsOcr: false }] });
    expect(document.pages[0]?.text).toBe('Ada & Co. <v.> Babbage\n\nCPT\tBilled\n97110 twice\t');
  });

  test('text: UTF-8, UTF-16 and Windows-1252; form feeds part pages, "Page 34" does not', async () => {
    const texts = await Promise.all(
      [Buffer.from('“Ça”'), Buffer.from('\uFEFF“Ça”', 'utf16le'), Buffer.from([0x93, 0xc7, 0x61, 0x94])].map(
        async (bytes) => (await readOk(new Uint8Array(bytes), 'a.txt')).pages[0]?.text,
      ),
    );
    expect(texts).toEqual(['“Ça”', '“Ça”', '“Ça”']);
    const paged = await readOk(new Uint8Array(Buffer.from('one\r\n**Page 34**\ftwo\f')), 'a.txt');
    expect(paged.pages.map((page) => page.text)).toEqual(['one\n**Page 34**', 'two']);
  });

  test('pictures wait for text recognition', async () => {
    expect(await readOk(await picture('png'), 'Medical/ems.png')).toMatchObject({
      mediaType: 'image/png',
      kind: 'Medical_Record',
      pages: [{ needsOcr: true, text: '' }],
    });
    expect(await readOk(await picture('jpeg'), 'IMG_1.jpg')).toMatchObject({ mediaType: 'image/jpeg', kind: 'Photo' });
  });

  test('the content decides, not the extension', async () => {
    expect((await readOk(await onePage(), 'bill.docx')).mediaType).toBe(mediaTypes.pdf);
    expect((await readOk(await picture('jpeg'), 'photo.pdf')).mediaType).toBe(mediaTypes.jpeg);
    expect((await readOk(await onePage(), 'no extension')).mediaType).toBe(mediaTypes.pdf);
  });
});

describe('read: what cannot be read says why', () => {
  test('0 bytes, encrypted, cut off, unknown', async () => {
    const pdf = await onePage();
    const docx = new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('x')] }] })));
    const png = await picture('png', 600, 400);
    const locked = await makePdf([[{ text: 'secret', x: 72, y: 72 }]], { userPassword: 'pw', ownerPassword: 'owner' });
    const cases: [Uint8Array, string, string, RegExp][] = [
      [new Uint8Array(), 'empty.pdf', 'corrupt', /empty \(0 bytes\)/],
      [locked, 'Medical/locked.pdf', 'unsupported', /password/],
      [pdf.subarray(0, pdf.length - 300), 'cut.pdf', 'corrupt', /cut off/],
      [new Uint8Array(Buffer.from('%PDF-1.7 nothing %%EOF')), 'sham.pdf', 'corrupt', /damaged/],
      [docx.subarray(0, docx.length / 2), 'cut.docx', 'corrupt', /cut off|damaged/],
      [png.subarray(0, png.length / 2), 'cut.png', 'corrupt', /cut off/],
      [new Uint8Array(Buffer.from('just words')), 'renamed.pdf', 'corrupt', /renamed/],
      [new Uint8Array(Buffer.from('\0\x01\x02\xff\0binary\0', 'latin1')), 'thing.dat', 'unsupported', /does not know/],
      [new Uint8Array(Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')), 'a.gif', 'unsupported', /\.gif/],
      [
        new Uint8Array(Buffer.concat([Buffer.from('D0CF11E0A1B11AE1', 'hex'), Buffer.alloc(600)])),
        'old.doc',
        'unsupported',
        /older or password-protected/,
      ],
    ];
    for (const [bytes, name, code, reason] of cases) {
      const error = await refusal(bytes, name);
      expect([name, error.code]).toEqual([name, code]);
      expect(error.reason).toMatch(reason);
      expect('what' in error ? error.what : '').toBe(`the file ${name.split('/').at(-1) ?? ''}`);
    }
    expect((await readOk(pdf, 'control.pdf')).pages).toHaveLength(1);
    expect((await readOk(docx, 'control.docx')).pages).toHaveLength(1);
    expect((await readOk(png, 'control.png')).pages).toHaveLength(1);
  });

  test('a Word file that would unpack to gigabytes is not unpacked', async () => {
    const docx = new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('x')] }] })));
    const bomb = docx.slice();
    const view = new DataView(bomb.buffer);
    for (let at = 0; at + 46 < bomb.length; at++) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0x7fffffff, true);
    expect((await refusal(bomb, 'bomb.docx')).reason).toMatch(/unpack to far more/);
    expect((await readOk(docx, 'control.docx')).pages[0]?.text).toBe('x');
  });

  test('a file over the limit', async () => {
    expect((await refusal(new Uint8Array(200 * 1024 * 1024 + 1), 'huge.pdf')).reason).toMatch(/larger than 200 MB/);
  });

  test('random damage never throws', async () => {
    const pdf = await onePage();
    for (let seed = 1; seed <= 60; seed++) {
      const broken = pdf.slice();
      for (let hit = 0; hit < 12; hit++) broken[(seed * 7919 + hit * 104_729) % broken.length] = (seed * 31 + hit * 17) % 256;
      const outcome = await read({ bytes: broken, fileName: 'broken.pdf' });
      expect(outcome.ok || ['corrupt', 'unsupported'].includes(outcome.error.code)).toBe(true);
    }
  });
});

describe('renderPage', () => {
  test('a PDF page as a PNG of the asked width, with ink on it', async () => {
    const rendered = await renderPage({ bytes: await onePage(), mediaType: mediaTypes.pdf, page: 1, widthPx: 400 });
    if (!rendered.ok || !rendered.value.image) throw new Error('not rendered');
    const { image, text, words } = rendered.value;
    expect([image.mediaType, image.widthPx, image.heightPx, text, words.length]).toEqual(['image/png', 400, 518, 'Patient: Ada Byron', 3]);
    const { channels } = await sharp(Buffer.from(image.base64, 'base64')).stats();
    expect(channels[0]?.max).toBe(255);
    expect(channels[0]?.min).toBeLessThan(100);
  });

  test('a picture turned by its camera is shown upright; DOCX and text have no picture', async () => {
    const turned = await renderPage({ bytes: await picture('jpeg', 60, 40, 6), mediaType: 'image/jpeg', page: 1, widthPx: 800 });
    expect(turned).toMatchObject({ ok: true, value: { image: { widthPx: 40, heightPx: 60 } } });
    const text = await renderPage({ bytes: new Uint8Array(Buffer.from('a\fb')), mediaType: 'text/plain', page: 2, widthPx: 800 });
    expect(text).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  });

  test('a page that is not there is not found', async () => {
    expect(await renderPage({ bytes: await onePage(), mediaType: mediaTypes.pdf, page: 2, widthPx: 400 })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('in a worker thread', () => {
  test('the task table answers over the thread boundary, and a broken file leaves the worker usable', async () => {
    const pool = createWorkers();
    const worker = new URL('../../../src/main/documents/read/read-worker.ts', import.meta.url);
    const budget = { timeoutMs: 30_000, memoryMb: 512 };
    try {
      expect(
        await pool.run(worker, 'read', { bytes: new Uint8Array(Buffer.from('%PDF-1.7 sham %%EOF')), fileName: 'a.pdf' }, budget),
      ).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(await pool.run(worker, 'read', { bytes: await onePage(), fileName: 'a.pdf' }, budget)).toMatchObject({
        ok: true,
        value: { pages: [{ text: 'Patient: Ada Byron' }] },
      });
      const rendered = await pool.run(
        worker,
        'renderPage',
        { bytes: await onePage(), mediaType: mediaTypes.pdf, page: 1, widthPx: 200 },
        budget,
      );
      expect(rendered).toMatchObject({ ok: true, value: { image: { widthPx: 200 } } });
    } finally {
      await pool.stop();
    }
  });
});
