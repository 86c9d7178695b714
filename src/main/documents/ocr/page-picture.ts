import sharp, { type Sharp } from 'sharp';
import { ok, err, type Outcome } from '../../../shared/result.ts';
import { withPdfPage } from '../read/read-pdf.ts';
import { limits, mediaTypes, refuse } from '../read/reading.ts';
import type { Grey } from './tesseract.ts';

export interface PagePicture {
  grey: Grey;
  dpi: number;
}

/** Print of usual size is read best at this resolution; more makes it slower and, measured, no better. */
export const usualDpi = 200;
/** A picture says nothing certain about its size on paper: it is taken for a letter page of its shape. */
const letterPixels = 8.5 * 11;
const mostPixels = 16_000_000;
const smallest = 8;

/** A page in grey at this resolution, as it is displayed: with the file's own rotation or the camera's, nothing straightened yet. */
export async function pictureOfPage(bytes: Uint8Array, mediaType: string, page: number, dpi: number): Promise<Outcome<PagePicture>> {
  return mediaType === mediaTypes.pdf ? ofPdf(bytes, page, dpi) : ofImage(bytes, page, dpi);
}

function ofPdf(bytes: Uint8Array, pageNumber: number, dpi: number): Promise<Outcome<PagePicture>> {
  return withPdfPage(bytes, pageNumber, async (page, widthPt, heightPt) => {
    const scale = Math.min(dpi / 72, Math.sqrt(mostPixels / Math.max(1, widthPt * heightPt)));
    const [width, height] = [Math.max(smallest, Math.round(widthPt * scale)), Math.max(smallest, Math.round(heightPt * scale))];
    let grey: Grey = { data: new Uint8Array(), width, height };
    await page.render({
      width,
      height,
      renderFormFields: true,
      render: async (drawn) => {
        grey = await toGrey(sharp(drawn.data, { raw: { width: drawn.width, height: drawn.height, channels: 4 } }));
        return new Uint8Array();
      },
    });
    return ok({ grey, dpi: Math.round(scale * 72) });
  });
}

async function ofImage(bytes: Uint8Array, page: number, dpi: number): Promise<Outcome<PagePicture>> {
  try {
    const options = { limitInputPixels: limits.pixels * 5, page: page - 1 };
    const { autoOrient } = await sharp(bytes, options).metadata();
    const scale = Math.min(4, Math.sqrt((letterPixels * dpi * dpi) / Math.max(1, autoOrient.width * autoOrient.height)));
    const width = Math.max(smallest, Math.min(10_000, Math.round(autoOrient.width * scale)));
    return ok({ grey: await toGrey(sharp(bytes, options).autoOrient().resize({ width, kernel: 'lanczos3' })), dpi });
  } catch {
    return err(refuse.corrupt('of this picture', 'The picture could not be opened for text recognition.'));
  }
}

async function toGrey(picture: Sharp): Promise<Grey> {
  const { data, info } = await picture
    .flatten({ background: '#ffffff' })
    .greyscale()
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width: info.width, height: info.height };
}

/** Shadows and stains taken away: what is left of each pixel beside the brightness around it. */
export async function evenOut({ data, width, height }: Grey): Promise<Grey> {
  const raw = { raw: { width, height, channels: 1 as const } };
  const around = await sharp(data, raw).blur(25).extractChannel(0).raw().toBuffer();
  const even = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) even[at] = Math.min(255, ((data[at] ?? 0) * 235) / Math.max(30, around[at] ?? 255));
  return { data: even, width, height };
}
