import type { SourceRef } from '../../shared/documents.ts';
import { useCall } from '../client.ts';
import { boxesOfRange, cropAround } from './highlight.ts';
import './documents.css';

/** The few lines of a page that a value was read from: cut out of the picture, or quoted where a page is text only. */
export function PageCrop({ source }: { source: SourceRef }) {
  const page = useCall('documents.page', { documentId: source.documentId, page: source.page, widthPx: 1200 });
  const boxes = page.data ? boxesOfRange(page.data.words, source) : [];
  const crop = cropAround(boxes);
  const image = page.data?.image;
  if (!image || !crop) return <blockquote className="crop-quote">“{source.quote}”</blockquote>;
  const aspect = image.heightPx / image.widthPx;
  const percent = (fraction: number) => `${String(fraction * 100)}%`;
  const isCut = boxes.some((box) => box.x + box.w > crop.x + crop.w || box.y + box.h > crop.y + crop.h);
  return (
    <>
      <div className="crop" style={{ aspectRatio: `${String(crop.w)} / ${String(crop.h * aspect)}` }}>
        <img
          src={`data:${image.mediaType};base64,${image.base64}`}
          alt={source.quote}
          draggable={false}
          style={{ width: percent(1 / crop.w), left: percent(-crop.x / crop.w), top: percent(-crop.y / crop.h) }}
        />
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
