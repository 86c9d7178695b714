import type { Outline } from '../../shared/documents.ts';
import { gapPx, type Size } from './page-layout.ts';
import { quarter, turnSize } from './turn.ts';
import { scaleOf, type Zoom } from './zoom.ts';

/** A page as it is to be shown. */
export interface Paper {
  /** On the desk, turned. */
  size: Size;
  /** Of its picture before it is turned. */
  picture: Size;
  /** Degrees clockwise. */
  angle: number;
  /** Times its size on paper. */
  scale: number;
  /** It has a picture; else its text is all there is. */
  isDrawn: boolean;
  /** Text flows: its height is known once it was laid out at this width and size. */
  key: string;
  /** Its height is not a guess. */
  isMeasured: boolean;
}

const pxPerPt = 96 / 72;
/** A sheet of text: not wider than can be read. */
const sheet: Size = { width: 760, height: 983 };

/** How large each page is, on a desk of this size. */
export function paperSizes(
  { pages }: Outline,
  zoom: Zoom,
  desk: Size,
  measured: ReadonlyMap<number, { key: string; height: number }>,
): Paper[] {
  const room = { width: Math.max(80, desk.width - 2 * gapPx), height: Math.max(80, desk.height - 2 * gapPx) };
  return pages.map(({ size, upright, turn }, index) => {
    if (!size) {
      const scale = typeof zoom === 'number' ? scaleOf(zoom, sheet, room) : 1;
      const width = Math.round(typeof zoom === 'number' ? sheet.width * scale : Math.min(sheet.width, room.width));
      const key = `${String(width)} ${String(scale)}`;
      const known = measured.get(index);
      const height = known?.key === key ? known.height : sheet.height * scale;
      return { size: { width, height }, picture: { width, height }, angle: 0, scale, isDrawn: false, key, isMeasured: known?.key === key };
    }
    const angle = quarter(upright + turn);
    const onPaper = { width: size.widthPt * pxPerPt, height: size.heightPt * pxPerPt };
    const scale = scaleOf(zoom, turnSize(onPaper, angle), room);
    const picture = { width: Math.max(1, Math.round(onPaper.width * scale)), height: Math.max(1, Math.round(onPaper.height * scale)) };
    return { size: turnSize(picture, angle), picture, angle, scale, isDrawn: true, key: '', isMeasured: true };
  });
}
