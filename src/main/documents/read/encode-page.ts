import type { Sharp } from 'sharp';

/** Print stays below this as PNG; what is larger is a picture, and those are smaller as JPEG with nothing to be seen. */
const mostPngBytes = 700_000;

/** A drawn page on its way to a window. Quick rather than small: it is looked at once and goes no further than this laptop. */
export async function encodePage(drawn: Sharp): Promise<{ mediaType: 'image/png' | 'image/jpeg'; bytes: Buffer }> {
  const png = await drawn.clone().png({ compressionLevel: 3, adaptiveFiltering: false }).toBuffer();
  if (png.length <= mostPngBytes) return { mediaType: 'image/png', bytes: png };
  const jpeg = await drawn.clone().jpeg({ quality: 88, chromaSubsampling: '4:4:4' }).toBuffer();
  return jpeg.length < png.length ? { mediaType: 'image/jpeg', bytes: jpeg } : { mediaType: 'image/png', bytes: png };
}
