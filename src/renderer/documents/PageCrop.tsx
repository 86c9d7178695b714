import type { SourceRef } from '../../shared/documents.ts';
import { useCall } from '../client.ts';
import { boxesOfRange, cropAround } from './highlight.ts';
import { quarter, turnSize } from './turn.ts';
import './documents.css';

/** The few lines of a page that a value was read from: cut out of the picture, or quoted where a page is text only. */
export function PageCrop({ source }: { source: SourceRef }) {
  const page = useCall('documents.page', { documentId: source.documentId, page: source.page, widthPx: 1200 });
  const upright = quarter(page.data?.rotation ?? 0);
  const boxes = page.data ? boxesOfRange(page.data.words, source, upright) : [];
  const crop = cropAround(boxes);
  const image = page.data?.image;
  if (!image || !crop) return <blockquote className="crop-quote">“{source.quote}”</blockquote>;
  const flat = { width: image.widthPx, height: image.heightPx };
  const sheet = turnSize(flat, upright);
  const aspect = sheet.height / sheet.width;
  const percent = (fraction: number) => `${String(fraction * 100)}%`;
  const isCut = boxes.some((box) => box.x + box.w > crop.x + crop.w || box.y + box.h > crop.y + crop.h);
  return (
    <>
      <div className="crop" style={{ aspectRatio: `${String(crop.w)} / ${String(crop.h * aspect)}` }}>
        <div
          className="crop-sheet"
          style={{
            width: percent(1 / crop.w),
            height: percent(1 / crop.h),
            left: percent(-crop.x / crop.w),
            top: percent(-crop.y / crop.h),
          }}
        >
          <img
            src={`data:${image.mediaType};base64,${image.base64}`}
            alt={source.quote}
            draggable={false}
            style={{
              width: percent(flat.width / sheet.width),
              height: percent(flat.height / sheet.height),
              transform: `translate(-50%, -50%) rotate(${String(upright)}deg)`,
            }}
          />
        </div>
        {boxes.map((box) => (
          <mark
            key={`${String(box.x)}:${String(box.y)}`}
            className="paper-mark"
            style={{
              left: percent((box.x - crop.x) / crop.w),
              top: percent((box.y - crop.y) / crop.h),
              width: percent(box.w / crop.w),
              height: percent(box.h / crop.h),
            }}
          />
        ))}
      </div>
      {isCut && <blockquote className="crop-quote">“{source.quote}”</blockquote>}
    </>
  );
}
