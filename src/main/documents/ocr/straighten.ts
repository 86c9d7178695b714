import sharp from 'sharp';
import type { Grey } from './tesseract.ts';

/** How a picture was turned, degrees clockwise, to stand upright: first by quarters, then by the small rest. */
export interface Turn {
  quarters: 0 | 90 | 180 | 270;
  skew: number;
}

const mostSkew = 7;
const lookWidth = 900;

/** Whether lines of print run across or up the picture, and by how much they slope: where ink projected along them falls into the sharpest rows. */
export async function findSlope(image: Grey): Promise<{ isUpright: boolean; skew: number }> {
  const small = await sharp(image.data, raw(image))
    .resize({ width: lookWidth, height: lookWidth, fit: 'inside', withoutEnlargement: true })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = small.info;
  const ink = inkOf(small.data, width, height);
  if (ink.xs.length < 200) return { isUpright: true, skew: 0 };
  const across = bestAngle((angle) => sharpness(ink.xs, ink.ys, height, angle));
  const along = bestAngle((angle) => sharpness(ink.ys, ink.xs, width, -angle));
  const best = along.score > 1.3 * across.score ? along : across;
  // next to no gain over not turning: a picture without lines
  return { isUpright: best === across, skew: best.score > 1.05 * best.level ? best.angle : 0 };
}

/** Turned by these degrees clockwise; what comes in at the corners is white. */
export async function turn(image: Grey, { quarters, skew }: Turn): Promise<Grey> {
  if (quarters === 0 && skew === 0) return image;
  let picture: Grey = image;
  for (const degrees of [quarters, skew]) {
    if (degrees === 0) continue;
    const { data, info } = await sharp(picture.data, raw(picture))
      .rotate(degrees, { background: '#ffffff' })
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    picture = { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width: info.width, height: info.height };
  }
  return picture;
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Where a box of the turned picture lies in the picture as it was: the upright box around its four corners. */
export function turnBack(box: Box, { quarters, skew }: Turn, turned: Grey, original: Grey): Box {
  const angle = (-(quarters + skew) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners = [
    [box.x, box.y],
    [box.x + box.w, box.y],
    [box.x, box.y + box.h],
    [box.x + box.w, box.y + box.h],
  ] as const;
  const places = corners.map(([x, y]) => {
    const [dx, dy] = [x - turned.width / 2, y - turned.height / 2];
    return [dx * cos - dy * sin + original.width / 2, dx * sin + dy * cos + original.height / 2] as const;
  });
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

function raw({ width, height }: Grey): { raw: { width: number; height: number; channels: 1 } } {
  return { raw: { width, height, channels: 1 } };
}

/** Pixels clearly darker than the paper; long dark runs (edges of the scanner, bars) are left out, they have a direction of their own. */
function inkOf(data: Uint8Array, width: number, height: number): { xs: Float64Array; ys: Float64Array } {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  let paper = 255;
  for (let seen = 0; paper > 0 && seen < data.length * 0.2; paper--) seen += counts[paper] ?? 0;
  const dark = paper * 0.7;
  const xs: number[] = [];
  const ys: number[] = [];
  const longest = width / 12;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] ?? 255) >= dark) continue;
      const from = x;
      while (x < width && (data[y * width + x] ?? 255) < dark) x++;
      if (x - from > longest) continue;
      for (let at = from; at < x; at++) {
        xs.push(at);
        ys.push(y);
      }
    }
  }
  return { xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}

/** The sum of squared steps between neighbouring rows when ink is projected along a line of this slope, degrees. */
function sharpness(xs: Float64Array, ys: Float64Array, rows: number, angle: number): number {
  const slope = Math.tan((angle * Math.PI) / 180);
  const margin = rows;
  const profile = new Float64Array(rows * 3);
  for (let index = 0; index < xs.length; index++) {
    const row = Math.round((ys[index] ?? 0) + (xs[index] ?? 0) * slope) + margin;
    profile[row] = (profile[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let row = 1; row < profile.length; row++) sum += ((profile[row] ?? 0) - (profile[row - 1] ?? 0)) ** 2;
  return sum;
}

/** The angle by which the picture must be turned clockwise, in tenths of a degree. */
function bestAngle(score: (angle: number) => number): { angle: number; score: number; level: number } {
  const level = score(0);
  let best = { angle: 0, score: level, level };
  const look = (from: number, to: number, step: number): void => {
    for (let angle = from; angle <= to + 1e-9; angle += step) {
      const found = score(angle);
      if (found > best.score) best = { angle: Math.round(angle * 10) / 10, score: found, level };
    }
  };
  look(-mostSkew, mostSkew, 0.5);
  look(best.angle - 0.4, best.angle + 0.4, 0.1);
  return best;
}
