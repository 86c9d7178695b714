import sharp from 'sharp';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { encodePage } from './encode-page.ts';
import type { PageSize, ReadPages, RenderedPage } from './reading.ts';
import { limits, refuse } from './reading.ts';

/** A photo or scan: pages (a TIFF of a fax has many) that need text recognition. Each is decoded once, so that a cut-off file is found now. */
export async function readImagePages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPages>> {
  try {
    const { width, height, pages: count = 1 } = await sharp(bytes).metadata();
    if (count > limits.picturePages)
      return err(
        refuse.unsupported(file, `The file has ${String(count)} pages of pictures; the limit is ${String(limits.picturePages)}. Split it.`),
      );
    if (width * height > limits.pixels * 5) return err(refuse.unsupported(file, 'The picture is too large to open. Save a smaller copy.'));
    for (let page = 0; page < count; page++) {
      await sharp(bytes, { failOn: 'truncated', limitInputPixels: limits.pixels * 5, page })
        .resize({ width: 64 })
        .png()
        .toBuffer();
    }
    const pages = Array.from({ length: count }, (_, index) => ({ page: index + 1, text: '', words: [], needsOcr: true }));
    return ok({ pages, note: null });
  } catch {
    return err(refuse.corrupt(file, 'The picture is cut off or damaged and could not be opened. Ask for a new copy.'));
  }
}

/** A picture says nothing certain about its size on paper: it is shown as large as a letter page would hold it. */
export async function imageSizes(bytes: Uint8Array): Promise<Outcome<PageSize[]>> {
  try {
    const { pages: count = 1 } = await sharp(toOwn(bytes)).metadata();
    const sizes: PageSize[] = [];
    for (let page = 0; page < Math.min(count, limits.picturePages); page += 1) {
      const { autoOrient } = await sharp(toOwn(bytes), { limitInputPixels: limits.pixels * 5, page }).metadata();
      const { width, height } = autoOrient;
      const scale = Math.min(792 / Math.max(width, height), 612 / Math.min(width, height));
      sizes.push({ widthPt: width * scale, heightPt: height * scale });
    }
    return ok(sizes);
  } catch {
    return err(refuse.corrupt('of this picture', 'It could not be opened.'));
  }
}

/** sharp reads from memory that no other thread has. */
function toOwn(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
}

/** The picture as displayed: turned as its camera says, at most `widthPx` wide. */
export async function renderImage(bytes: Uint8Array, page: number, widthPx: number): Promise<Outcome<RenderedPage>> {
  try {
    const { data, info } = await sharp(toOwn(bytes), { limitInputPixels: limits.pixels * 5, page: page - 1 })
      .autoOrient()
      .resize({ width: widthPx, height: widthPx * 4, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { mediaType, bytes: encoded } = await encodePage(sharp(data, { raw: { ...info } }));
    return ok({
      image: { mediaType, base64: encoded.toString('base64'), widthPx: info.width, heightPx: info.height },
      text: '',
      words: [],
    });
  } catch {
    return err(refuse.corrupt('of this picture', 'It could not be opened.'));
  }
}
