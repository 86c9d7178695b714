import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ocrPage, type OcrPage } from '../../../../src/main/documents/ocr/ocr-page.ts';
import { sampleBytes } from '../../../support/sample-files.ts';
import { wordsRight } from '../../../support/words-right.ts';

const medical = (name: string): Uint8Array => sampleBytes('rivera-v-bestvalue', `Medical/${name}`);
const truth = (name: string): string => Buffer.from(sampleBytes('truth', name)).toString();

async function recognised(bytes: Uint8Array, mediaType: string, page = 1): Promise<OcrPage> {
  const read = await ocrPage({ bytes, mediaType, page });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}
const placeOf = ({ text, words }: OcrPage, wanted: string) => words.find(({ start, end }) => text.slice(start, end) === wanted);

test('of the words of both sample scans 98 % or more are right', { timeout: 120_000 }, async () => {
  const sheet = await recognised(medical('ems-run-sheet.png'), 'image/png');
  expect(wordsRight(truth('ems-run-sheet.txt'), sheet.text).share).toBeGreaterThanOrEqual(0.98);
  const record = medical('er-record-2024-02-15-scan.pdf');
  const pages = [await recognised(record, 'application/pdf', 1), await recognised(record, 'application/pdf', 2)];
  expect(wordsRight(truth('er-record-2024-02-15.txt'), pages.map(({ text }) => text).join('\n')).share).toBeGreaterThanOrEqual(0.98);
  // the measure can tell: another document, and a word with one wrong letter
  expect(wordsRight(truth('er-record-2024-02-15.txt'), sheet.text).share).toBeLessThan(0.5);
  expect(wordsRight('Hip pain — 7/10', 'Hip pair - 7/10')).toMatchObject({ share: 2 / 3, missing: ['pain'] });
  for (const { text, words, confidence, rotation } of [sheet, ...pages]) {
    expect(words.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text.replace(/\s/g, ''));
    expect(confidence).toBeGreaterThan(85);
    expect(rotation).toBe(0);
  }
});

test('a page upside down and askew is read, and its words are found where they stand on it', { timeout: 120_000 }, async () => {
  const upright = await sharp(medical('ems-run-sheet.png')).extract({ left: 0, top: 100, width: 1105, height: 420 }).png().toBuffer();
  const straight = await recognised(new Uint8Array(upright), 'image/png');
  const turned = await sharp(upright).rotate(182.5, { background: '#ffffff' }).png().toBuffer();
  const read = await recognised(new Uint8Array(turned), 'image/png');
  expect(read.rotation).toBe(180);
  expect(wordsRight(straight.text, read.text).share).toBeGreaterThan(0.95);
  const [before, after] = [placeOf(straight, 'Rivera,'), placeOf(read, 'Rivera,')];
  expect((before?.x ?? 0) + (before?.w ?? 0) / 2).toBeCloseTo(1 - ((after?.x ?? 0) + (after?.w ?? 0) / 2), 1);
  expect((before?.y ?? 0) + (before?.h ?? 0) / 2).toBeCloseTo(1 - ((after?.y ?? 0) + (after?.h ?? 0) / 2), 1);
});

test('a blank page has no words and no confidence', { timeout: 60_000 }, async () => {
  const blank = await sharp({ create: { width: 850, height: 1100, channels: 3, background: '#fdfdfb' } })
    .png()
    .toBuffer();
  expect(await recognised(new Uint8Array(blank), 'image/png')).toEqual({ text: '', words: [], confidence: null, rotation: 0 });
});
