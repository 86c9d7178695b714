import sharp from 'sharp';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { ReadPage, RenderedPage } from './reading.ts';
import { limits, refuse } from './reading.ts';

/** A photo or scan: one page that needs text recognition. The pixels are decoded once, so that a cut-off file is found now. */
export async function readImagePages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPage[]>> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    if (width * height > limits.pixels * 5) return err(refuse.unsupported(file, 'The picture is too large to open. Save a smaller copy.'));
    await sharp(bytes, { failOn: 'truncated', limitInputPixels: limits.pixels * 5 })
      .resize({ width: 64 })
      .toBuffer();
    return ok([{ page: 1, text: '', words: [], needsOcr: true }]);
  } catch {
    return err(refuse.corrupt(file, 'The picture is cut off or damaged and could not be opened. Ask for a new copy.'));
  }
}

/** The picture as displayed: turned as its camera says, at most `widthPx` wide. */
export async function renderImage(bytes: Uint8Array, widthPx: number): Promise<Outcome<RenderedPage>> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: limits.pixels * 5 })
      .rotate()
      .resize({ width: widthPx, height: widthPx * 4, fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer({ resolveWithObject: true });
    return ok({
      image: { mediaType: 'image/png', base64: data.toString('base64'), widthPx: info.width, heightPx: info.height },
      text: '',
      words: [],
    });
  } catch {
    return err(refuse.corrupt('of this picture', 'It could not be opened.'));
  }
}
